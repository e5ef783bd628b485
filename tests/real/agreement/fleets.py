"""Random programs of machines that exist already: their ports and addresses of both families, and flows between them, their networks,
and ranges of others.

A flow may name a machine, one of a loop, several of them, a network, an `external`, a range, an address or the internet.
"""

import random
import re

from programs import Thing

OFFICE = "10.8.255.0/28"
EXTERNALS = {
    "office": ([OFFICE, "fd00:10:8:ff::/64"], {}),
    "partner": (["198.51.100.0/24"], {"https": "443/tcp"}),
    # Others know machines of ours by ranges too.
    "rack": (["10.8.1.0/25", "fd00:10:8:1::/64"], {"any": "1-65535/tcp", "talk": "8000-9000/udp"}),
    "updates": (["0.0.0.0/0"], {"fetch": "8443/tcp", "time": "123/udp"}),
}
RANGES = ["internet", "203.0.113.0/24", "10.8.1.0/26", "10.8.1.3", 'cidr("fd00:10:8:1::/64")', 'cidr("2001:db8::/32")', "10.8.0.0/15"]


class Program:
    sound = True

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.networks = {"lan": "10.8.0.0/16"}
        if self.random.random() < 0.3:
            self.networks["annex"] = "10.9.0.0/16"
        self.things, self.addresses, self.flows = [], {}, []
        self.draw_machines()
        self.externals = ["office", *(name for name in EXTERNALS if name != "office" and self.random.random() < 0.5)]
        self.things += [Thing("external", name, EXTERNALS[name][1], ranges=EXTERNALS[name][0]) for name in self.externals]
        self.draw_flows()

    def draw_machines(self):
        pick, number = self.random, 0
        for n in range(pick.randint(2, 5)):
            ports = {"http": f"{pick.choice([8080, 8081, 9000])}/tcp"}
            for label, port, share in (("talk", "8180/udp", 0.3), ("many", "7000-7010/tcp", 0.2), ("some", "7005/tcp", 0.2), ("ask", "9/sctp", 0.1), ("ping", "icmp", 0.2), ("turns", 'proto("vrrp")', 0.1)):
                if pick.random() < share:
                    ports[label] = port
            keys = ["a", "b", "c"][: pick.randint(1, 3)] if pick.random() < 0.6 else []
            thing = Thing("server", f"machine{n}", ports, keys, pick.choice(list(self.networks)))
            self.things.append(thing)
            both, twice = pick.random() < 0.6, pick.random() < 0.3
            for instance in thing.instances():
                number += 1
                network = {"lan": "10.8", "annex": "10.9"}[thing.network]
                self.addresses[instance] = [f"{network}.1.{number}", *([f"fd00:10:8:1::{number:x}"] if both else []), *([f"203.0.113.{number}"] if twice else [])]

    def draw_flows(self):
        pick = self.random
        machines = [thing for thing in self.things if thing.kind == "server"]
        # Whoever applies gets in everywhere: what nobody can log in to is refused.
        self.flows.append(f"office -> [{', '.join(f'{thing.name}.ssh' for thing in machines)}]")
        for _ in range(pick.randint(1, 12)):
            outside = pick.random() < 0.4
            if outside:
                source = pick.choice([*RANGES, *self.networks, *self.externals])
            else:
                source = self.some([self.one(thing) for thing in machines])
            called = [(thing, label) for thing in (machines if outside else self.things) for label in [*thing.ports, *(["ssh"] if thing.kind == "server" else [])]]
            target = self.some([f"{self.one(thing)}.{label}" for thing, label in pick.sample(called, min(len(called), 4))])
            flow = f"{source} -> {target}"
            if flow not in self.flows and source != target.rpartition(".")[0]:
                # Two that differ only in which of a loop they name are called the same, unless one has a name of its own.
                plain = [re.sub(r'\["\w+"\]', "", known) for known in self.flows]
                is_named = re.sub(r'\["\w+"\]', "", flow) in plain
                self.flows.append(f"more{len(plain)} = {flow}" if is_named else flow)

    def one(self, thing):
        """A statement, or one of several that it made."""
        return self.random.choice(thing.instances()) if len(thing.keys) > 1 and self.random.random() < 0.3 else thing.name

    def some(self, ends):
        # In one order: two flows between the same ends are one.
        chosen = sorted(self.random.sample(ends, min(len(ends), self.random.choice([1, 1, 1, 2, 3]))))
        return chosen[0] if len(chosen) == 1 else f"[{', '.join(chosen)}]"

    def text(self):
        lines = ["project agreement { edition = 1 }", 'environment prod { tier = prod, on = [host(user = "deploy")] }']
        lines += [f"network {name} {{ cidr = {cidr} }}" for name, cidr in self.networks.items()]
        for thing in self.things:
            ports = [f"  port {label} = {port}" for label, port in thing.ports.items()]
            if thing.kind == "external":
                ranges = ", ".join(f'"{one}"' for one in thing.ranges)
                lines += [f"external {thing.name} {{", f"  ranges = [{ranges}]", *ports, "}"]
                continue
            own = [self.addresses[instance] for instance in thing.instances()]
            if thing.keys:
                rows = ", ".join(f'{key} = {{ at = ip("{at}"), more = [{self.ips(more)}] }}' for key, (at, *more) in zip(thing.keys, own))
                lines += [f"let of_{thing.name}: {{string: {{ at: ip, more: [ip] }}}} = {{ {rows} }}"]
                lines += [f"server {thing.name} for k, its in of_{thing.name} {{", "  at = its.at", "  addresses = its.more"]
            else:
                lines += [f"server {thing.name} {{", f'  at = ip("{own[0][0]}")', f"  addresses = [{self.ips(own[0][1:])}]"]
            lines += [f"  network = {thing.network}", *ports, "}"]
        self.before = len(lines) + 2
        return "\n".join([*lines, "firewall paths {", "  allow = [", *[f"    {flow}," for flow in self.flows], "  ]", "}"]) + "\n"

    def ips(self, addresses):
        return ", ".join(f'ip("{address}")' for address in addresses)

    def first_flow(self):
        """The line of the first flow in the text."""
        self.text()
        return self.before + 1
