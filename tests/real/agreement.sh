#!/usr/bin/env bash
# Agreement: who can call what, by the emitted files, by `infrac reach --matrix` and by the declared flows, for random programs.
# Security groups are read by a small evaluator beside this script, NetworkPolicies by network-config-analyzer (PyPI).
#
#   INFRAC=target/debug/infrac tests/real/agreement.sh [COUNT] [SEED] [PROGRAM]   PROGRAM: only the one with this number
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
[ -x "$INFRAC" ] || fail "no infrac at $INFRAC: cargo build -p infrac"
ROOM="$CACHE/nca"

if ! cmp -s "$REAL/agreement/analyser.txt" "$ROOM/made-from"; then
  command -v python3 >/dev/null || { echo "0 passed, 0 failed, 1 skipped"; skip "no python3"; }
  say "installing network-config-analyzer"
  rm -rf "$ROOM"
  python3 -m venv "$ROOM" && "$ROOM/bin/pip" install --quiet --disable-pip-version-check -r "$REAL/agreement/analyser.txt" ||
    { echo "0 passed, 0 failed, 1 skipped"; skip "no network-config-analyzer: pip install failed"; }
  cp "$REAL/agreement/analyser.txt" "$ROOM/made-from"
fi
exec "$ROOM/bin/python" -B "$REAL/agreement/compare.py" "$INFRAC" "${1:-300}" "${2:-1}" ${3:+"$3"}
