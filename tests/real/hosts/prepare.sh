#!/usr/bin/env bash
# Makes the root folder of a fresh Debian that of a host of the lab, as a cloud's first start would: `prepare.sh ROOT`. What differs
# from host to host is written when one starts (hosts.sh).
set -euo pipefail
ROOT="$1"

# The account that tasks come in by.
chroot "$ROOT" useradd --create-home --shell /bin/bash deploy
chroot "$ROOT" su deploy -c 'mkdir -m 0700 ~/.ssh'
echo 'deploy ALL=(ALL) NOPASSWD: ALL' >"$ROOT/etc/sudoers.d/deploy"
chmod 0440 "$ROOT/etc/sudoers.d/deploy"

# Each host has keys and an identity of its own, and nobody to ask for names.
rm -f "$ROOT"/etc/ssh/ssh_host_* "$ROOT/etc/resolv.conf"
: >"$ROOT/etc/machine-id"

# What a task is to start does not run before.
chroot "$ROOT" systemctl --quiet disable nginx chrony nftables prometheus prometheus-alertmanager prometheus-blackbox-exporter \
  prometheus-node-exporter 2>/dev/null
# No host may set the machine's clock, and a server of time that knows it works all the same.
mkdir -p "$ROOT/etc/systemd/system/chrony.service.d"
printf '[Unit]\nConditionCapability=\n[Service]\nExecStart=\nExecStart=!/usr/sbin/chronyd -x $DAEMON_OPTS\n' >"$ROOT/etc/systemd/system/chrony.service.d/lab.conf"
# Nothing tells the log of the kernel that all hosts share.
sed -i '/imklog/d' "$ROOT/etc/rsyslog.conf"
# Hosts have no way out to where packages come from.
for timer in apt-daily apt-daily-upgrade; do ln -sfn /dev/null "$ROOT/etc/systemd/system/$timer.timer"; done

install -m 0755 "$(dirname "$0")/init" "$ROOT/usr/sbin/lab-init"
rm -rf "$ROOT"/var/cache/apt/archives/*.deb
