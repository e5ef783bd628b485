#!/usr/bin/env bash
# Secrets arrive where they should, stand nowhere else, and roll the pods when they change: in a cluster alone, where infrac hands over
# what is given, draws what is generated and leaves to the cluster what it keeps; and with Terraform, which is given a variable.
#
#   secrets.sh     needs target/debug/infrac
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

needs_provider terraform
begin_project secrets moto control-plane
FIRST='CaNaRy-1: "quoted" $x ${y} %{z}'
SECOND='CaNaRy-2-other'
CHECKED=0
counted() { CHECKED=$((CHECKED + 1)); }

CLUSTER="$("$REAL/control-plane.sh" start)" || exit $?
eval "$CLUSTER"
PATH="$(dirname "$(realpath "$INFRAC")"):$PATH"

# steps : what `infrac build` prints, with the variables that the environment holds left to it.
steps() {
  "$INFRAC" build --env prod 2>"$SCRATCH/printed" || { cat "$SCRATCH/printed" >&2; fail "infrac build"; }
  sed -n '/^next:$/,/^$/s/^  //p' "$SCRATCH/printed" | sed -E 's/(^|\|\| )((TF_VAR|INFRAC)_[A-Za-z_]+=… )+/\1/' >"$SCRATCH/steps"
}
follow() {
  local line
  steps
  while read -r line; do
    bash -o pipefail -c "$line" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said" >&2; fail "$1: $line"; }
    ! grep -F "CaNaRy" "$SCRATCH/said" >&2 || fail "$1: a secret is printed by: $line"
  done <"$SCRATCH/steps"
}
nothing_in_files() {
  ! grep -rlF --exclude-dir=.infrac --exclude-dir=.terraform CaNaRy . >&2 || fail "$1: a secret stands in a file"
  counted
}
held() { kubectl -n "$1" get secret "$2" -o "jsonpath={.data.$3}" | base64 -d; }
generation() { kubectl -n "$1" get deployment "$2" -o 'jsonpath={.metadata.generation}'; }
equal() { [ "$2" = "$3" ] || fail "$1: '$2' is not '$3'"; counted; }

# --- a cluster alone -----------------------------------------------------------------------------------------------------------
cat >main.infra <<'END'
project alone { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "lab")] }
param token: secret string
secret pg { existing = "pg/password" }
secret drawn { length = 24 }
container api {
  image = "registry.example.com/api:1.0.0"
  env = {
    LOG = "info"
    TOKEN = token
    KEY = drawn.value
    DATABASE_URL = "postgres://app:${pg.value}@db/$app"
  }
  files = {
    "/etc/api/motd" = "Hello.\n"
    "/etc/api/token.ini" = "token = ${token} \r\n"
    "/run/secrets/pg" = pg.value
  }
}
END
export INFRAC_FINGERPRINT_KEY=a-long-key-of-the-environment INFRAC_PARAM_token="$FIRST"
follow "alone, first"
kubectl -n alone-prod create secret generic pg --from-literal=password=kept >/dev/null
equal "the param arrives" "$(held alone-prod api-env TOKEN)" "$FIRST"
drawn="$(held alone-prod drawn value)"
equal "what is drawn has its length" "${#drawn}" 24
kubectl -n alone-prod get deployment api -o json >"$SCRATCH/api"
equal "the pod names what the cluster keeps" \
  "$(jq -r '.spec.template.spec.containers[0].env[] | select(.name == "KEY") | .valueFrom.secretKeyRef | "\(.name)/\(.key)"' "$SCRATCH/api")" drawn/value
equal "a text around it names a setting" \
  "$(jq -r '.spec.template.spec.containers[0].env[] | select(.name == "DATABASE_URL") | .value' "$SCRATCH/api")" 'postgres://app:$(INFRAC_KEPT_1)@db/$$app'
