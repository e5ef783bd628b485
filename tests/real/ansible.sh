#!/usr/bin/env bash
# What is written for Ansible, in its own hands.
#
#   ansible.sh files DIR    the inventory is read, the playbook is one, and ansible-lint has nothing to say in its strictest profile
#   ansible.sh hosts [N]    a fleet of N machines (2, else up to 6) is configured over SSH for real: a second run changes nothing, what was
#                           changed by hand is told by --check and mended, a run that broke off is ended by the next one, and real packets
#                           pass exactly where `infrac reach --matrix` says so
#   ansible.sh made         machines that a cloud makes: Terraform applies to moto, hosts start at the addresses that it gave, and the
#                           printed step configures them through the bastion: a second run changes nothing, another key is refused
#   ansible.sh watched      a machine of three watches them all, with the programs of its distribution: their targets are up, a service that is
#                           stopped wakes its own team and no other, and a second run changes nothing
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
. "$REAL/shop_on_aws.sh"

ANSIBLE="$CACHE/ansible/bin"
[ -x "$ANSIBLE/ansible-playbook" ] || skip "no ansible (tests/real/tools/install ansible)"
PATH="$ANSIBLE:$PATH"
export ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false

# files DIR : a copy, since a linter keeps notes beside what it reads.
files() {
  local from="$1" hosts tasks
  SCRATCH="$(mktemp -d "$RUN/ansible.XXXXXX")"
  at_end 'cd /; rm -rf "$SCRATCH"'
  export ANSIBLE_HOME="$SCRATCH/home" HOME="$SCRATCH"
  cp -R "$from/." "$SCRATCH/ansible"
  cd "$SCRATCH/ansible"
  export ANSIBLE_CONFIG="$PWD/ansible.cfg"
  ansible-inventory --list >"$SCRATCH/inventory" 2>"$SCRATCH/said" || { cat "$SCRATCH/said" >&2; fail "the inventory is not read"; }
  [ ! -s "$SCRATCH/said" ] || { cat "$SCRATCH/said" >&2; fail "the inventory is not read without a word"; }
  hosts="$(jq '._meta.hostvars | length' "$SCRATCH/inventory")"
  [ "$hosts" = "$(grep -c '^          ansible_host: ' inventory.yml)" ] || fail "$hosts machines are read"
  ansible-playbook --syntax-check playbook.yml >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "the playbook is none"; }
  ansible-lint --offline --nocolor -q >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "ansible-lint has findings"; }
  tasks="$(cat roles/*/tasks/main.yml | grep -c '^- name: ')"
  echo "counted: $hosts machines, $tasks tasks"
}

# --- machines that are machines ---------------------------------------------------------------------------------------------------

# name=address of those that are started; a bastion, then others by turns.
FLEET=(bastion=10.8.0.5 web-a1=10.8.16.1 store-a1=10.8.48.1 web-a2=10.8.16.2 worker-a1=10.8.32.1 worker-a2=10.8.32.2)

# fleet SAYS : a fleet as that of examples/fleet, cut to what was started.
fleet() {
  local web="" worker="" store="" given name place address
  for given in "${MACHINES[@]:1}"; do
    name="${given%%=*}" address="${given#*=}" place="${given%%=*}"
    place="${place#*-}"
    case "$name" in
      web-*) web="$web $place = $address," ;;
      worker-*) worker="$worker $place = $address," ;;
      store-*) store="$store $place = $address," ;;
    esac
  done
  cat >main.infra <<END
