#!/usr/bin/env bash
# Programs are applied, edited and applied again by the printed commands, and what runs goes on running: pods are counted all the
# while when a number of replicas becomes a range and a number again, a balancer shows no port that nobody outside may call, machines
# wait for their way out, a file of a container that changes is found by its pods and loses none of them, a certificate for a name and all names below it is proved by one record, and a new size or version of a
# cluster's machines replaces nothing.
#
#   edits.sh [cluster|cloud]     needs target/debug/infrac; without a word both
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
. "$REAL/shop_on_aws.sh"

TOOL="${TOOL:-terraform}"
ONLY="${1:-}"

# --- in a cluster ----------------------------------------------------------------------------------------------------------------

# program REPLICAS PORT... : a container with more ports than the internet may call.
program() {
  cat >main.infra <<END_OF_PROGRAM
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", node_ranges = [10.60.0.0/16])] }
container api {
  image = "example.com/api:${2:-1}"
  replicas = $1
  port http = 8080/tcp
  port metrics = 9090/tcp
  port debug = 6060/tcp
}
container prometheus { image = "example.com/prometheus:1" }
firewall edge { allow = [internet -> api.http, prometheus -> api.metrics] }
END_OF_PROGRAM
}

# replicas_become NUMBER WHAT : waits until so many are wanted and all of them are ready.
replicas_become() {
  for _ in $(seq 120); do
    kubectl -n shop-prod get deployment api -o json |
      jq -e --argjson wanted "$1" '.spec.replicas == $wanted and .status.readyReplicas == $wanted and .status.replicas == $wanted' >/dev/null && return
    sleep 0.5
  done
  kubectl -n shop-prod get deployment,hpa -o wide >&2
  fail "$2: there are not $1 of \`api\`"
}

# not_fewer NUMBER WHAT : of all that was wanted since the beginning, and of all pods that were counted.
not_fewer() {
  [ -s "$SCRATCH/wanted" ] && [ -s "$SCRATCH/pods" ] || fail "$2: nothing was counted"
  [ "$(sort -n "$SCRATCH/wanted" | head -n 1)" -ge "$1" ] || { cat "$SCRATCH/wanted" >&2; fail "$2: fewer than $1 were wanted"; }
  [ "$(sort -n "$SCRATCH/pods" | head -n 1)" -ge "$1" ] || fail "$2: $(sort -n "$SCRATCH/pods" | head -n 1) pods were there at a time"
}

count_pods() {
  while sleep 0.2; do
    kubectl -n shop-prod get pods -l app.kubernetes.io/name=api -o json |
      jq '[.items[] | select(.metadata.deletionTimestamp == null)] | length'
  done
}

in_a_cluster() {
  local environment shown
  begin_project edits control-plane
  environment="$("$REAL/control-plane.sh" start)" || exit $?
  eval "$environment"
  kubectl config rename-context "$(kubectl config current-context)" shop >/dev/null

  program 6
  built "six of it"
  follow "six of it"
  replicas_become 6 "six of it"

  shown="$(kubectl -n shop-prod get services -o json |
    jq -c '[.items[] | select(.spec.type == "LoadBalancer") | .spec.ports[].port] | sort')"
  [ "$shown" = "[8080]" ] || fail "balancers show $shown, and outside callers may call 8080 only"
  kubectl -n shop-prod get service api-inside -o json |
    jq -e '.spec.type == "ClusterIP" and ([.spec.ports[].port] | index(9090))' >/dev/null || fail "nothing leads to the metrics inside"
  ! "$INFRAC" reach internet api.metrics >/dev/null 2>&1 || fail "\`reach\` says that the internet reaches the metrics"
  "$INFRAC" reach prometheus api.metrics >/dev/null 2>&1 || fail "\`reach\` says that prometheus does not reach the metrics"
  kubectl -n shop-prod get deployment api -o json | jq -e '.spec.template.spec |
    .terminationGracePeriodSeconds == 45 and .containers[0].lifecycle.preStop.sleep.seconds == 15' >/dev/null ||
    fail "what is told to stop does not go on until its callers know"

  kubectl -n shop-prod get deployment api --watch -o 'jsonpath={.spec.replicas}{"\n"}' >"$SCRATCH/wanted" 2>/dev/null &
  WATCHES="$!"
  count_pods >"$SCRATCH/pods" 2>/dev/null &
  WATCHES="$WATCHES $!"
  at_end 'kill $WATCHES 2>/dev/null'

  program 6..12
  built "a range"
  grep -q infrac-scale "$SCRATCH/steps" || { cat "$SCRATCH/printed" >&2; fail "a range: nothing keeps those that run"; }
  follow "a range"
  wait_for_autoscalers shop-prod
  replicas_become 6 "a range"
  not_fewer 6 "a range"
  follow "a range, once more"
  not_fewer 6 "a range, once more"

  program 8..12 2
  built "a higher range"
  follow "a higher range"
  replicas_become 8 "a higher range"
  built "the same"
  follow "the same, after the autoscaler has decided"
  replicas_become 8 "the same"
  not_fewer 6 "a higher range"

  program 7 2
  built "a number again"
  follow "a number again"
  replicas_become 7 "a number again"
  ! kubectl -n shop-prod get hpa api -o name >/dev/null 2>&1 || fail "a number again: the autoscaler is still there"
  not_fewer 6 "a number again"

  "$INFRAC" lock --prune >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "infrac lock --prune"; }
  program 9 2
  built "another number"
  follow "another number"
  replicas_become 9 "another number"
  not_fewer 6 "another number"
  say "counted: never fewer than 6 pods in $(wc -l <"$SCRATCH/pods") looks, balancers show 8080 only"
  files_in_a_cluster
}

