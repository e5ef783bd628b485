# shellcheck shell=bash
# Sourced after lab.sh: examples/shop cut to what stands on aws, and what its user does with what was printed.

# bare_machines : the shop in the current folder, with machines that nobody configures: none of them answers here.
bare_machines() {
  rm bastion.infra
  sed -i '/bastion/d' network.infra
  sed -i -e '/^  ssh_key/,/^  services/d' -e '/^let pages/,$d' front.infra
  [ ! -f monitors.infra ] || sed -i '/^monitor machines/d' monitors.infra
}

# shop_on_aws : the files of the example in the current folder, without what runs in the cluster. Every statement says where it
# stands, as it must as soon as there are two regions.
shop_on_aws() {
  local file kind
  cp -R "$REPOSITORY/examples/shop/." .
  rm -rf out .infrac services.infra monitors.infra infra.lock
  bare_machines
  sed -i -e '/^    kubernetes($/,/^    ),$/d' -e '/choose {/d' main.infra
  sed -i -e '/api/d' -e 's/worker -> orders.sql,/front -> orders.sql,/' network.infra
  for file in *.infra data/*.infra; do
    for kind in network server bucket database secret load_balancer dns_zone dns_record certificate; do
      sed -i -E "s/^($kind [a-z_]+( for zone in zones)?) \{/\1 on aws {/" "$file"
    done
  done
}

# built WHAT : `infrac build`, in $SCRATCH/printed what it said and in $SCRATCH/steps the commands that it printed.
built() {
  "$INFRAC" build --env prod >"$SCRATCH/printed" 2>&1 || { cat "$SCRATCH/printed" >&2; fail "infrac build: $1"; }
  sed -n '/^next:$/,/^$/s/^  //p' "$SCRATCH/printed" >"$SCRATCH/steps"
}

# follow WHAT : every printed command, as it stands.
follow() {
  local line
  while read -r line; do
    bash -o pipefail -c "${line/#terraform/$TOOL}" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said" >&2; fail "$1: $line"; }
  done <"$SCRATCH/steps"
}

on_terraform() {
  "$TOOL" -chdir=out/prod/terraform "$@" >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "$TOOL $*"; }
}

# plan : what the next apply would do, in $SCRATCH/plan.json.
plan() {
  on_terraform init -no-color
  on_terraform plan -no-color -out "$SCRATCH/plan"
  "$TOOL" -chdir=out/prod/terraform show -json "$SCRATCH/plan" >"$SCRATCH/plan.json"
}

# planned ACTION : the resources to which it would do this, sorted, one a line.
planned() {
  jq -r --arg action "$1" '.resource_changes[]? | select(.mode == "managed" and (.change.actions | index($action))) | .address' \
    "$SCRATCH/plan.json" | sort
}

plan_is_empty() {
  local code=0
  "$TOOL" -chdir=out/prod/terraform plan -no-color -detailed-exitcode >"$SCRATCH/said" 2>&1 || code=$?
  [ "$code" = 0 ] || { cat "$SCRATCH/said" >&2; fail "$1: the plan is not empty"; }
}

# ask REGION EXPRESSION : Python, with `aws(SERVICE)` for a client of the cloud in that region.
ask() {
  AWS_DEFAULT_REGION="$1" "$CACHE/moto/bin/python" -c "import boto3, json
aws = boto3.client
print($2)"
}