project fleet { edition = 1 }
environment prod { tier = prod, on = [host(user = "deploy", key_file = "$HOSTS_KEY")] }
param banner: secret string
network lan { cidr = 10.8.0.0/16 }
external office { ranges = [10.8.255.10/32] }
external services { ranges = ["10.8.250.0/24", "fd00:10:8::250:0/112"], port dns = 53/udp }
// Beside its address of IPv4 each has one of IPv6, of the same numbers.
fn six(four: ip) -> ip = ip("fd00:10:8::\${"\${four}".split(".")[2]}:\${"\${four}".split(".")[3]}")
let keys: {string: [string]} = { $(while read -r host key; do printf '"%s" => ["%s"], ' "$host" "$key"; done <"$SCRATCH/keys") }
let webs: {string: ip} = { $web }
let workers: {string: ip} = { $worker }
let stores: {string: ip} = { $store }
let people: {string: machine_user} = {
  alice = { keys = ["$(cut -d ' ' -f 1,2 "$HOSTS_KEY.pub")"], sudo = true, groups = ["operators"] }
  bob = { keys = [], expires = 2020-01-31 }
  carol = { present = false }
}
server bastion {
  at = 10.8.0.5
  addresses = [six(10.8.0.5)]
  host_keys = keys["10.8.0.5"]
  groups = ["operators"]
  users = people
  journal = { size = 64MiB, keep = 30d }
}
server web for name, address in webs {
  at = address
  host_keys = keys["\${address}"]
  addresses = [six(address)]
  jump = bastion
  port http = 8080/tcp
  port status = 8081/tcp
  packages = ["nginx-light"]
  folders = { "/srv/odd" = { mode = "0750" } }
  files = {
    "/etc/nginx/sites-enabled/default" => { content = "server { listen 8080; listen [::]:8080; location / { default_type text/plain; return 200 '$1 \${name}'; } }\\n", restarts = ["nginx"] }
    "/srv/odd/{{ name }} \${"\$"}x" => { content = file("odd.txt"), mode = "0600" }
    "/etc/banner" => { content = "\"\${banner}\" {{ no template }} é 😀\\n", mode = "0600" }
  }
  services = { nginx = {} }
  groups = ["operators"]
  users = people
  kernel = { "net.ipv4.tcp_fin_timeout" = "31" }
  time_zone = "Europe/Paris"
}
server worker for name, address in workers {
  at = address
  host_keys = keys["\${address}"]
  jump = bastion
  files = { "/usr/local/bin/work" = { content = "#!/bin/sh\\nwhile :; do sleep 5; done\\n", mode = "0755", restarts = ["work"] } }
  services = { work = { unit = "[Service]\\nExecStart=/usr/local/bin/work\\n[Install]\\nWantedBy=multi-user.target\\n" } }
  timers = { tidy = { calendar = "*-*-* 03:30", command = "/bin/true" } }
}
server store for name, address in stores {
  at = address
  host_keys = keys["\${address}"]
  jump = bastion
  port kept = 6379/tcp
  port named = 53/udp
  without = { "kernel.hidden_messages" = "whoever looks after the store reads them" }
}
ansible.builtin.copy note for name, s in store on s { dest = "/etc/note of \${name}", content = "Kept by \${name}.\\n", mode = "0644" }
firewall paths {
  allow = [
    office -> [bastion.ssh, web.http],
    bastion -> [web.ssh, worker.ssh, store.ssh],
    [web, worker] -> [store.kept, store.named],
    [bastion, web, worker, store] -> services.dns,
  ]
}
END
}

# Where teams are woken: by who applies, in this lab.
HOOKS=http://10.8.255.10:443
# play WHAT [ARGUMENT...] : the printed step, in the network of whoever applies. Its last lines are kept.
play() {
  local what="$1" code=0 step; shift
  step="$(grep 'ansible-playbook' "$SCRATCH/steps" | sed -E 's/INFRAC_PARAM_[a-z_]+=… //g')"
  # In a session of its own: one run ends all of its own processes.
  INFRAC_PARAM_banner='let "me" in' INFRAC_PARAM_web_hook="$HOOKS/web" INFRAC_PARAM_operations_hook="$HOOKS/operations" setsid --wait "$REAL/hosts.sh" run control bash -c "$step \"\$@\"" play "$@" >"$SCRATCH/played" 2>&1 || code=$?
  [ "$code" = "${WANTED_CODE:-0}" ] || { tail -n 60 "$SCRATCH/played" >&2; fail "$what: the playbook ends with $code"; }
}

changed() { sed -nE 's/^([a-z0-9-]+) +: ok=.* changed=([0-9]+) .*/\1 \2/p' "$SCRATCH/played" | grep -v '^localhost '; }

# Nothing was changed, on as many machines as there are.
nothing_changed() {
  [ "$(changed | wc -l)" = "${#MACHINES[@]}" ] || { tail -n 30 "$SCRATCH/played" >&2; fail "$1: not all machines were looked at"; }
  ! changed | grep -v ' 0$' >&2 || { grep -B 1 '^changed: ' "$SCRATCH/played" | head -n 40 >&2; fail "$1: something changed"; }
}

inside() { "$REAL/hosts.sh" in "$@"; }

