#!/usr/bin/env bash
# The TextMate grammar says of every token what the compiler says, the extension for VS Code packs without a network, and the one for Zed
# compiles. The rest of the grammars is tried by `cargo test -p tests --test editors`.
#
#   grammars.sh     needs node and npm (packages of the registry, kept in editors/vscode/node_modules); without them it is skipped
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

EXTENSION="$REPOSITORY/editors/vscode"
CLASSES="$(mktemp)"
at_end 'rm -f "$CLASSES"'

command -v node >/dev/null && command -v npm >/dev/null || skip "no node or no npm on this machine"
cd "$EXTENSION"
# Nothing that a package brings is run; its programs are complete without.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts >&2 || skip "the packages of editors/vscode cannot be had"

say "-- each kind of token, by assertions"
npm test >&2

say "-- every token of every well-formed text, beside the compiler's class"
(cd "$REPOSITORY" && INFRA_CLASSES="$CLASSES" cargo test --quiet --workspace --test editors classes_are_written_for_textmate >&2)
agreed="$(node "$REPOSITORY/tests/editors/textmate.mjs" "$CLASSES")" || { say "$agreed"; fail "the grammar and the compiler differ"; }
say "$agreed"

say "-- the extension for VS Code, packed without a network"
npm run check >&2
OFFLINE=()
! unshare --net true 2>/dev/null || OFFLINE=(unshare --net)
"${OFFLINE[@]}" npm run package >&2
unzip -l dist/infra.vsix | grep -q extension/dist/extension.js || fail "the package has no program"

say "-- the settings of Helix and Zed"
cd "$REPOSITORY/editors"
python3 - helix/languages.toml zed/extension.toml zed/languages/infra/config.toml <<'END'
import sys, tomllib
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        tomllib.load(file)
helix = tomllib.load(open("helix/languages.toml", "rb"))
assert helix["language"][0]["language-servers"] == ["infrac"] and "infrac" in helix["language-server"], helix
zed = tomllib.load(open("zed/extension.toml", "rb"))
config = tomllib.load(open("zed/languages/infra/config.toml", "rb"))
assert config["name"] in zed["language_servers"]["infrac"]["languages"] and config["grammar"] in zed["grammars"], config
END

say "-- the extension for Zed"
(cd zed && CARGO_TARGET_DIR="$CACHE/zed" cargo check --locked --quiet >&2)

echo "counted: ${agreed%%:*}, $(ls vscode/test/*.infra vscode/test/*.md | wc -l) files of assertions, 2 extensions"
