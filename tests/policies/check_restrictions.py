#!/usr/bin/env python3
"""tests/policies/check_restrictions.py SPOTC: do the restrictions hold, and hold nothing else?

Every preset and product is compiled as it is and with each restriction, alone and together. Then,
for every action of the catalogue and each type of resource that it takes, concrete requests are
put to both: in the right region and the wrong one, in the right VPC and the wrong one, with the
vendor's tag and without. The restricted policies must allow just what the others do and the
restriction lets pass, and that is worked out here, by IAM's documented logic and from the tables
as text, by none of spotc's own code. Then an attacker tries to get out.
"""

import functools
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import PARTITIONS, ROOT
from catalogue import as_list, expand, names
from manifests import ACCOUNT, BUILT_IN, compile_all, complete, manifest_of, scratch_folder
from suite import Suite

REGIONS = {"aws": ("eu-west-1", "us-east-1"), "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
           "aws-cn": ("cn-north-1", "cn-northwest-1")}
VPC, OTHER_VPC = "vpc-0123456789abcdef0", "vpc-0f0f0f0f0f0f0f0f0"
TAG = "ec2:resourcetag/spotinst:aws:ec2:group:createdby"
# Conditions that bundles have of their own: here they hold.
OWN = {"kms:grantisforawsresource": "true", "iam:awsservicename": "elasticache.amazonaws.com"}
WAYS = ("regions", "vpcs", "spot_managed_only")
CHANGES = set("WPT")
PLACE = re.compile(r"\$\{(\w+)\}")
NAMES = {"BucketName": "elasticbeanstalk-1"}


# --- tables ---------------------------------------------------------------------------------------

def rows_of(name):
    lines = (ROOT / "schema/iam" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]


def full_keys(service, text):
    return {service + key if key.startswith(":") else key for key in text.split(",") if key}


def types_of(service, groups):
    """[(type, keys)] of an action's column `resources`."""
    found = []
    for group in filter(None, groups.split(";")):
        types, _, keys = group.partition("=")
        found += [(name.rstrip("!"), full_keys(service, keys)) for name in types.split(",")]
    return found


ACTIONS = {f"{row[0]}:{row[1]}": (row[2], types_of(row[0], row[3])) for row in rows_of(
    "catalogue/actions.tsv")}
SPELLINGS = {action.lower(): action for action in ACTIONS}
FORMS = {}
for SERVICE, TYPE, ARNS, *_ in rows_of("catalogue/resources.tsv"):
    FORMS[SERVICE, TYPE] = [arn for arn in ARNS.split(",") if arn]
GLOBAL = [row[0] for row in rows_of("global-actions.tsv")]


def matches(pattern, text, fold=False):
    return compiled(pattern.lower() if fold else pattern)(text.lower() if fold else text)


@functools.cache
def compiled(pattern):
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL).fullmatch


@functools.cache
def is_global(action):
    return any(matches(pattern, action, True) for pattern in GLOBAL)


# --- evaluation -----------------------------------------------------------------------------------

def arn_like(pattern, text):
    patterns, texts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(texts) and all(map(matches, patterns, texts))


OPERATORS = {"StringEquals": str.__eq__, "Bool": str.__eq__, "StringLike": matches,
             "ArnLike": arn_like}


def holds(conditions, context):
    """Whether all of a statement's conditions hold; a key that the request lacks fails them,
    unless the operator says IfExists."""
    for operator, keys in conditions.items():
        compare = OPERATORS[operator.removesuffix("IfExists")]
        for key, values in keys.items():
            given = context.get(key.lower())
            if given is None and not operator.endswith("IfExists"):
                return False
            if given is not None and not any(compare(value, given) for value in as_list(values)):
                return False
    return True


@functools.cache
def granted(pattern):
    return [SPELLINGS[action] for action in names(expand(pattern))]


