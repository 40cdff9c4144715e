"""What the families of hostile input are made of; see families.py."""

import json
import os
from pathlib import Path

MANIFEST = """version: 1
name: hostile
account: "123456789012"
partition: commercial
external_id: spotinst:aws:extid:3w72ms42i8000000
"""
OCEAN = MANIFEST + "products:\n  ocean: {integrations: [eks]}\n"

CHECK = ["check", "manifest.yaml"]
COMPILE = ["compile", "manifest.yaml", "-o", "out"]
LINT = ["lint", "policy.json"]
LINT_MANIFEST = ["lint", "manifest.yaml"]
LINT_TEMPLATE = ["lint", "template.yaml"]
DIFF = ["diff", "policy.json", "other.json"]
DIFF_TEMPLATE = ["diff", "template.yaml", "other.yaml"]
SCHEMA = ["schema", "--check", "schema.json", "instance.json"]
EXPLAIN = ["explain", "manifest.yaml", "ec2:RunInstances"]

FAMILIES = {}


# What lint and `schema --check` say of what they cannot judge; other errors are findings.
UNREADABLE = {
    "lint": {"duplicate-key", "invalid-utf8", "invalid-value", "not-a-policy", "syntax", "too-deep",
             "too-large", "too-many-entries", "too-many-nodes", "template-too-large"},
    "schema": {"invalid-utf8", "schema-too-costly", "too-large", "unsupported-schema"},
}
DONE, NO, CANNOT = 0, 1, 2


def status_of(command, says):
    """The exit status that belongs to what is said: a manifest with an error is a no, and so is a
    difference or a finding; what cannot be judged is none."""
    if not says:
        return NO if command in ("verify", "diff") else DONE
    if command in ("diff", "explain"):
        return CANNOT
    return CANNOT if UNREADABLE.get(command, set()) & set(says) else NO


class Family:
    """MAKE(size) gives the files, path to content; FULL and SMALL are sizes; SAYS counts the errors
    by their ids; STATUS ends a run. FIXED says why there is no input of twice the size."""

    def __init__(self, make, command, full, small, says, status, fixed):
        self.make, self.command, self.full, self.small = make, command, full, small
        self.says, self.fixed = says, fixed
        self.status = status_of(self.words(full)[0], says) if status is None else status

    def words(self, size):
        """The command line for an input of SIZE."""
        return self.command(size) if callable(self.command) else self.command


def family(command, full, small=0, says=(), status=None, name=None, fixed=""):
    """COMMAND: words, or a function from a size to them. SAYS: a list of ids, or a mapping to how
    often each is said. STATUS: where it is not that of status_of. SMALL, or FIXED."""
    def add(make):
        own = name or make.__name__.replace("_", "-")
        if (small > 0) == bool(fixed):
            raise ValueError(f"{own}: a size to double, or the reason why there is none")
        FAMILIES[own] = Family(make, command, full, small, says, status, fixed)
        return make
    return add


def policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def lines(count, form):
    return "".join(form.format(i=i) for i in range(count))


USER_BUNDLE = """product: acme
title: Acme
summary: It is a vendor.
role: acme
source: "https://acme.example (2025-01-01)"
"""
TRUST = """trust: acme
title: Acme
description: Assumed by Acme.
external_id: required
default_profile: service
profiles:
  service:
    - partition: aws
      principals: ["arn:${{ partition }}:iam::111122223333:root"]
      source: "https://acme.example (2025-01-01)"
unpublished: Acme runs in the commercial partition only
"""
STATEMENTS = "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources: ['*']\n"


def acme(bundle, parameters="", more=()):
    manifest = (MANIFEST.replace("external_id: spotinst:aws:extid:3w72ms42i8000000\n", "") +
                "bundles: [./bundles]\nroles: {acme: {external_id: abc}}\nproducts:\n  acme: {" +
                parameters + "}\n")
    return {"manifest.yaml": manifest, "bundles/acme.yaml": bundle, "bundles/trust.yaml": TRUST,
            **dict(more)}


def stack(resources, more=""):
    return "AWSTemplateFormatVersion: 2010-09-09\n" + more + "Resources:\n" + resources


def managed(name, statements):
    return (f"  {name}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
            "      PolicyDocument:\n        Version: 2012-10-17\n        Statement:\n" + statements)


ONE = "        - {{Effect: Allow, Action: {action}, Resource: {resource}}}\n"


def one(action="'s3:GetObject'", resource="'*'"):
    return ONE.format(action=action, resource=resource)


def fleet_of(size, shared=""):
    account = OCEAN.replace('account: "123456789012"\n', "").replace("name: hostile\n",
                                                                     "name: hostile\n" + shared)
    return account + "accounts:\n" + lines(
        size, '- {{name: m{i}, account: "1234{i:08}"}}\n')


def write(folder, files):
    """Writes the files; one that is a number is as many bytes of nothing, and takes no space."""
    for path, content in files.items():
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, int):
            target.touch()
            os.truncate(target, content)
        else:
            target.write_bytes(content.encode() if isinstance(content, str) else content)
