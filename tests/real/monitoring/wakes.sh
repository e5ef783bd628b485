# shellcheck shell=bash
# Sourced by monitoring.sh: the whole way from a failure to the people who are woken, with windows that are a sixtieth as long.
#
# Of the program's files only what a cluster decides is changed (monitoring/shorten.py): where the copies are, and how long things take.
needs_tools prometheus alertmanager blackbox_exporter
PYTHON="$CACHE/moto/bin/python"
[ -x "$PYTHON" ] || skip "no python with yaml (tests/real/tools/install moto)"
begin_project monitoring
RUN="$SCRATCH"
PROCESSES=(app-api app-front receiver blackbox alertmanager prometheus)
at_end 'for process in "${PROCESSES[@]}"; do stop_process "$process"; done; cd /; rm -rf "$SCRATCH"'

cat >main.infra <<'END'
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", api = { ranges = [10.0.0.10/32] })] }
param backend_hook: secret string
param web_hook: secret string
container api { image = "example.com/api:1", port http = 8080/tcp, ready = http("/healthz") }
container front { image = "example.com/front:1", port http = 8080/tcp }
team backend { mail = "backend@example.com", webhook = backend_hook }
team web { mail = "web@example.com", webhook = web_hook }
monitoring prom {}
monitor api_health { watch = api.http, objective = 99.9%, latency = 300ms, notify = backend }
monitor front_health { watch = front.http, objective = 99.5%, notify = web }
END
quietly "$INFRAC" build --env prod

API="$(free_port)" FRONT="$(free_port)" RECEIVER="$(free_port)" BLACKBOX="$(free_port)" ALERTS="$(free_port)" SERVER="$(free_port)"
GOSSIP="$(free_port)"
mkdir secrets targets
for team in backend web; do printf 'http://127.0.0.1:%s/%s' "$RECEIVER" "$team" >"secrets/$team-webhook"; done
points_at() { printf '[{"targets": [%s]}]' "$2" >"targets/$1.new"; mv "targets/$1.new" "targets/$1.json"; }
points_at api-health "\"127.0.0.1:$API\""
points_at front-health "\"127.0.0.1:$FRONT\""
"$PYTHON" "$REAL/monitoring/shorten.py" out/prod/monitoring short "$PWD/secrets" "$PWD/targets" "127.0.0.1:$BLACKBOX" "127.0.0.1:$ALERTS"
quietly promtool check config short/prometheus.yml
quietly amtool check-config short/alertmanager.yml

start_app() { start_process "app-$1" python3 "$REAL/monitoring/app.py" "$2" "$SCRATCH/slow-$1"; }
start_app api "$API"
start_app front "$FRONT"
start_process receiver python3 "$REAL/monitoring/receiver.py" "$RECEIVER" "$SCRATCH/woken"
touch "$SCRATCH/woken"
start_process blackbox blackbox_exporter --config.file=out/prod/monitoring/blackbox.yml --web.listen-address="127.0.0.1:$BLACKBOX"
start_process alertmanager alertmanager --config.file=short/alertmanager.yml --storage.path=alerts-data \
  --web.listen-address="127.0.0.1:$ALERTS" --cluster.listen-address= --log.level=warn
# Whoever is not up when the first probe is made is told as failing, and rightly.
wait_for app-api 60 curl -fsS "http://127.0.0.1:$API/healthz"
wait_for app-front 60 curl -fsS "http://127.0.0.1:$FRONT/"
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
# none_but TEAM : nobody else was told anything.
none_but() { ! grep -v "^/$1 " "$SCRATCH/woken" >&2 || fail "somebody else than $1 was woken"; }

in_time "the declared targets are up" is_so 'min(up) == bool 1 and on () count(up) == 2'
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
counted "3 failures, each told to its own team and called off; $shown queries of dashboards"
