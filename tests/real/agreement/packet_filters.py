"""What the packet filters of machines let pass: the texts that Ansible would write, loaded by nft into the kernel in a network of their own,
and followed rule by rule as the kernel lists them.
"""

import ipaddress
import json
import os
import re
import subprocess

import yaml

LIES_AT = "/etc/infrac/firewall.nft"
# Each file is loaded over the one before, as on a machine whose rules change.
LOAD = 'for file in "$@"; do nft -f "$file" && nft -j list table inet infrac || exit 1; echo; done'


class Filters:
    """The filter of each machine, by the address at which it is configured."""

    def __init__(self, folder, scratch):
        texts = dict(self.texts(folder))
        files = []
        for number, text in enumerate(texts.values()):
            files.append(os.path.join(scratch, f"{number}.nft"))
            with open(files[-1], "w") as file:
                file.write(text)
        loaded = subprocess.run(["unshare", "--map-root-user", "--net", "bash", "-c", LOAD, "bash", *files], capture_output=True, text=True)
        if loaded.returncode:
            raise AssertionError("nft refuses the rules: " + loaded.stderr)
        listed = [json.loads(line)["nftables"] for line in loaded.stdout.splitlines() if line.strip()]
        self.of = {address: Filter(one) for address, one in zip(texts, listed, strict=True)}

    def texts(self, folder):
        with open(os.path.join(folder, "inventory.yml")) as file:
            roles = yaml.safe_load(file)["all"]["children"]
        for role, members in roles.items():
            with open(os.path.join(folder, "roles", role, "tasks", "main.yml")) as file:
                written = [task for task in yaml.safe_load(file) if task.get("ansible.builtin.copy", {}).get("dest") == LIES_AT]
            if len(written) != 1 or "when" in written[0]:
                raise AssertionError(f"{role}: {len(written)} tasks write {LIES_AT} on all of its machines")
            for host, variables in members["hosts"].items():
                yield variables["ansible_host"], plain(folder, host, written[0]["ansible.builtin.copy"]["content"])


def plain(folder, host, text):
    """The text behind a variable of the machine, or behind a file beside the inventory."""
    named = re.fullmatch(r"\{\{ (\w+) \}\}", text)
    kept = re.fullmatch(r"\{\{ lookup\('ansible.builtin.file', inventory_dir ~ '/(texts/\w+)', rstrip=false\) \}\}", text)
    if named:
        with open(os.path.join(folder, "host_vars", f"{host}.yml")) as file:
            return plain(folder, host, yaml.safe_load(file)[named[1]])
    if kept:
        with open(os.path.join(folder, kept[1])) as file:
            return file.read()
    if "{{" in text or "{%" in text:
        raise AssertionError(f"a template that is not read: {text}")
    return text


class Filter:
    """The rules of one machine: by hook what becomes of what no rule is about, and the rules in their order."""

    def __init__(self, listed):
        hooks = {entry["chain"]["name"]: entry["chain"]["hook"] for entry in listed if "chain" in entry}
        self.chains = {entry["chain"]["hook"]: (entry["chain"]["policy"], []) for entry in listed if "chain" in entry}
        for rule in (entry["rule"] for entry in listed if "rule" in entry):
            self.chains[hooks[rule["chain"]]][1].append(rule["expr"])

    def passes(self, hook, source, target, protocol, number):
        """Whether the first packet of a connection comes through."""
        policy, rules = self.chains[hook]
        packet = Packet(source, target, protocol, number)
        for rule in rules:
            *conditions, verdict = rule
            if all(packet.meets(one["match"]) for one in conditions):
                return "accept" in verdict
        return policy == "accept"


class Packet:
    def __init__(self, source, target, protocol, number):
        family = "ip6" if ipaddress.ip_address(source).version == 6 else "ip"
        name = {"icmp": "ipv6-icmp"}.get(protocol, protocol) if family == "ip6" else protocol
        self.fields = {
            ("meta", "l4proto"): {name, NUMBERS.get(name)},
            ("meta", "iifname"): {"eth0"},
            ("meta", "oifname"): {"eth0"},
            ("ct", "state"): {"new"},
            (family, "saddr"): {ipaddress.ip_address(source)},
            (family, "daddr"): {ipaddress.ip_address(target)},
        }
        if protocol in ("tcp", "udp", "sctp"):
            self.fields |= {(protocol, "dport"): {number}, (protocol, "sport"): {40000}}
        if protocol == "tcp":
            self.fields["tcp", "flags"] = {"syn"}
        if name == "ipv6-icmp":
            self.fields["icmpv6", "type"] = {"echo-request"}

    def meets(self, match):
        left, right, operator = match["left"], match["right"], match["op"]
        if "&" in left:
            # Of some flags exactly these are set.
            field, mask = left["&"]
            values = self.fields.get(part_key(field), set())
            return operator == "==" and bool(values) and values & set(elements(mask)) == set(elements(right))
        values = self.fields.get(part_key(left), set())
        if operator not in ("==", "in"):
            raise AssertionError(f"a comparison that is not read: {match}")
        return any(holds(one, value) for one in elements(right) for value in values)


# IANA, protocol numbers.
NUMBERS = {"vrrp": 112, "icmp": 1, "ipv6-icmp": 58, "sctp": 132}


def only(record):
    ((name, value),) = record.items()
    return name, value


def part_key(left):
    kind, of = only(left)
    if kind == "payload":
        return of["protocol"], of["field"]
    return kind, of["key"]


def elements(value):
    if isinstance(value, dict) and "set" in value:
        return value["set"]
    if isinstance(value, dict) and "|" in value:
        return value["|"]
    return value if isinstance(value, list) else [value]


def holds(written, value):
    if isinstance(written, dict) and "prefix" in written:
        return is_address(value) and value in ipaddress.ip_network(f"{written['prefix']['addr']}/{written['prefix']['len']}")
    if isinstance(written, dict) and "range" in written:
        first, last = (ipaddress.ip_address(one) if is_address(value) else one for one in written["range"])
        return first <= value <= last
    if is_address(value):
        return ipaddress.ip_address(written) == value
    return written == value


def is_address(value):
    return isinstance(value, (ipaddress.IPv4Address, ipaddress.IPv6Address))
