#!/usr/bin/env python3
"""tests/templates/check_moto.py SPOTC: the stacks do in moto what the JSON files say.

The stack of each example, preset and form of Eco is created, in its account, and in a region of its
partition; what stands in IAM then is compared with the JSON files, and the role's settings with the
manifest. The stack is deleted, and roles and policies are gone, while what is to stay stays. Then,
in each partition, one stack is updated from one example to the next, and compared each time.

Skipped where moto is not installed. moto_iam.py says what moto is helped with. It knows neither
bucket policies, public access blocks nor reports; of these check_templates.py looks at the template.
Of stack sets there is check_stack_set.py.
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "policies")]

from manifests import ACCOUNT, scratch_folder
from suite import Suite
from template import ROLE, of_type, read_template, refused_by, resolve
from variants import compile_manifests, compile_variants, examples

try:
    import boto3
    from botocore.exceptions import ClientError
    from moto_iam import PHYSICAL_IDS, cloudformation
    MISSING = None
except ImportError as error:
    MISSING = error.name or str(error)

REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1"}
TOKEN = "NotToBeShown1"


class Deployed:
    """A stack in moto, in one account and region."""

    def __init__(self, account, partition, custom):
        self.account, self.partition, self.custom = account, partition, custom
        region = REGIONS[partition]
        key = boto3.client("sts", region_name=region).assume_role(
            RoleArn=f"arn:{partition}:iam::{account}:role/deploy",
            RoleSessionName="test")["Credentials"]
        session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"],
                                region)
        self.cloudformation, self.s3 = map(session.client, ("cloudformation", "s3"))
        # IAM's global endpoints do not tell moto which partition is meant.
        self.iam = session.client("iam", endpoint_url=f"https://iam.{region}.amazonaws.com")

    def arguments(self, compiled):
        """As the command that spotc prints gives them, with the token from the environment."""
        given = [{"ParameterKey": name, "ParameterValue": TOKEN if value == "$TOKEN" else value}
                 for name, value in compiled.given_parameters().items()]
        return {"StackName": "spot", "TemplateBody": compiled.template.read_text("utf-8"),
                "Parameters": given, "Capabilities": ["CAPABILITY_NAMED_IAM"]}

    def create(self, compiled):
        self.cloudformation.create_stack(**self.arguments(compiled))

    def update(self, compiled):
        self.cloudformation.update_stack(**self.arguments(compiled))

    def stack(self):
        return self.cloudformation.describe_stacks(StackName="spot")["Stacks"][0]

    def outputs(self):
        return {one["OutputKey"]: one.get("OutputValue") for one in self.stack()["Outputs"]}

    def physical_id(self, logical_id):
        return self.cloudformation.describe_stack_resource(
            StackName="spot", LogicalResourceId=logical_id)[
                "StackResourceDetail"]["PhysicalResourceId"]

    def policy(self, arn):
        version = self.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        return self.iam.get_policy_version(PolicyArn=arn, VersionId=version)[
            "PolicyVersion"]["Document"]

    def own_policies(self):
        return [one["Arn"] for one in self.iam.list_policies(Scope="Local")["Policies"]]


# --- what was made ------------------------------------------------------------------------------

def files_of(compiled, role_id):
    """The policies of a role in the order of their parts."""
    paths = sorted(compiled.folder.glob(f"{role_id}-policy*.json"),
                   key=lambda path: (len(path.name), path.name))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def trust_of(compiled, role_id, properties):
    """The trust policy's file; where there is none, the template's, with the id that was made."""
    path = compiled.folder / f"{role_id}-trust-policy.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    return resolve(properties["AssumeRolePolicyDocument"], {
        **PHYSICAL_IDS, "AWS::Partition": compiled.partition})


def ordered(value):
    """The same for every order of keys and of lists."""
    return json.dumps(value, sort_keys=True) if not isinstance(value, list) else sorted(
        map(ordered, value))


def role_problems(deployed, compiled, logical_id, properties):
    """Why a role, its policies and its settings are not what the files and the template say."""
    role_id = logical_id.removesuffix("Role").lower()
    role = deployed.iam.get_role(RoleName=deployed.physical_id(logical_id))["Role"]
    attached = [one["PolicyArn"] for one in deployed.iam.list_attached_role_policies(
        RoleName=role["RoleName"])["AttachedPolicies"]]
    own = [arn for arn in attached if ":aws:policy/" not in arn]
    if ordered([deployed.policy(arn) for arn in own]) != ordered(files_of(compiled, role_id)):
        yield f"{role_id}: the policies are not those of the files"
    managed = {resolve(arn, {"AWS::Partition": compiled.partition})
               for arn in properties["ManagedPolicyArns"] if "Ref" not in arn}
    if set(attached) - set(own) != managed:
        yield f"{role_id}: attached are {attached}"
    if role["AssumeRolePolicyDocument"] != trust_of(compiled, role_id, properties):
        yield f"{role_id}: the trust policy is not that of the file"
    settings = (compiled.settings.get(role_id) or {})
    for key, has, meant in (("name", role["RoleName"], settings.get("name", role["RoleName"])),
                            ("path", role["Path"], settings.get("path", "/")),
                            ("max_session_duration", role["MaxSessionDuration"],
                             settings.get("max_session_duration", 3600))):
        if has != meant:
            yield f"{role_id}: {key} is {has}"
    if deployed.outputs()[f"{logical_id}Arn"] != role["Arn"]:
        yield f"{role_id}: the output has not its ARN"
    if not role["Arn"].startswith(f"arn:{compiled.partition}:iam::{deployed.account}:"):
        yield f"{role_id}: the ARN is {role['Arn']}"


def connection_problems(deployed, template):
    """What was asked of Spot's functions, and that the token is shown nowhere."""
    made = deployed.custom.made if "SpotAccount" in template["Resources"] else {}
    for name, properties in made.items():
        if properties.get("Token") != TOKEN or "${" in json.dumps(properties):
            yield f"{name} is asked for with {properties}"
    if made and made["SpotLinkedCredentials"]["IamRoleArn"] != deployed.outputs()["SpotRoleArn"]:
        yield "another role is linked"
    if made and [deployed.outputs()[name] for name in ("AccountId", "ExternalId")] \
            != [PHYSICAL_IDS[name] for name in ("SpotAccount", "SpotExternalId")]:
        yield "the outputs are not what Spot's functions answer"
    if TOKEN in json.dumps(deployed.outputs()):
        yield "the token is shown"


