#!/usr/bin/env bash
# Takes a container and its disk out of a program and follows what `infrac build` printed, on a control plane of its own: what the
# program no longer has is gone from the cluster, what holds data is there until its own line is followed, the rest stays untouched.
#
#   removed.sh     needs target/debug/infrac
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

begin_project removed control-plane
CLUSTER="$("$REAL/control-plane.sh" start)" || exit $?
eval "$CLUSTER"
kubectl config rename-context "$(kubectl config current-context)" shop >/dev/null

cat >head.infra <<'END'
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", node_ranges = [10.60.0.0/16])] }
END
echo 'container api { image = "example.com/api:1", replicas = 2..3, port http = 80/tcp }' >api.infra
cat >job.infra <<'END'
volume disk { size = 1GiB }
container job { image = "example.com/job:1", replicas = 1, port http = 80/tcp, volumes = { "/data" = disk } }
END

# build NAME : builds, and leaves the printed commands in $SCRATCH/steps and $SCRATCH/losing.
build() {
  "$INFRAC" build 2>"$SCRATCH/printed" || { cat "$SCRATCH/printed" >&2; fail "infrac build: $1"; }
  sed -n '/^next:$/,/^$/p' "$SCRATCH/printed" | grep '^  ' >"$SCRATCH/steps" || true
  sed -n '/loses data/,/^$/p' "$SCRATCH/printed" | grep '^  ' >"$SCRATCH/losing" || true
}
follow() {
  local line
  while read -r line; do
    bash -o pipefail -c "$line" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said" >&2; fail "$line"; }
    say "$line"
  done <"$1"
}
names() {
  kubectl -n shop-prod get deployment,service,networkpolicy,serviceaccount,hpa,pdb,pvc -o name | grep -v -e /default -e /closed | sort
}

build "everything"
follow "$SCRATCH/steps"
names >"$SCRATCH/both"
grep -q 'deployment.apps/job' "$SCRATCH/both" || fail "nothing was made"
[ ! -s "$SCRATCH/losing" ] || fail "something is to be deleted at once"

rm job.infra
build "without the job"
follow "$SCRATCH/steps"
names >"$SCRATCH/after"
grep -v -e /job "$SCRATCH/both" | diff - "$SCRATCH/after" >&2 || fail "not exactly the job's objects are gone"
grep -q persistentvolumeclaim/disk "$SCRATCH/after" || fail "the disk is gone"
follow "$SCRATCH/steps"
follow "$SCRATCH/losing"
! kubectl -n shop-prod get pvc -o name | grep -q disk || fail "the disk is there"

"$INFRAC" lock --prune 2>/dev/null || fail "infrac lock --prune"
rm api.infra
echo 'team nobody { mail = "nobody@example.com" }' >team.infra
build "without any container"
follow "$SCRATCH/steps"
[ -z "$(names)" ] || fail "left in the namespace: $(names)"
kubectl get namespace shop-prod -o name >/dev/null || fail "the namespace is gone without being asked"
follow "$SCRATCH/losing"
! kubectl get namespace shop-prod -o name >/dev/null 2>&1 || fail "the namespace is there"
say "what the program no longer has is gone"
