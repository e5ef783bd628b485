#!/usr/bin/env bash
# An apply that is killed loses nothing: the next one finds out what became of what was under way, and does the rest. Eight files are made,
# changed, replaced and destroyed, and the apply is killed at each of its calls of the system that change files, and fails at each for
# each reason; then the same program is applied again, and the files are what it says, nothing is there twice, nothing is unreported.
# After that a small disk, and what a pipeline does that calls a job off.
#
#   kills.sh     needs target/debug/infrac, strace, and root for the small disk; EVERY=7 tries every seventh (1: all of them)
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

EVERY="${EVERY:-7}"
CHANGES=(mkdir openat write pwrite64 fchmod fsync fdatasync fallocate ftruncate rename link unlink unlinkat rmdir)
REASONS=(ENOSPC EACCES EIO)
command -v strace >/dev/null || skip "no strace on this machine (tests/real/tools/install strace)"
begin_project applies
strace -f -o /dev/null true 2>/dev/null || skip "strace may not trace here"

file() { printf 'files.file %s { path = "%s", content = "%s" }\n' "$1" "$2" "$3"; }
# program NAME : `b` makes, changes, replaces and takes away files of `a`, and lets two swap their paths; `none` has none of them.
program() {
  printf 'project notes { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n'
  case "$1" in
    a) file stays stays 1; file changes d/changes 1; file goes d/goes 1; file also_goes deep/er/goes 1
       file moves from 1; file left one 1; file right two 2; file late late '${changes.content}' ;;
    b) file stays stays 1; file changes d/changes 2; file moves to/here 1; file left two 1; file right one 2
       file late late '${changes.content}'; file new new/file 1; file other new/other '${moves.path}' ;;
  esac
}
for name in a b none; do program "$name" >"$SCRATCH/$name.infra"; done
declare -A wanted=(
  [a]="./d/changes=1 ./d/goes=1 ./deep/er/goes=1 ./from=1 ./late=1 ./one=1 ./stays=1 ./two=2"
  [b]="./d/changes=2 ./late=2 ./new/file=1 ./new/other=to/here ./one=2 ./stays=1 ./to/here=1 ./two=1"
  [none]=""
)

# run FOLDER COMMAND... : its exit code and words are left in $SCRATCH.
run() {
  local folder="$1"; shift
  code=0
  (cd "$folder" && "$@" || exit $?) >"$SCRATCH/out" 2>"$SCRATCH/said" </dev/null || code=$?
}
apply() { local folder="$1"; shift; run "$folder" "$@" "$INFRAC" apply --yes; }
# What is there: every file with its content, in one line.
there() {
  [ -d "$1/out/prod/files" ] || return 0
  (cd "$1/out/prod/files" && find . -type f | LC_ALL=C sort | while read -r path; do printf '%s=%s ' "$path" "$(cat "$path")"; done) | sed 's/ $//'
}
wrong() { cat "$SCRATCH/out" "$SCRATCH/said" >&2; (cd "$1" && find . -type f | sort) >&2; fail "$2"; }

# converges WHAT FOLDER NAME : applied again, all is as the program says, and nothing is left over or unknown.
converges() {
  local what="$1" folder="$2" name="$3" found
  apply "$folder"
  [ "$code" = 0 ] || wrong "$folder" "$what: the next apply ended with $code"
  found="$(there "$folder")"
  [ "$found" = "${wanted[$name]}" ] || wrong "$folder" "$what: there is $found"
  [ -z "$(find "$folder" -name '.infrac-*')" ] || wrong "$folder" "$what: something is left over"
  run "$folder" "$INFRAC" plan --detailed-exitcode
  [ "$code" = 0 ] || wrong "$folder" "$what: a second plan is not empty"
  run "$folder" "$INFRAC" state list
  [ "$(wc -l <"$SCRATCH/out")" = "$(wc -w <<<"${wanted[$name]}")" ] || wrong "$folder" "$what: the state has other things"
}

mkdir "$SCRATCH/empty"
cp "$SCRATCH/a.infra" "$SCRATCH/empty/main.infra"
cp -a "$SCRATCH/empty" "$SCRATCH/base"
# What is there before: nothing, or `a`. The key is there, so that each run makes the same calls.
converges "at the beginning" "$SCRATCH/base" a

