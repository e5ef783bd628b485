#!/usr/bin/env bash
# The language server over its standard streams, from outside: pytest-lsp speaks as VS Code and two Neovims do, with what these said
# of themselves when they were recorded. Each test of clients/ has a server of its own, once as each of them.
#
#   pytest_lsp.sh [infrac]     needs python3 with venv (the packages of tools/python/pytest-lsp.txt come from PyPI), and infrac: $INFRAC
#                              or target/debug/infrac
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

[ $# -eq 0 ] || INFRAC="$(realpath "$1")"
begin_project pytest-lsp
code=0
"$REAL/tools/install" pytest-lsp || code=$?
[ "$code" = 0 ] || exit "$code"
export INFRAC
# Nothing is left behind in the repository.
export PYTHONDONTWRITEBYTECODE=1

code=0
timeout 600 "$CACHE/pytest-lsp/bin/python" -m pytest --quiet --tb=short -p no:cacheprovider --basetemp "$SCRATCH/folders" \
  --rootdir "$REPOSITORY/tests/editors/clients" "$REPOSITORY/tests/editors/clients" >"$SCRATCH/said" 2>&1 || code=$?
cat "$SCRATCH/said" >&2
[ "$code" = 0 ] || fail "pytest ended with $code"
# A test that was not collected would be missed by nobody else.
counted="$(sed -n 's/^\([0-9]*\) passed in .*/\1/p' "$SCRATCH/said")"
wanted=84
[ "${counted:-0}" -ge "$wanted" ] || fail "${counted:-0} of $wanted tests passed"
echo "counted: $counted tests as $(grep -c '^    "[a-z-]*@v' "$REPOSITORY/tests/editors/clients/conftest.py") editors"
