#!/usr/bin/env bash
# Applies a folder of manifests (with kustomization.yaml) to the control plane of the lab, as a user would, and asks:
# no warning, every Deployment available, nothing changed by a second apply, every document accepted by itself.
#
#   kubernetes.sh DIR [NAMESPACE]     all of it; NAMESPACE is made (restricted) when the manifests do not hold it
#   kubernetes.sh --dry-run FILE...   a server dry run of single manifests, one line of result for each
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

AVAILABLE_WITHIN=90s

bring_up() {
  local environment
  # One at a time: two runs would remove each other's namespaces.
  exec 9>"$RUN/kubernetes.lock"
  flock 9
  environment="$("$REAL/control-plane.sh" start 9>&-)" || exit $?
  eval "$environment"
  SCRATCH="$(mktemp -d "$RUN/kubernetes.XXXXXX")"
  at_end 'rm -rf "$SCRATCH"'
}

# Runs a kubectl that must succeed without saying `Warning:`.
quietly() {
  if ! kubectl "$@" >"$SCRATCH/said" 2>"$SCRATCH/errors"; then
    cat "$SCRATCH/errors" >&2
    fail "kubectl $*"
  fi
  if grep -q '^Warning:' "$SCRATCH/errors"; then
    cat "$SCRATCH/errors" >&2
    fail "kubectl $* printed a warning"
  fi
}

# Pod Security is enforced even where the manifests forget the namespace's labels: the test must not pass by omission.
need_restricted() {
  local namespace="$1" level
  if ! kubectl get namespace "$namespace" >/dev/null 2>&1; then
    kubectl create namespace "$namespace" >/dev/null
    kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
  fi
  level="$(kubectl get namespace "$namespace" -o 'jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}')"
  [ "$level" = restricted ] || fail "namespace $namespace does not enforce Pod Security restricted (label says '$level')"
}

# Each object of the folder as the server has it now, on one line, without what controllers report about it.
objects() {
  kubectl get -k "$1" -o json --show-managed-fields | jq -cS '(.items? // [.])[] | del(.status, .metadata.resourceVersion)
    | .metadata.managedFields |= map(select(.subresource != "status"))'
}

# Controllers write annotations of their own for a moment: look only when two looks in a row are the same.
settled_objects() {
  local before after
  before="$(objects "$1")"
  for _ in $(seq 30); do
    sleep 1
    after="$(objects "$1")"
    if [ "$before" = "$after" ]; then
      printf '%s\n' "$after"
      return
    fi
    before="$after"
  done
  fail "the objects never came to rest"
}

need_available() {
  local namespace workload
  while read -r namespace workload; do
    if ! kubectl --namespace "$namespace" rollout status "$workload" --timeout "$AVAILABLE_WITHIN" >"$SCRATCH/said" 2>&1 </dev/null; then
      cat "$SCRATCH/said" >&2
      kubectl --namespace "$namespace" get events --sort-by .lastTimestamp 2>/dev/null | tail -n 10 >&2
      fail "$workload in $namespace is not available"
    fi
  done <"$SCRATCH/workloads"
}

apply_folder() {
  local dir="$1" namespace="${2:-}" before after name
  [ -f "$dir/kustomization.yaml" ] || fail "$dir has no kustomization.yaml"
  bring_up
  kubectl kustomize "$dir" -o "$SCRATCH/all.yaml"

  quietly create --dry-run=client -o json -f "$SCRATCH/all.yaml"
  jq -s '[.[] | .items? // [.] | .[]]' "$SCRATCH/said" >"$SCRATCH/all.json"
  # What an earlier run of this test left would hide what a first apply does.
  kubectl delete -f "$SCRATCH/all.yaml" --ignore-not-found --timeout=120s >/dev/null 2>&1 || fail "cannot remove an earlier run"
  [ -z "$namespace" ] || need_restricted_or_declared "$namespace"

  quietly apply --server-side --validate=strict -k "$dir"
  say "applied: $(wc -l <"$SCRATCH/said") objects"
  jq -r '[.[].metadata.namespace // empty] | unique[]' "$SCRATCH/all.json" >"$SCRATCH/namespaces"
  while read -r name; do need_restricted "$name"; done <"$SCRATCH/namespaces"

  jq -r '.[] | select(.kind | IN("Deployment", "StatefulSet", "DaemonSet")) | "\(.metadata.namespace // "default") \(.kind | ascii_downcase)/\(.metadata.name)"' \
    "$SCRATCH/all.json" >"$SCRATCH/workloads"
  need_available
  while read -r name; do wait_for_autoscalers "$name"; done <"$SCRATCH/namespaces"
  need_available
  say "available: $(wc -l <"$SCRATCH/workloads") workloads"

  before="$(settled_objects "$dir")"
  quietly apply --server-side --validate=strict -k "$dir"
  after="$(settled_objects "$dir")"
  if [ "$before" != "$after" ]; then
    diff -U 4 <(jq -S . <<<"$before") <(jq -S . <<<"$after") >&2 || true
    fail "a second apply changed objects"
  fi
  say "a second apply changes nothing"
}

# A namespace that the manifests hold is theirs to label; one that they only name must be there before they are applied.
need_restricted_or_declared() {
  if ! jq -e --arg name "$1" 'any(.[]; .kind == "Namespace" and .metadata.name == $name)' "$SCRATCH/all.json" >/dev/null; then
    need_restricted "$1"
  fi
}

dry_run() {
  local file failed=0
  bring_up
  for file in "$@"; do
    if kubectl apply --server-side --force-conflicts --dry-run=server --validate=strict -f "$file" >"$SCRATCH/said" 2>"$SCRATCH/errors"; then
      echo "accepted $file"
    else
      echo "refused $file: $(tr '\n' ' ' <"$SCRATCH/errors")"
      failed=$((failed + 1))
    fi
  done
  [ "$failed" = 0 ] || fail "$failed of $# manifests were refused"
}

case "${1:-}" in
  "" | -h | --help) say "usage: kubernetes.sh DIR [NAMESPACE] | kubernetes.sh --dry-run FILE..."; exit 64 ;;
  --dry-run) shift; dry_run "$@" ;;
  *) apply_folder "$@" ;;
esac
