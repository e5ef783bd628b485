#!/usr/bin/env bash
# What watches and wakes, in the hands of Prometheus and Alertmanager.
#
#   monitoring.sh files DIR    DIR is out/ENV/monitoring: promtool takes the configuration and the rules without a finding, the generated tests
#                              hold and fail once a rule is changed; amtool takes the routes, and what each team answers for goes to that team
#   monitoring.sh dashboards DIR   each dashboard is one by the types that Grafana publishes
#   monitoring.sh odd          the same for names with quotes, signs of templates, of PromQL and of YAML
#   monitoring.sh wakes        a real Prometheus, blackbox exporter and Alertmanager on loopback: a failure wakes its own team and no other, and
#                              is called off when it ends; needs target/debug/infrac
#   monitoring.sh times        a real Alertmanager: tickets come within the hours of their team, pages always, and a silence is kept
#   monitoring.sh many         5,000 monitors: a real Prometheus loads all rules, amtool all routes, and no object is larger than a cluster takes
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

needs_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || skip "no $tool (tests/real/tools/install monitoring blackbox)"
  done
}

# rules_of DIR : the files of rules, without their tests.
rules_of() { find "$1/rules" -name '*.yml' -not -name '*_test.yml' | sort; }

quietly() { "$@" >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "$*"; }; }

check_files() {
  local dir="$1" rules tests=0 silent=0
  needs_tools promtool amtool
  [ -n "$(rules_of "$dir")" ] || fail "no rules in $dir"
  quietly promtool check config --lint=all --lint-fatal "$dir/prometheus.yml"
  while read -r rules; do
    quietly promtool check rules --lint=all --lint-fatal "$rules"
    # What is asked in words of one's own has no tests that others could make.
    [ -f "${rules%.yml}_test.yml" ] || continue
    quietly promtool test rules "${rules%.yml}_test.yml"
    tests=$((tests + $(grep -c '^    name: ' "${rules%.yml}_test.yml")))
    fails_when_changed "$dir" "$rules"
  done < <(rules_of "$dir")
  quietly amtool check-config "$dir/alertmanager.yml"
  while read -r team; do
    wakes_only "$dir" "$team"
  done < <(teams_of "$dir")
  while read -r silent; do
    [ "$silent" = "" ] || fail "an alert of no team is routed to $silent"
  done < <(find "$dir/rules" -name '*.yml' -exec grep -L 'team: ' {} +)
  jq -e '.panels | length > 0 and all(.targets | length > 0)' "$dir"/overview.json "$dir"/dashboards/*.json >/dev/null || fail "a dashboard shows nothing"
  counted "$(rules_of "$dir" | wc -l) files of rules, $tests tests, $(teams_of "$dir" | wc -l) teams"
}

counted() { echo "counted: $*"; say "$*"; }

teams_of() { sed -n 's/^  *team: //p' $(rules_of "$1") | sort -u; }

# wakes_only DIR TEAM : what the team answers for reaches its receiver and no other, at each severity.
wakes_only() {
  local severity reached
  for severity in page ticket; do
    reached="$(amtool config routes test --config.file="$1/alertmanager.yml" "team=$2" "severity=$severity" monitor=any)"
    [ "$reached" = "team/$2" ] || fail "team=$2 severity=$severity reaches: $reached"
  done
}

# A test that no mistake lets fail says nothing: each of these would leave somebody asleep, or wake him for nothing.
fails_when_changed() {
  local dir="$1" rules="$2" change copy="$SCRATCH/changed" name changes
  name="$(basename "$rules")"
  changes=('s/ > 0[.0-9]*/ > 2/g' 's/ > 0[.0-9]*/ > -1/g' 's/severity: page/severity: ticket/' 's/absent(up/absent(down/')
  ! grep -q probe_success "$rules" || changes+=('s/probe_success/probe_failure/g' 's/0 [*] last/1 * last/')
  ! grep -q 'time() <' "$rules" || changes+=('s/time() < \([0-9]\)/time() < 9\1/' 's/time() < [0-9]*/time() < 1/')
  ! grep -q node_ "$rules" || changes+=('s/avg by (monitor) (up/avg by (monitor) (down/' 's/ < 0\.05/ < 0.01/g' 's/ < 0\.05/ < 0.5/g'
    's/ < 0\.03/ < 0.3/g' 's/ < 0\.1/ < 0.05/' 's/ < 0\.1/ < 0.2/' 's/state=.*failed/state=\\"active/' 's/\(sync_status.*\) == 0/\1 == 1/'
    's/\(max by (monitor, instance) (up.*\) == 0/\1 == 1/')
  for change in "${changes[@]}"; do
    rm -rf "$copy"
    cp -R "$dir/rules" "$copy"
    sed -i "$change" "$copy/$name"
    ! cmp -s "$rules" "$copy/$name" || fail "nothing in $name is changed by $change"
    ! promtool test rules "$copy/${name%.yml}_test.yml" >/dev/null 2>&1 || fail "the tests of $name hold after $change"
  done
}

# dashboards DIR : as values in TypeScript, where a field too many or of another type is told.
dashboards() {
  local dir="$1" file number=0
  [ -f "$CACHE/grafana/made-from" ] || skip "no types of Grafana (tests/real/tools/install grafana)"
  ln -s "$CACHE/grafana/node_modules" node_modules
  echo "import type { Dashboard } from '@grafana/schema';" >all.ts
  for file in "$dir"/overview.json "$dir"/dashboards/*.json; do
    number=$((number + 1))
    { printf 'export const board%s: Dashboard = ' "$number"; cat "$file"; echo ";"; } >>all.ts
  done
  quietly is_typed all.ts
  # What finds no mistake says nothing: a field that a dashboard has not, and one of another type.
  for change in 's/"title":/"titel":/' 's/"w": [0-9]*/"w": "wide"/'; do
    sed "$change" all.ts >changed.ts
    ! is_typed changed.ts >"$SCRATCH/said" || fail "nothing is told of $change"
  done
  counted "$number dashboards"
}
is_typed() { node node_modules/typescript/bin/tsc --noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --target es2022 "$1"; }

odd_names() {
  needs_tools promtool amtool
  begin_project monitoring
  cp "$REAL/monitoring/odd.infra" main.infra
  quietly "$INFRAC" build --env prod
  check_files out/prod/monitoring
}

case "${1:-}" in
  files) DIR="$(realpath "$2")"; begin_project monitoring; check_files "$DIR" ;;
  dashboards) DIR="$(realpath "$2")"; begin_project monitoring; dashboards "$DIR" ;;
  odd) odd_names ;;
  wakes) . "$REAL/monitoring/wakes.sh" ;;
  times) . "$REAL/monitoring/times.sh" ;;
  many) . "$REAL/monitoring/many.sh" ;;
  *) say "usage: monitoring.sh files DIR | dashboards DIR | odd | wakes | times | many"; exit 64 ;;
esac
