#!/usr/bin/env bash
# Differential: what Terraform and `graph.json` hold of every output of random programs is what the reference says, by an evaluator of
# its own beside this script (differential/evaluator.py) that shares nothing with infrac. Needs no cloud: what is later comes from data
# sources that ask nobody, and programs with resources are planned only.
#
#   INFRAC=target/debug/infrac tests/real/differential.sh [COUNT] [SEED] [PROGRAM]   PROGRAM: only the one with this number
#
# What differs is told with the number of its program, what was expected, and the statements that the output needs.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
[ -x "$INFRAC" ] || fail "no infrac at $INFRAC: cargo build -p infrac"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "0 passed, 0 failed, 1 skipped"; skip "no python3 of 3.11 or newer"; }
needs_provider terraform
unset TF_DATA_DIR TF_WORKSPACE TF_CLI_ARGS
exec python3 -B "$REAL/differential/compare.py" "$INFRAC" "${1:-120}" "${2:-1}" ${3:+"$3"}
