"""Random programs over servers, containers, databases, load balancers and firewalls, on a cloud and a cluster.

A *sound* program declares only flows that its layers can carry; in the others anything may be declared, and some flows are stopped.
"""

import random

PORTS = [8080, 8081, 9000]


class Thing:
    """A statement of a program: its kind, its keys (none for a single instance), its ports by label."""

    def __init__(self, kind, name, ports, keys=(), network="lan", public=False, ranges=()):
        self.kind, self.name, self.ports, self.keys = kind, name, ports, list(keys)
        self.network, self.public, self.ranges = network, public, list(ranges)

    def instances(self):
        return [f'{self.name}["{key}"]' for key in self.keys] or [self.name]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.sound = self.random.random() < 0.75
        self.networks = {"lan": "10.20.0.0/16"}
        if self.random.random() < 0.3:
            self.networks["annex"] = "10.21.0.0/16"
        self.things = []
        self.flows = []
        self.draw_things()
        self.draw_flows()

    def draw_things(self):
        pick = self.random
        network = lambda: pick.choice(list(self.networks))
        for n in range(pick.randint(1, 3)):
            ports = {"http": f"{pick.choice(PORTS)}/tcp"}
            if pick.random() < 0.3:
                ports["talk"] = f"{pick.choice(PORTS) + 100}/udp"
            if pick.random() < 0.2:
                ports["many"] = "7000-7010/tcp"
            keys = ["a", "b"][: pick.randint(1, 2)] if pick.random() < 0.6 else []
            self.things.append(Thing("server", f"machine{n}", ports, keys, network(), pick.random() < 0.4))
        for n in range(pick.randint(1, 3)):
            ports = {"http": f"{pick.choice(PORTS)}/tcp"}
            if pick.random() < 0.3:
                ports["admin"] = "9900/tcp"
            if pick.random() < 0.15:
                ports = {}
            self.things.append(Thing("container", f"program{n}", ports, public=pick.random() < 0.4))
        for n in range(pick.randint(0, 2)):
            engine, port = pick.choice([('postgres("16")', "5432/tcp"), ('mysql("8.0")', "3306/tcp")])
            database = Thing("database", f"data{n}", {"sql": port}, network=network())
            database.engine = engine
            self.things.append(database)
        if pick.random() < 0.5:
            target = pick.choice([thing for thing in self.things if thing.kind == "server"])
            balancer = Thing("load_balancer", "edge", {"http": "80/tcp", "https": "443/tcp"}, network=target.network, public=pick.random() < 0.7)
            balancer.target = target
            self.things.append(balancer)
        if pick.random() < 0.6:
            self.things.append(Thing("external", "partner", {"https": "443/tcp"}, ranges=["198.51.100.0/24"]))
        if pick.random() < 0.4:
            self.things.append(Thing("external", "updates", {"fetch": "8443/tcp"}, ranges=["0.0.0.0/0"]))

    def draw_flows(self):
        pick = self.random
        ranges = ["internet", "203.0.113.0/24", "10.9.0.0/16", *self.networks]
        callers = [thing for thing in self.things if thing.kind != "external"]
        called = [(thing, label) for thing in self.things for label in thing.ports]
        for _ in range(pick.randint(1, 12)):
            source = pick.choice(callers) if pick.random() < 0.7 else pick.choice(ranges)
            target, label = pick.choice(called)
            if source is target or (self.sound and not self.can(source, target)):
                continue
            end = source if isinstance(source, str) else source.name
            start = target.name
            # One machine of a loop is an end as well.
            if target.keys and pick.random() < 0.3:
                start = pick.choice(target.instances())
            if not isinstance(source, str) and source.keys and pick.random() < 0.3:
                end = pick.choice(source.instances())
            flow = f"{end} -> {start}.{label}"
            if flow not in self.flows:
                self.flows.append(flow)
        for balancer in [thing for thing in self.things if thing.kind == "load_balancer"]:
            # A balancer that may not call its targets is refused by the library.
            flow = f"{balancer.name} -> {balancer.target.name}.http"
            if flow not in self.flows:
                self.flows.insert(pick.randint(0, len(self.flows)), flow)

    def can(self, source, target):
        """Whether the layers between the two can carry a flow at all."""
        if isinstance(source, str):
            abroad = source in ("internet", "203.0.113.0/24")
            if target.kind == "external":
                return False
            if abroad:
                return target.public
            if source in self.networks and target.kind == "server" and target.network != source:
                return False
            return not (target.public and target.kind in ("container", "load_balancer"))
        if target.kind == "external":
            return source.kind in ("server", "container")
        if source.kind == "database":
            return False
        if target.kind == "load_balancer" and target.public:
            return False
        if target.kind == "container" and target.public and source.kind != "container":
            return False
        if source.kind == "container" or target.kind == "container":
            return True
        return source.network == target.network

    def text(self):
        lines = [
            f"project agreement {{ edition = 1 }}",
            "environment prod {",
            "  tier = prod",
            '  on = [aws(region = "eu-west-3"), kubernetes(context = "here", node_ranges = [10.60.0.0/16])]',
            "  choose { secret = aws }",
            "}",
        ]
        lines += [f"network {name} {{ cidr = {cidr} }}" for name, cidr in self.networks.items()]
        for thing in self.things:
            ports = [f"  port {label} = {port}" for label, port in thing.ports.items()]
            if thing.kind == "server":
                header = "for k in [" + ", ".join(f'"{key}"' for key in thing.keys) + "] " if thing.keys else ""
                lines += [f"server {thing.name} {header}{{", f"  network = {thing.network}", f"  public = {str(thing.public).lower()}", *ports, "}"]
            elif thing.kind == "container":
                lines += [f"container {thing.name} {{", '  image = "registry.example.com/a/b:1.0.0"', *ports, "}"]
            elif thing.kind == "database":
                lines += [f"database {thing.name} {{", f"  network = {thing.network}", f"  engine = {thing.engine}", "}"]
            elif thing.kind == "load_balancer":
                lines += [
                    'dns_zone site { name = "agreement.example", managed = true }',
                    'certificate tls { name = "www.agreement.example" }',
                    f"load_balancer {thing.name} {{",
                    f"  network = {thing.network}",
                    f"  public = {str(thing.public).lower()}",
                    f"  to = {thing.target.name}.http" if thing.target.keys else f"  to = [{thing.target.name}.http]",
                    "}",
                ]
            else:
                lines += [f"external {thing.name} {{", f"  ranges = [{', '.join(thing.ranges)}]", *ports, "}"]
        self.before = len(lines) + 2
        lines += ["firewall paths {", "  allow = [", *[f"    {flow}," for flow in self.flows], "  ]", "}"]
        return "\n".join(lines) + "\n"

    def first_flow(self):
        """The line of the first flow in the text."""
        self.text()
        return self.before + 1
