#!/usr/bin/env bash
# Native kinds against their makers. 200 kinds drawn from the AWS schema and all kinds of the Kubernetes release: an
# instance generated from the packed schema compiles and the real tool accepts it; the same instance with a field that
# does not exist, or with a list where none belongs, is refused by infrac at the very line.
#
#   native.sh aws|kubernetes|mistakes     (`kubernetes` starts a control plane, or uses the one that runs)
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="${INFRAC:-$REPOSITORY/target/debug/infrac}"
NATIVE="$REAL/native"
PACKS="$REPOSITORY/stdlib/schemas"
WORK="$(mktemp -d "$RUN/native.XXXXXX")"
at_end 'rm -rf "$WORK"'

# Of the whole workspace: a package alone would be compiled anew, with fewer features.
(cd "$REPOSITORY" && cargo build --quiet --workspace --example instances) || fail "the example does not compile"
instances() { "$REPOSITORY/target/debug/examples/instances" "$@"; }
project() {
  mkdir -p "$1"
  printf 'project generated { edition = 1 }\nenvironment test { tier = test, on = [%s] }\n' "$2" >"$1/main.infra"
}
AWS='aws(region = "eu-west-3", account = "123456789012")'
CLUSTER='kubernetes(context = "lab")'

aws() {
  needs_provider terraform
  project "$WORK/aws" "$AWS"
  mapfile -t kinds <"$NATIVE/aws-kinds.txt"
  instances "$PACKS/aws.pack" valid "${kinds[@]}" >"$WORK/aws/generated.infra"
  "$INFRAC" build "$WORK/aws" --env test --format concise >/dev/null
  cd "$WORK/aws/out/test/terraform"
  export TF_IN_AUTOMATION=1
  terraform init -no-color >"$WORK/said" 2>&1 || { cat "$WORK/said" >&2; fail "terraform init"; }
  terraform validate -no-color >"$WORK/said" 2>&1 || { tail -n 40 "$WORK/said" >&2; fail "terraform validate of ${#kinds[@]} generated resources"; }
  say "terraform validate accepts instances of ${#kinds[@]} kinds"
}

kubernetes() {
  local environment
  environment="$("$REAL/control-plane.sh" start)" || exit $?
  eval "$environment"
  project "$WORK/k" "$CLUSTER"
  cp "$NATIVE/kubernetes.infra" "$WORK/k/written.infra"
  openssl req -new -newkey rsa:2048 -nodes -keyout "$WORK/key.pem" -subj /CN=generated -out "$WORK/k/request.pem" 2>/dev/null
  instances "$PACKS/kubernetes.pack" valid >"$WORK/all.infra"
  grep -oP '^kubernetes\.\K\w+(?= generated_)' "$NATIVE/kubernetes.infra" | sort -u >"$WORK/written"
  mapfile -t rest < <(grep -oP '^kubernetes\.\K\w+' "$WORK/all.infra" | sort -u | comm -23 - "$WORK/written")
  instances "$PACKS/kubernetes.pack" valid "${rest[@]}" >"$WORK/k/generated.infra"
  "$INFRAC" build "$WORK/k" --env test --format concise >/dev/null
  local accepted=0 unserved=0 refused=0 file said
  for file in "$WORK"/k/out/test/kubernetes/generated_*.yaml; do
    if said="$(kubectl apply --server-side --validate=strict --dry-run=server -f "$file" 2>&1)"; then
      accepted=$((accepted + 1))
    elif grep -q 'no matches for kind' <<<"$said"; then
      # Alpha and beta groups that a server of this release does not serve unless it is told to.
      unserved=$((unserved + 1))
    else
      refused=$((refused + 1))
      printf '%s: %s\n' "$(basename "$file")" "$said" >&2
    fi
  done
  say "the server accepts $accepted kinds; $unserved are of groups that it does not serve by default"
  [ "$refused" = 0 ] || fail "the server refuses $refused kinds"
  [ "$accepted" -ge 50 ] || fail "only $accepted kinds were looked at"
}

# Each marked line, and no other, must be told with the code that it is marked with.
mistakes() {
  local pack mode folder kinds=()
  for pack in aws kubernetes; do
    for mode in unknown wrong; do
      folder="$WORK/$pack-$mode"
      kinds=()
      if [ "$pack" = aws ]; then project "$folder" "$AWS"; mapfile -t kinds <"$NATIVE/aws-kinds.txt"; else project "$folder" "$CLUSTER"; fi
      instances "$PACKS/$pack.pack" "$mode" "${kinds[@]}" >"$folder/generated.infra"
      "$INFRAC" check "$folder" --format concise >"$folder/told" 2>&1 && fail "$pack: mistakes ($mode) were accepted"
      grep -n '//~' "$folder/generated.infra" | sed -E 's|^([0-9]+):.*//~ *([a-z_]+).*|\1 \2|' | sort >"$folder/expected"
      grep -oP 'generated\.infra:\d+:\d+: error\[\w+\]' "$folder/told" | sed -E 's|.*:([0-9]+):[0-9]+: error\[(\w+)\]|\1 \2|' | sort >"$folder/found"
      diff "$folder/expected" "$folder/found" >&2 || fail "$pack: mistakes ($mode) are not told at their lines"
      say "$pack: $(wc -l <"$folder/expected") mistakes ($mode), each told at its line"
    done
  done
}

case "${1:-}" in
  aws | kubernetes | mistakes) "$1" ;;
  *) say "usage: native.sh aws|kubernetes|mistakes"; exit 64 ;;
esac
