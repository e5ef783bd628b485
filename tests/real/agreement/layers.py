"""Of programs for a cloud and a cluster: who can call what by the emitted files, by `infrac reach --matrix`, by the declared flows."""

import ipaddress
import os

from cluster import Cluster
from programs import Program  # noqa: F401: what is drawn
from reached import answers, declared, port_of
from security_groups import GATEWAY, Cloud

KINDS = {"server": "aws_instance", "database": "aws_db_instance", "load_balancer": "aws_lb"}
SUFFIX = {"server": "vm", "database": "main", "load_balancer": "main"}
# Of a range the first, the last and one in the middle; of the internet three that no other range holds.
INTERNET = ["1.0.0.1", "8.8.8.8", "223.255.255.1"]
PROGRAMS = ["10.60.0.5", "10.60.200.9"]


def samples(cidr):
    if cidr == "0.0.0.0/0":
        return INTERNET
    network = ipaddress.ip_network(cidr)
    return [str(network[0]), str(network[network.num_addresses // 2]), str(network[-1])]


class End:
    """An end of a connection as the emitted files know it."""

    def __init__(self, name, kind, cloud=None, label=None, addresses=(), public=False):
        self.name, self.kind, self.label, self.public = name, kind, label, public
        self.addresses = list(addresses)
        if kind in KINDS:
            self.resource = (KINDS[kind], label)
            self.addresses = cloud.addresses[self.resource]
            self.groups = cloud.groups(*self.resource)
            self.network = cloud.network(*self.resource)
            self.public = cloud.is_public(*self.resource)


class Emitted:
    """Who can call what, by the emitted files alone."""

    def __init__(self, folder, program):
        self.cloud = Cloud(os.path.join(folder, "terraform", "main.tf.json"))
        self.cluster = Cluster(os.path.join(folder, "kubernetes"), self.cloud, folder)
        self.ends = {"internet": End("internet", "range", addresses=INTERNET)}
        for cidr in ("203.0.113.0/24", "10.9.0.0/16"):
            self.ends[cidr] = End(cidr, "range", addresses=samples(cidr))
        for name, cidr in program.networks.items():
            self.ends[name] = End(name, "range", addresses=samples(cidr))
        for thing in program.things:
            for instance, key in zip(thing.instances(), thing.keys or [None]):
                if thing.kind in KINDS:
                    label = "_".join(filter(None, [thing.name, key, SUFFIX[thing.kind]]))
                    self.ends[instance] = End(instance, thing.kind, self.cloud, label)
                elif thing.kind == "container":
                    self.ends[instance] = End(instance, "container", addresses=PROGRAMS)
                else:
                    self.ends[instance] = End(instance, "external", addresses=[a for cidr in thing.ranges for a in samples(cidr)])

    def out(self, source, target, address, first, last, protocol):
        """Whether the source may call this address of the target; `target` is none where its groups and labels mean nothing."""
        if source.kind in KINDS:
            others = target.groups if target and target.kind in KINDS else set()
            return self.cloud.passes("out", source.groups, others, address, first, last, protocol)
        if source.kind == "container":
            to = target.name if target and target.kind == "container" else address
            return all(self.cluster.passes(source.name, to, port, protocol) for port in range(first, last + 1))
        return True

    def into(self, source, target, address, first, last, protocol):
        """Whether the target takes calls from this address of the source."""
        if target.kind in KINDS:
            others = source.groups if source and source.kind in KINDS else set()
            return self.cloud.passes("in", target.groups, others, address, first, last, protocol)
        if target.kind == "container":
            by = source.name if source and source.kind == "container" else address
            return all(self.cluster.passes(by, target.name, port, protocol) for port in range(first, last + 1))
        return True

    def open(self, source, target, first, last, protocol):
        port = (first, last, protocol)
        inside = source.kind in KINDS or source.kind == "container"
        abroad = not inside and not all(ipaddress.ip_address(address).is_private for address in source.addresses if not address.startswith("203.0.113."))
        abroad = abroad or source.name == "203.0.113.0/24"
        if target.kind == "external":
            return all(self.out(source, target, address, *port) for address in target.addresses)
        if target.kind == "load_balancer" and not self.cloud.listens(target.label, first):
            return False
        if target.kind == "container":
            services = list(self.cluster.services_of(target.name, first, protocol))
            if source.kind == "container":
                return bool(services) and self.out(source, target, None, *port) and self.into(source, target, None, *port)
            return any(self.open_by(service, source, target, port, inside, abroad) for service in services)
        if abroad and not target.public:
            return False
        public = target.kind == "load_balancer" and target.public
        return self.open_behind(source, target, port, public and inside)

    def open_by(self, service, source, target, port, inside, abroad):
        """Whether a caller from outside of the cluster comes through this service."""
        if service["spec"]["type"] != "LoadBalancer":
            return False
        notes = service["metadata"].get("annotations", {})
        public = notes.get("service.beta.kubernetes.io/aws-load-balancer-scheme") == "internet-facing"
        callers = [GATEWAY] if public and inside else source.addresses
        taken = [ipaddress.ip_network(cidr) for cidr in service["spec"].get("loadBalancerSourceRanges", [])]
        if taken and not all(any(ipaddress.ip_address(caller) in cidr for cidr in taken) for caller in callers):
            return False
        if abroad and not public:
            return False
        return self.open_behind(source, target, port, public and inside)

    def open_behind(self, source, target, port, by_the_internet):
        """Whether the rules at both ends let them through."""
        if by_the_internet:
            # Both are known by an address on the internet only.
            return all(self.out(source, None, address, *port) for address in INTERNET) and self.into(None, target, GATEWAY, *port)
        if source.kind in KINDS and target.kind in KINDS and source.network != target.network:
            return False
        return all(self.out(source, target, address, *port) for address in target.addresses) and all(
            self.into(source, target, address, *port) for address in source.addresses
        )


def asked_for(flows, emitted, program, source, target, label, port):
    """Whether the flows ask for a connection, end by end: a flow that names one end may know the other by its addresses."""
    ports = {(instance, name): port_of(text) for thing in program.things for instance in thing.instances() for name, text in thing.ports.items()}
    covers = lambda end, name: (lambda p: p[2] == port[2] and p[0] <= port[0] and port[1] <= p[1])(ports.get((end, name), port_of("22/tcp")))
    ranges = {"internet": ["0.0.0.0/0"], **{name: [cidr] for name, cidr in program.networks.items()}}
    ranges.update({thing.name: thing.ranges for thing in program.things if thing.kind == "external"})
    within = lambda end, holder: all(
        any(ipaddress.ip_address(address) in ipaddress.ip_network(cidr) for cidr in ranges.get(holder, [holder] if "/" in holder else [])) for address in end.addresses
    ) and (holder in ranges or "/" in holder)
    into = target.kind == "external" or any(
        to == target.name and (name == label or covers(to, name)) and (start == source.name or within(source, start)) for start, to, name in flows
    )
    out = source.kind in ("range", "external") or any(
        start == source.name and (to == target.name and (name == label or covers(to, name)) or (to != target.name and covers(to, name) and within(target, to)))
        for start, to, name in flows
    )
    return into and out


def compare(program, built, reached):
    """What is wrong, how many connections are open, and how many of them by a range that others share."""
    opened, shared = 0, 0
    emitted = Emitted(built, program)
    flows = declared(built)
    paths, wrong = answers(program, reached)
    for (caller, to, label), path in sorted(paths.items()):
        source, target, port = emitted.ends[caller], emitted.ends[to], port_of(path["port"])
        found = emitted.open(source, target, *port)
        said = path["verdict"]
        pair = f"{caller} -> {to}.{label} ({path['port']})"
        opened += found
        if said != ("open" if found else "closed"):
            wrong.append(f"{pair}: reach says {said}, the files say {'open' if found else 'closed'}")
        direct = (caller, to, label) in flows
        if bool(path["declared"]) != direct and not (source.kind == "range" and path["declared"]):
            wrong.append(f"{pair}: declared {direct}, reach says {path['declared']}")
        if direct and not found:
            wrong.append(f"{pair}: declared, and closed in the files")
        if not program.sound:
            continue
        asked = asked_for(flows, emitted, program, source, target, label, port)
        if found and not asked:
            # A program in the cluster and a machine outside know each other by ranges, which others share.
            border = (source.kind == "container") != (target.kind == "container")
            shared += border
            if not border:
                wrong.append(f"{pair}: open in the files, and nobody declared it")
            elif path["declared"] or path["by_ranges"]:
                wrong.append(f"{pair}: nobody declared it, and reach does not say so")
    return wrong, opened, shared
