#!/usr/bin/env bash
# Hosts that are hosts: Debians with systemd and sshd of their own, on a network of their own from which no packet leaves.
#
#   hosts.sh start NAME=ADDRESS...   bring them up (nothing to do when the same ones run), then print the environment
#   hosts.sh env                     print the environment: eval "$(tests/real/hosts.sh env)"
#   hosts.sh run NAME COMMAND...     the command in the network of a host, of `control` or of `outside`, with the machine's own files
#   hosts.sh in HOST COMMAND...      the command inside of a host, as root
#   hosts.sh reboot HOST...          off and on again
#   hosts.sh stop                    end what `start` started
#
# An ADDRESS is a private one of IPv4; beside it each has one of IPv6, of the same numbers: 10.8.1.10 and fd00:10:8::1:10. `control`, where
# ansible-playbook runs, and `outside`, which no rule knows, are there without being named (10.8.255.10 and 192.168.255.10), and have other
# addresses when they are. Tasks come in as `deploy`, who may do everything with sudo. Root is needed, and what tools/install hosts brings.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

# The engine follows no links to a root.
HERE="$(realpath -m "$RUN/hosts")"
IMAGE="$(realpath -m "$CACHE/hosts/root")"
# Namespaces and the sockets of the engine are the machine's: those of this lab have its own name, which is short.
LAB="lab-$(sha256sum <<<"$HERE" | cut -c -6)"
SOCKETS="/run/$LAB"
PRIVATE=(10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fd00::/8)

engine() {
  podman --root "$HERE/engine" --runroot "$SOCKETS" --tmpdir "$SOCKETS/tmp" --storage-driver vfs --runtime runc \
    --cgroup-manager cgroupfs --events-backend none "$@"
}

