"""What the security groups of a main.tf.json let pass, by addresses that are made up for each machine.

Nothing of the compiler is used: groups, rules, subnets and references are read from what Terraform would read.
"""

import ipaddress
import json
import re

# Where calls from inside come out on the internet.
GATEWAY = "52.10.20.30"


def referred(text, kind):
    found = re.fullmatch(r"\$\{" + kind + r"\.([A-Za-z0-9_-]+)\.[a-z_]+\}", text or "")
    return found and found.group(1)


class Cloud:
    def __init__(self, path):
        with open(path) as file:
            self.file = json.load(file)
        self.resources = self.file.get("resource", {})
        self.addresses = {}
        hosts = {}
        for label, body in self.of("aws_instance").items():
            subnet = referred(body["subnet_id"], "aws_subnet")
            hosts[subnet] = hosts.get(subnet, 10) + 1
            self.addresses["aws_instance", label] = [str(self.subnet(subnet)[hosts[subnet]])]
        for label, body in self.of("aws_lb").items():
            self.addresses["aws_lb", label] = [str(self.subnet(referred(subnet, "aws_subnet"))[200]) for subnet in body["subnets"]]
        for label, body in self.of("aws_db_instance").items():
            group = self.of("aws_db_subnet_group")[referred(body["db_subnet_group_name"], "aws_db_subnet_group")]
            self.addresses["aws_db_instance", label] = [str(self.subnet(referred(subnet, "aws_subnet"))[300]) for subnet in group["subnet_ids"]]

    def of(self, kind):
        return self.resources.get(kind, {})

    def subnet(self, label):
        return ipaddress.ip_network(self.of("aws_subnet")[label]["cidr_block"])

    def network(self, kind, label):
        """The label of the network that something stands in."""
        body = self.of(kind)[label]
        if kind == "aws_instance":
            subnet = referred(body["subnet_id"], "aws_subnet")
        elif kind == "aws_lb":
            subnet = referred(body["subnets"][0], "aws_subnet")
        else:
            group = self.of("aws_db_subnet_group")[referred(body["db_subnet_group_name"], "aws_db_subnet_group")]
            subnet = referred(group["subnet_ids"][0], "aws_subnet")
        return referred(self.of("aws_subnet")[subnet]["vpc_id"], "aws_vpc")

    def groups(self, kind, label):
        field = "security_groups" if kind == "aws_lb" else "vpc_security_group_ids"
        return {referred(group, "aws_security_group") for group in self.of(kind)[label][field]}

    def is_public(self, kind, label):
        if kind == "aws_instance":
            return any(referred(body.get("instance"), "aws_instance") == label for body in self.of("aws_eip").values())
        if kind == "aws_lb":
            return not self.of(kind)[label]["internal"]
        return self.of(kind)[label]["publicly_accessible"]

    def listens(self, label, port):
        listeners = self.of("aws_lb_listener").values()
        return any(body["port"] == port for body in listeners if referred(body["load_balancer_arn"], "aws_lb") == label)

    def known(self, text):
        """A range as it will be once everything is there."""
        later = re.match(r"\$\{aws_instance\.([A-Za-z0-9_-]+)\.private_ip\}/", text)
        return f"{self.addresses['aws_instance', later.group(1)][0]}/32" if later else text

    def passes(self, direction, groups, others, address, first, last, protocol):
        """Whether one of the groups lets all of these ports pass, from or to a machine with these groups and this address."""
        kind = "aws_vpc_security_group_ingress_rule" if direction == "in" else "aws_vpc_security_group_egress_rule"
        for rule in self.of(kind).values():
            if referred(rule["security_group_id"], "aws_security_group") not in groups:
                continue
            spoken = str(rule["ip_protocol"])
            if spoken != "-1" and (spoken != protocol or not (int(rule["from_port"]) <= first and last <= int(rule["to_port"]))):
                continue
            if "referenced_security_group_id" in rule:
                if referred(rule["referenced_security_group_id"], "aws_security_group") in others:
                    return True
            elif ipaddress.ip_address(address) in ipaddress.ip_network(self.known(rule["cidr_ipv4"])):
                return True
        return False
