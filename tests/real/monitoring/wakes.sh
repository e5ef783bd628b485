# shellcheck shell=bash
# Sourced by monitoring.sh: the whole way from a failure to the people who are woken, with windows that are a sixtieth as long.
#
# Of the program's files only what a cluster decides is changed (monitoring/shorten.py): where the copies are, and how long things take.
needs_tools prometheus alertmanager blackbox_exporter
PYTHON="$CACHE/moto/bin/python"
[ -x "$PYTHON" ] || skip "no python with yaml (tests/real/tools/install moto)"
begin_project monitoring
RUN="$SCRATCH"
PROCESSES=(app-api app-front tls receiver blackbox alertmanager prometheus)
at_end 'for process in "${PROCESSES[@]}"; do stop_process "$process"; done; cd /; rm -rf "$SCRATCH"'

cat >main.infra <<'END'
project shop { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "shop", node_ranges = [10.60.0.0/16], api = { ranges = [10.0.0.10/32] })]
}
param backend_hook: secret string
param web_hook: secret string
param ops_hook: secret string
container api { image = "example.com/api:1", port http = 8080/tcp, ready = http("/healthz") }
container front { image = "example.com/front:1", port http = 8080/tcp }
team backend { mail = "backend@example.com", webhook = backend_hook }
team web { mail = "web@example.com", webhook = web_hook }
team ops { mail = "ops@example.com", webhook = ops_hook }
network lan { cidr = 10.20.0.0/16 }
dns_zone site { name = "shop.example" }
certificate site_tls { name = "www.shop.example" }
server web_server for zone in ["a", "b"] { zone, memory = 1GiB, port http = 8080/tcp }
load_balancer edge { public = true, certificate = site_tls, to = web_server.http, port https = 443/tcp }
dns_record www { name = "www.shop.example", to = edge }
firewall edges { allow = [edge -> web_server.http, internet -> edge.https] }
monitoring prom {}
monitor api_health { watch = api.http, objective = 99.9%, latency = 300ms, notify = backend }
monitor front_health { watch = front.http, objective = 99.5%, notify = web }
monitor site_certificate { watch = site_tls, objective = 99%, notify = ops }
END
quietly "$INFRAC" build --env prod

API="$(free_port)" FRONT="$(free_port)" TLS="$(free_port)" RECEIVER="$(free_port)" BLACKBOX="$(free_port)" ALERTS="$(free_port)" SERVER="$(free_port)"
GOSSIP="$(free_port)"
mkdir secrets targets
for team in backend web ops; do printf 'http://127.0.0.1:%s/%s' "$RECEIVER" "$team" >"secrets/$team-webhook"; done
points_at() { printf '[{"targets": [%s]}]' "$2" >"targets/$1.new"; mv "targets/$1.new" "targets/$1.json"; }
points_at api-health "\"127.0.0.1:$API\""
points_at front-health "\"127.0.0.1:$FRONT\""
points_at site-certificate "\"localhost:$TLS\""
# certificate DAYS : what is shown from now on is good for so long. Those who probe trust all that is made here, and nothing else.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=tests" -keyout ca.key -out ca.pem 2>"$SCRATCH/said" ||
  { cat "$SCRATCH/said" >&2; fail "no authority"; }
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost" \
    -keyout key.new -out request.new 2>"$SCRATCH/said" &&
    openssl x509 -req -in request.new -days "$1" -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out certificate.new 2>"$SCRATCH/said" ||
    { cat "$SCRATCH/said" >&2; fail "no certificate"; }
  cat key.new certificate.new >shown.new
  mv shown.new shown.pem
}
certificate 90
"$PYTHON" "$REAL/monitoring/shorten.py" out/prod/monitoring short "$PWD/secrets" "$PWD/targets" "127.0.0.1:$BLACKBOX" "127.0.0.1:$ALERTS"
quietly promtool check config short/prometheus.yml
quietly amtool check-config short/alertmanager.yml

start_app() { start_process "app-$1" python3 "$REAL/monitoring/app.py" "$2" "$SCRATCH/slow-$1"; }
start_app api "$API"
start_app front "$FRONT"
start_process receiver python3 "$REAL/monitoring/receiver.py" "$RECEIVER" "$SCRATCH/woken"
touch "$SCRATCH/woken"
start_process tls python3 "$REAL/monitoring/tls.py" "$TLS" "$PWD/shown.pem"
start_process blackbox env SSL_CERT_FILE="$PWD/ca.pem" blackbox_exporter --config.file=out/prod/monitoring/blackbox.yml --web.listen-address="127.0.0.1:$BLACKBOX"
start_process alertmanager alertmanager --config.file=short/alertmanager.yml --storage.path=alerts-data \
  --web.listen-address="127.0.0.1:$ALERTS" --cluster.listen-address= --log.level=warn
