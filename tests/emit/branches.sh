#!/usr/bin/env bash
# infra.lock in the hands of several people: two branches that add different things merge, a conflict is told with what to do, CI finds
# a lock that was not committed, and what was said of something holds over the commits that lie before a release.
#
#   branches.sh     needs target/debug/infrac and git; no cloud
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

command -v git >/dev/null || skip "no git on this machine"
begin_project branches
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=lab GIT_AUTHOR_EMAIL=lab@example.com GIT_COMMITTER_NAME=lab GIT_COMMITTER_EMAIL=lab@example.com

commit() { git add -A && git commit -qm "$1"; }
# infrac_says CODE WHAT ARGUMENTS... : ends with this code; what it said is in $SCRATCH/said.
infrac_says() {
  local expected="$1" what="$2" code=0; shift 2
  "$INFRAC" "$@" >"$SCRATCH/said" 2>&1 || code=$?
  [ "$code" = "$expected" ] || { cat "$SCRATCH/said" >&2; fail "$what: \`infrac $*\` ended with $code and not with $expected"; }
}
tree() { find . -type f -not -path './.git/*' -print0 | sort -z | xargs -0 sha256sum; }
# writes_nothing CODE WHAT ARGUMENTS...
writes_nothing() {
  tree >"$SCRATCH/before"
  infrac_says "$@"
  tree | diff "$SCRATCH/before" - >&2 || fail "$2: something was written"
}
# bucket NAME : one more, in a file of its own.
bucket() { echo "bucket $1 on aws {}" >"$1.infra"; }
# branch NAME BUCKET : from the trunk, with one more bucket and its lock.
branch() {
  git checkout -q -b "$1" trunk
  bucket "$2"
  infrac_says 0 "$1" lock
  commit "$1"
  git checkout -q trunk
}

git init -q -b trunk .
printf '/out/\n/.infrac/\n' >.gitignore
cat >main.infra <<'END'
project people { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
environment test { tier = test, on = [aws(region = "eu-west-1")] }
END
bucket alpha
bucket media
bucket reports
bucket zoo
infrac_says 0 "the first" build --env prod
[ -f infra.lock ] || fail "build writes no infra.lock"
grep -q '^held prod "media' infra.lock || { cat infra.lock >&2; fail "the lock does not hold the bucket"; }
! grep -q "$SCRATCH" infra.lock || fail "the lock knows this machine"
cp infra.lock "$SCRATCH/first"
infrac_says 0 "again" lock
cmp infra.lock "$SCRATCH/first" >&2 || fail "\`lock\` and \`build\` write two different locks"
head -n 1 infra.lock | grep -q '^#' || fail "the lock does not say what it is"
commit "first"

# --- two branches ----------------------------------------------------------------------------------------------------------------
branch one carts
branch two notes
git merge -q one -m one >/dev/null || fail "a single branch does not merge"
git merge -q two -m two >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; git diff >&2; fail "two branches that add different things do not merge"; }
cp infra.lock "$SCRATCH/merged"
infrac_says 0 "after the merge" check --locked
infrac_says 0 "after the merge" lock
cmp infra.lock "$SCRATCH/merged" >&2 || fail "what git merged is not what infrac writes"

# --- a conflict ------------------------------------------------------------------------------------------------------------------
branch three mud
branch four mug
git merge -q three -m three >/dev/null || fail "a single branch does not merge"
if ! git merge -q four -m four >/dev/null 2>&1; then
  grep -q '^<<<<<<<' infra.lock || fail "the conflict is in another file"
  for command in "check" "build --env prod" "lock" "check --locked"; do
    # shellcheck disable=SC2086
    writes_nothing 1 "a conflict" $command
    grep -q infra.lock "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "\`$command\` does not name the file"; }
    grep -q 'infrac lock' "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "\`$command\` does not say what to do about markers"; }
  done
  # Both sides' lines, as the message says.
  sed -i -E '/^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)/d' infra.lock
  infrac_says 0 "mended" lock
  commit "four"
else
  fail "lines beside each other were merged: this test has no conflict any more"
fi
rm infra.lock
infrac_says 0 "from nothing" lock
git diff --exit-code infra.lock >&2 || fail "the mended lock is not what the program says"

# --- CI --------------------------------------------------------------------------------------------------------------------------
for command in "check --locked" "build --env prod --locked" "lock --locked"; do
  git clone -q . "$SCRATCH/ci"
  # shellcheck disable=SC2086
  (cd "$SCRATCH/ci" && infrac_says 0 "CI, committed" $command) || exit $?
  # shellcheck disable=SC2086
  (cd "$SCRATCH/ci" && bucket forgotten && writes_nothing 1 "CI, not committed" $command && grep -q 'infra.lock' "$SCRATCH/said") ||
    fail "\`$command\` does not see that the lock is not up to date"
  rm -rf "$SCRATCH/ci"
done

# --- several commits before a release ------------------------------------------------------------------------------------------------
rm reports.infra
writes_nothing 1 "without a word" build --env prod
grep -q left_program "$SCRATCH/said" || fail "what is held left without a word"
grep -q "\bprod\b" "$SCRATCH/said" || fail "the environment is not named"
bucket figures
echo 'moved "reports" to figures' >moves.infra
infrac_says 0 "renamed" lock
commit "Call the reports figures"
bucket numbers
rm figures.infra
echo 'moved "figures" to numbers' >>moves.infra
infrac_says 0 "renamed again" lock
commit "Call the figures numbers"
rm moves.infra
infrac_says 0 "the words are deleted" lock
commit "The names have settled"
rm zoo.infra
echo 'forget "zoo" because "the zoo has its own program"' >leaves.infra
infrac_says 0 "let go" lock
commit "Let the zoo go"
rm leaves.infra
infrac_says 0 "the words are deleted" lock
commit "The zoo is gone"

git clone -q . "$SCRATCH/release"
cd "$SCRATCH/release"
infrac_says 0 "the release" build --env prod --locked
written=out/prod/terraform/main.tf.json
jq -e '[.moved[].from] | index("aws_s3_bucket.reports_main") != null' "$written" >/dev/null || fail "the release does not know the first name"
jq -e '[.moved[] | select(.to == "aws_s3_bucket.numbers_main")] | length >= 1' "$written" >/dev/null || fail "the release does not know the last name"
jq -e '[.removed[].from] | index("aws_s3_bucket.zoo_main") != null' "$written" >/dev/null || fail "the release would destroy what was let go"
has_first_name() {
  [ "$(jq -r '.resource.aws_s3_bucket.numbers_main.bucket_prefix' "$written")" = people-prod-reports- ] || fail "$1: the bucket has another name in the cloud"
}
has_first_name "the release"
infrac_says 0 "released" lock --prune
# What it needs and others still use, its key and the place of its logs, is known until that leaves as well.
! grep zoo infra.lock | grep -v '"needs"' >&2 || fail "pruned, and the zoo is still known"
grep zoo infra.lock | grep -q aws_kms_key || fail "nobody knows any more that the zoo needs its key"
infrac_says 0 "after pruning" build --env prod
has_first_name "after pruning"
say "counted: 4 branches, 1 conflict, 5 commits before a release"
