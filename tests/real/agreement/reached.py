"""What `infrac` says itself: the flows of `graph.json` and the answers of `reach --matrix`."""

import json
import os

def port_of(text):
    """First and last number and the protocol; one without ports has the number 0."""
    if "/" not in text:
        return 0, 0, text
    numbers, protocol = text.split("/")
    first, _, last = numbers.partition("-")
    return int(first), int(last or first), protocol


def declared(folder):
    """The declared flows of a build as pairs of names: (from, to, label)."""
    with open(os.path.join(folder, "graph.json")) as file:
        graph = json.load(file)
    addresses = graph["addresses"]
    value = lambda it: value(graph["values"][it["$"]]) if isinstance(it, dict) and "$" in it else it

    def name(end):
        if "$instance" in end:
            return addresses[end["$instance"]]
        return end.get("$cidr") or end.get("$ip") or ("internet" if end.get("$case") == "internet" else None)

    pairs = set()
    for instance in graph["instances"]:
        for flow in map(value, value(value(instance["inputs"]).get("allow", []))) if instance["kind"] == "firewall" else []:
            starts, ends = [[value(end) for end in flow[side]] for side in ("from", "to")]
            pairs |= {(name(start), addresses[end["$endpoint"]], end["port"]) for start in starts for end in ends}
    return pairs


def answers(program, reached):
    """The answers by caller, called and label; and what is missing among them."""
    paths = {(path["from"], path["to"], path["label"]): path for path in json.loads(reached.stdout)["paths"]}
    others = {name for thing in program.things if thing.kind == "external" for name in thing.instances()}
    ours = {name for thing in program.things for name in thing.instances()} - others
    ports = ((name, label) for thing in program.things for name in thing.instances() for label in ports_of(thing))
    wanted = {(caller, *called) for called in ports for caller in [*ours, "internet"] if caller != called[0]}
    # What passes between two ends elsewhere is not ours.
    wanted = {(caller, to, label) for caller, to, label in wanted if not (caller == "internet" and to in others)}
    return paths, [f"reach does not speak of {missing}" for missing in sorted(wanted - paths.keys())]


def ports_of(thing):
    return {**thing.ports, **({"ssh": "22/tcp"} if thing.kind == "server" else {})}
