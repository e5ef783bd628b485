#!/usr/bin/env bash
# A build that is killed is as if it had not begun, or had ended; one that fails leaves the files of the build before, or says that the
# next one ends it. Program `b` is built over `a`, and each of its calls of the system that concern files is killed, and fails for each
# reason, in turn; on a small disk with less and less room as well. Then the same, the earlier and a changed program are built, and each
# has to give what it gives where nothing went wrong.
#
#   kills.sh     needs target/debug/infrac, strace, and root for the small disk; EVERY=7 tries every seventh (1: all of them)
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

EVERY="${EVERY:-7}"
CHANGES=(mkdir openat write rename unlink unlinkat rmdir)
READS=(flock fsync read statx newfstatat getdents64)
REASONS=(ENOSPC EACCES EIO)
command -v strace >/dev/null || skip "no strace on this machine (tests/real/tools/install strace)"
begin_project kills
strace -f -o /dev/null true 2>/dev/null || skip "strace may not trace here"

HEAD='project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "shop")] }'
table() {
  printf '@protect\nterraform.aws_dynamodb_table %s {\n  name = "%s"\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n  attribute { name = "id", type = "S" }\n}\n' "$1" "$1"
}
map() {
  printf 'kubernetes.config_map %s {\n  metadata { name = "%s", namespace = "default" }\n  data = { a = "%s" }\n}\n' "$1" "$1" "$2"
}
# program NAME : `b` takes a file away, changes one, adds one and protects more; `c` is another step from either.
program() {
  echo "$HEAD"
  case "$1" in
    a) table orders; table old_orders; map old 1; map stay 1 ;;
    b) table orders; table carts; map stay 2; map fresh 1; echo 'forget "old_orders"' ;;
    c) table orders; table carts; map stay 3; map other 1; echo 'forget "old_orders"' ;;
  esac
}
for name in a b c; do program "$name" >"$SCRATCH/$name.infra"; done

# build FOLDER NAME [COMMAND...] : the project in FOLDER becomes the program NAME; its exit code and words are left in $SCRATCH.
build() {
  local folder="$1" name="$2"; shift 2
  cp "$SCRATCH/$name.infra" "$folder/main.infra"
  code=0
  (cd "$folder" && "$@" "$INFRAC" build --format concise || exit $?) >"$SCRATCH/out" 2>"$SCRATCH/said" || code=$?
}
# What a build left, in one word: every file of the folder, hidden ones too, but not the program; and whether it was refused.
state() {
  (cd "$1" && find . -mindepth 1 ! -name main.infra -printf '%P %y\n' -type f -exec sha256sum {} + | sort | sha256sum | cut -c 1-16)
  [ -z "${2:-}" ] || echo "$2"
}
visible() { (cd "$1/out" && find . -type f ! -path '*/.infrac-*' -exec sha256sum {} + | sort); }
# history NAME... : the state after these builds, one after the other.
history() {
  local folder="$SCRATCH/history"
  rm -rf "$folder" && mkdir "$folder"
  for name in "$@"; do build "$folder" "$name"; done
  state "$folder" "$code"
}

mkdir "$SCRATCH/base"
build "$SCRATCH/base" a
[ "$code" = 0 ] || { cat "$SCRATCH/said" >&2; fail "a does not build"; }
declare -A right
for next in a b c; do
  right[$next]="$(history a "$next") | $(history a b "$next")"
done
cp -a "$SCRATCH/base" "$SCRATCH/done"
build "$SCRATCH/done" b
[ "$code" = 0 ] || { cat "$SCRATCH/said" >&2; fail "b does not build"; }
not_begun="$(state "$SCRATCH/base")"
ended="$(state "$SCRATCH/done")"
between=0
visible "$SCRATCH/base" >"$SCRATCH/visible-a"
visible "$SCRATCH/done" >"$SCRATCH/visible-b"

