#!/usr/bin/env bash
# A second region, on the real tools: the shop in one region is applied, a second one is listed and used. The plan shows only what is
# new. Then it is taken away again: only that is destroyed, by a provider that is still there, and the first region is as it was.
#
#   siblings.sh     needs target/debug/infrac; TOOL=terraform|tofu (default terraform)
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
. "$REAL/shop_on_aws.sh"

TOOL="${TOOL:-terraform}"
needs_provider "$TOOL"
begin_project siblings moto
# The account that the example names.
CLOUD="$("$REAL/moto.sh" start 111122223333)" || exit $?
eval "$CLOUD"
export TF_CLI_ARGS_apply="-auto-approve -no-color"

shop_on_aws
built "one region"
follow "one region"
on_terraform state list
cp "$SCRATCH/said" "$SCRATCH/first"
cp out/prod/terraform/main.tf.json "$SCRATCH/first.json"

# Nothing stands there yet: not even the list of resources moves.
cp main.infra "$SCRATCH/main.infra"
sed -i '/aws(region = "eu-west-3", account = "111122223333"),/a\    dublin = aws(region = "eu-west-1", account = "111122223333"),' main.infra
sed -i '/aws(region = "eu-west-3", account = "444455556666"),/a\    dublin = aws(region = "eu-west-1", account = "444455556666"),' main.infra
built "a second region is listed"
plan
[ -z "$(planned create)$(planned update)$(planned delete)" ] || fail "an empty region changes something: $(planned create) $(planned update) $(planned delete)"

cat >far.infra <<'END'
//! What stands in the second region.
network far on dublin { cidr = 10.40.0.0/16 }
server mirror for k in ["a", "b"] on dublin { network = far, port http = 8080/tcp }
bucket copies on dublin {}
firewall there { allow = [mirror -> updates.https] }
END
built "a second region"
plan
[ -z "$(planned update)" ] || fail "the second region changes the first: $(planned update)"
[ -z "$(planned delete)" ] || fail "the second region destroys in the first: $(planned delete)"
planned create >"$SCRATCH/new"
[ "$(wc -l <"$SCRATCH/new")" -ge 30 ] || fail "hardly anything is made in the second region: $(cat "$SCRATCH/new")"
follow "a second region"
plan_is_empty "a second region"

# What holds data, the logs, and the key that reads both are never lost without a word. It is said while they are there, so that the
# cloud lets go of them as well.
cat >leaves.infra <<'END'
destroy "copies" because "the second region is given up"
destroy "dublin" because "the second region is given up"
END
built "the second region is to leave"
plan
[ -z "$(planned create)$(planned delete)" ] || fail "a word about the second region makes or destroys: $(planned create) $(planned delete)"
planned update | grep -vE '\.(copies|dublin)_' >&2 && fail "a word about the second region changes something else"
follow "the second region is to leave"

# The region leaves the list while things of it are there: who destroys them is still configured.
rm far.infra
cp "$SCRATCH/main.infra" main.infra
built "the second region leaves"
jq -e '[.provider.aws[] | select(.region == "eu-west-1")] | length == 1' out/prod/terraform/main.tf.json >/dev/null ||
  fail "nobody is configured to destroy what is in the second region"
plan
[ -z "$(planned create)$(planned update)" ] || fail "taking the second region away changes the first: $(planned create) $(planned update)"
planned delete | diff "$SCRATCH/new" - >&2 || fail "not exactly what was added is destroyed"
follow "the second region leaves"
plan_is_empty "the second region left"
on_terraform state list
diff "$SCRATCH/first" "$SCRATCH/said" >&2 || fail "the first region is not what it was"
jq 'del(.provider)' "$SCRATCH/first.json" | diff - <(jq 'del(.provider)' out/prod/terraform/main.tf.json) >&2 ||
  fail "what is written for the first region is not what it was"
say "counted: $(wc -l <"$SCRATCH/first") resources and data stayed as they were, $(wc -l <"$SCRATCH/new") came and went"
