#!/usr/bin/env bash
# Takes a folder with main.tf.json through what its user would do with it, against an empty AWS played by moto:
# init from a local mirror, validate, plan, apply, and a second plan that must be empty.
#
#   TOOL=terraform|tofu terraform.sh DIR     (TOOL: default terraform)
#   PLAN=FILE also leaves the first plan there as JSON, for linters.
#
# The provider block says nothing of endpoints and credentials: they come from the environment. What a user would be
# asked for (variables without a default) gets a value here; the state stays in a scratch folder.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

TOOL="${TOOL:-terraform}"
APPLY_WITHIN="${APPLY_WITHIN:-900}"
DIR="${1:-}"
[ -n "$DIR" ] || { say "usage: terraform.sh DIR"; exit 64; }
[ -f "$DIR/main.tf.json" ] || fail "$DIR has no main.tf.json"
case "$TOOL" in terraform | tofu) ;; *) say "TOOL is terraform or tofu, not $TOOL"; exit 64 ;; esac
needs_provider "$TOOL"

SCRATCH="$(mktemp -d "$RUN/terraform.XXXXXX")"
# An AWS of its own: several of these tests may run at once.
export LAB_RUN="$SCRATCH"
at_end 'cd /; "$REAL/moto.sh" stop; rm -rf "$SCRATCH"'
mkdir "$SCRATCH/terraform"
cp -R "$DIR/." "$SCRATCH/terraform"
rm -rf "$SCRATCH/terraform/.terraform"
cd "$SCRATCH/terraform"

ACCOUNT="$(jq -r '[.provider.aws? | if type == "array" then .[] else . end | .allowed_account_ids[]?][0] // ""' main.tf.json)"
ENVIRONMENT="$("$REAL/moto.sh" start "$ACCOUNT")" || exit $?
eval "$ENVIRONMENT"
export TF_IN_AUTOMATION=1
unset TF_DATA_DIR TF_WORKSPACE TF_CLI_ARGS

echo '{"terraform": {"backend": {"local": {"path": "terraform.tfstate"}}}}' >lab_override.tf.json
jq '.variable // {} | with_entries(select(.value | has("default") | not) | .value = (
      {"number": 1, "bool": true}[.value.type // "string"] // (.value.type // "string" |
        if startswith("list") or startswith("set") then [] elif startswith("map") then {} else "set-by-the-lab" end)))' \
  main.tf.json >lab.auto.tfvars.json

# step NAME COMMAND... : what a step says is shown only when it fails.
step() {
  local name="$1" began="$SECONDS"; shift
  if ! "$@" >"$SCRATCH/said" 2>&1; then
    cat "$SCRATCH/said" >&2
    grep -h '^NotImplementedError' "$SCRATCH/moto.log" | sort | uniq -c >&2 || true
    fail "$TOOL $name"
  fi
  say "$TOOL $name: $((SECONDS - began)) s"
}

step init "$TOOL" init -no-color
step validate "$TOOL" validate -no-color
grep -A 3 '^Warning:' "$SCRATCH/said" >&2 || true
step plan "$TOOL" plan -no-color -out "$SCRATCH/plan"
if [ -n "${PLAN:-}" ]; then
  "$TOOL" show -json "$SCRATCH/plan" >"$PLAN"
fi
step apply timeout "$APPLY_WITHIN" "$TOOL" apply -no-color -auto-approve "$SCRATCH/plan"

SECOND=0
"$TOOL" plan -no-color -detailed-exitcode >"$SCRATCH/said" 2>&1 || SECOND=$?
if [ "$SECOND" != 0 ]; then
  sed -n '/will perform the following/,$p;/Error:/,$p' "$SCRATCH/said" >&2
  [ "$SECOND" = 2 ] || fail "$TOOL second plan"
  fail "$TOOL second plan is not empty"
fi
say "$TOOL second plan: empty, $("$TOOL" state list | wc -l) resources and data"