stop() {
  local space
  if [ -d "$HERE/engine" ]; then engine rm --all --force --time 0 >/dev/null || true; fi
  for space in $(ip netns list 2>/dev/null | awk -v lab="$LAB-" 'index($1, lab) == 1 { print substr($1, length(lab) + 1) }'); do leave "$space"; done
  ! mountpoint -q "$HERE/engine/vfs" || umount "$HERE/engine/vfs"
  for space in "$HERE"/roots/*/root; do ! mountpoint -q "$space" || umount "$space"; done
  rm -rf "$HERE" "$SOCKETS"
}

# 10.8.1.10 is fd00:10:8::1:10, on a card that keeps its number when the host is off and on again.
six() { local IFS=.; set -- $1; echo "fd00:$1:$2::$3:$4"; }
card() { local IFS=.; printf '02:00:%02x:%02x:%02x:%02x' $1; }

print_env() {
  local name
  [ -f "$HERE/ready" ] || fail "no hosts are running: tests/real/hosts.sh start NAME=ADDRESS..."
  # What could lead ansible or ssh to the user's own hosts and keys.
  compgen -e | grep -E '^(ANSIBLE|SSH)_' | sed 's/^/unset /' || true
  cat <<END
export HOSTS_FOLDER=$(printf %q "$HERE") HOSTS_LAB=$LAB HOSTS_USER=deploy
export HOSTS_KEY=$(printf %q "$HERE/key") HOSTS_KNOWN=$(printf %q "$HERE/known_hosts") HOSTS_TABLE=$(printf %q "$HERE/table")
export ANSIBLE_HOME=$(printf %q "$HERE/ansible")
export PATH=$(printf %q "$CACHE/ansible/bin"):"\$PATH"
END
}

# The table: NAME ADDRESS ADDRESS6, `control` and `outside` first.
write_table() {
  local given name address same
  declare -A at=([control]=10.8.255.10 [outside]=192.168.255.10)
  local names=(control outside)
  for given in "$@"; do
    name="${given%%=*}" address="${given#*=}"
    [[ "$given" == *=* && "$name" =~ ^[a-z]([a-z0-9-]*[a-z0-9])?$ && "$name" != wire ]] || fail "\`$given\` is not NAME=ADDRESS"
    python3 -c 'import ipaddress as i, sys; sys.exit(not any(i.ip_address(sys.argv[1]) in i.ip_network(n) for n in sys.argv[2:]))' \
      "$address" "${PRIVATE[@]:0:3}" 2>/dev/null || fail "\`$address\` is no private address of IPv4"
    [ -n "${at[$name]:-}" ] || names+=("$name")
    at[$name]="$address"
  done
  same="$(printf '%s\n' "${at[@]}" | sort | uniq -d)"
  [ -z "$same" ] || fail "two have the address $same"
  for name in "${names[@]}"; do echo "$name ${at[$name]} $(six "${at[$name]}")"; done
}

# One bridge, in a namespace that has nothing else: the machine itself has no interface there, so nothing comes in or goes out.
make_network() {
  local name
  ip netns add "$LAB-wire"
  ip -n "$LAB-wire" link add bridge type bridge
  ip -n "$LAB-wire" link set bridge up
  while read -r name _; do join "$name"; done <"$HERE/table"
}

# join NAME : a namespace with one interface, whose other end is at the bridge.
join() {
  local space="$LAB-$1" name four six net port
  port="port$(grep -n "^$1 " "$HERE/table" | cut -d : -f 1)"
  read -r name four six < <(grep "^$1 " "$HERE/table")
  ip netns add "$space"
  ip -n "$LAB-wire" link add "$port" type veth peer name eth0 address "$(card "$four")" netns "$space"
  ip -n "$LAB-wire" link set "$port" master bridge up
  {
    echo "link set lo up"
    echo "link set eth0 up"
    echo "address add $four/16 dev eth0"
    echo "address add $six/48 dev eth0 nodad"
    # Who is on this network is reached without a router, and nobody else at all.
    for net in "${PRIVATE[@]}"; do echo "route replace $net dev eth0"; done
  } | ip -n "$space" -batch -
}

# leave NAME : its interface goes with the namespace, and all that was set in it. Every process in there came through this script.
leave() {
  local id
  for id in $(ip netns pids "$LAB-$1"); do kill -KILL "$id" 2>/dev/null || true; done
  ip netns delete "$LAB-$1"
}

# The files of a host are those of the image, and above them its own: a name, keys, and who may come in.
make_root() {
  local name="$1" four="$2" six="$3" own="$HERE/roots/$1" root="$HERE/roots/$1/root"
  mkdir -p "$own/upper" "$own/work" "$root"
  mount -t overlay overlay -o "lowerdir=$IMAGE,upperdir=$own/upper,workdir=$own/work" "$root"
  echo "$name" >"$root/etc/hostname"
  { printf '127.0.0.1 localhost\n::1 localhost\n'; awk '{ print $2, $1; print $3, $1 }' "$HERE/table"; } >"$root/etc/hosts"
  ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$root/etc/ssh/ssh_host_ed25519_key"
  ssh-keygen -q -t ecdsa -N '' -C "$name" -f "$root/etc/ssh/ssh_host_ecdsa_key"
  cut -d ' ' -f 1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub" "$root/etc/ssh/ssh_host_ecdsa_key.pub" |
    sed "s/^/$name,$four,$six /" >>"$HERE/known_hosts"
  chroot "$root" su deploy -c 'umask 0077; cat >~/.ssh/authorized_keys' <"$HERE/key.pub"
}

# Root in a host is root in all that is the host's own. It loads no module, sets no clock and reaches no device of the machine.
start_host() {
  local name="$1"
  engine run --detach --name "$name" --hostname "$name" --rootfs --network "ns:/run/netns/$LAB-$name" --no-hosts --dns none \
    --systemd always --cap-add all --cap-drop SYS_MODULE,SYS_TIME,SYS_RAWIO --security-opt unmask=ALL \
    --security-opt seccomp=unconfined --ulimit "nofile=1024:$(ulimit -Hn)" --ulimit nproc=4096:4096 --pids-limit 0 \
    "$HERE/roots/$name/root" /usr/sbin/lab-init >/dev/null 8>&-
}

# Up with all its units, and its sshd answers.
is_up() {
  engine exec "$1" systemctl is-system-running 2>/dev/null | grep -qE '^(running|degraded)$' &&
    ip netns exec "$LAB-control" bash -c 'read -r -t 2 said <"/dev/tcp/$0/22" && [[ "$said" == SSH-* ]]' "$2" 2>/dev/null
}

# wait_for_host NAME ADDRESS
wait_for_host() {
  local end=$((SECONDS + 90))
  until is_up "$1" "$2"; do
    [ "$SECONDS" -lt "$end" ] || { engine logs --tail 20 "$1" >&2; fail "host $1 did not come up within 90 s"; }
    sleep 0.2
  done
}

start_hosts() {
  local name four six
  while read -r name four six; do make_root "$name" "$four" "$six"; done < <(tail -n +3 "$HERE/table")
  while read -r name _; do start_host "$name" & done < <(tail -n +3 "$HERE/table")
  for name in $(jobs -p); do wait "$name" || fail "a host cannot be started"; done
  while read -r name four _; do wait_for_host "$name" "$four"; done < <(tail -n +3 "$HERE/table")
}

# reboot NAME : what a host has on its disk stays, what it only holds in its network and its kernel is gone.
reboot() {
  local name four
  read -r name four _ < <(tail -n +3 "$HERE/table" 2>/dev/null | grep "^$1 ") || fail "no host \`$1\` is running"
  engine stop --time 20 "$name" >/dev/null
  leave "$name"
  join "$name"
  engine start "$name" >/dev/null 8>&-
  wait_for_host "$name" "$four"
}

needs_tools() {
  local tool
  [ "$(id -u)" = 0 ] || skip "hosts need root"
  for tool in podman runc ip ssh-keygen; do
    command -v "$tool" >/dev/null || skip "no $tool (tests/real/tools/install hosts)"
  done
  [ -f "$CACHE/hosts/made-from" ] || skip "no image of a host (tests/real/tools/install hosts)"
  ip netns add "$LAB-try" 2>/dev/null && ip netns delete "$LAB-try" || skip "this machine gives no network namespaces"
}

start() {
  [ "$#" != 0 ] || { usage; }
  needs_tools
  local table
  table="$(write_table "$@")"
  if [ -f "$HERE/ready" ] && [ "$(cat "$HERE/table")" = "$table" ]; then return; fi
  stop
  at_end '[ -f "$HERE/ready" ] || stop'
  mkdir -p "$HERE/engine" "$SOCKETS/tmp"
  chmod 0700 "$HERE"
  echo "$table" >"$HERE/table"
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$HERE/key"
  make_network
  start_hosts
  touch "$HERE/ready"
}

usage() { say "usage: hosts.sh start NAME=ADDRESS...|env|run NAME COMMAND...|in HOST COMMAND...|reboot HOST...|stop"; exit 64; }

what="${1:-}"
[ "$#" = 0 ] || shift
case "$what" in
  start)
    exec 8>"$RUN/hosts.lock"
    flock 8
    start "$@"
    print_env
    ;;
  env) print_env ;;
  run)
    [ "$#" -ge 2 ] || usage
    grep -q "^$1 " "$HERE/table" 2>/dev/null || fail "no \`$1\` is running"
    exec ip netns exec "$LAB-$1" "${@:2}"
    ;;
  in)
    [ "$#" -ge 2 ] || usage
    engine exec --interactive "$1" "${@:2}"
    ;;
  reboot)
    [ "$#" -ge 1 ] || usage
    for host in "$@"; do reboot "$host"; done
    ;;
  stop) stop ;;
  *) usage ;;
esac
