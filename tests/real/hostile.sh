#!/usr/bin/env bash
# A project of a stranger is safe to look at: `check`, `build` and `why` write below `out` and in `infra.lock` alone, follow no link out of
# the project, read no state, start no program and connect nowhere. Seen by the system calls where strace can be had, else by what changed.
#
#   INFRAC=target/debug/infrac tests/real/hostile.sh
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

INFRAC="$(realpath "${INFRAC:-$REPOSITORY/target/debug/infrac}")"
[ -x "$INFRAC" ] || skip "infrac is not built (cargo build)"
SCRATCH="$(mktemp -d "$RUN/hostile.XXXXXX")"
at_end 'rm -rf "$SCRATCH"'
cd "$SCRATCH"
COUNT=0
mkdir outside
echo outside-secret >outside/secret.txt
echo 'let leaked = "outside-secret"' >outside/leaked.infra
echo '{{a}} outside-secret' >outside/page.hbs

# A project that is right, beside everything that could lead astray.
project() {
  rm -rf p && mkdir -p p/.infrac/prod p/texts p/.terraform
  echo '{"outputs": "state-secret"}' | tee p/.infrac/prod/terraform.tfstate p/terraform.tfstate p/x.TFSTATE.backup >p/.terraform/cache.json
  echo fine >p/texts/fine.txt
  ln -s texts/fine.txt p/inside
  {
    echo 'project p { edition = 1 }'
    echo 'environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "c")] }'
    echo 'terraform.aws_sqs_queue q { name = file("inside").trim() }'
    echo 'container c { image = "example.com/a:1" }'
    cat
  } >p/main.infra
}
look() { # look COMMAND... : what it does to the world; its exit code in `code`, what it says in `said`
  local before after
  before="$(listing)"
  code=0
  if command -v strace >/dev/null && strace -qq -e trace=execve true 2>/dev/null; then
    strace -f -y -o calls -e trace=file,network,process "$INFRAC" "$@" >said 2>&1 </dev/null || code=$?
    ! grep -aE 'connect\(|execve\(' calls | grep -av "execve(\"$INFRAC\"" | grep -aq . || fail "$*: it connects or starts something"
    local written
    written="$(grep -aE 'O_(WRONLY|RDWR|CREAT)|rename|unlink|mkdir|symlink|link\(|rmdir|chmod|truncate' calls | grep -avE 'readlink|"/dev/|"/proc/|ENOENT|"p/"' |
      grep -aoE '"[^"]+"' | tr -d '"' | grep -avE '^p/out($|/)|^p/infra\.lock(\.new)?$|^(terraform|kubernetes|files)$' || true)"
    [ -z "$written" ] || fail "$*: it writes $written"
    ! grep -aE 'openat' calls | grep -avE 'ENOENT|ELOOP' | grep -aqE 'outside/|tfstate|TFSTATE|\.terraform' || fail "$*: it opens what it must not"
  else
    "$INFRAC" "$@" >said 2>&1 </dev/null || code=$?
  fi
  after="$(listing)"
  [ "$before" = "$after" ] || fail "$*: it changed $(diff <(echo "$before") <(echo "$after") || true)"
  [ -z "$(find said p/out -type f -exec grep -lE 'outside-secret|state-secret' {} + 2>/dev/null)" ] || fail "$*: it tells what it must not read"
  COUNT=$((COUNT + 1))
}
# Everything but what a build may write.
listing() { find p outside \( -path p/out -o -path p/infra.lock \) -prune -o -printf '%p %y %s %T@ %l\n' | grep -v '^p d ' | sort; }
told() { [ "$code" = 1 ] && grep -aq "$1" said || fail "$1 is not told: $(cat said)"; }

project </dev/null
look check p && [ "$code" = 0 ] || fail "$(cat said)"
look build p && [ "$code" = 0 ] || fail "$(cat said)"
look why q p && look why main.infra:3 p

for path in link .infrac/prod/terraform.tfstate terraform.tfstate x.TFSTATE.backup .terraform/cache.json state linked/secret.txt ../outside/secret.txt; do
  project <<<"output o = file(\"$path\")"
  ln -s ../outside/secret.txt p/link && ln -s .infrac/prod/terraform.tfstate p/state && ln -s ../outside p/linked
  for command in check build "why q"; do
    # shellcheck disable=SC2086
    look $command p && told missing_file
  done
done
project <<<'output o = template("page.hbs", { a = 1 })'
ln -s ../outside/page.hbs p/page.hbs
look build p && told missing_file
project </dev/null && ln -s ../outside/leaked.infra p/leaked.infra
look build p && told unreadable
project </dev/null && ln -s ../outside p/linked && cp p/main.infra p/X.INFRA && mkdir "p/$(printf '\377')"
look build p && [ "$code" = 0 ] && [ "$(grep -ac 'is passed over' said)" = 3 ] || fail "what is passed over is not told: $(cat said)"
project </dev/null && ln -s ../outside p/out
look build p && told 'a link stands'
project </dev/null && mkdir p/out && ln -s ../../outside p/out/prod
look build p && told 'a link stands'
project </dev/null && ln -s ../outside/secret.txt p/infra.lock
look check p && look build p && told 'a link stands'
for name in .infrac-files .infrac-journal .infrac-staged .infrac-objects .infrac-old terraform kubernetes graph.json; do
  project </dev/null && mkdir -p p/out/prod && ln -s ../../../outside "p/out/prod/$name"
  look build p
done
echo "counted: $COUNT looks at a hostile project"
