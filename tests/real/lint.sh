#!/usr/bin/env bash
# Asks the linters that others run about what was built. A finding that no waiver in the source covers is a failure, and so is
# a linter that read nothing.
#
#   lint.sh plan DIR PLAN        checkov on the first plan (as JSON, see terraform.sh), without what DIR/main.tf.json waives
#   lint.sh manifests DIR        checkov on the Kubernetes manifests
#   lint.sh kubeconform DIR      kubeconform, strict, against the schemas of the lab's own API server
#   lint.sh kube-score DIR       kube-score
#   lint.sh waivers EXAMPLE ENVIRONMENT FILE...   every waived finding in FILE stands in the source with a reason
#   lint.sh mistakes DIR PLAN    each of these fails on a mistake sown into DIR and PLAN, and on nothing at all
#
# WAIVED=FILE leaves what was waived there, `check object` a line, tabs between. What is counted is said after `counted: `.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

CHECKOV="$CACHE/checkov/bin/checkov"
SCRATCH="$(mktemp -d "$RUN/lint.XXXXXX")"
at_end 'rm -rf "$SCRATCH"'

# verdict LINTER : of the findings in SCRATCH/open and the waived in SCRATCH/waived, one of each a line.
verdict() {
  local linter="$1"
  [ -z "${WAIVED:-}" ] || cp "$SCRATCH/waived" "$WAIVED"
  sed "s/^/$linter: /" "$SCRATCH/open" >&2
  say "counted: $(wc -l <"$SCRATCH/open") findings, $(wc -l <"$SCRATCH/waived") waived"
  [ ! -s "$SCRATCH/open" ] || fail "$linter found what nobody waives"
}

# run_checkov FRAMEWORK OPTIONS... : leaves `check object name` of what it found and of what the file itself waives, tabs between.
run_checkov() {
  local framework="$1" code=0; shift
  [ -x "$CHECKOV" ] || skip "no checkov (tests/real/tools/install checkov)"
  # It asks a server of its makers about every finding, when it can.
  (cd "$SCRATCH" && "$CHECKOV" --framework "$framework" --compact --skip-download --output json "$@" >report.json 2>errors) || code=$?
  if [ "$code" -gt 1 ] || ! jq -e . "$SCRATCH/report.json" >/dev/null 2>&1; then
    tail -n 5 "$SCRATCH/errors" >&2
    fail "checkov ended with $code"
  fi
  jq -c 'if type == "array" then .[] else . end' "$SCRATCH/report.json" >"$SCRATCH/reports"
  # Nothing read is not nothing found.
  jq -se 'any(.[]; (.summary.resource_count // 0) > 0) and all(.[]; (.summary.parsing_errors // 0) == 0)' "$SCRATCH/reports" >/dev/null || fail "checkov read no resource, or not all"
  jq -r '.results.failed_checks[]? | [.check_id, .resource, .check_name] | @tsv' "$SCRATCH/reports" | sort -u >"$SCRATCH/found"
  jq -r '.results.skipped_checks[]? | [.check_id, .resource] | @tsv' "$SCRATCH/reports" | sort -u >"$SCRATCH/skipped"
}

