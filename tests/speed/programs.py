#!/usr/bin/env python3
"""Writes the programs that tests/speed/run measures: infrac's, and the same objects in the languages of its peers.

    programs.py WHAT N FOLDER

WHAT is one of
  empty           a project and an environment, nothing else
  aws             N native AWS resources, in groups of ten that refer to one another, a file for 20 groups
  records         N native AWS resources by one loop
  machines        N machines that exist already, in three roles behind a bastion
  loop            N containers by one loop
  written         N containers, each written out, over 50 files
  hcl             the N resources of `aws` as the Terraform JSON in FOLDER says them (main.tf.json, which `infrac build` wrote and which
                  goes), in HCL: a file for 20 groups as well
  PEER-loop, PEER-written   the objects of the same N containers, with a check of every field, where PEER is jsonnet or
                  cue: by one loop, or written out over 50 files
"""

import json
import re
import sys
from pathlib import Path

PROJECT = """project speed {{ edition = 1 }}

environment prod {{
  tier = prod
  on = [{on}]
}}
"""
AWS = 'aws(region = "eu-west-3")'
KUBERNETES = 'kubernetes(context = "speed")'
HOSTS = 'host(user = "deploy", key_file = "~/.ssh/speed")'
DIGEST = "0f5b3c2e9d6a4f7b8c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7"
FILES = 50
# The label that the programs of one loop share.
LABEL = ("infrac/statement", "svc-348c658682ae8701")

GROUP = """
terraform.aws_vpc vpc_{i} {{
  cidr_block = "10.{a}.0.0/16"
  enable_dns_hostnames = true
  tags = {{ Name = "vpc-{i}", group = "{i}" }}
}}
terraform.aws_subnet subnet_a_{i} {{
  vpc_id = vpc_{i}.id
  cidr_block = "10.{a}.1.0/24"
  availability_zone = "eu-west-3a"
  tags = {{ Name = "subnet-a-{i}" }}
}}
terraform.aws_subnet subnet_b_{i} {{
  vpc_id = vpc_{i}.id
  cidr_block = "10.{a}.2.0/24"
  availability_zone = "eu-west-3b"
  tags = {{ Name = "subnet-b-{i}" }}
}}
terraform.aws_security_group group_{i} {{
  name = "group-{i}"
  description = "what may reach group {i}"
  vpc_id = vpc_{i}.id
}}
terraform.aws_security_group_rule rule_{i} {{
  security_group_id = group_{i}.id
  type = "ingress"
  protocol = "tcp"
  from_port = 443
  to_port = 443
  cidr_blocks = [vpc_{i}.cidr_block]
}}
terraform.aws_instance machine_{i} {{
  ami = "ami-0123456789abcdef0"
  instance_type = "t3.small"
  subnet_id = subnet_a_{i}.id
  vpc_security_group_ids = [group_{i}.id]
  root_block_device {{ volume_size = 20, encrypted = true }}
  tags = {{ Name = "machine-{i}" }}
}}
terraform.aws_s3_bucket bucket_{i} {{
  bucket = "speed-bucket-{i}"
  force_destroy = false
  tags = {{ Name = "bucket-{i}" }}
}}
terraform.aws_iam_role role_{i} {{
  name = "role-{i}"
  assume_role_policy = "{{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{{\\"Effect\\":\\"Allow\\",\\"Principal\\":{{\\"Service\\":\\"ec2.amazonaws.com\\"}},\\"Action\\":\\"sts:AssumeRole\\"}}]}}"
}}
terraform.aws_route53_zone zone_{i} {{
  name = "g{i}.speed.example"
}}
terraform.aws_route53_record record_{i} {{
  zone_id = zone_{i}.zone_id
  name = "machine.g{i}.speed.example"
  type = "A"
  ttl = 300
  records = [machine_{i}.private_ip]
}}
"""

CONTAINER = """
container svc_{i} {{
  image = "registry.example.com/team/svc-{i}@sha256:{digest}"
  replicas = {replicas}
  memory = 128MiB
  port http = {port}/tcp
  env = {{ LOG_LEVEL = "info", NAME = "svc-{i}", REGION = "eu-west-3" }}
  ready = http("/healthz")
}}
"""

