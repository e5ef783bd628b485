# shellcheck shell=bash
# Sourced by monitoring.sh: when people are told, by a real Alertmanager that is given alerts, and whose clock is this machine's.
needs_tools alertmanager amtool
PYTHON="$CACHE/moto/bin/python"
[ -x "$PYTHON" ] || skip "no python with yaml (tests/real/tools/install moto)"
begin_project monitoring
RUN="$SCRATCH"
PROCESSES=(receiver alertmanager)
at_end 'for process in "${PROCESSES[@]}"; do stop_process "$process"; done; cd /; rm -rf "$SCRATCH"'

# Hours lie within a day: at its very end none can begin in two minutes.
[ "$(date -u +%H%M)" -lt 2355 ] || skip "midnight is too near"
SOON="$(date -u -d '2 minutes' +%H:%M)" TODAY="$(date -u +%F)" OTHER="$(date -u -d '3 days' +%A | tr '[:upper:]' '[:lower:]')"
EVERY='["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]'
cat >main.infra <<END
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", api = { ranges = [10.0.0.10/32] })] }
param hooks_of_always: secret string
param hooks_of_never: secret string
param hooks_of_soon: secret string
container api { image = "example.com/api:1", port http = 8080/tcp }
team always { mail = "a@example.com", webhook = hooks_of_always, hours { days = $EVERY, from = "00:00", to = "24:00", zone = "UTC" } }
team never { mail = "b@example.com", webhook = hooks_of_never, hours { days = ["$OTHER"], zone = "UTC" } }
team soon { mail = "c@example.com", webhook = hooks_of_soon, hours { days = $EVERY, from = "$SOON", to = "24:00", zone = "UTC" } }
monitoring prom {}
monitor one { watch = api.http, objective = 99.9%, notify = always }
monitor quiet { watch = api.http, objective = 99.9%, notify = always }
monitor past { watch = api.http, objective = 99.9%, notify = always }
monitor two { watch = api.http, objective = 99.9%, notify = never }
monitor three { watch = api.http, objective = 99.9%, notify = soon }
silence works { of = [quiet], because = "it is taken apart", from = $TODAY, until = $(date -u -d '40 days' +%F) }
silence over { of = [past], because = "it was taken apart", from = $(date -u -d '40 days ago' +%F), until = $(date -u -d '1 day ago' +%F) }
END
quietly "$INFRAC" build --env prod

RECEIVER="$(free_port)" ALERTS="$(free_port)"
mkdir secrets
for team in always never soon; do printf 'http://127.0.0.1:%s/%s' "$RECEIVER" "$team" >"secrets/$team-webhook"; done
"$PYTHON" "$REAL/monitoring/shorten.py" out/prod/monitoring short "$PWD/secrets" "$PWD" 127.0.0.1:1 127.0.0.1:1
quietly amtool check-config short/alertmanager.yml
touch "$SCRATCH/woken"
start_process receiver python3 "$REAL/monitoring/receiver.py" "$RECEIVER" "$SCRATCH/woken"
start_process alertmanager alertmanager --config.file=short/alertmanager.yml --storage.path=alerts-data \
  --web.listen-address="127.0.0.1:$ALERTS" --cluster.listen-address= --log.level=warn
wait_for receiver 60 bash -c "exec 3<>/dev/tcp/127.0.0.1/$RECEIVER"
wait_for alertmanager 60 curl -fsS "http://127.0.0.1:$ALERTS/-/ready"

# goes_on TEAM MONITOR SEVERITY : tells Alertmanager of it, as Prometheus would.
goes_on() { quietly amtool alert add "$3" --alertmanager.url="http://127.0.0.1:$ALERTS" "team=$1" "monitor=$2" "severity=$3"; }
reached() { grep -qx "/$1 firing $2 $3" "$SCRATCH/woken"; }
in_time() {
  local what="$1" end=$((SECONDS + 200)); shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || { cat "$SCRATCH/woken" >&2; fail "never: $what"; }
    sleep 0.5
  done
  say "$what"
}

goes_on soon three ticket
goes_on always one ticket
goes_on always past page
goes_on always quiet page
goes_on always quiet ticket
goes_on never two ticket
in_time "a ticket is told within hours" reached always ticket one
in_time "a silence that is over keeps nobody silent" reached always page past
goes_on never two page
in_time "a page is told at any time" reached never page two
[ "$(date -u +%H:%M)" \< "$SOON" ] || fail "this machine is too slow for this"
! reached soon ticket three || fail "a ticket was told before the hours"
in_time "what goes on is told when the hours begin" reached soon ticket three
! reached never ticket two || fail "a ticket was told on another day"
! grep -q ' quiet$' "$SCRATCH/woken" || fail "a silence was broken"
counted "6 alerts of 3 teams, each told when it may be and not before"
