"""Of programs for machines that exist already: who can call what by their packet filters, by `infrac reach --matrix`, by the declared flows.

Every connection is tried between each address of one end and each of the other of the same family.
"""

import ipaddress
import os

from fleets import EXTERNALS, Program  # noqa: F401: what is drawn
from packet_filters import Filters
from reached import answers, declared, port_of, ports_of

# Of the internet some that no range of the programs holds, and two that some do.
INTERNET = ["1.0.0.1", "8.8.8.8", "223.255.255.1", "203.0.113.200", "2a00:1450::5", "2001:db8::7"]


class End:
    def __init__(self, name, addresses, ranges=(), rules=None):
        self.name, self.rules = name, rules
        self.addresses = [ipaddress.ip_address(address) for address in addresses]
        self.ranges = [ipaddress.ip_network(cidr) for cidr in ranges]


def ends(program, filters):
    """All that calls or is called. A machine is known by the address at which it is configured."""
    found = {"internet": End("internet", INTERNET, ["0.0.0.0/0"])}
    for thing in program.things:
        for name in thing.instances():
            if thing.kind == "server":
                addresses = program.addresses[name]
                found[name] = End(name, addresses, rules=filters.of[addresses[0]])
            else:
                found[name] = range_end(name, thing.ranges)
    return found | {name: range_end(name, [cidr]) for name, cidr in program.networks.items()}


def range_end(name, ranges):
    if ranges == ["0.0.0.0/0"]:
        return End(name, INTERNET, ranges)
    networks = [ipaddress.ip_network(cidr) for cidr in ranges]
    return End(name, [address for one in networks for address in (one[0], one[one.num_addresses // 2], one[-1])], ranges)


def passes(source, target, pair, number, protocol):
    """Whether a connection leaves the one and is let in by the other."""
    ways = [(source, "output"), (target, "input")]
    return all(end.rules is None or end.rules.passes(hook, *pair, protocol, number) for end, hook in ways)


class Flows:
    """What the declared flows ask for, address by address."""

    def __init__(self, flows, found, program):
        self.flows, self.ends = flows, found
        self.ports = {(name, label): port_of(text.replace('proto("vrrp")', "vrrp")) for thing in program.things for name in thing.instances() for label, text in ports_of(thing).items()}

    def covers(self, to, label, number, protocol):
        first, last, spoken = self.ports[to, label]
        return spoken == protocol and first <= number <= last

    def holds(self, name, address):
        """Whether a flow that names this end means this address."""
        end = self.ends.get(name) or range_end(name, [name])
        everybody = any(cidr.prefixlen == 0 for cidr in end.ranges)
        return everybody or address in end.addresses or any(address in cidr for cidr in end.ranges)

    def ask(self, source, target, pair, number, protocol):
        spoken = [(start, to) for start, to, label in self.flows if self.covers(to, label, number, protocol)]
        into = target.rules is None or any(to == target.name and (start == source.name or self.holds(start, pair[0])) for start, to in spoken)
        out = source.rules is None or any(start == source.name and (to == target.name or self.holds(to, pair[1])) for start, to in spoken)
        return into and out


def compare(program, built, reached):
    """What is wrong, how many connections are open, and how many of them no flow names at both ends."""
    opened, shared = 0, 0
    found = ends(program, Filters(os.path.join(built, "ansible"), built))
    named = declared(built)
    flows = Flows(named, found, program)
    paths, wrong = answers(program, reached)
    for (caller, to, label), path in sorted(paths.items()):
        source, target = found.get(caller) or range_end(caller, [caller]), found[to]
        first, last, protocol = port_of(path["port"])
        name = f"{caller} -> {to}.{label} ({path['port']})"
        pairs = [(x, y) for x in source.addresses for y in target.addresses if x.version == y.version]
        seen = []
        for pair in pairs:
            for number in {first, (first + last) // 2, last}:
                passed = passes(source, target, pair, number, protocol)
                seen.append(passed)
                if passed != flows.ask(source, target, pair, number, protocol):
                    wrong.append(f"{name}: {pair[0]} to {pair[1]} at {number} {'passes' if passed else 'is stopped'}, and the flows ask for the contrary")
        if not seen:
            continue
        says = "open" if all(seen) else "closed" if not any(seen) else "partly open"
        opened += says == "open"
        direct = (caller, to, label) in named
        shared += says == "open" and not direct
        # What it does not know may be closed; what it says is closed is closed to all of a range, and to every address of a machine.
        wanted = {"open": ["open"], "closed": ["closed", "unknown"], "partly open": ["unknown"] if source.rules and target.rules else ["unknown", "closed"]}
        if path["verdict"] not in wanted[says]:
            wrong.append(f"{name}: reach says {path['verdict']}, the packet filters say {says}")
        if says == "open" and not path["declared"] and not path["by_ranges"]:
            wrong.append(f"{name}: flows ask for it, and reach does not say so")
        if direct and says != "open":
            wrong.append(f"{name}: declared, and {says}")
    return wrong, opened, shared