# started NAME=ADDRESS... : machines for a project, with their keys.
started() {
  local environment
  MACHINES=("$@")
  begin_project ansible
  at_end '"$REAL/hosts.sh" stop'
  environment="$("$REAL/hosts.sh" start "${MACHINES[@]}")" || exit $?
  eval "$environment"
  awk '{ split($1, names, ","); print names[2], $2 " " $3 }' "$HOSTS_KNOWN" >"$SCRATCH/keys.all"
  grep ed25519 "$SCRATCH/keys.all" >"$SCRATCH/keys"
}

hosts() {
  local given said host state
  started "${FLEET[@]:0:$1}"
  printf '\357\273\277# "quotes" \047 \\ $x ${y} {{ t }} %%{if} {%% raw %%} {# no #}\r\n  key: no  \n--- \t\n- 😀 \342\200\250 é\n\n ~ ' >odd.txt

  fleet "I am"
  built "the fleet"
  files_are_fine
  play "the first run"
  state="$(inside web-a1 bash -c 'cat /etc/nginx/sites-enabled/default /etc/banner; cmp /srv/odd/* -' <odd.txt)" || fail "a file does not arrive to the letter"
  grep -qF "return 200 'I am a1'" <<<"$state" || fail "the site is not there"
  grep -qxF '"let "me" in" {{ no template }} é 😀' <<<"$state" || { cat >&2 <<<"$state"; grep -r -A8 banner out/prod/ansible/roles/web >&2; fail "a secret does not arrive to the letter"; }
  ! grep -rqF 'let "me" in' out "$SCRATCH/played" || fail "the secret stands where it is seen"
  [ "$(inside web-a1 stat -c %a /srv/odd /etc/banner | tr '\n' ' ')" = "750 600 " ] || fail "modes are others"
  [ "$(inside web-a1 sysctl -n net.ipv4.tcp_fin_timeout net.ipv4.conf.all.accept_redirects | tr '\n' ' ')" = "31 0 " ] || fail "settings of the kernel are others"
  inside web-a1 id alice | grep -q operators || fail "alice is not in her group"
  [ "$(inside web-a1 chage -l bob | sed -n 's/^Account expires[^:]*: //p')" = "Jan 31, 2020" ] || fail "bob does not leave"
  ! inside web-a1 id carol >/dev/null 2>&1 || fail "carol is there"
  [ "$(inside web-a1 date +%Z | cut -c 1-2)" = CE ] || fail "the time zone is another"
  for given in "${MACHINES[@]}"; do
    host="${given%%=*}"
    said="$(inside "$host" sshd -T)"
    grep -qx 'passwordauthentication no' <<<"$said" && grep -qx 'permitrootlogin no' <<<"$said" || fail "$host: sshd takes more than keys"
    inside "$host" visudo -c >/dev/null || fail "$host: the rules of sudo are none"
    inside "$host" nft -c -f /etc/infrac/firewall.nft || fail "$host: the rules of its firewall are none"
    inside "$host" nft list table inet infrac >/dev/null || fail "$host: its firewall is not loaded"
  done
  [ "$(inside bastion sshd -T | sed -n 's/^allowtcpforwarding //p')" = yes ] || fail "the bastion passes nothing on"
  [ "$(inside web-a1 sshd -T | sed -n 's/^allowtcpforwarding //p')" = no ] || fail "a web server passes others on"

  inside web-a1 sh -c 'echo "# by hand" >>/etc/nginx/sites-enabled/default; sysctl -qw net.ipv4.conf.all.accept_redirects=0'
  play "a look at what was changed by hand" --check --diff --limit '*web-a1,localhost'
  grep -qxF -- '-# by hand' "$SCRATCH/played" || { tail -n 40 "$SCRATCH/played" >&2; fail "--check does not tell what was changed by hand"; }
  inside web-a1 grep -q 'by hand' /etc/nginx/sites-enabled/default || fail "--check changed something"

  broken_off
  packets
  echo "counted: ${#MACHINES[@]} machines, $ASKED ways for packets"
}

files_are_fine() {
  (LAB_RUN="$SCRATCH" "$REAL/ansible.sh" files "$PWD/out/prod/ansible") >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "the files"; }
}