class Policies:
    """What a role's policies allow."""

    def __init__(self, folder, role):
        self.statements = [s for path in sorted(folder.glob(f"{role}-policy*.json"))
                           for s in json.loads(path.read_text(encoding="utf-8"))["Statement"]]
        assert all(s["Effect"] == "Allow" for s in self.statements)
        self.by_action = {}
        for statement in self.statements:
            for action in {name for pattern in statement["Action"] for name in granted(pattern)}:
                self.by_action.setdefault(action, []).append(statement)

    def about(self, action):
        return self.by_action.get(action, [])

    def allow(self, action, resource, context):
        return any((s["Resource"] == ["*"] or any(compiled(p)(resource) for p in s["Resource"])) and
                   holds(s.get("Condition", {}), context) for s in self.about(action))


# --- requests -------------------------------------------------------------------------------------

def concrete(form, partition, region):
    values = {"Partition": partition, "Region": region, "Account": ACCOUNT, **NAMES}
    return PLACE.sub(lambda match: values.get(match[1], "x1"), form)


def targets(action):
    """(form of an ARN, keys of the pair, type) that a request can be about."""
    service = action.partition(":")[0]
    types = ACTIONS[action][1]
    for name, keys in types:
        for form in FORMS.get((service, name)) or other_forms(name):
            yield form, keys, name
    if not types:
        yield "*", set(), ""


@functools.cache
def other_forms(name):
    """Of types that are another service's."""
    return [form for (_, other), forms in FORMS.items() if other == name for form in forms][:1]


@functools.cache
def requests(action, partition):
    """(resource, context, situation) for every target and situation."""
    return list(find_requests(action, partition))


def find_requests(action, partition):
    for form, keys, name in targets(action):
        for near, inside, tagged in itertools.product((True, False), repeat=3):
            if (not inside and "ec2:Vpc" not in keys) or (
                    tagged and "ec2:ResourceTag/${TagKey}" not in keys):
                continue
            region = REGIONS[partition][0 if near else 1]
            context = {"aws:requestedregion": region, **OWN}
            if "ec2:Vpc" in keys:
                vpc = VPC if inside else OTHER_VPC
                context["ec2:vpc"] = f"arn:{partition}:ec2:{region}:{ACCOUNT}:vpc/{vpc}"
            if tagged:
                context[TAG] = "spotinst"
            yield concrete(form, partition, region), context, (near, inside, tagged, keys, name)


def lets_pass(ways, action, situation):
    """Whether the restrictions have nothing against a request."""
    near, inside, tagged, keys, name = situation
    access = ACTIONS[action][0]
    if "regions" in ways and not near and not is_global(action):
        return False
    if "vpcs" in ways and not inside:
        return False
    if "spot_managed_only" not in ways or tagged:
        return True
    if action.startswith("ec2:") and "T" in access:
        return False
    existing = name == "instance" and "ec2:ResourceTag/${TagKey}" in keys
    return not (action.startswith("ec2:") and existing and CHANGES & set(access))


# --- manifests ------------------------------------------------------------------------------------

def plain():
    for partition in PARTITIONS:
        for preset in BUILT_IN["preset"]:
            if partition == "commercial" or preset == "default":
                yield complete(manifest_of(f"{preset}-{partition}", partition, permissions=preset))
    for product in BUILT_IN.offered():
        several = "choose_one" not in BUILT_IN["product"][product]
        entry = {"integrations": "all"} if several and \
            BUILT_IN["product"][product].get("integrations") else {}
        yield complete(manifest_of(f"product-{product}", products={product: entry}))


def restrict(manifest, ways, acknowledged=True):
    partition = PARTITIONS[manifest["partition"]]
    keys = {"regions": [REGIONS[partition][0]], "vpcs": [VPC], "spot_managed_only": True}
    restricted = json.loads(json.dumps(manifest))
    restricted["name"] += "-" + "-".join(way[0] for way in ways)
    restricted["restrict"] = {way: keys[way] for way in ways}
    if acknowledged:
        restricted.setdefault("acknowledge", []).append(
            {"check": "restriction-bypassed", "reason": "a test"})
    return restricted


def roles_of(folder):
    return sorted({path.name.split("-policy")[0] for path in folder.glob("*-policy*.json")
                   if "trust" not in path.name})


# --- checks ---------------------------------------------------------------------------------------