# A loop asks for the names of what it makes, not for a number of times: digits side by side make as many as are wanted.
NUMBERS = """
let digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
let thousands = [{thousands}]
let below_1000 = [for a in digits: for b in digits: for c in digits: a * 100 + b * 10 + c]
let numbers = [for t in thousands: for n in below_1000: if t * 1000 + n < {count}: t * 1000 + n]
"""

CONTAINERS = """
container svc for i in numbers {{
  image = "registry.example.com/team/svc-${{i}}@sha256:{digest}"
  replicas = 1 + i mod 5
  memory = 128MiB
  port http = 8080/tcp
  env = {{ LOG_LEVEL = "info", NAME = "svc-${{i}}", REGION = "eu-west-3" }}
  ready = http("/healthz")
}}
"""

RECORDS = """
terraform.aws_route53_zone zone { name = "speed.example" }
terraform.aws_route53_record record for i in numbers {
  zone_id = zone.zone_id
  name = "r${i}.speed.example"
  type = "CNAME"
  ttl = 300 + i mod 60
  records = ["target-${i}.speed.example"]
}
"""

# One in thirty is a store, nine are workers, the others answer on the web: the shares of examples/fleet.
MACHINES = """
fn machines(of: int, to: int) -> {string: ip} = {
  for i in numbers: if i mod 30 >= of and i mod 30 < to: "m${i}" => 10.16.0.0/12.host(i + 1)
}
let people: {string: machine_user} = {
  alice = { keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i alice@speed"], sudo = true }
  carol = { keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1K8apiSLSx5fGYpw9mJb3y7GyIhHY5BzFFWQGkFiwo carol@speed"], groups = ["systemd-journal"] }
}

network lan { cidr = 10.0.0.0/8 }
external office { ranges = [192.168.7.0/24] }
external services {
  ranges = [10.8.250.0/24]
  port dns = 53/udp
  port packages = 3142/tcp
}

server bastion { at = 10.8.0.5, users = people, updates = "security" }
server web for name, address in machines(10, 30) {
  at = address
  jump = bastion
  port http = 8080/tcp
  packages = ["nginx-light"]
  files = {
    "/etc/nginx/sites-enabled/default" = {
      content = "server { listen 8080; location / { return 200 '${name}'; } }\\n"
      restarts = ["nginx"]
    }
  }
  services = { nginx = {} }
  users = people
  time_servers = ["10.8.250.1"]
  updates = "security"
}
server worker for name, address in machines(1, 10) {
  at = address
  jump = bastion
  folders = { "/srv/jobs" = { mode = "0750" } }
  files = {
    "/etc/work.conf" = {
      content = "store=${stores}\\n"
      restarts = ["work"]
    }
  }
  services = { work = { unit = "[Service]\\nExecStart=/usr/bin/env sleep infinity\\n" } }
  timers = { tidy = { calendar = "*-*-* 03:30", command = "/usr/bin/find /srv/jobs -mtime +7 -delete" } }
  users = people
  time_servers = ["10.8.250.1"]
}
let stores = join([for _, s in store: "${s.address}"], ",")
server store for name, address in machines(0, 1) {
  at = address
  jump = bastion
  port kept = 6379/tcp
  packages = ["redis-server"]
  files = {
    "/etc/redis/redis.conf" = {
      content = "bind ${address}\\nport 6379\\n"
      mode = "0640"
      restarts = ["redis-server"]
    }
  }
  services = { "redis-server" = {} }
  users = people
  kernel = { "vm.overcommit_memory" = "1" }
}

firewall paths {
  allow = [
    office -> [bastion.ssh, web.http],
    bastion -> [web.ssh, worker.ssh, store.ssh],
    [web, worker] -> store.kept,
    [bastion, web, worker, store] -> [services.dns, services.packages],
  ]
}
"""


