#!/usr/bin/env bash
# Asks the linters that others run about what was built, and prints what they find.
#
#   lint.sh terraform DIR PLAN   checkov on the first plan (as JSON, see terraform.sh), without what DIR/main.tf.json waives
#   lint.sh kubernetes DIR       kubeconform against the schemas of the lab's own API server, kube-score, checkov
#
# Exit code 1 when something was found.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

CHECKOV="$CACHE/checkov/bin/checkov"
SCRATCH="$(mktemp -d "$RUN/lint.XXXXXX")"
trap 'rm -rf "$SCRATCH"' EXIT

# run_checkov FRAMEWORK OPTIONS... : leaves `check resource name` of each finding in SCRATCH/found, tabs between.
run_checkov() {
  local framework="$1" code=0; shift
  [ -x "$CHECKOV" ] || skip "no checkov (tests/real/tools/install checkov)"
  # It asks a server of its makers about every finding, when it can.
  (cd "$SCRATCH" && "$CHECKOV" --framework "$framework" --compact --quiet --skip-download --output json "$@" >report.json 2>errors) || code=$?
  if [ "$code" -gt 1 ] || ! jq -e . "$SCRATCH/report.json" >/dev/null 2>&1; then
    tail -n 5 "$SCRATCH/errors" >&2
    fail "checkov ended with $code"
  fi
  # Nothing read is not nothing found.
  jq -e '[if type == "array" then .[] else . end | .summary.resource_count // .resource_count // 0] | add > 0' "$SCRATCH/report.json" >/dev/null ||
    fail "checkov read no resource"
  jq -r 'if type == "array" then .[] else . end | .results.failed_checks[]? | [.check_id, .resource, .check_name] | @tsv' \
    "$SCRATCH/report.json" | sort -u >"$SCRATCH/found"
}

lint_terraform() {
  local dir="$1" plan="$2"
  # It reads a plan only from a file of this name.
  cp "$plan" "$SCRATCH/plan.json"
  run_checkov terraform_plan --file "$SCRATCH/plan.json"
  # A waiver is written beside the resource as checkov's own comment, which a plan does not carry on.
  jq -r '.resource // {} | to_entries[] | .key as $type | .value | to_entries[] | .key as $name
    | .value["//"]? // empty | if type == "array" then .[] else . end | strings
    | capture("checkov:skip=(?<check>[A-Z0-9_]+)") | "\(.check)\t\($type).\($name)"' "$dir/main.tf.json" | sort -u >"$SCRATCH/waived"
  awk -F '\t' 'NR == FNR { waived[$1 FS $2]; next } { r = $2; sub(/\[.*/, "", r); if (!(($1 FS r) in waived)) print }' \
    "$SCRATCH/waived" "$SCRATCH/found" >"$SCRATCH/open"
  sed 's/^/checkov: /' "$SCRATCH/open"
  say "checkov: $(wc -l <"$SCRATCH/open") findings, $(($(wc -l <"$SCRATCH/found") - $(wc -l <"$SCRATCH/open"))) waived in the program"
  [ ! -s "$SCRATCH/open" ] || exit 1
}

schemas_of_the_server() {
  local schemas="$CACHE/schemas"
  if [ ! -d "$schemas" ]; then
    [ -d "$CACHE/openapi-served" ] || "$REAL/control-plane.sh" openapi
    rm -rf "$schemas.new"
    python3 "$REAL/schemas.py" "$CACHE/openapi-served" "$schemas.new"
    mv "$schemas.new" "$schemas"
  fi
  printf '%s/{{.ResourceKind}}{{.KindSuffix}}.json' "$schemas"
}

lint_kubernetes() {
  local dir="$1" found=0
  kubectl kustomize "$dir" -o "$SCRATCH/all.yaml"
  if command -v kubeconform >/dev/null; then
    kubeconform -strict -summary -schema-location "$(schemas_of_the_server)" "$SCRATCH/all.yaml" || found=1
  else
    say "kubeconform: skipped, not built"
  fi
  if command -v kube-score >/dev/null; then
    kube-score score --output-format ci "$SCRATCH/all.yaml" | grep -v '^\[OK\]\|^\[SKIPPED\]' | sed 's/^/kube-score: /' && found=1
  else
    say "kube-score: skipped, not built"
  fi
  run_checkov kubernetes --file "$SCRATCH/all.yaml"
  sed 's/^/checkov: /' "$SCRATCH/found"
  say "checkov: $(wc -l <"$SCRATCH/found") findings"
  [ ! -s "$SCRATCH/found" ] || found=1
  return "$found"
}

case "${1:-}" in
  terraform) lint_terraform "$2" "$3" ;;
  kubernetes) lint_kubernetes "$2" ;;
  *) say "usage: lint.sh terraform DIR PLAN | lint.sh kubernetes DIR"; exit 64 ;;
esac