# Whoever is not up when the first probe is made is told as failing, and rightly.
wait_for app-api 60 curl -fsS "http://127.0.0.1:$API/healthz"
wait_for app-front 60 curl -fsS "http://127.0.0.1:$FRONT/"
wait_for tls 60 bash -c "exec 3<>/dev/tcp/127.0.0.1/$TLS"
wait_for receiver 60 bash -c "exec 3<>/dev/tcp/127.0.0.1/$RECEIVER"
wait_for blackbox 60 curl -fsS "http://127.0.0.1:$BLACKBOX/-/healthy"
wait_for alertmanager 60 curl -fsS "http://127.0.0.1:$ALERTS/-/ready"
start_process prometheus prometheus --config.file=short/prometheus.yml --storage.tsdb.path=data \
  --storage.tsdb.retention.time=35d --web.listen-address="127.0.0.1:$SERVER"
wait_for prometheus 60 curl -fsS "http://127.0.0.1:$SERVER/-/ready"

ask() { curl -fsS --get --data-urlencode "query=$1" "http://127.0.0.1:$SERVER/api/v1/query" | jq -er '.data.result[0].value[1]'; }
is_so() { [ "$(ask "$1")" = 1 ]; }
# reached TEAM STATUS ALERT MONITOR : whether the team was told so since the last `forget`.
reached() { grep -qx "/$1 $2 $3 $4" "$SCRATCH/woken"; }
forget() { : >"$SCRATCH/woken"; }
in_time() {
  local what="$1" end=$((SECONDS + 240)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { cat "$SCRATCH/woken" >&2; tail -n 20 "$SCRATCH"/*.log >&2; fail "never: $what"; }
    sleep 0.3
  done
  say "$what"
}
# none_but TEAM : nobody else was woken. What was told while things were started may be called off late.
none_but() { ! grep ' firing ' "$SCRATCH/woken" | grep -v "^/$1 " >&2 || fail "somebody else than $1 was woken"; }

in_time "the declared targets are up" is_so 'min(up) == bool 1 and on () count(up) == 3'
# Until the first probe there was nothing to probe, and a slow start may have told so.
in_time "nothing is wrong" is_so 'absent(ALERTS{alertstate="firing"})'
forget
in_time "all is answered for a while" is_so 'min(count_over_time(slo:sli_good:ratio[40s])) > bool 30'
! grep ' firing ' "$SCRATCH/woken" || { cat "$SCRATCH/woken" >&2; fail "somebody was woken while all is well"; }

# What the dashboards ask is found here too; nobody is woken yet.
queries=0
while read -r query; do
  curl -fsS --get --data-urlencode "query=$query" "http://127.0.0.1:$SERVER/api/v1/query" >answer || fail "no answer to $query"
  [[ "$query" == *ALERTS* ]] || jq -e '.data.result | length > 0' answer >/dev/null || fail "a dashboard finds nothing by $query"
  queries=$((queries + 1))
done < <(jq -r '.panels[].targets[].expr' out/prod/monitoring/overview.json out/prod/monitoring/dashboards/*.json)
[ "$queries" -gt 10 ] || fail "the dashboards ask $queries queries"
say "$queries queries of dashboards are answered"

# A certificate that is good for ten days more is a matter for office hours, one that is good for two is not.
forget
certificate 10
in_time "a certificate near its end is told to its team" reached ops firing CertificateEnds site-certificate
certificate 2
in_time "one at its end wakes it" reached ops firing CertificateEndsSoon site-certificate
certificate 90
in_time "and both are called off when there is a new one" reached ops resolved CertificateEndsSoon site-certificate
in_time "both of them" reached ops resolved CertificateEnds site-certificate
none_but ops

forget
stop_process app-api
in_time "a killed program wakes its team" reached backend firing ErrorBudgetBurnsFast api-health
start_app api "$API"
in_time "and is called off when it is back" reached backend resolved ErrorBudgetBurnsFast api-health
none_but backend

forget
touch "$SCRATCH/slow-api"
in_time "late answers wake the same team" reached backend firing ErrorBudgetBurnsFast api-health
rm "$SCRATCH/slow-api"
in_time "and are called off when they are fast again" reached backend resolved ErrorBudgetBurnsFast api-health
none_but backend

forget
points_at front-health ''
in_time "copies that are gone wake their team" reached web firing ErrorBudgetBurnsFast front-health
in_time "as what is not there" is_so 'count(ALERTS{alertname="NothingToProbe", monitor="front-health", alertstate="firing"})'
points_at front-health "\"127.0.0.1:$FRONT\""
in_time "and are called off when they are there again" reached web resolved ErrorBudgetBurnsFast front-health
! grep '^/web .* api-health$' "$SCRATCH/woken" || fail "web was woken for what it does not answer for"

shown=0
while read -r query; do
  curl -fsS --get --data-urlencode "query=$query" "http://127.0.0.1:$SERVER/api/v1/query" | jq -e '.status == "success"' >/dev/null || fail "a dashboard asks: $query"
  shown=$((shown + 1))
done < <(jq -r '.panels[].targets[].expr' out/prod/monitoring/overview.json out/prod/monitoring/dashboards/*.json)
counted "4 failures, each told to its own team and called off; $shown queries of dashboards"