# What a unit reads has changed, and the run ends before the unit is started anew: the next one does it.
broken_off() {
  local before id
  before="$(inside web-a1 systemctl show --property=ExecMainStartTimestampMonotonic --value nginx)"
  fleet "It is"
  built "another site"
  mkdir "$SCRATCH/callbacks"
  cat >"$SCRATCH/callbacks/kill.py" <<'END'
"""Ends the run as a kill would, as soon as the site was written."""
import os, signal
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "notification", "kill"

    def v2_runner_on_ok(self, result):
        if "sites-enabled" in str(result.task_name) and result.is_changed():
            os.killpg(0, signal.SIGKILL)
END
  WANTED_CODE=137
  ANSIBLE_CALLBACK_PLUGINS="$SCRATCH/callbacks" ANSIBLE_CALLBACKS_ENABLED=kill play "a run that is killed"
  WANTED_CODE=0
  inside web-a1 grep -q 'It is' /etc/nginx/sites-enabled/default || fail "the run was killed before it began"
  [ "$(inside web-a1 systemctl show --property=ExecMainStartTimestampMonotonic --value nginx)" = "$before" ] || fail "nginx was started anew by a run that was killed before"
  play "the run after it"
  ! inside web-a1 grep -q 'by hand' /etc/nginx/sites-enabled/default || fail "what was changed by hand is still there"
  [ "$(inside web-a1 systemctl show --property=ExecMainStartTimestampMonotonic --value nginx)" != "$before" ] || fail "nginx still runs with what it read before"
  play "one more run"
  nothing_changed "one more run"
}

# The table of the probe in the words of `infrac reach`.
packets() {
  local given name place targets=()
  for given in "${MACHINES[@]}"; do
    name="${given%%=*}"
    targets+=("$name:22/tcp" "$name:9090/tcp")
    case "$name" in
      web-*) targets+=("$name:8080/tcp" "$name:8081/tcp") ;;
      store-*) targets+=("$name:6379/tcp" "$name:53/udp") ;;
    esac
  done
  "$REAL/hosts/probe.py" "${targets[@]}" >"$SCRATCH/probed" || fail "the probe"
  ASKED="$(wc -l <"$SCRATCH/probed")"
  "$INFRAC" reach --matrix --env prod --format json . >"$SCRATCH/matrix" || { cat "$SCRATCH/matrix" >&2; fail "infrac reach --matrix"; }
  python3 "$REAL/ansible/packets.py" "$SCRATCH/matrix" "$SCRATCH/probed" >&2 || fail "packets pass otherwise than infrac says"
}

# --- machines that a cloud makes ------------------------------------------------------------------------------------------------

cloud() {
  cat >main.infra <<END
project cloud { edition = 1 }
environment prod { tier = test, on = [aws(region = "eu-west-3", key_file = "$SCRATCH/key")] }
network lan { cidr = 10.20.0.0/16 }
external office { ranges = [10.8.255.10/32] }
external updates { ranges = [10.8.250.0/24], port https = 443/tcp }
let key = "$(cut -d ' ' -f 1,2 "$SCRATCH/key.pub")"
server bastion { public = true, ssh_key = key, disk = 30GiB, journal = { keep = 30d } }
server web {
  ssh_key = key
  jump = bastion
  port http = 8080/tcp
  packages = ["nginx-light"]
  files = {
    "/etc/nginx/sites-enabled/default" => { content = "server { listen 8080; location / { default_type text/plain; return 200 'made'; } }\n", restarts = ["nginx"] }
    "/etc/jump" => { content = "{{ x }} é \${bastion.address} \${bastion.login?.address ?? bastion.address}\n" }
  }
  services = { nginx = {} }
}
team operations { mail = "operations@example.com" }
monitoring prom on bastion { every = 10s, mail { server = "10.8.255.10", from = "alerts@example.com" } }
monitor machines { watch = [bastion, web], objective = 99%, notify = operations }
firewall paths {
  allow = [office -> bastion.ssh, bastion -> [web.ssh, web.http], [bastion, web] -> updates.https]
}
END
}

# first_start HOST : what the cloud's image does when a machine starts for the first time.
first_start() {
  inside "$1" sh -c 'useradd --create-home --shell /bin/bash admin && mkdir -m 0700 ~admin/.ssh && cat >~admin/.ssh/authorized_keys &&
    chown -R admin: ~admin/.ssh && echo "admin ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/90-cloud-init-users &&
    mkdir -p /var/lib/cloud/instance && touch /var/lib/cloud/instance/boot-finished' <"$SCRATCH/key.pub"
}

# attribute RESOURCE NAME : as Terraform remembers it.
attribute() { jq -r --arg of "$1" --arg name "$2" '.values.root_module.resources[] | select(.address == $of) | .values[$name]' "$SCRATCH/state.json"; }

