# shellcheck shell=bash
# Sourced by every script of this room: where things are kept, how a step speaks, how a process is started and ended.
#
# Exit codes of a script: 0 it holds, 1 it does not, 77 it was skipped because a tool cannot be had (the last line on
# standard error then begins with `skipped: `). Everything that is built or fetched is in .cache, which git ignores.
set -euo pipefail

REAL="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
REPOSITORY="$(cd "$REAL/../.." && pwd)"
CACHE="$REAL/.cache"
BIN="$CACHE/bin"
# One lab at a time uses this folder; a second one beside it sets LAB_RUN to another folder.
RUN="${LAB_RUN:-$CACHE/run}"
mkdir -p "$BIN" "$RUN"
PATH="$BIN:$PATH"

SKIPPED=77

say() { printf '%s\n' "$*" >&2; }
fail() { say "failed: $*"; exit 1; }
skip() { say "skipped: $*"; exit "$SKIPPED"; }

# needs_provider TOOL : the tool (terraform, tofu) with the provider of the local mirror, and nobody who asks.
needs_provider() {
  command -v "$1" >/dev/null || skip "no $1 on this machine"
  [ -f "$CACHE/mirror/cli.tfrc" ] || skip "no AWS provider on this machine (tests/real/tools/install mirror looks for one)"
  export TF_CLI_CONFIG_FILE="$CACHE/mirror/cli.tfrc" TF_INPUT=0 CHECKPOINT_DISABLE=1
}

ENDINGS=()
ENDINGS_OF=""

# at_end COMMAND : is run when the script ends, what was named last first. Nothing that fails then changes how the test went.
at_end() {
  # A shell inside another one has its own.
  [ "$ENDINGS_OF" = "$BASHPID" ] || ENDINGS=()
  ENDINGS_OF="$BASHPID"
  ENDINGS=("$1" "${ENDINGS[@]}")
  trap 'set +e; for ending in "${ENDINGS[@]}"; do eval "$ending"; done' EXIT
}

# begin_project NAME LAB... : stands in an empty folder for a project, with labs (moto, control-plane) of its own, since several of
# these tests may run at once. When the script ends, the labs end and SCRATCH goes.
begin_project() {
  local name="$1"; shift
  LABS=("$@")
  INFRAC="${INFRAC:-$REPOSITORY/target/debug/infrac}"
  [ -x "$INFRAC" ] || skip "infrac is not built (cargo build)"
  SCRATCH="$(mktemp -d "$RUN/$name.XXXXXX")"
  export LAB_RUN="$SCRATCH/lab"
  at_end 'cd /; for lab in "${LABS[@]}"; do "$REAL/$lab.sh" stop; done; rm -rf "$SCRATCH"'
  mkdir "$LAB_RUN" "$SCRATCH/project"
  cd "$SCRATCH/project"
}

# A port of the loopback interface that nothing listens on now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# When the process began, in ticks since the machine did: a process id alone may have been given to another program.
began() { awk '{ print $22 }' "/proc/$1/stat" 2>/dev/null; }

# start_process NAME COMMAND... : runs it in a session of its own; its output goes to RUN/NAME.log.
start_process() {
  local name="$1"; shift
  # Locks of the caller are not the process's to hold.
  setsid "$@" >"$RUN/$name.log" 2>&1 </dev/null 8>&- 9>&- &
  local id=$!
  sleep 0.1
  echo "$id $(began "$id")" >"$RUN/$name.pid"
}

is_running() {
  local id started
  [ -f "$RUN/$1.pid" ] || return 1
  read -r id started <"$RUN/$1.pid" || return 1
  [ -n "$started" ] && [ "$(began "$id")" = "$started" ]
}

# stop_process NAME : ends what start_process started, and what that started, and nothing else.
stop_process() {
  local id started
  if is_running "$1"; then
    read -r id started <"$RUN/$1.pid"
    kill -TERM -- "-$id" 2>/dev/null || kill -TERM "$id" 2>/dev/null || true
    for _ in $(seq 50); do
      is_running "$1" || break
      sleep 0.1
    done
    ! is_running "$1" || kill -KILL -- "-$id" 2>/dev/null || true
    # What was killed may still hold its files for a moment.
    for _ in $(seq 50); do
      is_running "$1" || break
      sleep 0.1
    done
  fi
  rm -f "$RUN/$1.pid"
}

# wait_for NAME SECONDS COMMAND... : until the command succeeds; fails with the end of NAME's log.
wait_for() {
  local name="$1" seconds="$2" end; shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if ! is_running "$name" || [ "$SECONDS" -ge "$end" ]; then
      tail -n 20 "$RUN/$name.log" >&2 || true
      fail "$name did not come up within $seconds s"
    fi
    sleep 0.3
  done
}

# wait_for_autoscalers NAMESPACE : an autoscaler moves the number of replicas once, from what a new workload has to its own
# smallest number; before that a second look at the objects would differ from the first by no fault of theirs.
wait_for_autoscalers() {
  local namespace="$1" name
  for name in $(kubectl --namespace "$namespace" get hpa -o 'jsonpath={.items[*].metadata.name}'); do
    for _ in $(seq 90); do
      kubectl --namespace "$namespace" get hpa "$name" -o json |
        jq -e '(.status.currentReplicas // 0) >= (.spec.minReplicas // 1)' >/dev/null && continue 2
      sleep 1
    done
    fail "autoscaler $name in $namespace never brought its workload to its smallest number"
  done
}