def empty(_count, folder):
    write(folder / "main.infra", PROJECT.format(on=AWS))


def aws(count, folder):
    write(folder / "main.infra", PROJECT.format(on=AWS))
    groups = count // 10
    for number, first in enumerate(range(0, groups, 20)):
        text = "".join(GROUP.format(i=i, a=i % 256) for i in range(first, min(first + 20, groups)))
        write(folder / f"groups_{number}.infra", text)


def records(count, folder):
    # The zone is one of them.
    write(folder / "main.infra", PROJECT.format(on=AWS) + numbers(count - 1) + RECORDS)


def machines(count, folder):
    # The bastion is one of them.
    write(folder / "main.infra", PROJECT.format(on=HOSTS) + numbers(count - 1) + MACHINES)


def numbers(count):
    thousands = ", ".join(str(t) for t in range(-(-count // 1000)))
    return NUMBERS.format(thousands=thousands, count=count)


def loop(count, folder):
    write(folder / "main.infra", PROJECT.format(on=KUBERNETES) + numbers(count) + CONTAINERS.format(digest=DIGEST))


def written(count, folder):
    write(folder / "main.infra", PROJECT.format(on=KUBERNETES))
    for number in range(FILES):
        services = range(number, count, FILES)
        text = "".join(CONTAINER.format(i=i, digest=DIGEST, port=8080, replicas=1 + i % 5) for i in services)
        write(folder / f"services_{number}.infra", text)


# --- peers: each makes a list of the very objects that infrac's manifests hold, which tests/speed/run compares, and checks each field ---

JSONNET_LIBRARY = r"""
local text(v) = if std.isString(v) && std.length(v) > 0 then v else error 'a text is wanted';
local port(v) = if std.isNumber(v) && v >= 1 && v <= 65535 then v else error 'a port is 1 to 65535';
local count(v) = if std.isNumber(v) && v >= 1 && v <= 100 then v else error 'replicas are 1 to 100';
local namespace = 'speed-prod';
local shared = { 'app.kubernetes.io/managed-by': 'infrac', 'app.kubernetes.io/part-of': 'speed' };
local object(api, kind, metadata, rest) = { apiVersion: api, kind: kind, metadata: { namespace: namespace } + metadata } + rest;
local service(s) =
  local name = text(s.name), env = { [k]: text(s.env[k]) for k in std.objectFields(s.env) },
    own = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'speed' }, labels = shared + own,
    metadata = { name: name, labels: labels }, memory = text(s.memory);
  [
    object('v1', 'ServiceAccount', metadata, { automountServiceAccountToken: false }),
    object('v1', 'ConfigMap', metadata { name: name + '-env' }, { data: env }),
    object('v1', 'Service', metadata, { spec: { type: 'ClusterIP', selector: own, ports: [{ name: 'http', port: port(s.port), targetPort: 'http', protocol: 'TCP' }] } }),
    object('networking.k8s.io/v1', 'NetworkPolicy', metadata, { spec: { podSelector: { matchLabels: own }, policyTypes: ['Ingress', 'Egress'],
      egress: [{ ports: [{ port: 53, protocol: p } for p in ['UDP', 'TCP']], to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }] }] } }),
    object('apps/v1', 'Deployment', metadata { annotations: {
      'checkov.io/skip1': 'CKV_K8S_35=programs take their settings from the environment, and only they can read it there',
      'checkov.io/skip2': "CKV_K8S_43=a digest or a version: what the image is called is the program's decision" } }, { spec: {
      replicas: count(s.replicas), revisionHistoryLimit: 5, selector: { matchLabels: own },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels: labels@LOOP@, annotations: { 'infrac/settings': std.substr(std.sha256(std.manifestJsonMinified(env)), 0, 16) } }, spec: {
        affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100,
          podAffinityTerm: { labelSelector: { matchLabels: own }, topologyKey: 'kubernetes.io/hostname' } }] } },
        automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: name, terminationGracePeriodSeconds: 30,
        securityContext: { fsGroup: 10001, runAsGroup: 10001, runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
        topologySpreadConstraints: [{ labelSelector: { matchLabels: own }, maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' }],
        containers: [{ name: name, image: text(s.image), imagePullPolicy: 'Always', envFrom: [{ configMapRef: { name: name + '-env' } }],
          ports: [{ name: 'http', containerPort: port(s.port), protocol: 'TCP' }],
          readinessProbe: { failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 3, httpGet: { path: text(s.ready), port: 'http' } },
          livenessProbe: { failureThreshold: 6, initialDelaySeconds: 10, periodSeconds: 20, timeoutSeconds: 3, tcpSocket: { port: 'http' } },
          resources: { limits: { cpu: '0.5', 'ephemeral-storage': '1Gi', memory: memory }, requests: { cpu: '0.1', 'ephemeral-storage': '1Gi', memory: memory } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true,
            runAsGroup: 10001, runAsNonRoot: true, runAsUser: 10001 },
          volumeMounts: [{ name: 'scratch-0', mountPath: '/tmp' }] }],
        volumes: [{ name: 'scratch-0', emptyDir: { sizeLimit: '1Gi' } }] } } } }),
  ] + (if s.replicas > 1 then [object('policy/v1', 'PodDisruptionBudget', metadata, { spec: { maxUnavailable: 1, selector: { matchLabels: own } } })] else []);
local frame = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: shared { ['pod-security.kubernetes.io/' + mode]: 'restricted' for mode in ['audit', 'enforce', 'warn'] }
    + { 'pod-security.kubernetes.io/enforce-version': 'latest' } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'closed', namespace: namespace }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
];
local all(services) = { apiVersion: 'v1', kind: 'List', items: frame + std.flattenArrays([service(s) for s in services]) };
"""
JSONNET_ONE = """{{ name: 'svc-{i}', image: 'registry.example.com/team/svc-{i}@sha256:{digest}', replicas: {replicas}, memory: '128Mi', port: 8080, ready: '/healthz',
  env: {{ LOG_LEVEL: 'info', NAME: 'svc-{i}', REGION: 'eu-west-3' }} }},
"""
JSONNET_LOOP = """{{ name: 'svc-' + i, image: 'registry.example.com/team/svc-' + i + '@sha256:{digest}', replicas: 1 + i % 5, memory: '128Mi', port: 8080, ready: '/healthz',
  env: {{ LOG_LEVEL: 'info', NAME: 'svc-' + i, REGION: 'eu-west-3' }} }} for i in std.range(0, {last})
"""

CUE_LIBRARY = """package speed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
{imports}	"strings"
)

#Service: {
	name: string & !=""
	image: string & !=""
	replicas: int & >=1 & <=100
	memory: string & !=""
	port: int & >=1 & <=65535
	ready: string & !=""
	env: [string]: string
}
#Make: {
	s: #Service
	let own = {"app.kubernetes.io/name": s.name, "app.kubernetes.io/part-of": "speed"}
	let labels = {"app.kubernetes.io/managed-by": "infrac", "app.kubernetes.io/name": s.name, "app.kubernetes.io/part-of": "speed"}
	let meta = {name: s.name, namespace: "speed-prod", "labels": labels}
	objects: [
		{apiVersion: "v1", kind: "ServiceAccount", metadata: meta, automountServiceAccountToken: false},
		{apiVersion: "v1", kind: "ConfigMap", metadata: {name: s.name + "-env", namespace: "speed-prod", "labels": labels}, data: s.env},
		{apiVersion: "v1", kind: "Service", metadata: meta, spec: {type: "ClusterIP", selector: own, ports: [{name: "http", port: s.port, targetPort: "http", protocol: "TCP"}]}},
		{apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: meta, spec: {podSelector: matchLabels: own, policyTypes: ["Ingress", "Egress"]
			egress: [{ports: [for p in ["UDP", "TCP"] {port: 53, protocol: p}], to: [{namespaceSelector: matchLabels: "kubernetes.io/metadata.name": "kube-system"
				podSelector: matchLabels: "k8s-app": "kube-dns"}]}]}},
		if s.replicas > 1 {apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: meta, spec: {maxUnavailable: 1, selector: matchLabels: own}},
		{apiVersion: "apps/v1", kind: "Deployment", metadata: {name: s.name, namespace: "speed-prod", "labels": labels, annotations: {
			"checkov.io/skip1": "CKV_K8S_35=programs take their settings from the environment, and only they can read it there"
			"checkov.io/skip2": "CKV_K8S_43=a digest or a version: what the image is called is the program's decision"}}, spec: {
			replicas: s.replicas, revisionHistoryLimit: 5, selector: matchLabels: own, strategy: {type: "RollingUpdate", rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
			template: {metadata: {"labels": {labels@LOOP@}, annotations: "infrac/settings": strings.SliceRunes(hex.Encode(sha256.Sum256(json.Marshal(s.env))), 0, 16)}, spec: {
				affinity: podAntiAffinity: preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100
					podAffinityTerm: {labelSelector: matchLabels: own, topologyKey: "kubernetes.io/hostname"}}]
				automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: s.name, terminationGracePeriodSeconds: 30
				securityContext: {fsGroup: 10001, runAsGroup: 10001, runAsNonRoot: true, runAsUser: 10001, seccompProfile: type: "RuntimeDefault"}
				topologySpreadConstraints: [{labelSelector: matchLabels: own, maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway"}]
				containers: [{name: s.name, image: s.image, imagePullPolicy: "Always", envFrom: [{configMapRef: name: s.name + "-env"}]
					ports: [{name: "http", containerPort: s.port, protocol: "TCP"}]
					readinessProbe: {failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 3, httpGet: {path: s.ready, port: "http"}}
					livenessProbe: {failureThreshold: 6, initialDelaySeconds: 10, periodSeconds: 20, timeoutSeconds: 3, tcpSocket: port: "http"}
					resources: {limits: {cpu: "0.5", "ephemeral-storage": "1Gi", memory: s.memory}, requests: {cpu: "0.1", "ephemeral-storage": "1Gi", memory: s.memory}}
					securityContext: {allowPrivilegeEscalation: false, capabilities: drop: ["ALL"], privileged: false, readOnlyRootFilesystem: true
						runAsGroup: 10001, runAsNonRoot: true, runAsUser: 10001}
					volumeMounts: [{name: "scratch-0", mountPath: "/tmp"}]}]
				volumes: [{name: "scratch-0", emptyDir: sizeLimit: "1Gi"}]}}}},
	]
}
_frame: [
	{apiVersion: "v1", kind: "Namespace", metadata: {name: "speed-prod", labels: {"app.kubernetes.io/managed-by": "infrac", "app.kubernetes.io/part-of": "speed", {for mode in ["audit", "enforce", "warn"] {"pod-security.kubernetes.io/\\(mode)": "restricted"}}
		"pod-security.kubernetes.io/enforce-version": "latest"}}},
	{apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: {name: "closed", namespace: "speed-prod"}, spec: {podSelector: {}, policyTypes: ["Ingress", "Egress"]}},
]
_services: [Name=string]: #Service & {name: Name}
apiVersion: "v1"
kind: "List"
items: [for o in _frame {o}, for x in _services for o in (#Make & {s: x}).objects {o}]
"""
CUE_ONE = """_services: "svc-{i}": {{image: "registry.example.com/team/svc-{i}@sha256:{digest}", replicas: {replicas}, memory: "128Mi", port: 8080, ready: "/healthz", env: {{LOG_LEVEL: "info", NAME: "svc-{i}", REGION: "eu-west-3"}}}}
"""
CUE_LOOP = """for i in list.Range(0, {count}, 1) {{
	_services: "svc-\\(i)": {{image: "registry.example.com/team/svc-\\(i)@sha256:{digest}", replicas: 1 + mod(i, 5), memory: "128Mi", port: 8080, ready: "/healthz", env: {{LOG_LEVEL: "info", NAME: "svc-\\(i)", REGION: "eu-west-3"}}}}
}}
"""


def each(one, count, number):
    """What stands in one of the files of a program that is written out."""
    return "".join(one.format(i=i, digest=DIGEST, replicas=1 + i % 5) for i in range(number, count, FILES))


def jsonnet(count, folder, by_loop):
    if by_loop:
        services = "[" + JSONNET_LOOP.format(last=count - 1, digest=DIGEST) + "]"
    else:
        for number in range(FILES):
            write(folder / f"services_{number}.libsonnet", f"[\n{each(JSONNET_ONE, count, number)}]\n")
        services = " + ".join(f"(import 'services_{number}.libsonnet')" for number in range(FILES))
    library = JSONNET_LIBRARY.replace("@LOOP@", " + {{ '{}': '{}' }}".format(*LABEL) if by_loop else "")
    write(folder / "main.jsonnet", f"{library}all({services})\n")


def cue(count, folder, by_loop):
    library = CUE_LIBRARY.replace("{imports}", '\t"list"\n' if by_loop else "").replace("@LOOP@", ', "{}": "{}"'.format(*LABEL) if by_loop else "")
    write(folder / "main.cue", library + (CUE_LOOP.format(count=count, digest=DIGEST) if by_loop else ""))
    for number in range(0 if by_loop else FILES):
        write(folder / f"services_{number}.cue", f"package speed\n\n{each(CUE_ONE, count, number)}")


# --- the same resources in HCL, for terraform-ls ---

# Of what the programs write these are blocks; all else is an argument. `terraform validate` would say so.
BLOCKS = {"backend", "default_tags", "provider", "required_providers", "root_block_device", "terraform"}
# How many labels a block has.
LABELS = {"backend": 1, "provider": 1}


def hcl(_count, folder):
    written = folder / "main.tf.json"
    said = json.loads(written.read_text())
    written.unlink()
    resources = said.pop("resource")
    write(folder / "main.tf", "\n".join(body(said, "")) + "\n")
    files = {}
    for kind, named in resources.items():
        for name, fields in named.items():
            group = int(name.rpartition("_")[2])
            files.setdefault(group // 20, []).append((group, kind, name, fields))
    for number, all_of_it in files.items():
        texts = [[f"resource {quoted(kind)} {quoted(name)} {{", *body(fields, "  "), "}", ""] for _, kind, name, fields in sorted(all_of_it, key=lambda one: one[:3])]
        write(folder / f"groups_{number}.tf", "\n".join(line for text in texts for line in text))


def body(fields, indent):
    """The lines of arguments and blocks."""
    lines = []
    for name, value in fields.items():
        if name in BLOCKS:
            lines += block(name, value, LABELS.get(name, 0), indent)
        else:
            lines.append(f"{indent}{name} = {expression(value, indent)}")
    return lines


def block(head, value, labels, indent):
    if isinstance(value, list):
        return [line for one in value for line in block(head, one, labels, indent)]
    if labels:
        return [line for label, one in value.items() for line in block(f"{head} {quoted(label)}", one, labels - 1, indent)]
    return [f"{indent}{head} {{", *body(value, indent + "  "), f"{indent}}}"]


def expression(value, indent):
    if isinstance(value, dict):
        fields = [f"{indent}  {name if name.isidentifier() else quoted(name)} = {expression(one, indent + '  ')}" for name, one in value.items()]
        return "\n".join(["{", *fields, indent + "}"])
    if isinstance(value, list):
        return "[" + ", ".join(expression(one, indent) for one in value) + "]"
    reference = re.fullmatch(r"\$\{([\w.]+)\}", value) if isinstance(value, str) else None
    return reference[1] if reference else quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text):
    """A text in HCL, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    what, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    own = {"empty": empty, "aws": aws, "records": records, "machines": machines, "loop": loop, "written": written, "hcl": hcl}
    if what in own:
        own[what](count, folder)
    else:
        peer, how = what.split("-")
        {"jsonnet": jsonnet, "cue": cue}[peer](count, folder, how == "loop")


if __name__ == "__main__":
    main()