# look WHAT FOLDER : the next build of each program gives what it would have given.
look() {
  local what="$1" folder="$2" next found
  # As if it had not begun, or had ended, to the last byte: it cannot give anything else.
  found="$(state "$folder")"
  [ "$found" != "$not_begun" ] && [ "$found" != "$ended" ] || return 0
  between=$((between + 1))
  for next in b a c; do
    rm -rf "$SCRATCH/next"
    cp -a "$folder" "$SCRATCH/next"
    build "$SCRATCH/next" "$next"
    # What the killed build was about to protect is held already: to leave it out is refused as after its end, and nothing is written.
    if [ "$code" != 0 ] && [[ "${right[$next]}" == *"| "*"$code" ]] && grep -q 'left_program.*carts' "$SCRATCH/said"; then
      build "$SCRATCH/next" b
      next=b
    fi
    found="$(state "$SCRATCH/next" "$code")"
    [[ "${right[$next]}" == *"$found"* ]] || {
      cat "$SCRATCH/said" >&2
      (cd "$SCRATCH/next" && find . -type f | sort) >&2
      fail "$what, then a build of $next: $found and not ${right[$next]}"
    }
  done
}
# look_after_failure WHAT FOLDER : the files are those before, or those after, or it was said that they are neither.
look_after_failure() {
  local what="$1" folder="$2"
  visible "$folder" >"$SCRATCH/visible"
  if [ "$code" = 0 ]; then
    cmp -s "$SCRATCH/visible" "$SCRATCH/visible-b" || fail "$what: it said that it went well and it did not"
  elif ! cmp -s "$SCRATCH/visible" "$SCRATCH/visible-a" && ! grep -q 'half written' "$SCRATCH/said"; then
    cat "$SCRATCH/said" >&2
    diff "$SCRATCH/visible-a" "$SCRATCH/visible" >&2 || true
    fail "$what: the files have changed and nothing was said of it"
  fi
  ! grep -q 'panicked\|bug in infrac' "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "$what: it panicked"; }
}

try="$SCRATCH/try"
again() { rm -rf "$try"; cp -a "$SCRATCH/base" "$try"; }
# How often the busiest thread makes each call: strace counts for each thread and call.
again
build "$try" b strace -f -o "$SCRATCH/calls" -e "trace=$(IFS=,; echo "${CHANGES[*]},${READS[*]}")"
[ "$code" = 0 ] || { cat "$SCRATCH/said" >&2; fail "b does not build under strace"; }
often() { { grep -oE "^[0-9]+ +$1\(" "$SCRATCH/calls" || true; } | sort | uniq -c | awk '$1 > most { most = $1 } END { print most + 0 }'; }

at=0
tried=0
turn() { at=$((at + 1)); [ $((at % EVERY)) = 0 ] && tried=$((tried + 1)); }
for call in "${CHANGES[@]}"; do
  for ((number = 1; number <= $(often "$call"); number++)); do
    turn || continue
    again
    build "$try" b strace -f -o /dev/null -e "inject=$call:signal=KILL:when=$number"
    look "killed at $call $number" "$try"
  done
done
killed="$tried"
for call in "${CHANGES[@]}" "${READS[@]}"; do
  for ((number = 1; number <= $(often "$call"); number++)); do
    for reason in "${REASONS[@]}"; do
      turn || continue
      again
      build "$try" b strace -f -o /dev/null -e "inject=$call:error=$reason:when=$number"
      look_after_failure "$call $number fails with $reason" "$try"
      look "$call $number failed with $reason" "$try"
    done
  done
done
failed=$((tried - killed))

full=0
if [ "$(id -u)" = 0 ] && mkdir "$SCRATCH/disk" && mount -t tmpfs -o size=1m none "$SCRATCH/disk" 2>/dev/null; then
  at_end 'umount "$SCRATCH/disk"; rm -rf "$SCRATCH"'
  for ((room = 0; room <= 100; room += 4 * (EVERY > 4 ? 4 : EVERY))); do
    cp -a "$SCRATCH/base" "$SCRATCH/disk/try"
    cp "$SCRATCH/b.infra" "$SCRATCH/disk/try/main.infra"
    used="$(df --output=used -k "$SCRATCH/disk" | tail -n 1)"
    head -c $(((1024 - used - room) * 1024)) /dev/zero >"$SCRATCH/disk/filler"
    build "$SCRATCH/disk/try" b
    look_after_failure "$room KiB of room" "$SCRATCH/disk/try"
    again
    rm -rf "$try"
    cp -a "$SCRATCH/disk/try" "$try"
    look "$room KiB of room" "$try"
    rm -rf "$SCRATCH/disk/try" "$SCRATCH/disk/filler"
    full=$((full + 1))
  done
else
  say "no small disk can be mounted here"
fi
say "counted: $killed kills, $failed failures, $full full disks; $between of them left something for the next build to end"
