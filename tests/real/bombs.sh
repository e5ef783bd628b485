#!/usr/bin/env bash
# Everything ends: programs, templates and schemas that are made to fill the memory or to run for ever. Each is told at its place, or
# ends; within 2 GiB, within its time, and with less than 2 MB of output.
#
#   INFRAC=target/release/infrac tests/real/bombs.sh [WORD]   only those whose name has WORD in it
#
# A release build has 10 seconds for each, any other ten times as long; BOMB_SECONDS gives them another time.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
ONLY="${1:-}"
[ -x "$INFRAC" ] || skip "infrac is not built (cargo build)"
shopt -s lastpipe # What a function counts at the end of a pipe is counted here.
SCRATCH="$(mktemp -d "$RUN/bombs.XXXXXX")"
at_end 'rm -rf "$SCRATCH"'
cd "$SCRATCH"
case "$INFRAC" in
  */release/*) SECONDS_EACH="${BOMB_SECONDS:-10}" ;;
  *) SECONDS_EACH="${BOMB_SECONDS:-100}" ;;
esac
TRIED=0 ENDED=0 TOLD=0 FAILED=0 MOST=0 SLOWEST=0

# limited COMMAND... : its output in `said`; prints how it ended (an exit code, `time`, `signal`), tenths of a second and MB. What is
# not used of a stack is no memory: the limit is on what is resident, with one on addresses to keep the machine safe meanwhile.
cat >limited.py <<'PY'
import os, resource, signal, subprocess, sys, time
began = time.monotonic()
def limits():
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
with open("said", "wb") as said:
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=said, stderr=said, preexec_fn=limits)
    deadline, late = began + int(sys.argv[1]), False
    while True:
        done, status, used = os.wait4(child.pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline and not late:
            late = True
            os.killpg(child.pid, signal.SIGKILL)
        time.sleep(0.02)
end = "time" if late else "signal" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
print(end, int((time.monotonic() - began) * 10), used.ru_maxrss // 1024)
PY

# bomb NAME PATTERN COMMAND... : runs it here; when it fails, something that fits PATTERN is said.
bomb() {
  local name="$1" pattern="$2" ended time memory size; shift 2
  [[ "$name" == *"$ONLY"* ]] || return 0
  TRIED=$((TRIED + 1))
  read -r ended time memory < <(python3 limited.py "$SECONDS_EACH" "$INFRAC" "$@")
  size="$(stat -c %s said)"
  [ "$memory" -le "$MOST" ] || MOST="$memory"
  [ "$time" -le "$SLOWEST" ] || SLOWEST="$time"
  local why=""
  case "$ended" in
    0) ENDED=$((ENDED + 1)) ;;
    # 64: what is wrong stands in the call.
    1 | 64) grep -qE "$pattern" said && TOLD=$((TOLD + 1)) || why="nothing is said of its place" ;;
    time) why="it did not end within $SECONDS_EACH seconds" ;;
    *) why="it ended with $ended" ;;
  esac
  [ "$memory" -lt 2048 ] || why="${why:+$why, }it took $memory MB"
  [ "$size" -lt 2000000 ] || why="${why:+$why, }it said $size bytes"
  ! grep -q 'bug in infrac' said || why="${why:+$why, }it spoke of a bug"
  printf '%-52s %6s %4d.%d s %5d MB %8d bytes %s\n' "$name" "$ended" $((time / 10)) $((time % 10)) "$memory" "$size" "$why" >&2
  [ -z "$why" ] || { FAILED=$((FAILED + 1)); head -c 600 said | sed 's/^/  | /' >&2; }
}

# The project of the next bomb: what comes on the standard input, behind a head.
project() { rm -rf p; mkdir p; { printf 'project p { edition = 1 }\n%s\n' "$1"; cat; } >p/main.infra; }
NOWHERE='environment prod { tier = prod, on = [] }'
CLOUD='environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "c")] }'
PLACE='main\.infra:[0-9]+'
checked() { project "$NOWHERE"; bomb "$1" "$PLACE" check p; }
built() { project "$CLOUD"; bomb "$1" "$PLACE" build p; }
broken() { rm -rf p; mkdir p; cat >p/main.infra; bomb "$1" "$PLACE|no_program" check p; }

# lines N LINE : N lines, in which @ is the number of the line and # that of the one before.
lines() {
  python3 -c 'import sys
n, line = int(sys.argv[1]), sys.argv[2]
sys.stdout.write("".join(line.replace("@", str(i)).replace("#", str(i - 1)) + "\n" for i in range(1, n + 1)))' "$@"
}
# times N TEXT : a text again and again, on one line.
times() { python3 -c 'import sys; sys.stdout.write(int(sys.argv[1]) * sys.argv[2])' "$@"; }
TEN='["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]'

# Types.
{ echo 'type t0 = { a: int = 1 }'; lines 24 'type t@ = { a: t# = {}, b: t# = {} }'; echo 'let x: t24 = {}'; echo 'output y = x.a'; } |
  checked "types: defaults that double"
{ echo 'type t0 = { a: int }'; lines 40 'type t@ = { a: t#, b: t# }'; echo 'fn f(x: t40) -> int = 1'; } | checked "types: records that double"
{ echo 'type t0 = a(int)'; lines 40 'type t@ = a(t#) | b(t#)'; echo 'fn f(x: t40) -> int = 1'; } | checked "types: unions that double"
{ echo 'type t0 = [int]'; lines 40 'type t@ = { a: [t#], b: [t#], c: [t#] }'; echo 'fn f(x: t40) -> t40 = x'; } | checked "types: lists of records"
{ echo 'type t0 = { a: int }'; lines 20000 'type t@ = { a: t# }'; echo 'fn f(x: t20000) -> int = 1'; } | checked "types: 20,000 deep"
{ echo 'kind k0 { a: int }'; lines 30 'kind k@ { a: { ...inputs(k#) }, b: { ...inputs(k#) } }'; echo 'kind z { ...inputs(k30) }'; } |
  checked "types: inputs of kinds that double"
{ echo 'type t0 = { a: int = 1 }'; lines 9 'type t@ = { a: t# = {}, b: t# = {} }'; lines 5000 'let x@: t9 = {}'; echo 'output y = x5000.a'; } |
  checked "types: a large one used 5,000 times"

# Values.
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = s24'; } | built "values: lists that double"
{ echo 'let s0 = { a = 1 }'; lines 24 'let s@ = { a = s#, b = s# }'; echo 'output x = s24'; } | built "values: records that double"
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = s24'; } | project "$CLOUD"
bomb "values: as a graph" "$PLACE" graph --format json p
bomb "values: as a picture" "$PLACE" graph p
bomb "values: asked why" "$PLACE" why x p
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = json(s24)'; } | built "values: json"
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = yaml(s24)'; } | built "values: yaml"
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = s24 + 1'; } | built "values: in a message"
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'let t0 = [1, 2]'; lines 24 'let t@ = [t#, t#]'; echo 'output x = s24 == t24'; } |
  built "values: compared"
{ echo 'let s0 = [1, 2]'; lines 17 'let s@ = [s#, s#]'; lines 1000 'output x@ = s17'; } | built "values: many outputs of one"
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'terraform.aws_sqs_queue q { policy = json(s24) }'; } | built "values: a field of a resource"
{ echo 'let s0 = { a = "x" }'; lines 24 'let s@ = { a = s#, b = s# }'; echo 'kubernetes.config_map m { metadata { name = "m" }, data = { a = json(s24) } }'; } |
  built "values: a manifest"
{ echo "let ten = $TEN"; echo 'let b = "'"$(times 10000 0123456789)"'"'; echo 'terraform.aws_sqs_queue q for k in [for a in ten, b in ten, c in ten, d in ten: "${a}${b}${c}${d}"] { name = k, tags = { a = b } }'; } |
  built "values: a long text in 10,000 resources"

# Texts, lists, loops, functions.
{ echo 'let t0 = "0123456789abcdef"'; lines 64 'let t@ = "${t#}${t#}"'; echo 'output x = t64.length'; } | checked "texts that double"
{ echo 'let l0 = [1]'; lines 64 'let l@ = [...l#, ...l#]'; echo 'output x = l64.length'; } | checked "lists that double"
echo "let ten = $TEN
output x = count([for a in ten, b in ten, c in ten, d in ten, e in ten, f in ten, g in ten, h in ten, i in ten: a])" | checked "loops: a billion"
echo 'output x = count([for a in 1..9000000000000000000: a])' | checked "loops: a range without end"
echo "kind shelf {}
implement shelf {}
let ten = $TEN
shelf low for n in [for a in ten, b in ten, c in ten, d in ten, e in ten, f in ten, g in ten: \"\${a}\${b}\${c}\${d}\${e}\${f}\${g}\"] {}" | checked "instances: ten millions"
{ echo 'fn f0(n: int) -> int = n'; lines 60 'fn f@(n: int) -> int = f#(n) + f#(n + 1)'; echo 'output x = f60(1)'; } | checked "functions that double"
printf 'fn f(n: int) -> int = f(n + 1)\noutput x = f(1)\n' | checked "functions: recursion"
{ echo 'fn f0(n: int) -> int = n'; lines 20000 'fn f@(n: int) -> int = f#(n)'; echo 'output x = f20000(1)'; } | checked "functions: 20,000 deep"
{ echo 'let x0 = 1'; lines 20000 'let x@ = x# + 1'; echo 'output x = x20000'; } | checked "lets: 20,000 deep"
{ echo 'let d0 = 1.0000000001'; lines 64 'let d@ = d# * d#'; echo 'output x = d64'; } | checked "numbers: decimals that double"
echo "output x = $(times 100000 9)" | checked "numbers: 100,000 digits"
echo "output x = 1.$(times 100000 9) + 1.$(times 100000 3)" | checked "numbers: 100,000 places"
printf 'output x = 2027-01-01 + 9000000000000000d\noutput y = 9999-12-31 + 1d\n' | checked "dates beyond all years"
printf 'output x = 10.0.0.0/8.subnets(32)\noutput y = 10.0.0.0/8.subnet(32, 16777215)\n' | checked "networks cut into addresses"
echo "output x = $(times 20000 '1 + ')1" | checked "operators: 20,000 in a row"
echo "output x = $(times 20000 'if true then 1 else ')1" | checked "conditions: 20,000 deep"
echo "output x = \"a\".pad_left(9000000000000)" | checked "texts: padded without end"

# Size.
{ echo 'let x: int = 3'; echo 'output y = match x {'; lines 50000 '  @ => @'; echo '  _ => 0'; echo '}'; } | checked "matches: 50,000 arms"
{ printf 'type t = "0"'; lines 20000 '@' | awk '{ printf " | \"%s\"", $0 }'; printf '\nlet x: t = "3"\noutput y = match x {\n  "0" => 0\n'; lines 20000 '  "@" => @'; echo '}'; } |
  checked "matches: a union of 20,000"
{ printf 'type t = "0"'; lines 20000 '@' | awk '{ printf " | \"%s\"", $0 }'; printf '\nlet x: t = "3"\noutput y = match x {\n  _ => 0\n'; lines 20000 '  "n@" => @'; echo '}'; } |
  checked "matches: 20,000 words that are none of a union"
{ printf 'type t = c0'; lines 20000 '@' | awk '{ printf " | c%s", $0 }'; printf '\nlet x: t = c3\noutput y = match x {\n  c0 => 0\n'; lines 20000 '  c@ => @'; echo '}'; } |
  checked "matches: 20,000 cases"
{ printf 'type t = "0"'; lines 20000 '@' | awk '{ printf " | \"%s\"", int($0 / 2) }'; printf '\nlet x: t = "3"\n'; } | checked "types: 10,000 words twice"
lines 80000 'output o@ = @' | checked "outputs: 80,000"
lines 100000 'let x@ = @' | checked "lets: 100,000"
lines 20000 'param p@: int = @' | checked "params: 20,000"
{ echo 'output x = {'; lines 50000 '  f@ = @'; echo '}'; } | checked "records: 50,000 fields"
{ echo "let ten = $TEN"; echo 'let keys = [for a in ["0", "1", "2", "3", "4", "5"], b in ten: "c${a}${b}"]'; printf 'container c for k in keys {\n  image = "example.com/a:1"\n  port http = 80/tcp\n}\n'; echo 'firewall f { allow = [for a in keys, b in keys: c[a] -> c[b].http] }'; } |
  built "flows: 3,600 of 60 containers"
container() { printf 'container %s { image = "example.com/a:1", port http = 8080/tcp }\n' "$1"; }
{ container a; echo 'firewall f { allow = ['; lines 200 '  198.51.100.@ -> a.http,'; lines 200 '  203.0.113.@ -> a.http,'; echo '] }'; } | built "flows: 400 ranges to one"
{ container a; lines 1000 "$(container c@)"; echo 'firewall f { allow = ['; lines 1000 '  a -> c@.http,'; echo '] }'; } | built "flows: one to 1,000 named each"
{ container a; lines 1000 "$(container c@)"; echo 'firewall f { allow = ['; lines 1000 '  c@ -> a.http,'; echo '] }'; } | built "flows: 1,000 named each to one"
{ lines 100 "$(container c@)"; printf 'firewall f { allow = [all(container) -> ['; lines 100 'c@.http,' | tr -d '\n'; echo ']] }'; } | built "flows: all to 100 named each"
{ echo "let ten = $TEN"; echo 'let keys = [for a in ten, b in ten, c in ten: "c${a}${b}${c}"]'; container 'c for k in keys'; echo 'firewall f { allow = [all(container) -> c.http] }'; } | built "flows: 1,000 to 1,000 as sets"
{ echo "let ten = $TEN"; echo 'let keys = [for a in ten, b in ten, c in ten: "c${a}${b}${c}"]'; container 'c for k in keys'; echo 'firewall f { allow = [for a in keys, b in keys: c[a] -> c[b].http] }'; } | built "flows: a million of 1,000 containers"
echo "let $(times 1000000 a) = 1" | checked "names: a million letters"
echo "terraform.aws_sqs_queue q for k in [\"$(times 300 k)\"] { name = \"q\" }
container c for k in [\"$(times 300 k)\"] { image = \"example.com/a:1\" }" | built "names: keys of 300 letters"
{ lines 300 'environment e@ { tier = test, on = [] }'; echo 'output x = 1'; } | checked "environments: 300"

# Templates.
template() { project "$NOWHERE" <<<"$2"; cat >p/t.hbs; bomb "$1" "$PLACE" check p; }
printf '{{#each l}}{{#each ../l}}{{#each ../../l}}{{#each ../../../l}}{{/each}}{{/each}}{{/each}}{{/each}}' |
  template "templates: loops in loops" "let ten = $TEN
"'output x = template("t.hbs", { l = [for a in ten, b in ten, c in ten, d in ten: a] })'
printf '{{#each l}}{{#each ../l}}{{#each ../../l}}some text{{/each}}{{/each}}{{/each}}' |
  template "templates: text in loops" "let ten = $TEN
"'output x = template("t.hbs", { l = [for a in ten, b in ten, c in ten, d in ten: a] })'
printf '{{#*inline "r"}}{{> r}}{{/inline}}{{> r}}' | template "templates: recursion" 'output x = template("t.hbs", { a = 1 })'
printf '{{#*inline "r"}}{{> r}}{{> r}}{{/inline}}{{> r}}' | template "templates: recursion twice" 'output x = template("t.hbs", { a = 1 })'
{ times 20000 '{{#if a}}'; times 20000 '{{/if}}'; } | template "templates: 20,000 deep" 'output x = template("t.hbs", { a = true })'
{ printf '{{'; times 20000 '(a '; times 20000 ')'; printf '}}'; } | template "templates: 20,000 brackets" 'output x = template("t.hbs", { a = true })'
{ for i in $(seq 30); do printf '{{#*inline "r%d"}}{{> r%d}}{{> r%d}}{{/inline}}' "$i" $((i - 1)) $((i - 1)); done; printf '{{#*inline "r0"}}x{{/inline}}{{> r30}}'; } |
  template "templates: partials that double" 'output x = template("t.hbs", { a = 1 })'
{ lines 100000 '{{a}} some text'; } | template "templates: 100,000 lines" 'output x = template("t.hbs", { a = 1 })'
times 100000 '{{#if a}}' | template "templates: 100,000 blocks that do not end" 'output x = template("t.hbs", { a = true })'
{ echo 'let s0 = [1, 2]'; lines 24 'let s@ = [s#, s#]'; echo 'output x = template("t.hbs", { a = s24 })'; } | project "$NOWHERE"
printf '{{a}}' >p/t.hbs
bomb "templates: values that double" "$PLACE" check p
project "$NOWHERE" <<<'output x = template("t.hbs", { a = 1 })'
truncate -s 300M p/t.hbs
bomb "templates: 300 MB" "$PLACE" check p
project "$NOWHERE" <<<'output x = file("t.txt").length'
truncate -s 100G p/t.txt
bomb "files: 100 GB" "$PLACE" check p
project "$NOWHERE" <<<'output x = 1'
truncate -s 100G p/b.infra
bomb "files: a program of 100 GB" 'b\.infra' check p

# Text that is broken.
for token in '}' '{' ')' '(' ']' '[' '"' '"""' '${' '"${' '@' ',' '=' '->' '.' ':' '-' '?' '|' '<' '/*' '\' '#' 'a ' 'a.' '1 ' '1.' 'not ' 'if ' 'match x { ' 'for x in ' '"a" ' 'let ' 'output x = ' 'é' '// a '; do
  { times 100000 "$token"; echo; } | broken "broken text: $token"
  lines 30000 "$token" | broken "broken lines: $token"
  [ "$token" = '}' ] || { printf 'project p { edition = 1 }\noutput x = '; times 30000 "$token"; echo; } | broken "broken values: $token"
done
{ printf 'let l = ['; times 30000 'nobody, '; echo ']'; } | checked "messages: one unknown name 30,000 times"
{ printf 'let l = ['; lines 30000 'n@, ' | tr -d '\n'; echo ']'; } | checked "messages: 30,000 unknown names"
lines 20000 'let x@: string = @' | checked "messages: 20,000 types"
lines 20000 'let x = @' | checked "messages: 20,000 names twice"
lines 20000 'nothing x@ { a = 1 }' | checked "messages: 20,000 kinds"
lines 20000 'output o@ = x@.y.z' | checked "messages: 20,000 outputs"
echo "output x = nobody$(times 1000000 z)" | checked "messages: a long name"
{ printf 'output x = "a" + 1 // '; times 1000000 z; echo; } | checked "messages: a long line"

# What is packed.
printf -- '- ' >deep.yaml; times 100000 '[' >>deep.yaml
bomb "schema: deep yaml" 'deep\.yaml|schema' schema add --release 1 --out o.pack deep.yaml
{ echo 'a0: &a0 [x, x]'; lines 40 'a@: &a@ [*a#, *a#]'; } >laugh.yaml
bomb "schema: yaml that doubles" 'laugh\.yaml|schema' schema add --release 1 --out o.pack laugh.yaml
crd() {
  printf 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { kind: Thing, plural: things, singular: thing }\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n'
}
{ crd; echo '              type: object'; echo '              properties:'; lines 300000 '                f@: { type: string }'; } >wide.yaml
bomb "schema: 300,000 fields" 'wide\.yaml|schema' schema add --release 1 --out o.pack wide.yaml
{ crd; echo '              type: 5'; echo '              properties: [1, 2]'; } >odd.yaml
bomb "schema: what is no schema" 'odd\.yaml|schema' schema add --release 1 --out o.pack odd.yaml
{ crd; printf '              '; times 5000 '{ type: object, properties: { a: '; printf '{ type: string }'; times 5000 ' } }'; echo; } >nested.yaml
bomb "schema: 5,000 deep" 'nested\.yaml|schema' schema add --release 1 --out o.pack nested.yaml
mkfifo pipe.yaml
bomb "schema: a pipe" 'pipe\.yaml' schema add --release 1 --out o.pack pipe.yaml
mkdir folder && mkfifo folder/pipe.json
bomb "schema: a folder with a pipe" 'pipe\.json' schema add --release 1 --out o.pack folder
truncate -s 100G huge.yaml
bomb "schema: 100 GB" 'huge\.yaml' schema add --release 1 --out o.pack huge.yaml
mkdir api && { times 100000 '{"a":'; printf 1; times 100000 '}'; } >api/deep.json
bomb "schema: deep json" 'deep\.json|schema' schema add --release 1 --out o.pack api
mkfifo overlay
{ crd; echo '              type: object'; } >plain.yaml
bomb "schema: an overlay that is a pipe" 'overlay' schema add --release 1 --out o.pack --overlay overlay plain.yaml

# Params.
printf 'param p: string\noutput x = p.length\n' | project "$NOWHERE"
bomb "params: 100 KB" "$PLACE|p" build p --param p="$(times 100000 x)"
printf 'param p: int = 1\noutput x = p\n' | project "$NOWHERE"
bomb "params: 10,000" "error" build p $(lines 10000 '--param p@=1')

[ "$TRIED" -gt 0 ] || fail "no bomb is called like that"
echo "counted: $TRIED bombs, $TOLD told, $ENDED ended, $FAILED failed; at most $MOST MB and $((SLOWEST / 10)).$((SLOWEST % 10)) s"
[ "$FAILED" = 0 ]
