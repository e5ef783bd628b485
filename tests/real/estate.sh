#!/usr/bin/env bash
# Takes over an estate that was built before platform values and groups had names: what was written then is applied, the program of
# today is built beside its state, and the plan destroys nothing; afterwards the plan is empty.
#
#   estate.sh [NAME...]     estate, shop (default: both); needs target/debug/infrac
#
# NAME.tf.json is what was written then; estate/before is the program that it was written from, estate/now the same as it is written
# today. shop is examples/shop with the front that it had (estate/shop.front.infra), and estate/shop.moved.infra beside it.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
. "$REAL/shop_on_aws.sh"

TOOL="${TOOL:-terraform}"
ESTATE="$REAL/estate"
needs_provider "$TOOL"
begin_project estate moto

# program NAME : the program of today stands in the current folder.
program() {
  case "$1" in
    estate) cp "$ESTATE/now/"*.infra . ;;
    # The state of what was applied lies in .infrac here.
    shop) tar -C "$REPOSITORY/examples/shop" --exclude=./out --exclude=./.infrac --exclude=./infra.lock -c . | tar -x && bare_machines && cp "$ESTATE/shop.front.infra" front.infra && cp "$ESTATE/shop.moved.infra" moved.infra ;;
    *) fail "there is no estate \`$1\`" ;;
  esac
}
run() {
  "$TOOL" -chdir=out/prod/terraform "$@" >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "$TOOL $*"; }
}
# planned WHAT : how many resources the plan would do this to.
planned() { jq "[.resource_changes[] | select(.change.actions | index(\"$1\"))] | length" "$SCRATCH/plan.json"; }

take_over() {
  local name="$1" old="$ESTATE/$1.tf.json" kept code=0 cloud
  mkdir "$SCRATCH/project/$name"
  cd "$SCRATCH/project/$name"
  cloud="$("$REAL/moto.sh" start "$(jq -r '[.provider.aws[].allowed_account_ids[]?][0] // ""' "$old")")" || exit $?
  eval "$cloud"
  mkdir -p out/prod/terraform
  cp "$old" out/prod/terraform/main.tf.json
  run init -no-color
  run apply -no-color -auto-approve
  kept="$("$TOOL" -chdir=out/prod/terraform state list | wc -l)"

  # As in a fresh clone: the state stays, nothing that was written does.
  rm -rf out
  program "$name"
  "$INFRAC" build --env prod >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "infrac build: $name"; }
  run init -no-color
  run plan -no-color -out "$SCRATCH/plan"
  "$TOOL" -chdir=out/prod/terraform show -json "$SCRATCH/plan" >"$SCRATCH/plan.json"
  if [ "$(planned delete)" != 0 ]; then
    jq -r '.resource_changes[] | select(.change.actions | index("delete")) | "\(.change.actions | join(" and ")): \(.address)"' "$SCRATCH/plan.json" >&2
    fail "$name: $(planned delete) would be destroyed"
  fi
  run apply -no-color "$SCRATCH/plan"
  "$TOOL" -chdir=out/prod/terraform plan -no-color -detailed-exitcode >"$SCRATCH/said" 2>&1 || code=$?
  [ "$code" = 0 ] || { cat "$SCRATCH/said" >&2; fail "$name: the second plan is not empty"; }
  say "counted: $name: $kept resources and data taken over, $(planned create) made, $(planned update) changed, none destroyed"
}

[ "$#" != 0 ] || set -- estate shop
for name in "$@"; do take_over "$name"; done
