"""What the NetworkPolicies of a build let pass, by an analyser that others wrote: network-config-analyzer.

It is given the emitted objects with the policies that Terraform hands over, their addresses filled in.
"""

import contextlib
import io
import ipaddress
import os
import re

import yaml
from nca.nca_cli import nca_main


class Cluster:
    def __init__(self, folder, cloud, scratch):
        objects = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".yaml") and name != "kustomization.yaml":
                with open(os.path.join(folder, name)) as file:
                    objects += [found for found in yaml.safe_load_all(file) if found]
        for found in cloud.file.get("locals", {}).get("kubernetes", []):
            if found["kind"] == "NetworkPolicy":
                objects.append(filled(found, cloud))
        self.services = [found for found in objects if found["kind"] == "Service"]
        self.programs = {found["metadata"]["name"]: found for found in objects if found["kind"] == "Deployment"}
        self.lines = analyse([found for found in objects if found["kind"] in ("NetworkPolicy", "Namespace", "Deployment")], scratch)

    def services_of(self, program, port, protocol):
        """The services that lead to a port of a program: each group of callers may have one of its own."""
        template = self.programs[program]["spec"]["template"]
        named = {p["name"]: p["containerPort"] for c in template["spec"]["containers"] for p in c.get("ports", [])}
        for service in self.services:
            spec = service["spec"]
            if not spec["selector"].items() <= template["metadata"]["labels"].items():
                continue
            for entry in spec["ports"]:
                if named.get(entry["targetPort"], entry["targetPort"]) == port and entry["protocol"].lower() == protocol:
                    yield service
                    break

    def passes(self, source, target, port, protocol):
        """Ends are names of programs or addresses."""
        return any(is_end(left, source) and is_end(right, target) and carries(what, port, protocol) for left, right, what in self.lines)


def filled(value, cloud):
    if isinstance(value, dict):
        return {key: filled(inner, cloud) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, cloud) for inner in value]
    return cloud.known(value) if isinstance(value, str) else value


def analyse(objects, scratch):
    path = os.path.join(scratch, "objects.yaml")
    with open(path, "w") as file:
        yaml.safe_dump_all(objects, file)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), silent_errors():
        nca_main(["--connectivity", path, "-n", path, "-p", path, "--output_format", "txt_no_fw_rules", "--output_endpoints", "deployments"])
    lines = re.findall(r"^(.+?) => (.+?) : (.+)$", said.getvalue(), re.M)
    if not lines:
        raise AssertionError("the analyser said nothing:\n" + said.getvalue())
    return lines


@contextlib.contextmanager
def silent_errors():
    """The analyser gives advice on its standard error, which it took hold of when it was loaded."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def is_end(text, end):
    deployment = re.fullmatch(r"[^/]+/(.+)\[Deployment\]", text)
    if deployment:
        return deployment.group(1) == end
    try:
        address = ipaddress.ip_address(end)
    except ValueError:
        return False
    for part in re.findall(r"[0-9.]+(?:-[0-9.]+|/[0-9]+)?", text) if "[" not in text else []:
        if "-" in part:
            first, last = map(ipaddress.ip_address, part.split("-"))
            if first <= address <= last:
                return True
        elif address in ipaddress.ip_network(part):
            return True
    return False


def carries(what, port, protocol):
    if what.strip() == "All connections":
        return True
    for spoken in re.findall(r"\{([^{}]*)\}", what):
        protocols = re.search(r"protocols:(.*?)(?:,dst_ports|,src_ports|$)", spoken)
        ports = re.search(r"dst_ports:([0-9,\- ]+)", spoken)
        if protocols and protocol.upper() not in [one.strip() for one in protocols.group(1).split(",")]:
            continue
        if not ports:
            return True
        for part in ports.group(1).strip(", ").split(","):
            first, _, last = part.strip().partition("-")
            if first and int(first) <= port <= int(last or first):
                return True
    return False
