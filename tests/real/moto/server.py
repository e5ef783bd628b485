"""moto, with the answers of AWS that it lacks or gives otherwise.

Each function below mends one difference that would show as a refused apply or as a change in a second, empty plan,
although AWS itself has none. What is mended is an answer, never a check: the program under test is not helped.
Run as moto's own server: `python server.py -H 127.0.0.1 -p PORT`.
"""

import collections
import functools
import ipaddress
import itertools
import json
import threading

from moto import server
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.responses.monitoring import Monitoring
from moto.eks import urls as eks_urls
from moto.eks.exceptions import ResourceNotFoundException
from moto.eks.responses import EKSResponse
from moto.rds.models import DBInstance, DBParameterGroup
from moto.route53.models import FakeZone
from moto.route53.responses import Route53
from moto.s3.models import FakeBucket
from moto.secretsmanager.models import SecretsManagerBackend


def around(owner, name):
    """Replaces the method `name` of `owner` by the function below, which gets the old one as its first argument."""

    def replace(function):
        old = getattr(owner, name)

        @functools.wraps(old)
        def method(*args, **kwargs):
            return function(old, *args, **kwargs)

        setattr(owner, name, method)
        return function

    return replace


# Requests


ANSWERS = collections.OrderedDict()
ASKED = collections.defaultdict(threading.Lock)


@around(server.DomainDispatcherApplication, "__call__")
def the_same_request_again_gets_the_same_answer(old, self, environ, start_response):
    """A client that did not see the answer sends the request again, under the same id: what was made is not made twice."""
    invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
    if not invocation:
        return old(self, environ, start_response)
    with ASKED[invocation]:
        if invocation not in ANSWERS:
            said = []
            body = b"".join(old(self, environ, lambda status, headers, exc_info=None: said.append((status, headers))))
            status, headers = said[-1]
            if not status.startswith("2"):
                start_response(status, headers)
                return [body]
            ANSWERS[invocation] = (status, headers, body)
            if len(ANSWERS) > 500:
                ASKED.pop(ANSWERS.popitem(last=False)[0], None)
        status, headers, body = ANSWERS[invocation]
    start_response(status, headers)
    return [body]


# Instances


def set_monitoring(self, state):
    """EC2 `MonitorInstances` and `UnmonitorInstances`, which moto does not have."""
    ids = self._get_param("InstanceIds", [])
    for instance in ids:
        self.ec2_backend.get_instance(instance).monitoring_state = state
    return ActionResult({"InstanceMonitorings": [{"InstanceId": i, "Monitoring": {"State": state}} for i in ids]})


Monitoring.monitor_instances = lambda self: set_monitoring(self, "enabled")
Monitoring.unmonitor_instances = lambda self: set_monitoring(self, "disabled")


@around(InstanceResponse, "run_instances")
def keep_termination_protection(old, self):
    answer = old(self)
    for instance in getattr(answer.result, "instances", []):
        instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
    return answer


@around(Instance, "prep_nics")
def groups_of_the_first_interface_are_the_instances(old, self, *args, **kwargs):
    old(self, *args, **kwargs)
    if not self.security_groups and 0 in self.nics:
        self.security_groups = list(self.nics[0].group_set)


# An interface without a public address has no association at all; an empty one reads as "has a public address".
association = NetworkInterface.association
NetworkInterface.association = property(lambda self: association.fget(self) or None)


@around(LaunchTemplates, "create_launch_template")
def tags_of_the_template_are_not_its_data(old, self):
    answer = old(self)
    name = self._get_param("LaunchTemplateName")
    for version in self.ec2_backend.get_launch_template_by_name(name).versions:
        specifications = [t for t in version.data.get("TagSpecifications", []) if t["ResourceType"] != "launch-template"]
        version.data["TagSpecifications"] = specifications
    return answer


# Those of moto are addresses of the machine itself, 127.0.0.0/8; these are for tests of networks (RFC 2544).
PUBLIC = map(str, (ipaddress.ip_address("198.18.0.1") + n for n in itertools.count()))


@around(ElasticAddress, "__init__")
def an_address_on_the_internet_is_called_from_elsewhere(old, self, backend, domain, address=None, tags=None):
    old(self, backend, domain, address or next(PUBLIC), tags)


# Security groups: a rule that names another group keeps its description.
SecurityGroupRule.description = property(
    lambda self: self.ip_range.get("Description") or self.source_group.get("Description")
)


# Databases


@around(DBInstance, "__init__")
def keep_performance_insights(old, self, *args, **kwargs):
    old(self, *args, **kwargs)
    self.performance_insights_enabled = bool(kwargs.get("enable_performance_insights", False))
    if self.performance_insights_enabled:
        self.performance_insights_kms_key_id = kwargs.get("performance_insights_kms_key_id")
        self.performance_insights_retention_period = kwargs.get("performance_insights_retention_period") or 7


@around(DBParameterGroup, "update_parameters")
def parameters_say_who_set_them(old, self, new_parameters):
    old(self, new_parameters)
    for parameter in self.parameters.values():
        parameter["Source"] = "user"


