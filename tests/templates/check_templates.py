#!/usr/bin/env python3
"""tests/templates/check_templates.py SPOTC: what holds for every template, without cfn-lint.

Looked at are the templates of variants.py, each by every function whose name begins with `find_`:
it returns what is wrong. Each of these is then tried on templates with something broken in them
(faults.py), and must find it.
"""

import copy
import json
import re
import shlex
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from suite import Suite
from faults import FAULTS, SOURCES
from template import (POLICY, PSEUDO, REPORT, ROLE, as_list, of_type, read_template, references,
                      refused_by, resolve, walk)
from variants import compile_variants
from manifests import scratch_folder

ROOT = HERE.parent.parent
RANDOM, SEED = 200, 4077
# AWS CloudFormation Template Reference, "Return values" of each type that is referred to.
ATTRIBUTES = {ROLE: {"Arn", "RoleId"}, POLICY: {"PolicyArn", "PolicyId"},
              "AWS::S3::Bucket": {"Arn", "DomainName", "RegionalDomainName"},
              "AWS::CloudFormation::StackSet": {"StackSetId"}}
# Tokens of Spot's API, AWS access keys, session tokens, private keys, web tokens.
SECRET = re.compile(r"\b[0-9a-f]{64}\b|\b(?:AKIA|ASIA)[A-Z2-7]{16}\b|-----BEGIN|\beyJ[\w-]{10,}\.")


def read_table(name):
    """A table of schema/iam as {first column: {column: value}}."""
    text = (ROOT / "schema/iam" / name).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}


QUOTAS = {name: int(row["value"]) for name, row in read_table("quotas.tsv").items()}
REGIONS = {name: row["regions"].split(",") for name, row in read_table("partitions.tsv").items()}
# AWS Billing, "AWS::CUR::ReportDefinition": the only regions that have it.
REPORT_REGIONS = {"us-east-1", "cn-northwest-1"}


class Case:
    """A template with what it was compiled from and what was written beside it."""

    def __init__(self, compiled):
        self.compiled = compiled
        self.text = compiled.template.read_text(encoding="utf-8")
        self.template = read_template(compiled.template)
        self.set = read_template(compiled.stack_set) if compiled.stack_set else None
        self.beside = {path.name: json.loads(path.read_text(encoding="utf-8"))
                       for path in compiled.folder.glob("*-policy*.json")}

    @property
    def deployed(self):
        """The template that the printed command deploys."""
        return self.set or self.template

    def values(self, region=None):
        """What the pseudo parameters and parameters are when the stack is deployed."""
        account, partition = self.compiled.account, self.compiled.partition
        defaults = {name: parameter["Default"]
                    for name, parameter in self.template.get("Parameters", {}).items()
                    if "Default" in parameter}
        return {**defaults, "AWS::AccountId": account, "AWS::Partition": partition,
                "AWS::Region": region or REGIONS[partition][0]}


# --- references ---------------------------------------------------------------------------------

def find_dangling(case):
    """Each Ref, GetAtt and Sub names something that is there, and an attribute that it has."""
    resources = case.template["Resources"]
    known = {*resources, *case.template.get("Parameters", {}), *PSEUDO}
    for path, name, attribute in references(case.template):
        kind = resources.get(name, {}).get("Type", "")
        if name not in known:
            yield f"{path} names {name}, which is not there"
        elif attribute and not kind.startswith("Custom::") \
                and attribute not in ATTRIBUTES.get(kind, ()):
            yield f"{path} names {name}.{attribute}, and {kind} has none"


def find_placeholders(case):
    """No text has ${} outside Fn::Sub: nothing would replace it."""
    for path, value in walk(case.template):
        if isinstance(value, str) and "${" in value and path[-1] != "Fn::Sub":
            yield f"{path} has a placeholder: {value}"


def find_unused(case):
    """Each parameter is used."""
    used = {name for _, name, _ in references(case.template)}
    yield from (f"parameter {name} is not used"
                for name in case.template.get("Parameters", {}) if name not in used)


def needs(resource):
    return {name for _, name, _ in references(resource.get("Properties", {}))}


def behind(resources, names):
    """All that resources need, directly or through others."""
    seen, ahead = set(), list(names)
    while ahead:
        name = ahead.pop()
        if name in resources and name not in seen:
            seen.add(name)
            ahead += [*needs(resources[name]), *as_list(resources[name].get("DependsOn", []))]
    return seen


def find_order(case):
    """No DependsOn says what a Ref or another DependsOn says already, and nothing is a circle."""
    resources = case.template["Resources"]
    for name, resource in resources.items():
        listed = as_list(resource.get("DependsOn", []))
        for other in listed:
            if other not in resources:
                yield f"{name} depends on {other}, which is not there"
            elif other in needs(resource) or other in behind(
                    resources, {*needs(resource), *listed} - {other}):
                yield f"{name} depends on {other} needlessly"
        if name in behind(resources, {*needs(resource), *listed}):
            yield f"{name} needs itself"


