#!/usr/bin/env python3
"""Writes the programs that tests/speed/run measures: infrac's, and the same objects in the languages of its peers.

    programs.py WHAT N FOLDER

WHAT is one of
  empty           a project and an environment, nothing else
  aws             N native AWS resources, in groups of ten that refer to one another, a file for 20 groups
  records         N native AWS resources by one loop
  loop            N containers by one loop
  written         N containers, each written out, over 50 files
  PEER-loop, PEER-written   the Deployment, the Service and the NetworkPolicy of N services, with a check of every
                  field, where PEER is jsonnet or cue: by a loop, or written out one after another
"""

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
DIGEST = "0f5b3c2e9d6a4f7b8c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7"
FILES = 50

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


# --- peers: each makes `{"deployments": […], "services": […], "policies": […]}` with the fields that infrac's containers get ---

JSONNET_LIBRARY = r"""
local text(v) = if std.isString(v) && std.length(v) > 0 then v else error 'a text is wanted';
local port(v) = if std.isNumber(v) && v >= 1 && v <= 65535 then v else error 'a port is 1 to 65535';
local count(v) = if std.isNumber(v) && v >= 1 && v <= 100 then v else error 'replicas are 1 to 100';
local service(s) =
  local name = text(s.name), labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'speed', 'app.kubernetes.io/managed-by': 'jsonnet' },
    own = { 'app.kubernetes.io/name': name };
  {
    deployment: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: name, namespace: 'speed', labels: labels }, spec: {
      replicas: count(s.replicas), selector: { matchLabels: own }, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels: labels }, spec: { automountServiceAccountToken: false, enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{ name: 'main', image: text(s.image), env: [{ name: k, value: text(s.env[k]) } for k in std.objectFields(s.env)],
          ports: [{ name: 'http', containerPort: port(s.port), protocol: 'TCP' }],
          readinessProbe: { httpGet: { path: text(s.ready), port: 'http' } }, livenessProbe: { tcpSocket: { port: 'http' } },
          resources: { requests: { cpu: '100m', memory: text(s.memory) }, limits: { cpu: '500m', memory: text(s.memory) } },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }],
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }] } } } },
    service: { apiVersion: 'v1', kind: 'Service', metadata: { name: name, namespace: 'speed', labels: labels },
      spec: { selector: own, ports: [{ name: 'http', port: port(s.port), targetPort: 'http', protocol: 'TCP' }] } },
    policy: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: name, namespace: 'speed', labels: labels },
      spec: { podSelector: { matchLabels: own }, policyTypes: ['Ingress', 'Egress'] } },
  };
local all(list) = {
  local made = [service(s) for s in list],
  deployments: [m.deployment for m in made], services: [m.service for m in made], policies: [m.policy for m in made] };
"""
JSONNET_ONE = """{{ name: 'svc-{i}', image: 'registry.example.com/team/svc-{i}@sha256:{digest}', replicas: {replicas}, memory: '128Mi', port: 8080, ready: '/healthz',
  env: {{ LOG_LEVEL: 'info', NAME: 'svc-{i}', REGION: 'eu-west-3' }} }},
"""
JSONNET_LOOP = """{{ name: 'svc-' + i, image: 'registry.example.com/team/svc-' + i + '@sha256:{digest}', replicas: 1 + i % 5, memory: '128Mi', port: 8080, ready: '/healthz',
  env: {{ LOG_LEVEL: 'info', NAME: 'svc-' + i, REGION: 'eu-west-3' }} }} for i in std.range(0, {last})
"""

CUE_LIBRARY = """
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
	let labels = {"app.kubernetes.io/name": s.name, "app.kubernetes.io/part-of": "speed", "app.kubernetes.io/managed-by": "cue"}
	let own = {"app.kubernetes.io/name": s.name}
	deployment: {apiVersion: "apps/v1", kind: "Deployment", metadata: {name: s.name, namespace: "speed", "labels": labels}, spec: {
		replicas: s.replicas, selector: matchLabels: own, strategy: {type: "RollingUpdate", rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
		template: {metadata: "labels": labels, spec: {automountServiceAccountToken: false, enableServiceLinks: false
			securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: type: "RuntimeDefault"}
			containers: [{name: "main", image: s.image, env: [for k, v in s.env {name: k, value: v}]
				ports: [{name: "http", containerPort: s.port, protocol: "TCP"}]
				readinessProbe: httpGet: {path: s.ready, port: "http"}, livenessProbe: tcpSocket: port: "http"
				resources: {requests: {cpu: "100m", memory: s.memory}, limits: {cpu: "500m", memory: s.memory}}
				securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: drop: ["ALL"]}
				volumeMounts: [{name: "tmp", mountPath: "/tmp"}]}]
			volumes: [{name: "tmp", emptyDir: sizeLimit: "1Gi"}]}}}}
	service: {apiVersion: "v1", kind: "Service", metadata: {name: s.name, namespace: "speed", "labels": labels}
		spec: {selector: own, ports: [{name: "http", port: s.port, targetPort: "http", protocol: "TCP"}]}}
	policy: {apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: {name: s.name, namespace: "speed", "labels": labels}
		spec: {podSelector: matchLabels: own, policyTypes: ["Ingress", "Egress"]}}
}
_made: [for x in _list {#Make & {s: x}}]
deployments: [for m in _made {m.deployment}]
services: [for m in _made {m.service}]
policies: [for m in _made {m.policy}]
"""
CUE_ONE = """	{{name: "svc-{i}", image: "registry.example.com/team/svc-{i}@sha256:{digest}", replicas: {replicas}, memory: "128Mi", port: 8080, ready: "/healthz", env: {{LOG_LEVEL: "info", NAME: "svc-{i}", REGION: "eu-west-3"}}}},
"""
CUE_LOOP = """	for i in list.Range(0, {count}, 1) {{name: "svc-\\(i)", image: "registry.example.com/team/svc-\\(i)@sha256:{digest}", replicas: 1 + mod(i, 5), memory: "128Mi", port: 8080, ready: "/healthz", env: {{LOG_LEVEL: "info", NAME: "svc-\\(i)", REGION: "eu-west-3"}}}},
"""

def each(one, count):
    return "".join(one.format(i=i, digest=DIGEST, replicas=1 + i % 5) for i in range(count))


def jsonnet(count, folder, by_loop):
    inner = JSONNET_LOOP.format(last=count - 1, digest=DIGEST) if by_loop else each(JSONNET_ONE, count)
    write(folder / "main.jsonnet", JSONNET_LIBRARY + f"all([\n{inner}])\n")


def cue(count, folder, by_loop):
    inner = CUE_LOOP.format(count=count, digest=DIGEST) if by_loop else each(CUE_ONE, count)
    imports = 'import "list"\n' if by_loop else ""
    write(folder / "main.cue", f"{imports}{CUE_LIBRARY}_list: [...#Service] & [\n{inner}]\n")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    what, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    own = {"empty": empty, "aws": aws, "records": records, "loop": loop, "written": written}
    if what in own:
        own[what](count, folder)
    else:
        peer, how = what.split("-")
        {"jsonnet": jsonnet, "cue": cue}[peer](count, folder, how == "loop")


if __name__ == "__main__":
    main()
