"""CloudFormation by moto, with what moto leaves out of it: what a stack makes can be read back.

moto reads the template, the values of its functions and the order, and checks policies as IAM does.
Its CloudFormation does not attach a role's policies, update or delete managed policies, or update
trust policies, knows one partition, stumbles over parameters and resources that one update takes
away and over those that another brings back, and would run the functions behind custom resources in
containers. `cloudformation()` mends this, by what the CloudFormation Template Reference says of
AWS::IAM::Role and AWS::IAM::ManagedPolicy; rules are not evaluated (template.py does).
"""

import contextlib
import functools
import json
import logging
import warnings
from unittest import mock

from moto import mock_aws
from moto.cloudformation.custom_model import CustomModel
from moto.cloudformation.parsing import ResourceMap
from moto.iam.models import (AWSManagedPolicy, ManagedPolicy, Role, aws_managed_policies_data,
                             iam_backends)
from moto.utilities.utils import get_partition

# The newest and four before it: IAM keeps no more versions of a policy.
VERSIONS = 5
# What Spot's functions would answer with.
PHYSICAL_IDS = {"SpotAccount": "act-0a1b2c3d", "SpotExternalId": "spotinst:aws:extid:made-by-spot"}


def iam_of(account, region):
    return iam_backends[account][get_partition(region)]


# --- roles --------------------------------------------------------------------------------------

@functools.cache
def aws_managed_policies():
    return json.loads(aws_managed_policies_data)


def add_aws_managed(iam, arn):
    """Puts one of AWS's policies in place; moto would else load all of them for each stack."""
    name = arn.split("/")[-1]
    policy = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name,
                                        aws_managed_policies()[name])
    iam.managed_policies[policy.arn] = policy


def attach(iam, role, arns):
    """Attaches these policies to a role, and no others."""
    for arn in [arn for arn in role.managed_policies if arn not in arns]:
        iam.detach_role_policy(arn, role.name)
    for arn in arns:
        if ":iam::aws:policy/" in arn and arn not in iam.managed_policies:
            add_aws_managed(iam, arn)
        if arn not in role.managed_policies:
            iam.attach_role_policy(arn, role.name)


make_bare_role = Role.create_from_cloudformation_json


def create_role(name, resource, account, region, **more):
    role = make_bare_role(name, resource, account, region, **more)
    attach(iam_of(account, region), role, resource["Properties"]["ManagedPolicyArns"])
    return role


def delete_role(name, _resource, account, region):
    iam = iam_of(account, region)
    attach(iam, iam.get_role(name), [])
    iam.delete_role(name)


def update_role(original_resource, new_resource_name, cloudformation_json, account_id,
                region_name):
    """A role whose name or path changes is replaced; everything else changes in place."""
    iam, role = iam_of(account_id, region_name), original_resource
    properties = cloudformation_json["Properties"]
    named = properties.get("RoleName")
    if role.path != properties.get("Path", "/") or named not in (None, role.name):
        new = create_role(named or new_resource_name, cloudformation_json, account_id,
                          region_name)
        delete_role(role.name, None, account_id, region_name)
        return new
    iam.update_assume_role_policy(role.name, json.dumps(properties["AssumeRolePolicyDocument"]))
    role.description = properties.get("Description", "")
    role.max_session_duration = properties.get("MaxSessionDuration", 3600)
    attach(iam, role, properties["ManagedPolicyArns"])
    return role


# --- policies -----------------------------------------------------------------------------------

def update_policy(original_resource, new_resource_name, cloudformation_json, account_id,
                  region_name):
    """A new version, which is the default; the oldest goes where there are too many."""
    iam, policy = iam_of(account_id, region_name), original_resource
    while len(policy.versions) >= VERSIONS:
        policy.versions.pop(0)
    iam.create_policy_version(
        policy.arn, json.dumps(cloudformation_json["Properties"]["PolicyDocument"]), True)
    return policy


def delete_policy(arn, _resource, account, region):
    iam = iam_of(account, region)
    for role in iam.roles.values():
        if arn in role.managed_policies:
            iam.detach_role_policy(arn, role.name)
    iam.delete_policy(arn)


# --- the rest -----------------------------------------------------------------------------------

make_bare_map = ResourceMap.__init__


def make_map(self, *arguments, **more):
    make_bare_map(self, *arguments, **more)
    self._parsed_resources["AWS::Partition"] = get_partition(self["AWS::Region"])


load_more_parameters = ResourceMap.load_parameters


def load_parameters(self):
    """Without those of the template before, whose parameters may be gone."""
    self.resolved_parameters.clear()
    load_more_parameters(self)


update_map = ResourceMap.update


def update_stack(self, template, parameters=None):
    """What is added is made anew, though the stack had something of that name once."""
    for name in set(template["Resources"]) - set(self.resources):
        self._parsed_resources.pop(name, None)
    update_map(self, template, parameters)


class CustomResources:
    """Answers in the place of Spot's functions, and remembers what it was asked."""

    def __init__(self):
        self.made, self.deleted = {}, []

    def create(self, name, resource, _account, region, **more):
        logical_id = more["LogicalId"]
        made = CustomModel(region, "", logical_id, PHYSICAL_IDS.get(logical_id, name))
        made.set_data({})
        self.made[logical_id] = resource["Properties"]
        return made

    def delete(self, name, *_):
        self.deleted.append(name)


@contextlib.contextmanager
def cloudformation():
    """moto instead of AWS, completed; gives what stands in for Spot's functions."""
    warnings.filterwarnings("ignore", "Tried to parse .* but it's not supported by moto")
    logging.getLogger("moto").setLevel(logging.ERROR)
    custom = CustomResources()
    changes = [
        (Role, {"create_from_cloudformation_json": create_role,
                "update_from_cloudformation_json": update_role,
                "delete_from_cloudformation_json": delete_role}),
        (ManagedPolicy, {"update_from_cloudformation_json": update_policy,
                         "delete_from_cloudformation_json": delete_policy}),
        (ResourceMap, {"__init__": make_map, "load_parameters": load_parameters,
                       "update": update_stack}),
        (CustomModel, {"create_from_cloudformation_json": custom.create,
                       "delete_from_cloudformation_json": custom.delete})]
    with contextlib.ExitStack() as stack:
        for owner, methods in changes:
            for name, method in methods.items():
                bound = method if owner is ResourceMap else staticmethod(method)
                stack.enter_context(mock.patch.object(owner, name, bound))
        stack.enter_context(mock_aws())
        yield custom