def sweep(before, after, ways, partition):
    """The first requests that are answered wrongly, and how many were denied and allowed."""
    wrong, counts = [], {True: 0, False: 0}
    for action in ACTIONS:
        if not before.about(action):
            if after.about(action):
                wrong.append(f"{action}: granted where it was not")
            continue
        for resource, context, situation in requests(action, partition):
            allowed = before.allow(action, resource, context)
            expected = allowed and lets_pass(ways, action, situation)
            counts[expected] += allowed
            if after.allow(action, resource, context) != expected:
                wrong.append(f"{action} on {resource} with {context}: should be "
                             f"{'allowed' if expected else 'denied'}")
    return wrong, counts


def check_sweeps(suite, spotc, folder):
    manifests = list(plain())
    chosen = [ways for count in (1, 3) for ways in itertools.combinations(WAYS, count)]
    restricted = [restrict(manifest, ways) for manifest in manifests for ways in chosen]
    folders, done = compile_all(spotc, manifests + restricted, folder, "-q")
    if done.returncode != 0:
        suite.fail("restrictions compile", f"exit status {done.returncode}", done.stderr)
        return
    for manifest in manifests:
        name, partition = manifest["name"], PARTITIONS[manifest["partition"]]
        for ways in chosen:
            here = folders[name + "-" + "-".join(way[0] for way in ways)]
            for role in roles_of(folders[name]):
                wrong, counts = sweep(Policies(folders[name], role), Policies(here, role), ways,
                                      partition)
                if not wrong and counts[True] == 0:
                    wrong = ["nothing is allowed any more"]
                if not wrong and counts[False] == 0 and "regions" in ways and role == "spot":
                    wrong = ["nothing is denied"]
                suite.check(f"{name} {role} with {', '.join(ways)}", f"{len(wrong)} wrong"
                            if wrong else "", "\n".join(wrong[:5]))


def launch(policies, partition, region, vpc, action="ec2:RunInstances"):
    """IAM asks for each resource of a request; all must be allowed."""
    context = {"aws:requestedregion": region}
    for name, keys in ACTIONS[action][1]:
        form = (FORMS.get(("ec2", name)) or other_forms(name))[0]
        inside = {"ec2:vpc": f"arn:{partition}:ec2:{region}:{ACCOUNT}:vpc/{vpc}"}
        if not policies.allow(action, concrete(form, partition, region),
                              {**context, **(inside if "ec2:Vpc" in keys else {})}):
            return False
    return True


def check_launches(suite, spotc, folder):
    """Creating instances and tagging them still works, in the right place and nowhere else."""
    manifest = restrict(complete(manifest_of("launch", permissions="default")), WAYS)
    folders, done = compile_all(spotc, [manifest], folder, "-q")
    policies = Policies(folders[manifest["name"]], "spot")
    near, far = REGIONS["aws"]
    for action in ("ec2:RunInstances", "ec2:RequestSpotInstances"):
        answers = [launch(policies, "aws", region, vpc, action)
                   for region, vpc in ((near, VPC), (far, VPC), (near, OTHER_VPC))]
        suite.check(f"launch by {action}", "" if answers == [True, False, False] else
                    f"right, wrong region, wrong VPC: {answers}")
    instance = f"arn:aws:ec2:{near}:{ACCOUNT}:instance/i-1"
    base = {"aws:requestedregion": near}
    for what, context, expected in (
            ("while creating it", {"ec2:createaction": "RunInstances"}, True),
            ("while creating what the role cannot", {"ec2:createaction": "CreateVpc"}, False),
            ("a foreign instance", {}, False),
            ("an instance of Spot's", {TAG: "spotinst"}, True),
            ("an instance with another value", {TAG: "someone"}, False)):
        got = policies.allow("ec2:CreateTags", instance, {**base, **context})
        suite.check(f"tag {what}", "" if got == expected else f"allowed: {got}")


