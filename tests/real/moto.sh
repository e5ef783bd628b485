#!/usr/bin/env bash
# AWS played by moto on a loopback port of its own, so that the AWS provider can plan, apply and read back.
#
#   moto.sh start [ACCOUNT]   start afresh and empty, as that account (default 123456789012); print the environment
#   moto.sh env               print the environment: eval "$(tests/real/moto.sh env)"
#   moto.sh stop              end what `start` started
#
# The images that a program may look up are in moto/amis.json, as the clouds publish them (owner, name, architecture).
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

PYTHON="$CACHE/moto/bin/python"

# Everything that could lead a tool to the real AWS, or to the user's own credentials, is set or emptied.
print_env() {
  is_running moto || fail "moto is not running: tests/real/moto.sh start"
  compgen -e | grep -E '^AWS_' | sed 's/^/unset /' || true
  cat <<END
export AWS_ENDPOINT_URL=$(cat "$RUN/moto.url")
export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab AWS_SESSION_TOKEN=lab
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export AWS_MAX_ATTEMPTS=3
END
}

start() {
  local port url
  [ -x "$PYTHON" ] || skip "no moto (tests/real/tools/install moto)"
  stop_process moto
  port="$(free_port)"
  url="http://127.0.0.1:$port"
  export MOTO_ACCOUNT_ID="${1:-123456789012}" MOTO_AMIS_PATH="$REAL/moto/amis.json"
  export MOTO_IAM_LOAD_MANAGED_POLICIES=true MOTO_ACM_VALIDATION_WAIT=1
  start_process moto "$PYTHON" "$REAL/moto/server.py" -H 127.0.0.1 -p "$port"
  wait_for moto 60 curl -fsS "$url/moto-api/"
  echo "$url" >"$RUN/moto.url"
}

case "${1:-}" in
  start) start "${2:-}"; print_env ;;
  env) print_env ;;
  stop) stop_process moto; rm -f "$RUN/moto.url" ;;
  *) say "usage: moto.sh start [ACCOUNT]|env|stop"; exit 64 ;;
esac