# --- what must be there -------------------------------------------------------------------------

def find_outputs(case):
    """An output for each role and policy, and whether each output says what it is."""
    outputs = case.template.get("Outputs", {})
    values = [output.get("Value") for output in outputs.values()]
    for name in of_type(case.template, ROLE):
        if {"Fn::GetAtt": [name, "Arn"]} not in values:
            yield f"no output has the ARN of {name}"
    for name in of_type(case.template, POLICY):
        if {"Ref": name} not in values:
            yield f"no output has the ARN of {name}"
    for name, output in outputs.items():
        if not output.get("Description") or set(output) != {"Description", "Value"}:
            yield f"output {name} has {sorted(output)}"


def find_loose_policies(case):
    """Each policy is attached to one role."""
    attached = [arn["Ref"] for role in of_type(case.template, ROLE).values()
                for arn in role["ManagedPolicyArns"] if isinstance(arn, dict) and "Ref" in arn]
    for name in of_type(case.template, POLICY):
        if attached.count(name) != 1:
            yield f"{name} is attached {attached.count(name)} times"


def find_command(case):
    """The command that is printed has the capability that CloudFormation asks for; it gives every
    parameter, since an update keeps the old value of one that is not given, and secrets come from
    the environment."""
    words = shlex.split(case.compiled.command)
    if words[:5] != ["to", "deploy:", "aws", "cloudformation", "deploy"]:
        yield f"no command to deploy: {case.compiled.command}"
        return
    named = any("RoleName" in role for role in of_type(case.template, ROLE).values())
    wanted = [] if case.set else ["CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"]
    if [word for word in words if word.startswith("CAPABILITY_")] != wanted:
        yield f"not deployed with {wanted}"
    meant = {name: one.get("Default", f"${name.upper()}")
             for name, one in case.deployed.get("Parameters", {}).items()}
    if case.compiled.given_parameters() != meant:
        yield f"the parameters {meant} are needed, and {case.compiled.given_parameters()} given"


def find_rules(case):
    """The rules let the manifest's account deploy where the stack can be, and nobody else."""
    report = bool(of_type(case.template, REPORT))
    account = case.compiled.account
    for region in REGIONS[case.compiled.partition]:
        possible = not report or region in REPORT_REGIONS
        refused = refused_by(case.deployed, case.values(region))
        if bool(refused) == possible:
            yield f"in {region}, refused by {refused}"
        other = {**case.values(region), "AWS::AccountId": str(int(account) ^ 1).zfill(12)}
        if not refused_by(case.deployed, other):
            yield f"another account is not refused in {region}"


# --- policies -----------------------------------------------------------------------------------

def roles_of(case):
    """(role id, properties) of each role."""
    for name, role in of_type(case.template, ROLE).items():
        yield name.removesuffix("Role").lower(), role


def policy_files(case, role_id, role):
    """{file name: document} of a role's policies and, where its external id is known before, its
    trust policy."""
    resources, known = case.template["Resources"], case.values()
    own = [arn["Ref"] for arn in role["ManagedPolicyArns"] if "Ref" in arn]
    files = {f"{role_id}-policy{'' if number == 1 else f'-{number}'}.json":
             resources[name]["Properties"]["PolicyDocument"]
             for number, name in enumerate(own, 1)}
    trust = role["AssumeRolePolicyDocument"]
    if all(name in known for _, name, _ in references(trust)):
        files[f"{role_id}-trust-policy.json"] = trust
    return files


def find_other_policies(case):
    """Policies and trust policies are those of the files, once deployed."""
    files = {}
    for role_id, role in roles_of(case):
        files.update(policy_files(case, role_id, role))
    if set(files) != set(case.beside):
        yield f"written are {sorted(case.beside)}, the template has {sorted(files)}"
    for name, document in files.items():
        if resolve(document, case.values()) != case.beside.get(name):
            yield f"{name} is not what the template has"


def find_untrusted(case):
    """The role for Spot is never trusted without an external id, and nobody is by a wildcard."""
    for role_id, role in roles_of(case):
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            condition = statement.get("Condition", {}).get("StringEquals", {})
            if role_id == "spot" and not condition.get("sts:ExternalId"):
                yield "role spot is trusted without an external id"
            if "*" in as_list(resolve(statement["Principal"], case.values()).get("AWS", "*")):
                yield f"role {role_id} trusts everybody"


def find_sizes(case):
    """Everything is within the quotas of IAM and CloudFormation."""
    def size(document):
        return len(json.dumps(resolve(document, case.values()), separators=(",", ":"),
                              ensure_ascii=False))

    template = case.template
    found = [("template-bytes", len(case.text.encode())),
             ("template-resources", len(template["Resources"])),
             ("template-parameters", len(template.get("Parameters", {}))),
             ("template-outputs", len(template.get("Outputs", {}))),
             ("template-description-bytes", len(template["Description"].encode()))]
    for policy in of_type(template, POLICY).values():
        found.append(("managed-policy-characters", size(policy["PolicyDocument"])))
    for role in of_type(template, ROLE).values():
        found += [("trust-policy-characters", size(role["AssumeRolePolicyDocument"])),
                  ("role-managed-policies", len(role["ManagedPolicyArns"])),
                  ("role-name-characters", len(role.get("RoleName", ""))),
                  ("role-path-characters", len(role.get("Path", ""))),
                  ("role-description-characters", len(role["Description"])),
                  ("role-tags", len(role.get("Tags", [])))]
    yield from (f"{name}: {number}" for name, number in found if number > QUOTAS[name])