def check_attacks(suite, spotc, folder):
    """Without an acknowledgement a way out is an error; with what it asks for there is none."""
    for manifest in plain():
        partition = PARTITIONS[manifest["partition"]]
        prey = restrict(manifest, WAYS, acknowledged=False)
        prey["name"] += "-attacked"
        settings = prey.setdefault("roles", {})
        role = "finops" if "eco" in prey.get("products", {}) else "spot"
        settings.setdefault(role, {})["pass_role"] = [f"arn:{partition}:iam::{ACCOUNT}:role/nodes-*"]
        folders, done = compile_all(spotc, [prey], folder)
        name = f"attack on {manifest['name']}"
        if done.returncode != 0:
            suite.check(name, "" if "[restriction-bypassed]" in done.stderr else "another error",
                        done.stderr)
            continue
        won = [what for one in roles_of(folders[prey["name"]])
               for what in attacks(Policies(folders[prey["name"]], one), partition)]
        suite.check(name, ", ".join(won))


def attacks(policies, partition):
    """What succeeds of what would undo the restrictions."""
    region = REGIONS[partition][0]
    home = {"aws:requestedregion": region}
    role = f"arn:{partition}:iam::{ACCOUNT}:role/"
    instance = f"arn:{partition}:ec2:{region}:{ACCOUNT}:instance/i-1"
    stack = f"arn:{partition}:cloudformation:{region}:{ACCOUNT}:stack/prod/1"
    profile = f"arn:{partition}:iam::{ACCOUNT}:instance-profile/nodes"
    services = ["ec2.amazonaws.com", "cloudformation.amazonaws.com", "lambda.amazonaws.com"]
    tries = [("put a policy on itself", "iam:PutRolePolicy", role + "SpotRole", {}),
             ("attach a policy to itself", "iam:AttachRolePolicy", role + "SpotRole", {}),
             ("update a stack", "cloudformation:UpdateStack", stack, {}),
             ("add a role to a profile", "iam:AddRoleToInstanceProfile", profile, {}),
             ("tag a foreign instance", "ec2:CreateTags", instance, {}),
             ("terminate a foreign instance", "ec2:TerminateInstances", instance, {})]
    tries += [(f"pass an administrator role to {service}", "iam:PassRole", role + "Admin",
               {"iam:passedtoservice": service}) for service in services]
    tries += [(f"pass its own node role to {service}", "iam:PassRole", role + "nodes-1",
               {"iam:passedtoservice": service}) for service in services[1:]]
    return [what for what, action, resource, context in tries
            if policies.allow(action, resource, {**home, **context})]


def check_explain(suite, spotc, folder):
    """`explain --context` says the same of one manifest that needs no acknowledgement."""
    manifest = complete(manifest_of("explained", permissions="restricted-ocean"))
    manifest = restrict(manifest, WAYS, acknowledged=False)
    manifest["roles"] = {"spot": {"pass_role": [f"arn:aws:iam::{ACCOUNT}:role/nodes-*"]}}
    folders, done = compile_all(spotc, [manifest], folder, "-q")
    policies = Policies(folders[manifest["name"]], "spot")
    near, far = REGIONS["aws"]
    for action in ("ec2:RunInstances", "ec2:RequestSpotInstances", "ec2:TerminateInstances",
                   "ec2:AssociateAddress", "ec2:CreateTags"):
        wrong = []
        for resource, context, _ in requests(action, "aws"):
            words = [word for key, value in context.items()
                     for word in ("--context", f"{key}={value}")]
            words += [word for key in (TAG, "ec2:vpc", "ec2:createaction") if key not in context
                      for word in ("--context", f"{key}!")]
            answer = subprocess.run(
                [spotc, "explain", "-q", str(folder / "in" / f"{manifest['name']}.yaml"), action,
                 resource, *words], capture_output=True, check=False, timeout=60).returncode
            if answer != (0 if policies.allow(action, resource, context) else 1):
                wrong.append(f"{resource} with {context}: exit status {answer}")
        suite.check(f"explain {action}", f"{len(wrong)} differ" if wrong else "",
                    "\n".join(wrong[:5]))


def main():
    suite, spotc = Suite(), str(Path(sys.argv[1]).resolve())
    with scratch_folder() as name:
        folder = Path(name)
        check_sweeps(suite, spotc, folder)
        check_launches(suite, spotc, folder)
        check_attacks(suite, spotc, folder)
        check_explain(suite, spotc, folder)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
