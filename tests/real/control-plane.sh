#!/usr/bin/env bash
# A Kubernetes control plane on loopback: etcd, API server, controllers and scheduler are the real ones, kwok plays three
# ready nodes in three zones, and a loop gives each claim a volume, as a cloud's provisioner would.
#
#   control-plane.sh start    bring it up (nothing to do when it runs), then print the environment
#   control-plane.sh env      print the environment: eval "$(tests/real/control-plane.sh env)"
#   control-plane.sh openapi  save the OpenAPI v3 documents that the server serves in .cache/openapi-served
#   control-plane.sh stop     end what `start` started
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

HERE="$RUN/control-plane"
KUBECONFIG="$HERE/kubeconfig"
PROCESSES=(volumes kwok kube-scheduler kube-controller-manager kube-apiserver etcd)

stop() {
  local name
  for name in "${PROCESSES[@]}"; do stop_process "$name"; done
  rm -rf "$HERE"
}

print_env() {
  [ -f "$KUBECONFIG" ] || fail "the control plane is not running: tests/real/control-plane.sh start"
  printf 'export KUBECONFIG=%q\nexport PATH=%q:"$PATH"\n' "$KUBECONFIG" "$BIN"
}

all_running() {
  local name
  for name in "${PROCESSES[@]}"; do is_running "$name" || return 1; done
}

start_etcd() {
  local client peer
  client="$(free_port)"
  peer="$(free_port)"
  ETCD="http://127.0.0.1:$client"
  start_process etcd etcd --name lab --data-dir "$HERE/etcd" --listen-client-urls "$ETCD" --advertise-client-urls "$ETCD" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "lab=http://127.0.0.1:$peer" --log-level warn --unsafe-no-fsync
  wait_for etcd 30 curl -fsS "$ETCD/health"
}

start_server() {
  local port token
  port="$(free_port)"
  token="$(openssl rand -hex 16)"
  openssl genrsa -out "$HERE/sa.key" 2048 2>/dev/null
  openssl rsa -in "$HERE/sa.key" -pubout -out "$HERE/sa.pub" 2>/dev/null
  echo "$token,admin,admin,system:masters" >"$HERE/tokens.csv"
  chmod 0600 "$HERE/tokens.csv"
  start_process kube-apiserver kube-apiserver --etcd-servers "$ETCD" --bind-address 127.0.0.1 --secure-port "$port" \
    --cert-dir "$HERE/server" --token-auth-file "$HERE/tokens.csv" --authorization-mode RBAC \
    --service-account-key-file "$HERE/sa.pub" --service-account-signing-key-file "$HERE/sa.key" \
    --service-account-issuer https://kubernetes.default.svc --service-cluster-ip-range 10.96.0.0/16
  wait_for kube-apiserver 120 curl -fsSk -H "Authorization: Bearer $token" "https://127.0.0.1:$port/readyz"
  cat >"$KUBECONFIG" <<END
apiVersion: v1
kind: Config
current-context: lab
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$HERE/server/apiserver.crt"}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: lab, context: {cluster: lab, user: admin}}]
END
  chmod 0600 "$KUBECONFIG"
}

start_controllers() {
  start_process kube-controller-manager kube-controller-manager --kubeconfig "$KUBECONFIG" --leader-elect=false \
    --use-service-account-credentials --service-account-private-key-file "$HERE/sa.key" \
    --root-ca-file "$HERE/server/apiserver.crt" --horizontal-pod-autoscaler-sync-period 3s --bind-address 127.0.0.1 --secure-port "$(free_port)" --cert-dir "$HERE/controllers"
  start_process kube-scheduler kube-scheduler --kubeconfig "$KUBECONFIG" --leader-elect=false \
    --bind-address 127.0.0.1 --secure-port "$(free_port)" --cert-dir "$HERE/scheduler"
  start_process kwok kwok --kubeconfig "$KUBECONFIG" --manage-all-nodes=true --config "$CACHE/kwok/stages.yaml" \
    --server-address "127.0.0.1:$(free_port)"
  kubectl apply --server-side -f "$REAL/control-plane/cluster.yaml" >/dev/null
  start_process volumes bash "$REAL/control-plane/volumes.sh"
  wait_for kwok 60 kubectl wait --for=condition=Ready nodes --all --timeout=1s
}

# Each group's document under the name that the release's own source gives it: apis__apps__v1_openapi.json.
save_openapi() {
  local into="$CACHE/openapi-served" path
  mkdir -p "$into"
  kubectl get --raw /openapi/v3 | python3 -c 'import json, sys; print("\n".join(sorted(json.load(sys.stdin)["paths"])))' |
    while read -r path; do
      kubectl get --raw "/openapi/v3/$path" >"$into/${path//\//__}_openapi.json"
    done
}

case "${1:-}" in
  start)
    exec 8>"$RUN/control-plane.lock"
    flock 8
    if ! all_running; then
      stop
      for tool in etcd kube-apiserver kube-controller-manager kube-scheduler kwok kubectl; do
        command -v "$tool" >/dev/null || skip "no $tool (tests/real/tools/install control-plane)"
      done
      mkdir -p "$HERE"
      chmod 0700 "$HERE"
      export KUBECONFIG
      start_etcd
      start_server
      start_controllers
    fi
    print_env
    ;;
  env) print_env ;;
  openapi)
    environment="$(print_env)"
    eval "$environment"
    save_openapi
    ;;
  stop) stop ;;
  *) say "usage: control-plane.sh start|env|openapi|stop"; exit 64 ;;
esac