# --- values -------------------------------------------------------------------------------------

def find_types(case):
    """Policies have texts only, and lists and mappings of them; a number or a boolean there was a
    text that lost its quotes. So has the account that the rule asks for."""
    for part in ("Resources", "Rules"):
        for path, value in walk(case.template.get(part, {})):
            text_only = part == "Rules" or any("PolicyDocument" in str(key) for key in path) \
                or "Tags" in path
            if text_only and not isinstance(value, (str, dict, list)):
                yield f"{part} {path} is {value!r}, not a text"


def find_secrets(case):
    """A parameter that has a secret is NoEcho, without default, and reaches nothing but the
    property of that name of a custom resource; no value anywhere looks like a secret."""
    for name, one in case.template.get("Parameters", {}).items():
        secret = re.search(r"token|secret|password", name, re.IGNORECASE)
        if secret and (one.get("NoEcho") is not True or "Default" in one):
            yield f"parameter {name} is shown"
        if secret or one.get("NoEcho"):
            for path, used, _ in references(case.template):
                if used == name and not (path[0] == "Resources" and path[-2] == name and case
                                         .template["Resources"][path[1]]["Type"]
                                         .startswith("Custom::")):
                    yield f"parameter {name} is shown at {path}"
    for path in [case.compiled.template, *case.compiled.folder.iterdir()]:
        match = SECRET.search(path.read_text(encoding="utf-8"))
        if match:
            yield f"{path.name} has what looks like a secret: {match[0][:8]}…"


def find_lost(case):
    """What is connected, and what was delivered, stays when the stack goes."""
    for name, resource in case.template["Resources"].items():
        kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
        has = {key: value for key, value in resource.items() if key in kept}
        if has != ({} if resource["Type"] in (ROLE, POLICY) else kept):
            yield f"{name} has {has}"


def find_open_buckets(case):
    """Each bucket is encrypted, private and reached by TLS only."""
    for name, bucket in of_type(case.template, "AWS::S3::Bucket").items():
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if set(block.values()) != {True} or len(block) != 4:
            yield f"{name} can be made public"
        rules = bucket.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
        if not any(rule.get("ServerSideEncryptionByDefault") for rule in rules):
            yield f"{name} is not encrypted"
        denied = [statement for policy in of_type(case.template, "AWS::S3::BucketPolicy").values()
                  for statement in policy["PolicyDocument"]["Statement"]
                  if policy["Bucket"] == {"Ref": name} and statement["Effect"] == "Deny"]
        if not any(statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
                   and statement["Principal"] == "*" and as_list(statement["Action"]) == ["s3:*"]
                   and len(statement["Resource"]) == 2 for statement in denied):
            yield f"{name} is reached without TLS"


CHECKS = {name.removeprefix("find_"): function for name, function in list(globals().items())
          if name.startswith("find_")}


# --- what each must find ------------------------------------------------------------------------

def check_faults(suite, cases):
    """Each check finds what is broken on purpose; none is without something to find."""
    for number, (check, source, break_it) in enumerate(FAULTS):
        case = copy.copy(cases[SOURCES[source]])
        case.template = copy.deepcopy(case.template)
        break_it(case.template)
        suite.check(f"fault {number} in {source}: {check}",
                    "" if list(CHECKS[check](case)) else "not found")
    token = copy.copy(cases[SOURCES["automatic"]])
    suite.check("no other value that looks like a secret",
                "" if SECRET.search("0123456789abcdef" * 4) and not SECRET.search(token.text)
                else "the pattern is wrong")
    without = set(CHECKS) - {check for check, _, _ in FAULTS}
    suite.check("every check has something to find", without and f"not {sorted(without)}")


def check_case(suite, case):
    problems = [f"{name}: {problem}" for name, find in CHECKS.items() for problem in find(case)]
    if case.set:
        around = copy.copy(case)
        around.template = case.set
        problems += [f"the set: {problem}" for find in (find_dangling, find_unused, find_order)
                     for problem in find(around)]
    suite.check(case.compiled.title, problems and f"{len(problems)} problems",
                "\n".join(problems[:20]))


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    with scratch_folder() as folder:
        compiled = compile_variants(suite, spotc, RANDOM, SEED, Path(folder))
        cases = {one.title: Case(one) for one in compiled}
        for case in cases.values():
            check_case(suite, case)
        if cases:
            check_faults(suite, cases)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