# --- files of a container --------------------------------------------------------------------------------------------------------

# files_program MOTD : files that are known, that hold a secret, and that are one which the cluster keeps.
files_program() {
  cat >main.infra <<END_OF_PROGRAM
project site { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop")] }
param token: secret string
secret pg { existing = "pg/password" }
container site {
  image = "example.com/site:1"
  replicas = 3
  files = {
    "/etc/site/odd.txt" = file("odd.txt")
    "/etc/site/motd" = "$1"
    "/etc/a blank/\"quotes\"/_\$x/é.yml" = yaml({ no = "no", number = "0x1f", empty = "", tilde = "~" })
    "/etc/site/token.ini" = "\"\$x\" \\\${y} {{ t }} %{if}\\r\\n\${token} 😀 \\n"
    "/run/secrets/pg" = pg.value
  }
}
END_OF_PROGRAM
}

# rolled WHAT : builds, follows with what is given, and waits until all pods are of the new program.
rolled() {
  built "$1"
  sed -i -E 's/(INFRAC_[A-Za-z_]+=… )+//' "$SCRATCH/steps"
  follow "$1"
  kubectl -n site-prod rollout status deployment/site --timeout 120s >"$SCRATCH/said" 2>&1 || { cat "$SCRATCH/said" >&2; fail "$1: the pods do not come up"; }
}

ready_pods() {
  kubectl -n site-prod get pods -l app.kubernetes.io/name=site -o json |
    jq -r '.items[] | select(.metadata.deletionTimestamp == null and any(.status.conditions[]?; .type == "Ready" and .status == "True")) | .metadata.name'
}

count_ready_pods() {
  while sleep 0.2; do ready_pods | wc -l; done
}

# print_of_pods : what tells the pods of one program from those of another.
print_of_pods() {
  kubectl -n site-prod get pods -l app.kubernetes.io/name=site -o json |
    jq -r '[.items[] | select(.metadata.deletionTimestamp == null) | .metadata.labels["pod-template-hash"]] | unique | join(" ")'
}

versions() {
  kubectl -n site-prod get configmap/site-files secret/site-files -o 'jsonpath={.items[*].metadata.resourceVersion}'
  kubectl -n site-prod get deployment site -o 'jsonpath={.metadata.generation}'
}

files_in_a_cluster() {
  local first second before mounts
  mkdir "$SCRATCH/site"
  cd "$SCRATCH/site"
  PATH="$(dirname "$(realpath "$INFRAC")"):$PATH"
  export INFRAC_PARAM_token='to"ken $1 %{z}' INFRAC_FINGERPRINT_KEY=a-long-key-of-the-environment
  printf '\357\273\277# "quotes" \047 \\ $x ${y} $(z) {{ t }} %%{if}\r\n  key: no  \n--- \t\n- 😀 \342\200\250 é\n\n ~ ' >odd.txt

  files_program "Hello."
  rolled "files" & # It waits for what somebody else keeps in the cluster.
  until kubectl -n site-prod create secret generic pg --from-literal=password=kept >/dev/null 2>&1; do sleep 0.5; done
  wait "$!" || exit 1
  first="$(print_of_pods)"
  kubectl -n site-prod get configmap site-files -o json | jq -j '.data["etc_site_odd.txt"]' | cmp - odd.txt ||
    fail "a file does not arrive to the letter"
  kubectl -n site-prod get configmap site-files -o json |
    jq -j '.data | to_entries[] | select(.key | startswith("etc-a-blank-quotes-x-yml-")).value' >"$SCRATCH/yml"
  printf 'empty: ""\n"no": "no"\nnumber: "0x1f"\ntilde: "~"\n' | cmp - "$SCRATCH/yml" || fail "a document does not arrive to the letter"
  kubectl -n site-prod get secret site-files -o json | jq -r '.data["etc_site_token.ini"]' | base64 -d >"$SCRATCH/ini"
  printf '"$x" ${y} {{ t }} %%{if}\r\n%s 😀 \n' "$INFRAC_PARAM_token" | cmp - "$SCRATCH/ini" || fail "a file with a secret does not arrive to the letter"
  ! kubectl -n site-prod get configmap,deployment -o json | grep -qF 'to\"ken' || fail "the secret stands where it is seen"
  mounts="$(kubectl -n site-prod get pod "$(ready_pods | head -n 1)" -o json | jq -c '.spec as $pod | [$pod.containers[0].volumeMounts[]
    | select(.readOnly) | . as $mount | ($pod.volumes[] | select(.name == $mount.name)) as $volume
    | ($volume.configMap // $volume.secret) as $from | ($from.items[] | select(.path == $mount.subPath)) as $item
    | "\($mount.mountPath) \($from.name // $from.secretName)/\($item.key)"] | map(select(contains("blank") | not)) | sort')"
  [ "$mounts" = '["/etc/site/motd site-files/etc_site_motd","/etc/site/odd.txt site-files/etc_site_odd.txt","/etc/site/token.ini site-files/etc_site_token.ini","/run/secrets/pg pg/password"]' ] ||
    fail "the pods find $mounts"

  before="$(versions)"
  rolled "files, once more"
  [ "$(versions)" = "$before" ] || fail "files, once more: something changed"

  count_ready_pods >"$SCRATCH/ready" 2>/dev/null &
  WATCHES="$WATCHES $!"
  files_program "Good day."
  rolled "another file"
  second="$(print_of_pods)"
  [ "$second" != "$first" ] || fail "another file: the pods do not find it"
  INFRAC_PARAM_token=other rolled "another secret in a file"
  [ "$(print_of_pods)" != "$second" ] || fail "another secret in a file: the pods do not find it"
  files_program "Hello."
  rolled "back again"
  [ "$(print_of_pods)" = "$first" ] || fail "back again: the pods are not those of before"
  [ "$(sort -n "$SCRATCH/ready" | head -n 1)" -ge 3 ] || { cat "$SCRATCH/ready" >&2; fail "fewer than 3 pods were ready at a time"; }
  say "counted: files arrive to the letter, and never fewer than 3 pods were ready in $(wc -l <"$SCRATCH/ready") looks while they changed"
}

# --- in the cloud ----------------------------------------------------------------------------------------------------------------

# estate VERSION CPUS
estate() {
  cat >main.infra <<END_OF_PROGRAM
project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3"), main] }
network lan { cidr = 10.20.0.0/16 }
cluster main { version = "$1", node { cpu = $2, memory = 8GiB } }
server jenkins { bootstrap = "#!/bin/sh\napt-get update" }
server bastion { public = true, bootstrap = "#!/bin/sh\napt-get update" }
external updates { ranges = [0.0.0.0/0], port https = 443/tcp }
firewall out { allow = [[jenkins, bastion] -> updates.https] }
dns_zone site { name = "shop.example", managed = true }
certificate tls { name = "shop.example", wildcard = true }
dns_record dkim { name = "mail._domainkey.shop.example", type = "TXT", values = ["v=DKIM1; p=$(printf 'a%.0s' $(seq 400))"] }
END_OF_PROGRAM
}

# waits_for RESOURCE WORD... : each of them is among what it depends on.
waits_for() {
  local resource="$1" word; shift
  for word in "$@"; do
    jq -e --arg kind "${resource%%.*}" --arg name "${resource#*.}" --arg word "$word" \
      '.resource[$kind][$name].depends_on // [] | any(contains($word))' out/prod/terraform/main.tf.json >/dev/null ||
      fail "$resource does not wait for $word"
  done
}

# plan_updates RESOURCE... : these are changed in place, and nothing is destroyed.
plan_updates() {
  local resource
  plan
  [ -z "$(planned delete)" ] || fail "it would destroy: $(planned delete)"
  for resource in "$@"; do
    planned update | grep -qx "$resource" || { planned update >&2; fail "$resource is not updated in place"; }
  done
}

in_the_cloud() {
  local environment
  needs_provider "$TOOL"
  begin_project edits-aws moto
  environment="$("$REAL/moto.sh" start 111122223333)" || exit $?
  eval "$environment"
  export TF_CLI_ARGS_apply="-auto-approve -no-color"
  estate 1.33 2
  built "the estate"
  grep '^terraform ' "$SCRATCH/steps" >"$SCRATCH/steps.terraform"
  mv "$SCRATCH/steps.terraform" "$SCRATCH/steps"
  follow "the estate"
  plan_is_empty "the estate"

  waits_for aws_instance.jenkins_vm aws_route.lan_outwards_a aws_route_table_association.lan_private_route_a \
    aws_vpc_security_group_egress_rule.jenkins
  waits_for aws_instance.bastion_vm aws_route.lan_to_internet aws_route_table_association.lan_public_route_a \
    aws_vpc_security_group_egress_rule.bastion
  waits_for aws_eip.bastion_outside aws_internet_gateway.lan_internet
  waits_for aws_nat_gateway.lan_gateway_a aws_route.lan_to_internet
  waits_for aws_eks_node_group.main_workers aws_route.lan_outwards_a aws_route_table_association.lan_private_route_b
  [ "$(ask eu-west-3 "sum(1 for s in aws('ec2').describe_subnets()['Subnets'] for t in s.get('Tags', []) if t == {'Key': 'kubernetes.io/role/elb', 'Value': '1'} and '-public-' in str(s['Tags']))")" = 2 ] ||
    fail "no public subnet can be found for a balancer"
  [ "$(ask eu-west-3 "sum(1 for s in aws('ec2').describe_subnets()['Subnets'] for t in s.get('Tags', []) if t == {'Key': 'kubernetes.io/role/internal-elb', 'Value': '1'} and '-private-' in str(s['Tags']))")" = 2 ] ||
    fail "no private subnet can be found for a balancer"
  # shellcheck disable=SC2016
  ask eu-west-3 "[r['ResourceRecords'][0]['Value'] for z in aws('route53').list_hosted_zones()['HostedZones'] for r in aws('route53').list_resource_record_sets(HostedZoneId=z['Id'])['ResourceRecordSets'] if r['Type'] == 'TXT'][0]" >"$SCRATCH/txt"
  jq -Rre '[scan("\"([^\"]*)\"")[0] | length] | all(. <= 255) and (add == 411)' "$SCRATCH/txt" >/dev/null ||
    { cat "$SCRATCH/txt" >&2; fail "the long text is not cut into texts of 255 letters"; }

  estate 1.33 4
  built "larger machines"
  plan_updates aws_launch_template.main_machine aws_eks_node_group.main_workers
  estate 1.34 2
  built "a newer release"
  plan_updates aws_eks_cluster.main_main aws_eks_node_group.main_workers
  say "counted: larger machines and a newer release replace nothing"
}

case "$ONLY" in
  cluster) in_a_cluster ;;
  cloud) in_the_cloud ;;
  "") (in_the_cloud) && in_a_cluster ;;
  *) say "usage: edits.sh [cluster|cloud]"; exit 64 ;;
esac
