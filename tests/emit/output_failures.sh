#!/bin/sh
# What a build leaves behind when it cannot write: the files of the build before, all of them, and a message that names the
# file and the reason. On a full disk (a tmpfs of 1 MiB, which root can mount) and in a folder that an ordinary user may not
# write to. What cannot be tried here is reported as skipped.
#
#   output_failures.sh [INFRAC]   the binary; default: target/debug/infrac
set -eu
cd "$(dirname "$0")/../.."
infrac=$(realpath "${1:-target/debug/infrac}")
work=$(mktemp -d)
mounted=
skipped=0
clean() {
  [ -z "$mounted" ] || umount "$mounted"
  rm -rf "$work"
}
trap clean EXIT

fail() {
  echo "output_failures: $*" >&2
  exit 1
}

# A program whose graph is as large as its one text.
program() {
  text=$(head -c "$2" /dev/zero | tr '\0' x)
  printf 'project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\noutput text = "%s"\n' "$text" >"$1/main.infra"
}

sums() {
  (cd "$1" && find . -type f | sort | xargs sha256sum)
}

if [ "$(id -u)" = 0 ] && mkdir "$work/disk" && mount -t tmpfs -o size=1m none "$work/disk" 2>/dev/null; then
  mounted="$work/disk"
  mkdir "$work/project"
  program "$work/project" 1000
  "$infrac" build "$work/project" --out "$work/disk/out" 2>/dev/null
  echo mine >"$work/disk/out/prod/mine"
  before=$(sums "$work/disk/out")
  program "$work/project" 2000000
  if "$infrac" build "$work/project" --out "$work/disk/out" --format concise 2>"$work/said"; then
    fail "a full disk went unnoticed"
  fi
  grep -q 'graph.json.*the disk is full' "$work/said" || fail "the message does not say what is full: $(cut -c1-300 "$work/said")"
  [ "$before" = "$(sums "$work/disk/out")" ] || fail "a full disk changed what was there"
  program "$work/project" 1000
  "$infrac" build "$work/project" --out "$work/disk/out" --check 2>/dev/null || fail "the old set is not whole"
  echo "a full disk leaves the old set and is named"
else
  echo "skipped: a tmpfs cannot be mounted here"
  skipped=$((skipped + 1))
fi

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && id nobody >/dev/null 2>&1; then
  chmod 755 "$work"
  cp "$infrac" "$work/infrac"
  chmod 755 "$work/infrac"
  mkdir "$work/theirs"
  program "$work/theirs" 1000
  as_nobody() {
    setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups "$work/infrac" "$@"
  }
  "$work/infrac" build "$work/theirs" 2>/dev/null
  before=$(sums "$work/theirs/out")
  program "$work/theirs" 2000
  if as_nobody build "$work/theirs" --format concise 2>"$work/said"; then
    fail "a folder that may not be written to was written to"
  fi
  grep -q 'it is not allowed' "$work/said" || fail "the message does not say that it is not allowed: $(cut -c1-300 "$work/said")"
  grep -q 'panicked\|bug in infrac' "$work/said" && fail "it panicked: $(cat "$work/said")"
  [ "$before" = "$(sums "$work/theirs/out")" ] || fail "the old set has changed"
  chmod 000 "$work/theirs/main.infra"
  if as_nobody check "$work/theirs" --format concise 2>"$work/said"; then
    fail "a source that cannot be read went unnoticed"
  fi
  grep -q 'main.infra' "$work/said" || fail "the source that cannot be read is not named: $(cat "$work/said")"
  echo "a folder that may not be written to stays as it was and is named"
else
  echo "skipped: no ordinary user to run as"
  skipped=$((skipped + 1))
fi
echo "output failures: $skipped skipped"
