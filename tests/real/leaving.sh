#!/usr/bin/env bash
# What leaves a program, on the real tools. Without a word it is refused, in a fresh clone as well, and nothing is written. A bucket
# that is let go stays private, encrypted with a key that lives, versioned, under its policy. A whole cloud leaves by the commands
# that infrac prints, and nothing stays that nobody manages and nobody let go.
#
#   leaving.sh     needs target/debug/infrac; TOOL=terraform|tofu (default terraform)
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
. "$REAL/shop_on_aws.sh"

TOOL="${TOOL:-terraform}"
needs_provider "$TOOL"
begin_project leaving moto
CLOUD="$("$REAL/moto.sh" start 111122223333)" || exit $?
eval "$CLOUD"
export TF_CLI_ARGS_apply="-auto-approve -no-color"
HOME_REGION=eu-west-3

# tree : every file of the project and what is in it, but for Terraform's own.
tree() { find . -type f -not -path '*/.terraform/*' -not -name '*.tfstate*' -print0 | sort -z | xargs -0 sha256sum; }

# refused WHAT : a build that names what is missing and writes nothing.
refused() {
  local code=0
  tree >"$SCRATCH/before"
  "$INFRAC" build --env prod >"$SCRATCH/said" 2>&1 || code=$?
  [ "$code" = 1 ] || { cat "$SCRATCH/said" >&2; fail "$1: it ended with $code and not with 1"; }
  grep -q left_program "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "$1: refused for another reason"; }
  tree | diff "$SCRATCH/before" - >&2 || fail "$1: something was written"
}

# bucket_is_safe NAME : as it was made, asked of the cloud itself.
bucket_is_safe() {
  local key
  [ "$(ask "$HOME_REGION" "all(aws('s3').get_public_access_block(Bucket='$1')['PublicAccessBlockConfiguration'].values())")" = True ] ||
    fail "the bucket is not private any more"
  [ "$(ask "$HOME_REGION" "aws('s3').get_bucket_versioning(Bucket='$1').get('Status')")" = Enabled ] || fail "the bucket keeps no versions"
  ask "$HOME_REGION" "aws('s3').get_bucket_policy(Bucket='$1')['Policy']" | grep -q SecureTransport || fail "the bucket's policy is gone"
  ask "$HOME_REGION" "aws('s3').get_bucket_ownership_controls(Bucket='$1')" >/dev/null || fail "the bucket's owner is open"
  ask "$HOME_REGION" "aws('s3').get_bucket_lifecycle_configuration(Bucket='$1')" >/dev/null || fail "the bucket's rules are gone"
  key="$(ask "$HOME_REGION" "aws('s3').get_bucket_encryption(Bucket='$1')['ServerSideEncryptionConfiguration']['Rules'][0]['ApplyServerSideEncryptionByDefault']['KMSMasterKeyID']")"
  [ "$(ask "$HOME_REGION" "aws('kms').describe_key(KeyId='$key')['KeyMetadata']['KeyState']")" = Enabled ] || fail "the bucket's key is not alive"
}

buckets() { ask "$HOME_REGION" "' '.join(sorted(b['Name'] for b in aws('s3').list_buckets()['Buckets']))"; }

shop_on_aws
git init -q . && printf '/out/\n/.infrac/\n' >.gitignore
built "the shop"
follow "the shop"
[ -f infra.lock ] || fail "there is no infra.lock"
git add -A && git -c user.name=lab -c user.email=lab@example.com commit -qm "The shop"
MEDIA="$(buckets | tr ' ' '\n' | grep media)" || fail "there is no bucket: $(buckets)"
bucket_is_safe "$MEDIA"

# --- without a word ------------------------------------------------------------------------------------------------------------
cp -R data "$SCRATCH/data"
sed -i '/^bucket media/d' data/main.infra
refused "here"
git clone -q . "$SCRATCH/clone"
(cd "$SCRATCH/clone" && sed -i '/^bucket media/d' data/main.infra && refused "in a fresh clone") || exit $?
(cd "$SCRATCH/clone" && ! "$INFRAC" check >"$SCRATCH/said" 2>&1 && grep -q left_program "$SCRATCH/said") ||
  fail "\`check\` says nothing in a fresh clone"

# --- let go ----------------------------------------------------------------------------------------------------------------------
echo 'forget "media" because "the archive takes it over"' >leaves.infra
built "the bucket is let go"
plan
[ -z "$(planned delete)" ] || fail "letting go destroys: $(planned delete)"
follow "the bucket is let go"
[[ " $(buckets) " == *" $MEDIA "* ]] || fail "the bucket is gone"
bucket_is_safe "$MEDIA"
on_terraform state list
! grep -q media "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "$TOOL still knows what it should forget"; }
plan_is_empty "the bucket was let go"
built "again"
follow "again"
bucket_is_safe "$MEDIA"

# --- the whole cloud -----------------------------------------------------------------------------------------------------------
cat >>leaves.infra <<'END'
destroy "orders" because "the shop is closed"
destroy "session_key" because "the shop is closed"
destroy "edge" because "the shop is closed"
END
built "what is to go is said"
follow "what is to go is said"
rm -r data front.infra network.infra
# The key and the logs of what was let go are let go with it.
sed -i -e '/^output/d' -e '/^param/,$d' -e '/^\/\/\/ /d' main.infra
sed -i -e '/params {/d' main.infra
# The clouds are still listed: an environment needs a place.
built "nothing is left"
grep -q . "$SCRATCH/steps" || { cat "$SCRATCH/printed" >&2; fail "no command is printed"; }
[ -f out/prod/terraform/main.tf.json ] || fail "main.tf.json is gone, with the place of the state"
jq -e '.terraform.backend' out/prod/terraform/main.tf.json >/dev/null || fail "main.tf.json has no backend any more"
# The plan says it of each: destroyed, or let go.
plan
jq -e '[.resource_changes[] | select(.mode == "managed") | .change.actions[0]] | all(. == "delete" or . == "forget")' \
  "$SCRATCH/plan.json" >/dev/null || fail "something stays that the program no longer has"
on_terraform state list
left="$(grep -vc '^data\.' "$SCRATCH/said")"
[ "$(jq '[.resource_changes[] | select(.mode == "managed")] | length' "$SCRATCH/plan.json")" = "$left" ] ||
  fail "of $left resources in the state some are in no plan"
[ -n "$(planned forget)" ] && [ -n "$(planned delete)" ] || fail "nothing is let go, or nothing destroyed"
planned delete | grep -E 'media|aws_kms_key' >&2 && fail "what keeps the bucket safe would be destroyed"
follow "nothing is left"
on_terraform state list
[ ! -s "$SCRATCH/said" ] || { cat "$SCRATCH/said" >&2; fail "$TOOL still manages something"; }
bucket_is_safe "$MEDIA"

# --- and for good --------------------------------------------------------------------------------------------------------------
"$INFRAC" lock --prune >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "infrac lock --prune"; }
built "after pruning"
bucket_is_safe "$MEDIA"
say "counted: $MEDIA kept with what keeps it safe, $left others destroyed or let go by the printed commands"
