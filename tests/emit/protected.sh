#!/usr/bin/env bash
# Renames a protected table: refused, with nothing written. With `forget` follows what `infrac build` printed, and looks whether the first
# table is still there; then does the same without the lock that remembers it, so that the test can fail.
#
#   protected.sh     needs target/debug/infrac; TOOL=terraform|tofu (default terraform)
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

TOOL="${TOOL:-terraform}"
needs_provider "$TOOL"
begin_project protected moto
CLOUD="$("$REAL/moto.sh" start)" || exit $?
eval "$CLOUD"
export TF_CLI_ARGS_apply="-auto-approve -no-color"

# program NAME : a program with one protected table, and one beside it that is not.
program() {
  cat >main.infra <<END_OF_PROGRAM
project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
@protect
terraform.aws_dynamodb_table $1 {
  name = "$1"
  billing_mode = "PAY_PER_REQUEST"
  hash_key = "id"
  attribute { name = "id", type = "S" }
}
terraform.aws_sqs_queue beside_$1 { name = "beside-$1" }
END_OF_PROGRAM
}
# bring_up : builds, and runs every printed line.
bring_up() {
  local line
  "$INFRAC" build --env prod 2>"$SCRATCH/printed" || { cat "$SCRATCH/printed" >&2; fail "infrac build"; }
  while read -r line; do
    bash -c "${line/#terraform/$TOOL}" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said" >&2; fail "$line"; }
  done < <(sed -n '/^next:$/,/^$/s/^  //p' "$SCRATCH/printed")
}
tables() {
  AWS_DEFAULT_REGION=eu-west-3 "$CACHE/moto/bin/python" -c 'import boto3; print(" ".join(sorted(boto3.client("dynamodb").list_tables()["TableNames"])))'
}

program first
bring_up
[ "$(tables)" = first ] || fail "there is no table to protect: $(tables)"

program second
! "$INFRAC" build --env prod 2>"$SCRATCH/printed" || fail "a protected table left the program unseen"
grep -q left_program "$SCRATCH/printed" || fail "nobody was told what has left: $(cat "$SCRATCH/printed")"
grep -q '"first"' out/prod/terraform/main.tf.json || fail "a refused build wrote something"
echo 'forget "first"' >>main.infra
bring_up
grep -q aws_dynamodb_table.first "$SCRATCH/printed" || fail "nobody was told that \`first\` is left behind"
[ "$(tables)" = "first second" ] || fail "a protected table is gone: $(tables)"
! "$TOOL" -chdir=out/prod/terraform state list | grep -q first || fail "$TOOL still knows what it should forget"
bring_up
[ "$(tables)" = "first second" ] || fail "a protected table is gone after the second round: $(tables)"

# Without the lock the same step destroys: it is the lock that keeps it.
program third
rm infra.lock
bring_up
[ "$(tables)" = "first third" ] || fail "the table was kept by something else: $(tables)"

# The last of its cloud: the printed commands leave nothing that nobody manages.
echo 'project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
destroy "third" because "the test is over"' >main.infra
bring_up
[ "$(tables)" = first ] || fail "something is left of what was destroyed: $(tables)"