try="$SCRATCH/try"
# again FROM NAME : the folder FROM, whose program is NAME now.
again() { rm -rf "$try"; cp -a "$SCRATCH/$1" "$try"; cp "$SCRATCH/$2.infra" "$try/main.infra"; }
often() { { grep -oE "^[0-9]+ +$1\(" "$SCRATCH/calls" || true; } | sort | uniq -c | awk '$1 > most { most = $1 } END { print most + 0 }'; }

at=0
killed=0
failed=0
turn() { at=$((at + 1)); [ $((at % EVERY)) = 0 ]; }
for step in "empty a" "base b" "base none"; do
  read -r from name <<<"$step"
  again "$from" "$name"
  apply "$try" strace -f -o "$SCRATCH/calls" -e "trace=$(IFS=,; echo "${CHANGES[*]}")"
  [ "$code" = 0 ] || wrong "$try" "$step under strace"
  for call in "${CHANGES[@]}"; do
    for ((number = 1; number <= $(often "$call"); number++)); do
      turn || continue
      again "$from" "$name"
      apply "$try" strace -f -o /dev/null -e "inject=$call:signal=KILL:when=$number"
      converges "$step, killed at $call $number" "$try" "$name"
      killed=$((killed + 1))
    done
  done
  [ "$name" = b ] || continue
  for call in "${CHANGES[@]}"; do
    for ((number = 1; number <= $(often "$call"); number++)); do
      reason="${REASONS[$((number % 3))]}"
      turn || continue
      again "$from" "$name"
      apply "$try" strace -f -o /dev/null -e "inject=$call:error=$reason:when=$number"
      ! grep -q 'panicked\|bug in infrac' "$SCRATCH/said" || wrong "$try" "$call $number fails with $reason: it panicked"
      found="$(there "$try")"
      [ "$code" != 0 ] || [ "$found" = "${wanted[$name]}" ] || wrong "$try" "$call $number fails with $reason: nothing was said of it"
      converges "$step, $call $number failed with $reason" "$try" "$name"
      failed=$((failed + 1))
    done
  done
done

full=0
if [ "$(id -u)" = 0 ] && mkdir "$SCRATCH/disk" && mount -t tmpfs -o size=2m none "$SCRATCH/disk" 2>/dev/null; then
  at_end 'umount "$SCRATCH/disk"; rm -rf "$SCRATCH"'
  for ((room = 0; room <= 200; room += 8 * (EVERY > 4 ? 4 : EVERY))); do
    cp -a "$SCRATCH/base" "$SCRATCH/disk/try"
    cp "$SCRATCH/b.infra" "$SCRATCH/disk/try/main.infra"
    used="$(df --output=used -k "$SCRATCH/disk" | tail -n 1)"
    head -c $(((2048 - used - room) * 1024)) /dev/zero >"$SCRATCH/disk/filler"
    apply "$SCRATCH/disk/try"
    ! grep -q 'panicked\|bug in infrac' "$SCRATCH/said" || wrong "$SCRATCH/disk/try" "$room KiB of room: it panicked"
    rm "$SCRATCH/disk/filler"
    converges "$room KiB of room" "$SCRATCH/disk/try" b
    rm -rf "$SCRATCH/disk/try"
    full=$((full + 1))
  done
else
  say "no small disk can be mounted here"
fi

# A pipeline that calls a job off: asked, asked again after 7.5 s, and killed 2.5 s later. Each write takes a while.
again base b
(cd "$try" && exec strace -f -o /dev/null -e inject=fsync,fdatasync:delay_enter=400000 "$INFRAC" apply --yes --at-once 1) >"$SCRATCH/out" 2>"$SCRATCH/said" </dev/null &
tracer=$!
sleep 2
traced="$(pgrep -P "$tracer" || true)"
for step in "INT 7.5" "TERM 2.5" "KILL 0"; do
  read -r signal wait <<<"$step"
  [ -z "$traced" ] || kill -s "$signal" "$traced" 2>/dev/null || true
  sleep "$wait"
done
wait "$tracer" || true
converges "called off by a pipeline" "$try" b
say "counted: $killed kills, $failed failures, $full full disks, and a job that was called off: each was taken up by the next apply"
