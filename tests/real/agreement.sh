#!/usr/bin/env bash
# Agreement: who can call what, by the emitted files, by `infrac reach --matrix` and by the declared flows, for random programs.
#
#   INFRAC=target/debug/infrac tests/real/agreement.sh WHAT [COUNT] [SEED] [PROGRAM]   PROGRAM: only the one with this number
#
# WHAT is `layers` (a cloud and a cluster: security groups are read by a small evaluator beside this script, NetworkPolicies by
# network-config-analyzer, PyPI) or `machines` (that exist already: nft loads the rules of each into a network of its own, and what the
# kernel lists is followed rule by rule).
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
[ -x "$INFRAC" ] || fail "no infrac at $INFRAC: cargo build -p infrac"
nothing() { echo "0 passed, 0 failed, 1 skipped"; skip "$1"; }
command -v python3 >/dev/null || nothing "no python3"

case "${1:-}" in
  layers)
    ROOM="$CACHE/nca"
    if ! cmp -s "$REAL/agreement/analyser.txt" "$ROOM/made-from"; then
      say "installing network-config-analyzer"
      rm -rf "$ROOM"
      python3 -m venv "$ROOM" && "$ROOM/bin/pip" install --quiet --disable-pip-version-check -r "$REAL/agreement/analyser.txt" ||
        nothing "no network-config-analyzer: pip install failed"
      cp "$REAL/agreement/analyser.txt" "$ROOM/made-from"
    fi ;;
  machines)
    ROOM="$CACHE/ansible"
    [ -x "$ROOM/bin/python" ] || nothing "no Ansible, whose YAML is read (tests/real/tools/install ansible)"
    command -v nft >/dev/null || nothing "no nft (tests/real/tools/install hosts)"
    unshare --map-root-user --net nft list tables >/dev/null || nothing "no network of one's own can be had here" ;;
  *) say "usage: agreement.sh layers|machines [COUNT] [SEED] [PROGRAM]"; exit 64 ;;
esac
exec "$ROOM/bin/python" -B "$REAL/agreement/compare.py" "$INFRAC" "$1" "${2:-300}" "${3:-1}" ${4:+"$4"}
