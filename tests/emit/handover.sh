#!/usr/bin/env bash
# Brings an example up by following exactly what `infrac build` printed, on a moto and a control plane of its own:
# Terraform first, then the manifests, then the hand-over. Afterwards the second round of all of it changes nothing, the pods
# have what Terraform decided, and no file but Terraform's own state holds the password.
#
#   handover.sh [EXAMPLE] [ENVIRONMENT]     default: examples/shop prod; needs target/debug/infrac
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"
. "$REAL/shop_on_aws.sh"

EXAMPLE="$(realpath "${1:-$REPOSITORY/examples/shop}")"
ENVIRONMENT="${2:-prod}"
needs_provider terraform
begin_project handover moto control-plane
cp -R "$EXAMPLE/." .
rm -rf out .infrac
[ ! -f bastion.infra ] || bare_machines

"$INFRAC" build --env "$ENVIRONMENT" 2>"$SCRATCH/printed" || { cat "$SCRATCH/printed" >&2; fail "infrac build"; }
sed -n '/^next:$/,/^$/s/^  //p' "$SCRATCH/printed" >"$SCRATCH/steps"
grep -q 'output -raw kubernetes | kubectl' "$SCRATCH/steps" || fail "nothing is handed over in $EXAMPLE"

ACCOUNT="$(jq -r '[.provider.aws[]?.allowed_account_ids[]?][0] // ""' "out/$ENVIRONMENT/terraform/main.tf.json")"
CLOUD="$("$REAL/moto.sh" start "$ACCOUNT")" || exit $?
CLUSTER="$("$REAL/control-plane.sh" start)" || exit $?
eval "$CLOUD"
eval "$CLUSTER"
# What a user would confirm at the prompt, and nothing else, is said by the environment.
export TF_CLI_ARGS_apply="-auto-approve -no-color"
CONTEXT="$(sed -n 's/.*kubectl --context \([^ ]*\) apply.*/\1/p' "$SCRATCH/steps" | head -n 1)"
[ -z "$CONTEXT" ] || kubectl config rename-context "$(kubectl config current-context)" "$CONTEXT" >/dev/null

# follow NAME : every printed line, as it stands.
follow() {
  local line
  while read -r line; do
    if ! bash -o pipefail -c "$line" >"$SCRATCH/said" 2>&1; then
      cat "$SCRATCH/said" >&2
      fail "$1: $line"
    fi
    ! grep '^Warning:' "$SCRATCH/said" >&2 || fail "$1: a warning from: $line"
    say "$1: $line"
  done <"$SCRATCH/steps"
}

# What identifies the state of every object that was applied; status is the controllers' business.
objects() {
  kubectl get namespace,serviceaccount,secret,configmap,service,networkpolicy,deployment,statefulset,hpa,pdb,pvc -A --show-managed-fields -o json |
    jq -S '[.items[] | select(.metadata.managedFields // [] | any(.manager == "kubectl" or .manager == "infrac-handover")) |
      {kind, name: .metadata.name, namespace: .metadata.namespace, generation: .metadata.generation, data, spec}]'
}

follow "first round"
NAMESPACE="$(jq -r '[.locals.kubernetes[].metadata.namespace][0]' "out/$ENVIRONMENT/terraform/main.tf.json")"
kubectl -n "$NAMESPACE" wait --for=condition=Available --timeout=120s deployment --all >/dev/null || fail "a deployment does not become available"
wait_for_autoscalers "$NAMESPACE"
objects >"$SCRATCH/first"
follow "second round"
objects >"$SCRATCH/second"
diff "$SCRATCH/first" "$SCRATCH/second" >&2 || fail "the second round changed something"
terraform -chdir="out/$ENVIRONMENT/terraform" plan -no-color -detailed-exitcode >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "the plan after it is not empty"; }

# Every value that was handed over in a Secret and that Terraform calls sensitive must be in no file of ours.
kubectl -n "$NAMESPACE" get secret --show-managed-fields -o json | jq -r '.items[] | select(.metadata.managedFields // [] | any(.manager == "infrac-handover")) | .data // {} | .[] | @base64d' >"$SCRATCH/values"
[ -s "$SCRATCH/values" ] || fail "no Secret was handed over"
leaks=0
while read -r value; do
  # Of a URL the password is the secret; names of buckets and hosts stand in clear by right.
  case "$value" in
    *://*:*@*) secret="${value#*://*:}"; secret="${secret%%@*}" ;;
    *) secret="$value" ;;
  esac
  if [ "${#secret}" -ge 20 ] && grep -rlF --exclude-dir=.infrac --exclude-dir=.terraform -- "$secret" . >&2; then
    leaks=$((leaks + 1))
  fi
done <"$SCRATCH/values"
[ "$leaks" = 0 ] || fail "$leaks secrets stand in clear"
say "handed over: $(wc -l <"$SCRATCH/values") values in Secrets, none of the secret ones in a file; the second round changed nothing"
