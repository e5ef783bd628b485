#!/usr/bin/env bash
# Applies a shop, calls nearly everything in it otherwise with `moved`, and looks whether the real tool destroys or replaces anything; then
# adopts a queue that somebody made by hand, has a swap refused, and takes a protected database out with `destroy`.
#
#   moved.sh     needs target/debug/infrac; TOOL=terraform|tofu (default terraform)
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

TOOL="${TOOL:-terraform}"
needs_provider "$TOOL"
begin_project moved moto
CLOUD="$("$REAL/moto.sh" start)" || exit $?
eval "$CLOUD"
T=("$TOOL" -chdir=out/prod/terraform)

# program LAN FRONT SECOND VM ORDERS MEDIA EDGE : the shop with these names; SECOND is the key of the second machine.
program() {
  cat >main.infra <<END_OF_PROGRAM
project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
network $1 { cidr = 10.20.0.0/16, zones = ["a", "b"] }
server $2 for zone in ["a", "b"] key if zone == "b" then "$3" else zone {
  zone = zone
  network = $1
  port http = 8080/tcp
}
server $4 { zone = "a", network = $1, port http = 8080/tcp }
database $5 { engine = postgres("17"), size = 20GiB, network = $1 }
bucket $6 {}
secret session {}
dns_zone site { name = "shop.example", managed = true }
certificate tls { name = "www.shop.example" }
load_balancer $7 { certificate = tls, to = $2.http, ready = "/healthz" }
firewall paths {
  allow = [internet -> $7.https, $7 -> $2.http, $2 -> $5.sql, $4 -> $5.sql, $2 -> $4.http]
}
END_OF_PROGRAM
}
moved() {
  cat >>main.infra <<'END_OF_MOVES'
moved "lan" to net
moved "front" to web
moved "web[\"b\"]" to web["second"]
moved "vm" to machine
moved "orders" to shopdb
moved "media" to files
moved "edge" to entry
END_OF_MOVES
}
build() { "$INFRAC" build --env prod >"$SCRATCH/printed" 2>&1 || { cat "$SCRATCH/printed" >&2; fail "infrac build"; }; }
run() { "${T[@]}" "$@" >"$SCRATCH/said" 2>&1 </dev/null || { tail -40 "$SCRATCH/said" >&2; fail "$*"; }; }
# planned JQ : what the saved plan does, by an expression over its changes.
planned() {
  "${T[@]}" show -json plan | jq -r "[.resource_changes[] | select(.mode == \"managed\")] | $1"
}
plan() { run plan -out=plan; }
# ends FILTER : nothing is destroyed or replaced, whatever else is planned.
nothing_ends() {
  local ends
  ends="$(planned 'map(select(.change.actions | index("delete"))) | map(.address) | join(" ")')"
  [ -z "$ends" ] || fail "$1 would destroy or replace: $ends"
}
apply() { run apply -no-color plan; }
nothing_is_left() {
  plan
  local left
  left="$(planned 'map(select(.change.actions != ["no-op"])) | map(.address) | join(" ")')"
  [ -z "$left" ] || fail "a second plan after $1 is not empty: $left"
}

program lan front b vm orders media edge
build
run init
plan
apply
before="$("${T[@]}" state list | grep -vc '^data\.')"
[ "$before" -gt 60 ] || fail "the shop is small: $before resources"

program net web second machine shopdb files entry
moved
build
plan
nothing_ends "renaming"
added="$(planned 'map(select(.change.actions == ["create"])) | map(.address) | join(" ")')"
[ -z "$added" ] || fail "renaming would make: $added"
count="$(planned 'map(select(.previous_address != null)) | length')"
[ "$count" -gt 50 ] || fail "only $count resources were followed"
apply
nothing_is_left "renaming"
[ "$("${T[@]}" state list | grep -vc '^data\.')" = "$before" ] || fail "another number of resources than before"

# The statements stay; a state that knows only a part of the way is led the rest of it.
sed -i 's/^network net /network core /; s/network = net\b/network = core/g' main.infra
echo 'moved "net" to core' >>main.infra
build
plan
nothing_ends "a second renaming"
apply
nothing_is_left "a second renaming"

# Two cannot change places.
cp main.infra kept
printf 'bucket texts {}\nmoved "files" to texts\nmoved "texts" to files\n' >>main.infra
! "$INFRAC" check >"$SCRATCH/said" 2>&1 || fail "a swap was taken"
grep -q moved_circle "$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "a swap was refused for something else"; }
mv kept main.infra

# A queue that was made by hand.
"$CACHE/moto/bin/python" - <<'END_OF_CALL' || fail "making a queue by hand"
import boto3
print(boto3.client("sqs", region_name="eu-west-3").create_queue(QueueName="by-hand", Attributes={"VisibilityTimeout": "45"})["QueueUrl"])
END_OF_CALL
url="$("$CACHE/moto/bin/python" -c 'import boto3; print(boto3.client("sqs", region_name="eu-west-3").get_queue_url(QueueName="by-hand")["QueueUrl"])')"
cat >>main.infra <<END_OF_ADOPTION
terraform.aws_sqs_queue letters { name = "by-hand", visibility_timeout_seconds = 45 }
adopt letters = "$url" in prod
END_OF_ADOPTION
build
plan
nothing_ends "adopting"
added="$(planned 'map(select(.change.actions == ["create"])) | map(.address) | join(" ")')"
[ -z "$added" ] || fail "adopting would make: $added"
[ "$(planned 'map(select(.change.importing != null)) | map(.address) | join(" ")')" = aws_sqs_queue.letters ] || fail "nothing is imported"
apply
nothing_is_left "adopting"

# The end of a database is two applies: first its protection goes, then it does.
[ "$("${T[@]}" show -json | jq -r '.values.root_module.resources[] | select(.address == "aws_db_instance.shopdb_main") | .values.deletion_protection')" = true ] ||
  fail "the database is not protected"
echo 'destroy "shopdb" because "the shop was closed"' >>main.infra
build
grep -q 'lifts the protection of `shopdb`' "$SCRATCH/printed" || { cat "$SCRATCH/printed" >&2; fail "nobody was told that it is two applies"; }
plan
nothing_ends "lifting the protection"
[ "$(planned 'map(select(.address == "aws_db_instance.shopdb_main")) | .[0].change.after.deletion_protection')" = false ] ||
  fail "the protection of the database stays"
apply
sed -i '/^database /d; /^moved "orders"/d; s/, web -> shopdb.sql, machine -> shopdb.sql//' main.infra
build
plan
# The plan says it; moto cannot cancel the rotation of the password that a database manages itself.
planned 'map(select(.change.actions == ["delete"])) | map(.address) | join(" ")' | grep -q aws_db_instance.shopdb_main || fail "the database stays"