# The password of a database is rotated by RDS itself: there is no function of the user's that could be missing.
@around(SecretsManagerBackend, "cancel_rotate_secret")
def rotation_by_the_owner_needs_no_function(old, self, secret_id):
    if ":secret:rds!" not in secret_id and not secret_id.startswith("rds!"):
        return old(self, secret_id)
    secret = self.secrets[secret_id]
    secret.rotation_enabled = False
    return secret.to_short_dict()


# Names


@around(Route53, "create_hosted_zone")
def a_zone_with_a_network_is_private(old, self):
    if not self._get_param("VPC.VPCId"):
        return old(self)
    get_flag = self._get_bool_param
    self._get_bool_param = lambda name, *rest: True if name == "HostedZoneConfig.PrivateZone" else get_flag(name, *rest)
    try:
        return old(self)
    finally:
        del self._get_bool_param


@around(FakeZone, "add_vpc")
def networks_of_a_zone_by_the_names_of_the_answer(old, self, vpc_id, vpc_region):
    vpc = old(self, vpc_id, vpc_region)
    vpc.update({"VPCId": vpc_id, "VPCRegion": vpc_region})
    return vpc


# Buckets


def may_deliver_logs(target_bucket, target_prefix):
    """Whether the bucket's policy lets S3 deliver logs; moto's own stumbles over the principal "*" and over lists."""

    def listed(value):
        return value if isinstance(value, list) else [value]

    policy = json.loads(target_bucket.policy.decode()) if target_bucket.policy else {"Statement": []}
    whole = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/"
    for statement in policy["Statement"]:
        principal = statement.get("Principal", {})
        services = listed(principal.get("Service", [])) if isinstance(principal, dict) else []
        resources = listed(statement.get("Resource", []))
        if (
            statement.get("Effect") == "Allow"
            and "logging.s3.amazonaws.com" in services
            and "s3:PutObject" in listed(statement.get("Action", []))
            and any(r in (f"{whole}*", f"{whole}{target_prefix or ''}*") for r in resources)
        ):
            return True
    return False


FakeBucket._log_permissions_enabled_policy = staticmethod(may_deliver_logs)


# EKS


@around(EKSResponse, "create_cluster")
def keep_how_a_cluster_is_entered(old, self):
    answer = old(self)
    answer.result["cluster"].access_config = self._get_param("accessConfig")
    return answer


@around(EKSResponse, "create_nodegroup")
def node_groups_have_what_was_asked_for(old, self):
    answer = old(self)
    group = answer.result["nodegroup"]
    cluster = self.eks_backend.describe_cluster(group.cluster_name)
    group.update_config = self._get_param("updateConfig") or {"maxUnavailable": 1}
    group.node_repair_config = self._get_param("nodeRepairConfig")
    group.remote_access = self._get_param("remoteAccess")
    group.version = self._get_param("version") or cluster.version
    group.release_version = self._get_param("releaseVersion") or f"{group.version}.0-20260901"
    if not group.remote_access:
        group.resources.pop("remoteAccessSecurityGroup", None)
    return answer


def addon_named(self):
    """The add-on that a request speaks of; moto has no add-ons, so they are kept on their cluster."""
    addons = vars(self.eks_backend.describe_cluster(self._get_param("name"))).setdefault("addons", {})
    if self._get_param("addonName") not in addons:
        raise ResourceNotFoundException(
            clusterName=self._get_param("name"), nodegroupName=None, fargateProfileName=None, addonName=None,
            message="No addon: " + str(self._get_param("addonName")),
        )
    return addons[self._get_param("addonName")]


def create_addon(self):
    cluster = self.eks_backend.describe_cluster(self._get_param("name"))
    name = self._get_param("addonName")
    addon = {
        "addonName": name,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "addonVersion": self._get_param("addonVersion") or "v1.0.0-eksbuild.1",
        "health": {"issues": []},
        "addonArn": f"{cluster.arn.replace(':cluster/', ':addon/')}/{name}/00000000-0000-0000-0000-000000000000",
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "serviceAccountRoleArn": self._get_param("serviceAccountRoleArn"),
        "tags": self._get_param("tags") or {},
        "configurationValues": self._get_param("configurationValues"),
    }
    vars(cluster).setdefault("addons", {})[name] = addon
    return ActionResult({"addon": addon})


def delete_addon(self):
    addon = addon_named(self)
    del self.eks_backend.describe_cluster(self._get_param("name")).addons[addon["addonName"]]
    return ActionResult({"addon": addon})


EKSResponse.create_addon = create_addon
EKSResponse.describe_addon = lambda self: ActionResult({"addon": addon_named(self)})
EKSResponse.delete_addon = delete_addon
for path in ("addons$", "addons/(?P<addonName>[^/]+)$"):
    eks_urls.url_paths["{0}/clusters/(?P<name>[^/]+)/" + path] = eks_urls.response.dispatch


if __name__ == "__main__":
    server.main()
