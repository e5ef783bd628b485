# shellcheck shell=bash
# Sourced by ansible.sh: monitoring on a machine. What Prometheus finds is asked on that machine, and what it tells comes to where the
# playbook is run.
started bastion=10.8.0.5 watch=10.8.0.9 front-a1=10.8.16.1
cat >main.infra <<END
project fleet { edition = 1 }
environment prod { tier = prod, on = [host(user = "deploy", key_file = "$HOSTS_KEY")] }
param web_hook: secret string
param operations_hook: secret string
network lan { cidr = 10.8.0.0/16 }
external office { ranges = [10.8.255.10/32] }
let keys: {string: [string]} = { $(while read -r host key; do printf '"%s" => ["%s"], ' "$host" "$key"; done <"$SCRATCH/keys") }
server bastion { at = 10.8.0.5, host_keys = keys["10.8.0.5"] }
server watch { at = 10.8.0.9, host_keys = keys["10.8.0.9"], jump = bastion }
server front for name, address in { a1 = 10.8.16.1 } {
  at = address
  host_keys = keys["\${address}"]
  jump = bastion
  port http = 8080/tcp
  packages = ["nginx-light"]
  files = {
    "/etc/nginx/sites-enabled/default" = { content = "server { listen 8080; location / { return 200 'here'; } }\\n", restarts = ["nginx"] }
  }
  services = { nginx = {} }
}
team web { mail = "web@example.com", slack = web_hook }
team operations { mail = "operations@example.com", slack = operations_hook }
monitoring prom on watch { every = 10s, receivers = [10.8.255.10/32] }
monitor site { watch = front.http, path = "/", objective = 99.9%, notify = web }
monitor machines { watch = [bastion, watch, front], objective = 99%, notify = operations }
firewall paths { allow = [office -> bastion.ssh, bastion -> [front.ssh, watch.ssh]] }
END
built "a fleet with a machine that watches"
files_are_fine
START=$SECONDS
play "the first run"

RUN="$SCRATCH"
at_end 'stop_process receiver'
touch "$SCRATCH/woken"
start_process receiver "$REAL/hosts.sh" run control python3 "$REAL/monitoring/receiver.py" 443 "$SCRATCH/woken" 10.8.255.10
wait_for receiver 60 "$REAL/hosts.sh" run control bash -c 'exec 3<>/dev/tcp/10.8.255.10/443'

ask() {
  inside watch curl -fsS --get --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query | jq -er '.data.result[0].value[1]'
}
is_so() { [ "$(ask "$1")" = 1 ]; }
in_time() {
  local what="$1" end=$((SECONDS + 400)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || {
      cat "$SCRATCH/woken" >&2
      inside watch journalctl --no-pager --lines 30 -u prometheus -u prometheus-alertmanager -u prometheus-blackbox-exporter >&2
      inside watch curl -fsS http://127.0.0.1:9090/api/v1/targets | jq -c '.data.activeTargets[] | [.scrapeUrl, .health, .lastError]' >&2
      fail "never: $what"
    }
    sleep 1
  done
  say "$what"
}
# told TEAM ALERT MONITOR : whether the team was told of it.
told() { grep "^/$1 " "$SCRATCH/woken" | grep FIRING | grep -w "$2" | grep -qw "$3"; }

in_time "all targets are up" is_so 'min(up) == bool 1 and on () count(up) == 4'
in_time "the site answers" is_so 'min(probe_success{monitor="site"})'
in_time "each machine tells of its units" is_so 'count(count by (instance) (node_systemd_unit_state{monitor="machines"})) == bool 3'
! grep FIRING "$SCRATCH/woken" >&2 || fail "somebody was woken while all is well"

inside front-a1 systemd-run --quiet --unit=broken /bin/false
in_time "a unit that failed is noticed" is_so 'count(ALERTS{alertname="UnitFailed", monitor="machines", name="broken.service"})'
inside front-a1 systemctl stop nginx
in_time "a service that is stopped wakes its team" told web ErrorBudgetBurnsFast site
in_time "the unit that failed is told to those who run the machines" told operations UnitFailed machines
! grep '^/web .*machines' "$SCRATCH/woken" >&2 || fail "web was told of what it does not answer for"
! grep '^/operations .*site' "$SCRATCH/woken" >&2 || fail "operations was told of what it does not answer for"

play "another run"
changed | grep -qE '^fleet-prod-front-a1 [1-9]' || fail "the service that was stopped was not started"
in_time "the site answers again" is_so 'min(probe_success{monitor="site"})'
play "one more run"
nothing_changed "one more run"
counted_seconds=$((SECONDS - START))
echo "counted: 4 targets, 2 teams, $counted_seconds s"
