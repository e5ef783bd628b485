#!/usr/bin/env bash
# A Neovim without a screen reads editors/neovim and opens a program: the file type, the colours, and what the language server gives there.
#
#   neovim.sh [infrac]     needs nvim, or the one that $NVIM names (Debian's 0.7 is enough), and infrac: $INFRAC or target/debug/infrac
. "$(dirname "${BASH_SOURCE[0]}")/../real/lab.sh"

NVIM="${NVIM:-nvim}"
command -v "$NVIM" >/dev/null || skip "no nvim on this machine (apt-get install neovim)"
[ $# -eq 0 ] || INFRAC="$(realpath "$1")"
begin_project neovim
export INFRAC
# Nothing of the user's own, and nothing left behind.
export XDG_CONFIG_HOME="$SCRATCH/config" XDG_DATA_HOME="$SCRATCH/data" XDG_STATE_HOME="$SCRATCH/state" XDG_CACHE_HOME="$SCRATCH/cache"
export NVIM_LOG_FILE="$SCRATCH/nvim.log"

cat >main.infra <<'END'
project shop { edition = 1 }

environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "shop", node_ranges = [10.60.0.0/16])] }

use data.orders

/// Where the shop keeps its pictures.
bucket pictures {
  keep = 30d
}

container api {
  image = "registry.example.com/shop/api:1.0.0"
  port http = 8080/tcp
  ready = http("/healthz")
}

firewall paths {
  allow = [internet -> api.http, api -> orders.sql]
}

output keep = pictures.keep
END
mkdir data
cat >data/main.infra <<'END'
network lan { cidr = 10.0.0.0/16 }
database orders { engine = postgres("16") }
END

SERVER=no STARTS=0
if "$INFRAC" lsp --help >/dev/null 2>&1; then SERVER=yes STARTS=1; else say "$INFRAC has no \`lsp\`: only the file type and the colours are tried"; fi
export SERVER

# The parser, as README.md of editors/neovim says. Neovim before 0.9 is not told of it.
GRAMMAR="$REPOSITORY/editors/tree-sitter-infra/src" PARSER=no
mkdir -p "$SCRATCH/site/parser"
if command -v cc >/dev/null && cc -shared -fPIC -I"$GRAMMAR" "$GRAMMAR"/*.c -o "$SCRATCH/site/parser/infra.so"; then PARSER=yes; fi
export PARSER

code=0
timeout 600 "$NVIM" --headless --clean -n --cmd "set runtimepath^=$REPOSITORY/editors/neovim,$SCRATCH/site" --cmd "let g:infrac_path = \$INFRAC" --cmd "let g:infrac_lsp = $STARTS == 1 ? v:true : v:false" \
  -c "luafile $REPOSITORY/tests/editors/neovim.lua" main.infra >"$SCRATCH/said" 2>&1 || code=$?
# Neovim writes its messages with carriage returns.
tr -d '\r' <"$SCRATCH/said" | sed '/^$/d' >&2
[ "$code" = 0 ] || fail "Neovim ended with $code"
counted="$(tr -d '\r' <"$SCRATCH/said" | grep -c '^ok: ')" || true
[ "$SERVER" = no ] && wanted=4 || wanted=21
[ "$counted" -ge "$wanted" ] || fail "$counted of $wanted steps were made"
echo "counted: $counted steps in $("$NVIM" --version | head -n 1)"