equal "a file with it arrives" "$(held alone-prod api-files etc_api_token\\.ini)" "token = $FIRST "$'\r'
equal "a file is what the cluster keeps" \
  "$(jq -r '.spec.template.spec.volumes[] | select(.secret.secretName == "pg") | .secret.items[0] | "\(.key) \(.path)"' "$SCRATCH/api")" "password run_secrets_pg"
equal "no other file stands with the secret" "$(kubectl -n alone-prod get secret api-files -o json | jq -c '.data | keys')" '["etc_api_token.ini"]'
nothing_in_files "alone"
kubectl -n alone-prod wait --for=condition=Available --timeout=180s deployment/api >/dev/null || fail "the workload does not come up"
before="$(generation alone-prod api)"
follow "alone, again"
equal "a second round changes nothing" "$(generation alone-prod api)" "$before"
equal "what was drawn stays" "$(held alone-prod drawn value)" "$drawn"
export INFRAC_PARAM_token="$SECOND"
follow "alone, changed"
equal "the changed param arrives" "$(held alone-prod api-env TOKEN)" "$SECOND"
equal "and rolls the pods" "$(generation alone-prod api)" "$((before + 1))"
printf '%s\n' "$FIRST" >"$SCRATCH/token"
unset INFRAC_PARAM_token
"$INFRAC" handover --env prod --param-file "token=$SCRATCH/token" | kubectl --context lab apply --server-side --field-manager=infrac-handover -f - >/dev/null || fail "a file is no param"
equal "a param comes from a file" "$(held alone-prod api-env TOKEN)" "$FIRST"

# --- with Terraform ---------------------------------------------------------------------------------------------------------------
rm -rf out infra.lock
CLOUD="$("$REAL/moto.sh" start "")" || exit $?
eval "$CLOUD"
export TF_CLI_ARGS_apply="-auto-approve -no-color"
cat >main.infra <<'END'
project both { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "lab")]
  choose { secret = aws, volume = aws }
}
param token: secret string
terraform.aws_sqs_queue jobs { name = "jobs" }
terraform.aws_ssm_parameter kept { name = "/kept", type = "SecureString", value = token }
container api {
  image = "registry.example.com/api:1.0.0"
  env = { LOG = "info", TOKEN = token, URL = "https://app:${url_encode(token)}@api/", QUEUE = jobs.url }
  files = { "/etc/api/main.ini" = "\"$x\" %{if} \${y}\n${token}\n${jobs.name}" }
}
output print = fingerprint(token)
END
export TF_VAR_token="$FIRST"
follow "both, first"
equal "the param arrives by Terraform" "$(held both-prod api-env TOKEN)" "$FIRST"
equal "a file with it arrives by Terraform" "$(held both-prod api-files etc_api_main\\.ini)" "\"\$x\" %{if} \${y}
$FIRST
jobs"
nothing_in_files "both"
terraform -chdir=out/prod/terraform plan -no-color -detailed-exitcode >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "the second plan is not empty"; }
counted
# The same print wherever it is computed, with the key that Terraform keeps.
key="$(terraform -chdir=out/prod/terraform state pull | jq -r '.resources[] | select(.type == "terraform_data") | .instances[0].attributes.input.value // .instances[0].attributes.input')"
inner="$(printf '%s:%s' "$key" "$FIRST" | sha256sum | cut -d ' ' -f 1)"
equal "the fingerprint is the nested hash" "$(terraform -chdir=out/prod/terraform output -raw print)" "$(printf '%s:%s' "$key" "$inner" | sha256sum | cut -d ' ' -f 1)"
before="$(generation both-prod api)"
follow "both, again"
equal "a second round changes nothing" "$(generation both-prod api)" "$before"
export TF_VAR_token="$SECOND"
follow "both, changed"
equal "the changed param arrives by Terraform" "$(held both-prod api-env TOKEN)" "$SECOND"
equal "and rolls the pods" "$(generation both-prod api)" "$((before + 1))"
say "counted: $CHECKED things about secrets that hold, in a cluster alone and with Terraform"