lint_plan() {
  local dir="$1" plan="$2"
  # It reads a plan only from a file of this name.
  cp "$plan" "$SCRATCH/plan.json"
  run_checkov terraform_plan --file "$SCRATCH/plan.json"
  # A waiver is written beside the resource as checkov's own comment, which a plan does not carry on.
  jq -r '.resource // {} | to_entries[] | .key as $type | .value | to_entries[] | .key as $name
    | .value["//"]? // empty | if type == "array" then .[] else . end | strings
    | capture("checkov:skip=(?<check>[A-Z0-9_]+):(?<because>.+)") | "\(.check)\t\($type).\($name)"' "$dir/main.tf.json" | sort -u >"$SCRATCH/comments"
  : >"$SCRATCH/open"
  : >"$SCRATCH/waived"
  awk -F '\t' -v OFS='\t' -v open="$SCRATCH/open" -v waived="$SCRATCH/waived" '
    FILENAME == ARGV[1] { comment[$1 FS $2]; next }
    { resource = $2; sub(/\[.*/, "", resource)
      if (($1 FS resource) in comment) print $1, $2 > waived; else print > open }' "$SCRATCH/comments" "$SCRATCH/found"
  verdict checkov
}

all_manifests() { kubectl kustomize "$1" -o "$SCRATCH/all.yaml"; }

lint_manifests() {
  all_manifests "$1"
  run_checkov kubernetes --file "$SCRATCH/all.yaml"
  mv "$SCRATCH/found" "$SCRATCH/open"
  mv "$SCRATCH/skipped" "$SCRATCH/waived"
  verdict checkov
}

schemas_of_the_server() {
  local schemas="$CACHE/schemas"
  if ! compgen -G "$schemas/*.json" >/dev/null; then
    [ -d "$CACHE/openapi-served" ] || "$REAL/control-plane.sh" openapi
    rm -rf "$schemas.new" "$schemas"
    python3 "$REAL/schemas.py" "$CACHE/openapi-served" "$schemas.new"
    compgen -G "$schemas.new/*.json" >/dev/null || fail "the API server served no documents to make schemas of"
    mv "$schemas.new" "$schemas"
  fi
  printf '%s/{{.ResourceKind}}{{.KindSuffix}}.json' "$schemas"
}

lint_kubeconform() {
  command -v kubeconform >/dev/null || skip "no kubeconform (tests/real/tools/install linters)"
  all_manifests "$1"
  kubeconform -strict -output json -summary -schema-location "$(schemas_of_the_server)" "$SCRATCH/all.yaml" >"$SCRATCH/report.json" ||
    { jq -r '.resources[]? | "kubeconform: \(.kind) \(.name): \(.msg)"' "$SCRATCH/report.json" >&2; fail "kubeconform found what is not valid"; }
  # A kind without a schema would be skipped.
  jq -e '.summary | .valid > 0 and .invalid + .errors + .skipped == 0' "$SCRATCH/report.json" >/dev/null || fail "kubeconform read no object, or not all: $(jq -c .summary "$SCRATCH/report.json")"
  say "counted: $(jq .summary.valid "$SCRATCH/report.json") objects valid"
}

lint_kube_score() {
  local code=0
  command -v kube-score >/dev/null || skip "no kube-score (tests/real/tools/install linters)"
  all_manifests "$1"
  kube-score score --output-format ci "$SCRATCH/all.yaml" >"$SCRATCH/report" 2>"$SCRATCH/errors" || code=$?
  # 1 is: it found something.
  if [ "$code" -gt 1 ]; then tail -n 5 "$SCRATCH/errors" >&2; fail "kube-score ended with $code"; fi
  grep -q '^\[OK\]' "$SCRATCH/report" || { tail -n 5 "$SCRATCH/errors" >&2; fail "kube-score read nothing: it calls nothing good"; }
  grep -v '^\[OK\]\|^\[SKIPPED\]' "$SCRATCH/report" >"$SCRATCH/open" || true
  # What it skips of its own accord (its optional checks) nobody waived: a waiver is an annotation of the object.
  sed -n 's#^    kube-score/ignore: *##p' "$SCRATCH/all.yaml" | tr -d \'\" | tr ',' '\n' | awk 'NF { print $1 "\tan object" }' >"$SCRATCH/waived"
  verdict kube-score
}

lint_waivers() {
  local example="$1" environment="$2"; shift 2
  # This fails on a waiver that is past its end.
  "$INFRAC" waivers "$example" --env "$environment" --all --format json >"$SCRATCH/waivers.json" || fail "a waiver is past its end, or they cannot be read"
  jq -r '.waivers[] | select(.because != "" and (.covers | length) > 0) | .check' "$SCRATCH/waivers.json" | sort -u >"$SCRATCH/written"
  cat "$@" | cut -f 1 | sort -u >"$SCRATCH/used"
  comm -13 "$SCRATCH/written" "$SCRATCH/used" | sed 's/^/waived, but not in the source with a reason: /' >"$SCRATCH/strangers"
  cat "$SCRATCH/strangers" >&2
  [ ! -s "$SCRATCH/strangers" ] || fail "a finding is waived that \`infrac waivers\` does not know"
  say "counted: $(jq '.waivers | length' "$SCRATCH/waivers.json") waivers in the source ($(jq '[.waivers[] | select(.library | not)] | length' "$SCRATCH/waivers.json") in the program), for $(cat "$@" | wc -l) findings"
  comm -23 "$SCRATCH/written" "$SCRATCH/used" | sed 's/^/no linter asks for this waiver: /' >&2
}

# must_fail NAME PATTERN COMMAND... : it fails, and says so in these words.
must_fail() {
  local name="$1" pattern="$2" code=0; shift 2
  "$@" >"$SCRATCH/said" 2>&1 || code=$?
  [ "$code" != "$SKIPPED" ] || { say "$(tail -n 1 "$SCRATCH/said")"; skipped=$((skipped + 1)); return 0; }
  [ "$code" = 1 ] && grep -q "$pattern" "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "$name was let through ($code)"; }
  caught=$((caught + 1))
}

lint_mistakes() {
  local dir="$1" plan="$2" caught=0 skipped=0 lint="$REAL/lint.sh" file
  mkdir "$SCRATCH/sown" "$SCRATCH/wrong" "$SCRATCH/none"
  cp "$dir"/*.yaml "$SCRATCH/sown"
  cp "$dir"/*.yaml "$SCRATCH/wrong"
  file="$(basename "$(grep -l '^kind: Deployment$' "$dir"/*.yaml | head -n 1)")"
  sed -i 's/readOnlyRootFilesystem: true/readOnlyRootFilesystem: false/' "$SCRATCH/sown/$file"
  sed -i 's/^  strategy:$/  strategie:/' "$SCRATCH/wrong/$file"
  printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [empty.yaml]\n' >"$SCRATCH/none/kustomization.yaml"
  printf 'apiVersion: v1\nkind: List\nitems: []\n' >"$SCRATCH/none/empty.yaml"
  must_fail "a writable root filesystem" CKV_K8S_22 "$lint" manifests "$SCRATCH/sown"
  must_fail "a writable root filesystem" 'kube-score: .*oot' "$lint" kube-score "$SCRATCH/sown"
  must_fail "a field with a spelling mistake" strategie "$lint" kubeconform "$SCRATCH/wrong"
  must_fail "no manifest" 'read no resource' "$lint" manifests "$SCRATCH/none"
  must_fail "no manifest" 'read nothing' "$lint" kube-score "$SCRATCH/none"
  must_fail "no manifest" 'read no object' "$lint" kubeconform "$SCRATCH/none"
  if [ -f "$plan" ]; then
    # SSH open to the world, in a resource that has no waiver.
    jq '{address: "aws_security_group_rule.sown", mode: "managed", type: "aws_security_group_rule", name: "sown", provider_name: "registry.terraform.io/hashicorp/aws", schema_version: 2,
        values: {type: "ingress", protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["0.0.0.0/0"], description: "sown"}} as $sown
      | .planned_values.root_module.resources += [$sown]
      | .resource_changes += [$sown | {address, mode, type, name, provider_name, change: {actions: ["create"], before: null, after: .values, after_unknown: {}, before_sensitive: false, after_sensitive: {}}}]' \
      "$plan" >"$SCRATCH/sown.plan"
    jq '.planned_values = {"root_module": {}} | .resource_changes = []' "$plan" >"$SCRATCH/none.plan"
    must_fail "SSH open to the world" CKV_AWS_24 "$lint" plan "$(dirname "$dir")/terraform" "$SCRATCH/sown.plan"
    must_fail "an empty plan" 'read no resource' "$lint" plan "$(dirname "$dir")/terraform" "$SCRATCH/none.plan"
  else
    skipped=$((skipped + 2))
  fi
  [ "$caught" != 0 ] || skip "no linter is there"
  say "counted: $caught mistakes caught, $skipped skipped"
}

case "${1:-}" in
  plan) lint_plan "$2" "$3" ;;
  manifests) lint_manifests "$2" ;;
  kubeconform) lint_kubeconform "$2" ;;
  kube-score) lint_kube_score "$2" ;;
  waivers) shift; lint_waivers "$@" ;;
  mistakes) lint_mistakes "$2" "$3" ;;
  *) sed -n '5,10s/^# *//p' "$0" >&2; exit 64 ;;
esac
