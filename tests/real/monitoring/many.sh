# shellcheck shell=bash
# Sourced by monitoring.sh: many services with a monitor each, in the hands of Prometheus and Alertmanager, and what a cluster is given of them.
needs_tools prometheus promtool amtool
MANY="${MANY:-5000}"
PYTHON="$CACHE/moto/bin/python"
[ -x "$PYTHON" ] || skip "no python with yaml (tests/real/tools/install moto)"
begin_project monitoring
RUN="$SCRATCH"
at_end 'stop_process prometheus; cd /; rm -rf "$SCRATCH"'

# many COUNT : a program with so many services, and a team for each ten of them.
many() {
  cat >main.infra <<END
project many { edition = 1 }
environment prod {
  tier = prod
  on = [kubernetes(context = "many", node_ranges = [10.60.0.0/16], api = { ranges = [10.60.0.10/32], port = 6443 })]
}
let digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
let numbers = [for a in digits: for b in digits: for c in digits: for d in digits: if a * 1000 + b * 100 + c * 10 + d < $1: a * 1000 + b * 100 + c * 10 + d]
param pager: secret string
team crew for n in numbers if n < $((MANY / 10)) { mail = "crew-\${n}@example.com", pagerduty = pager }
container svc for n in numbers { image = "registry.example.com/svc:1.0.0", port http = 8080/tcp, ready = http("/healthz") }
monitoring prom { mail { server = "smtp.example.com", from = "alerts@example.com" } }
monitor health for n in numbers { watch = svc["\${n}"].http, objective = 99.9%, latency = 300ms, notify = crew["\${n mod $((MANY / 10))}"] }
END
  quietly "$INFRAC" build --env prod
}

many "$MANY"
began="$SECONDS"
quietly promtool check config out/prod/monitoring/prometheus.yml
say "promtool took $((SECONDS - began)) s"
quietly amtool check-config out/prod/monitoring/alertmanager.yml
[ "$(amtool config routes test --config.file=out/prod/monitoring/alertmanager.yml team=crew-7 severity=page monitor=any)" = team/crew-7 ] || fail "crew 7 is not told"

# Where the copies are, a cluster would say: here nobody is asked.
mkdir real
cp -R out/prod/monitoring/rules real/
rm real/rules/*_test.yml
"$PYTHON" - <<'END'
import yaml
said = yaml.load(open("out/prod/monitoring/prometheus.yml"), yaml.CSafeLoader)
for scrape in said["scrape_configs"]:
    scrape.pop("kubernetes_sd_configs")
    scrape["static_configs"] = [{"targets": ["127.0.0.1:9"]}]
yaml.dump(said, open("real/prometheus.yml", "w"), yaml.CSafeDumper, sort_keys=False)
END
SERVER="$(free_port)"
began="$SECONDS"
start_process prometheus prometheus --config.file=real/prometheus.yml --storage.tsdb.path=data --web.listen-address="127.0.0.1:$SERVER"
wait_for prometheus 600 curl -fsS "http://127.0.0.1:$SERVER/-/ready"
took=$((SECONDS - began))
groups() { curl -fsS "http://127.0.0.1:$SERVER/api/v1/rules?type=record" | jq '.data.groups | length'; }
[ "$(groups)" = "$MANY" ] || fail "$(groups) of $MANY groups of rules are loaded"
resident="$(curl -fsS "http://127.0.0.1:$SERVER/metrics" | sed -n 's/^process_resident_memory_bytes //p' | awk '{ print int($1 / 1048576) }')"

# A cluster takes 1 MiB in an object; another service changes one file of rules and one of probes.
maps() { "$PYTHON" - "$1" <<'END'
import hashlib, sys, yaml
files = yaml.load_all(open(f"{sys.argv[1]}/kubernetes/prom.yaml"), yaml.CSafeLoader)
maps = {one["metadata"]["name"]: sum(len(k) + len(v.encode()) for k, v in one["data"].items()) for one in files if one["kind"] == "ConfigMap"}
print(len(maps), max(maps.values()))
END
}
read -r parts largest <<<"$(maps out/prod)"
[ "$largest" -lt 1000000 ] || fail "a ConfigMap has $largest bytes"
cp -R out/prod before
many "$((MANY + 1))"
changed="$("$PYTHON" - <<'END'
import yaml
def data(folder):
    files = yaml.load_all(open(f"{folder}/kubernetes/prom.yaml"), yaml.CSafeLoader)
    return {one["metadata"]["name"]: one["data"] for one in files if one["kind"] == "ConfigMap"}
before, after = data("before"), data("out/prod")
print(len([name for name in {*before, *after} if before.get(name) != after.get(name)]))
END
)"
[ "$changed" = 2 ] || fail "another monitor changes $changed ConfigMaps"
counted "$MANY monitors, $((MANY / 10)) teams: Prometheus is ready after $took s with $resident MiB; $parts ConfigMaps, the largest of $largest bytes, another monitor changes $changed of them"
