#!/usr/bin/env bash
# Random texts in manifests and in what `yaml()` gives are, as PyYAML reads them, what the program said.
#
#   INFRAC=target/debug/infrac tests/fuzz/manifests.sh [COUNT] [SEED]     SECONDS_EACH=600: for so long
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
[ -x "$INFRAC" ] || fail "no infrac at $INFRAC: cargo build -p infrac"
python3 -c 'import sys, yaml; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "0 passed, 0 failed, 1 skipped"; skip "no PyYAML beside python3 of 3.11 or newer"; }
exec python3 -B "$REPOSITORY/tests/fuzz/manifests.py" "$INFRAC" "${1:-2000}" "${2:-1}"