def problems(deployed, compiled, template):
    values = {"AWS::AccountId": deployed.account, "AWS::Region": REGIONS[compiled.partition]}
    if refused_by(template, values):
        yield f"refused by {refused_by(template, values)}"
    for logical_id, properties in of_type(template, ROLE).items():
        yield from role_problems(deployed, compiled, logical_id, properties)
    yield from connection_problems(deployed, template)
    number = sum(len(list(compiled.folder.glob(f"{name.removesuffix('Role').lower()}-policy*")))
                 for name in of_type(template, ROLE))
    if len(deployed.own_policies()) != number:
        yield f"there are {len(deployed.own_policies())} policies, not {number}"


def is_deployed(deployed, compiled, template):
    try:
        return not list(problems(deployed, compiled, template))
    except ClientError:
        return False  # A role that is not there, for example.


def remains(deployed, template):
    """Deletes the stack: nothing of IAM may be left, and all that is to stay must."""
    buckets = [deployed.physical_id(name) for name in of_type(template, "AWS::S3::Bucket")]
    roles = [deployed.physical_id(name) for name in of_type(template, ROLE)]
    deployed.cloudformation.delete_stack(StackName="spot")
    there = {one["RoleName"] for one in deployed.iam.list_roles()["Roles"]}
    if there & set(roles) or deployed.own_policies():
        yield "roles or policies are left"
    if deployed.custom.deleted:
        yield f"Spot's functions are asked to delete {deployed.custom.deleted}"
    yield from bucket_problems(deployed.s3, buckets)


def bucket_problems(s3, names):
    """Each bucket is still there, and encrypted."""
    for name in names:
        rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        if not any(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules):
            yield f"bucket {name} has {rules}"


# --- the tests ----------------------------------------------------------------------------------

def check_created(suite, compiled):
    template = read_template(compiled.template)
    with cloudformation() as custom:
        deployed = Deployed(compiled.account, compiled.partition, custom)
        deployed.create(compiled)
        found = list(problems(deployed, compiled, template))
        suite.check(f"create {compiled.title}", "; ".join(found))
        suite.check(f"delete {compiled.title}", "; ".join(remains(deployed, template)))


def check_updated(suite, partition, chain):
    """One stack takes the form of each, one after the other, and of the first again."""
    with cloudformation() as custom:
        deployed = Deployed(ACCOUNT, partition, custom)
        deployed.create(chain[0])
        for before, after in zip(chain, [*chain[1:], chain[0]]):
            template, title = read_template(after.template), f"{before.name} to {after.name}"
            suite.check(f"before update {title}", "the problems are not noticed"
                        if is_deployed(deployed, after, template) else "")
            deployed.update(after)
            suite.check(f"update {title}", "; ".join(problems(deployed, after, template)))


def check_chains(suite, spotc, folder):
    """The examples as manifests of one account, since a stack stays in its own."""
    manifests = [("update", {**manifest, "account": ACCOUNT}) for manifest in examples()]
    compiled = compile_manifests(suite, spotc, manifests, folder)
    for partition in REGIONS:
        chain = [one for one in compiled if one.partition == partition and not one.stack_set]
        if len(chain) > 1:
            check_updated(suite, partition, chain)


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    if MISSING:
        suite.skip("moto", f"there is no module {MISSING} (pip install 'moto[all]')")
        return suite.finish()
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing")
    with scratch_folder() as name:
        folder = Path(name)
        (folder / "one").mkdir()
        (folder / "chain").mkdir()
        compiled = compile_variants(suite, spotc, 0, 0, folder / "one")
        for one in compiled:
            if not one.title.startswith("large") and not one.stack_set:
                check_created(suite, one)
        check_chains(suite, spotc, folder / "chain")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