made() {
  local environment public host
  TOOL=terraform
  needs_provider terraform
  begin_project made moto
  at_end '"$REAL/hosts.sh" stop'
  environment="$("$REAL/moto.sh" start)" || exit $?
  eval "$environment"
  export TF_CLI_ARGS_apply="-auto-approve -no-color"
  ssh-keygen -q -t ed25519 -N '' -C made -f "$SCRATCH/key"
  cloud
  built "machines of a cloud"
  grep '^terraform ' "$SCRATCH/steps" >"$SCRATCH/of_terraform"
  grep '^INFRAC_FROM_TERRAFORM="\$(terraform ' "$SCRATCH/steps" >/dev/null || { cat "$SCRATCH/steps" >&2; fail "nothing is handed over to Ansible"; }
  while read -r host; do bash -c "$host" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said" >&2; fail "$host"; }; done <"$SCRATCH/of_terraform"
  terraform -chdir=out/prod/terraform show -json >"$SCRATCH/state.json"

  MACHINES=("bastion=$(attribute aws_instance.bastion_vm private_ip)" "web=$(attribute aws_instance.web_vm private_ip)")
  environment="$("$REAL/hosts.sh" start "${MACHINES[@]}")" || exit $?
  eval "$environment"
  # A router of the cloud stands between an address on the internet and the machine's own; here it is one more of the machine's.
  public="$(attribute aws_eip.bastion_outside public_ip)"
  "$REAL/hosts.sh" run bastion ip address add "$public/32" dev eth0
  "$REAL/hosts.sh" run control ip route add "$public/32" dev eth0
  for host in bastion web; do first_start "$host" || fail "$host does not start"; done

  files_are_fine
  play "the first run"
  [ "$(inside web cat /etc/jump)" = "{{ x }} é ${MACHINES[0]#*=} $public" ] || fail "what Terraform decided does not arrive"
  [ "$(inside bastion curl -sS --max-time 10 "http://${MACHINES[1]#*=}:8080/")" = made ] || fail "the site is not there"
  [ "$(inside bastion sshd -T | sed -n 's/^allowtcpforwarding //p')" = yes ] || fail "the bastion passes nothing on"
  for host in bastion web; do
    inside "$host" nft list table inet infrac >/dev/null || fail "$host: its firewall is not loaded"
    ssh-keygen -F "$(attribute "aws_instance.${host}_vm" id)" -f .infrac/prod/known_hosts >/dev/null || { cat .infrac/prod/known_hosts >&2; fail "$host: its key is not kept under its own name"; }
  done
  "$REAL/hosts/probe.py" --from outside --from control web:8080/tcp web:22/tcp bastion:22/tcp | grep ' ipv4 ' >"$SCRATCH/probed"
  [ "$(grep -v '^outside .* closed$' "$SCRATCH/probed")" = "control bastion 22 tcp ipv4 open
control web 22 tcp ipv4 closed
control web 8080 tcp ipv4 closed" ] || { cat "$SCRATCH/probed" >&2; fail "packets pass otherwise than flows say"; }
  watches_both || { inside bastion curl -fsS http://127.0.0.1:9090/api/v1/targets >&2; fail "the machines are not watched at the addresses that they were given"; }
  play "a second run"
  nothing_changed "a second run"

  # Whoever stands in its place has another key; a connection that is still open would not ask for it.
  inside web sh -c 'rm /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; systemctl restart ssh'
  WANTED_CODE=4
  ANSIBLE_SSH_ARGS="-o ControlMaster=no" play "a stranger in place of a machine" -e ansible_ssh_retries=0 --limit 'localhost,cloud-prod-web'
  grep -q 'HOST IDENTIFICATION HAS CHANGED' "$SCRATCH/played" || { cat "$SCRATCH/played" >&2; fail "a stranger is refused for another reason"; }
  echo "counted: ${#MACHINES[@]} machines made, both watched by one of them"
}

# Within two minutes what watches has found both, each with its units.
watches_both() {
  local end=$((SECONDS + 120)) query='count(count by (instance) (node_systemd_unit_state{monitor="machines"}))'
  until [ "$(inside bastion curl -fsS --get --data-urlencode "query=$query" http://127.0.0.1:9090/api/v1/query | jq -r '.data.result[0].value[1]')" = 2 ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
}

case "${1:-}" in
  files) files "$2" ;;
  hosts) hosts "${2:-2}" ;;
  made) made ;;
  watched) . "$REAL/monitoring/hosts.sh" ;;
  *) say "usage: ansible.sh files DIR|hosts [N]|made|watched"; exit 64 ;;
esac
