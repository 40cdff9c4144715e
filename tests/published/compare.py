#!/usr/bin/env python3
"""Compares what spotc compiles with what Spot publishes, in code that shares nothing with spotc.

    compare.py SPOTC [NAME...]              compile each manifest here and compare
    compare.py --self-test [SPOTC [NAME...]]  prove that the comparison notices every change

A NAME is a folder beside this file. It holds manifest.yaml and expected.json: the published
statements with the spelling mended, the AWS managed policies, the principals, and whether an
external id is asked for. Two policies grant the same when their sets of (effect, action,
resource, condition) are equal once actions that a wildcard beside them covers are dropped.

The self-test loses, adds and bends one thing at a time, and each must be noticed. With SPOTC it
bends what spotc wrote, without it what expected.json says.

Exit status: 0 all agree, 1 a difference, 2 the command line is wrong.
"""
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ADDED_ACTION = "example:Added"


class Compiled:
    """What was written for one role: policies, trust policy and, if there is one, the template."""

    def __init__(self, policies, trust, template):
        self.policies, self.trust, self.template = policies, trust, template

    def statements(self):
        return [s for policy in self.policies for s in as_list(policy["Statement"])]


# --- normal forms -------------------------------------------------------------------------------

def as_list(value):
    return value if isinstance(value, list) else [value]


def canonical_condition(condition):
    """One string for each meaning: operators and keys in lower case, values sorted."""
    return json.dumps({op.lower(): {key.lower(): sorted(as_list(values))
                                    for key, values in keys.items()}
                       for op, keys in (condition or {}).items()}, sort_keys=True)


def element_set(statements):
    """The set of (effect, action, resource, condition) of statements as IAM writes them."""
    return {(s["Effect"], action.lower(), resource, canonical_condition(s.get("Condition")))
            for s in statements
            for action in as_list(s["Action"])
            for resource in as_list(s["Resource"])}


def wildcard(pattern):
    """* is any text and ? one character; a ? does not stand for the * of another pattern."""
    parts = (".*" if c == "*" else "[^*]" if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def reduced(elements):
    """Drops each element whose action a wildcard of the same effect, resource, condition covers."""
    wild = {}
    for effect, action, resource, condition in elements:
        if "*" in action or "?" in action:
            beside = wild.setdefault((effect, resource, condition), [])
            beside.append((action, wildcard(action)))

    def covered(element):
        effect, action, resource, condition = element
        return any(pattern != action and match.fullmatch(action)
                   for pattern, match in wild.get((effect, resource, condition), []))
    return {e for e in elements if not covered(e)}


def as_iam(statement):
    """A statement of expected.json as IAM writes it."""
    iam = {"Effect": statement["effect"], "Action": statement["actions"],
           "Resource": statement["resources"]}
    if statement["conditions"]:
        iam["Condition"] = statement["conditions"]
    return iam


# --- the comparison -----------------------------------------------------------------------------

def word(element):
    effect, action, resource, condition = element
    return f"{effect} {action} on {resource}" + ("" if condition == "{}" else f" if {condition}")


def policy_problems(expected, compiled):
    odd = sorted({key for s in compiled.statements() for key in s}
                 - {"Sid", "Effect", "Action", "Resource", "Condition"})
    if odd:
        return [f"the policy has {', '.join(odd)}, which this comparison does not read"]
    want = reduced(element_set(map(as_iam, expected["statements"])))
    have = reduced(element_set(compiled.statements()))
    return ([f"lost: {word(e)}" for e in sorted(want - have)]
            + [f"gained: {word(e)}" for e in sorted(have - want)])


def trust_problems(expected, manifest, compiled):
    statements = as_list(compiled.trust["Statement"])
    if len(statements) != 1:
        return [f"the trust policy has {len(statements)} statements"]
    trust = statements[0]
    problems = []
    if (trust["Effect"], as_list(trust["Action"])) != ("Allow", ["sts:AssumeRole"]):
        problems.append(f"the trust policy has {trust['Effect']} {trust['Action']}")
    have = trust["Principal"]
    if list(have) != ["AWS"] or sorted(as_list(have["AWS"])) != sorted(expected["principals"]):
        problems.append(f"the trust policy trusts {json.dumps(have)}")
    condition = trust.get("Condition", {})
    if not expected["external_id"]:
        return problems + ([f"the trust policy asks for {json.dumps(condition)}"]
                           if condition else [])
    ids = as_list(condition.get("StringEquals", {}).get("sts:ExternalId", []))
    if list(condition) != ["StringEquals"] or list(condition["StringEquals"]) != ["sts:ExternalId"]:
        problems.append(f"the trust policy asks for {json.dumps(condition)}")
    elif len(ids) != 1 or f"external_id: {ids[0]}\n" not in manifest:
        problems.append(f"the trust policy asks for another external id: {ids}")
    return problems


def attached_names(template):
    """The AWS managed policies that the template's roles attach, by name."""
    roles = [r for r in template["Resources"].values() if r["Type"] == "AWS::IAM::Role"]
    arns = [arn for role in roles for arn in role["Properties"].get("ManagedPolicyArns", [])
            if not (isinstance(arn, dict) and "Ref" in arn)]
    return sorted(json.dumps(arn).rstrip('"}]').split(":policy/")[-1] for arn in arns)


def managed_problems(expected, compiled):
    if compiled.template is None:
        return []
    want, have = sorted(expected["managed_policies"]), attached_names(compiled.template)
    return [] if want == have else [f"managed policies: {have}, published {want}"]


def problems(expected, manifest, compiled):
    """Every difference, in words; an empty list where there is none."""
    return (policy_problems(expected, compiled) + trust_problems(expected, manifest, compiled)
            + managed_problems(expected, compiled))


# --- reading ------------------------------------------------------------------------------------

def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_case(name):
    with open(os.path.join(HERE, name, "manifest.yaml"), encoding="utf-8") as file:
        manifest = file.read()
    return read_json(os.path.join(HERE, name, "expected.json")), manifest


def read_compiled(folder, role):
    policies = sorted(glob.glob(os.path.join(folder, f"{role}-policy*.json")))
    if not policies:
        raise OSError(f"spotc wrote no {role}-policy.json")
    template = os.path.join(folder, "template.json")
    return Compiled([read_json(path) for path in policies],
                    read_json(os.path.join(folder, f"{role}-trust-policy.json")),
                    read_json(template) if os.path.exists(template) else None)


def compile_case(spotc, name, role):
    manifest = os.path.join(HERE, name, "manifest.yaml")
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run([spotc, "compile", manifest, "-o", out], timeout=60, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode != 0:
            raise OSError(f"spotc ends with {run.returncode}: {run.stdout.strip()}")
        folders = os.listdir(out)
        if len(folders) != 1:
            raise OSError(f"spotc wrote {len(folders)} folders")
        return read_compiled(os.path.join(out, folders[0]), role)


def synthesise(expected, manifest):
    """What a compiler that is right would write, from expected.json, in two policies."""
    statements = [as_iam(s) for s in expected["statements"]]
    middle = len(statements) // 2
    trust = {"Effect": "Allow", "Principal": {"AWS": expected["principals"]},
             "Action": "sts:AssumeRole"}
    if expected["external_id"]:
        value = re.search(r"external_id: (\S+)\n", manifest).group(1)
        trust["Condition"] = {"StringEquals": {"sts:ExternalId": value}}
    arns = [{"Ref": "Policy"}] + [{"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{name}"}
                                  for name in expected["managed_policies"]]
    role = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": arns}}
    return copy.deepcopy(Compiled([{"Statement": statements[:middle]},
                                   {"Statement": statements[middle:]}],
                                  {"Statement": [trust]}, {"Resources": {"Role": role}}))


# --- the self-test ------------------------------------------------------------------------------

def lose(compiled, element):
    """Takes one element out of every statement that has it."""
    for policy in compiled.policies:
        kept = []
        for s in as_list(policy["Statement"]):
            for action in as_list(s["Action"]):
                for resource in as_list(s["Resource"]):
                    one = dict(s, Action=action, Resource=resource)
                    if element_set([one]) != {element}:
                        kept.append(one)
        policy["Statement"] = kept


def changed(compiled, change):
    bent = copy.deepcopy(compiled)
    change(bent)
    return bent


def statement_changes(compiled):
    """One change at a time to each statement: an action, a resource, a condition, the effect."""
    def at(index, change):
        return changed(compiled, lambda bent: change(bent.statements()[index]))

    for i, statement in enumerate(compiled.statements()):
        sid = statement.get("Sid", i)
        yield f"an action added to {sid}", at(
            i, lambda s: s.update(Action=as_list(s["Action"]) + [ADDED_ACTION]))
        yield f"a resource added to {sid}", at(
            i, lambda s: s.update(Resource=as_list(s["Resource"]) + ["arn:aws:s3:::added"]))
        yield f"a condition added to {sid}", at(
            i, lambda s: s.update(Condition=dict(s.get("Condition", {}),
                                                 Bool={"aws:SecureTransport": "true"})))
        yield f"the effect of {sid} turned", at(i, lambda s: s.update(Effect="Deny"))


def other_changes(expected, compiled):
    """Changes to the trust policy and to the attached policies."""
    def trust(change):
        return changed(compiled, lambda bent: change(as_list(bent.trust["Statement"])[0]))

    stranger = "arn:aws:iam::999999999999:root"
    yield "a principal added", trust(
        lambda s: s["Principal"].update(AWS=as_list(s["Principal"]["AWS"]) + [stranger]))
    yield "a principal lost", trust(
        lambda s: s["Principal"].update(AWS=as_list(s["Principal"]["AWS"])[1:]))
    if expected["external_id"]:
        yield "the external id lost", trust(lambda s: s.pop("Condition"))
        yield "another external id", trust(
            lambda s: s["Condition"]["StringEquals"].update({"sts:ExternalId": "other"}))
    else:
        yield "an external id added", trust(
            lambda s: s.update(Condition={"StringEquals": {"sts:ExternalId": "other"}}))
    if compiled.template is not None:
        attached = {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}
        role = {"Type": "AWS::IAM::Role", "Properties": attached}
        yield "a managed policy added", changed(
            compiled, lambda bent: bent.template["Resources"].update(Another=role))
    if compiled.template is not None and expected["managed_policies"]:
        yield "the managed policies lost", changed(
            compiled, lambda bent: bent.template.update(Resources={}))


def changes(expected, compiled):
    """Every change that the comparison must notice: (what, compiled with it)."""
    for element in sorted(reduced(element_set(compiled.statements()))):
        yield f"{word(element)} lost", changed(compiled, lambda bent, e=element: lose(bent, e))
    yield from statement_changes(compiled)
    yield from other_changes(expected, compiled)


def self_test(spotc, name):
    expected, manifest = read_case(name)
    compiled = (compile_case(spotc, name, expected["role"]) if spotc
                else synthesise(expected, manifest))
    found = problems(expected, manifest, compiled)
    if found:
        return "fail", ["differs before anything is changed"] + found
    every = [(what, problems(expected, manifest, bent))
             for what, bent in changes(expected, compiled)]
    missed = [f"not noticed: {what}" for what, noticed in every if not noticed]
    return ("fail", missed) if missed else ("pass", [f"{len(every)} changes, each noticed"])


# --- the command --------------------------------------------------------------------------------

def compare(spotc, name):
    expected, manifest = read_case(name)
    compiled = compile_case(spotc, name, expected["role"])
    found = problems(expected, manifest, compiled)
    if found:
        return "fail", found
    if compiled.template is None:
        return "skip", ["grants and trust agree; no template.json, so attached policies unseen"]
    size = len(reduced(element_set(compiled.statements())))
    return "pass", [f"{size} grants, trust and attached policies agree"]


def run_all(names, test):
    counts = {"pass": 0, "fail": 0, "skip": 0}
    for name in names:
        try:
            result, said = test(name)
        except (OSError, ValueError, KeyError, TypeError, subprocess.SubprocessError) as error:
            result, said = "fail", [f"{type(error).__name__}: {error}"]
        counts[result] += 1
        line = {"pass": "ok", "fail": "not ok", "skip": "skip"}[result]
        print(f"{line} {name}: " + "\n    ".join(said))
    print("{pass} passed, {fail} failed, {skip} skipped".format(**counts))
    return 1 if counts["fail"] else 0


def main(arguments):
    testing = arguments[:1] == ["--self-test"]
    rest = arguments[1:] if testing else arguments
    if (not rest and not testing) or any(a.startswith("-") for a in rest):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    spotc = os.path.abspath(rest[0]) if rest else None
    if spotc and not os.access(spotc, os.X_OK):
        print(f"compare.py: {rest[0]} cannot be run", file=sys.stderr)
        return 2
    names = rest[1:] or sorted(os.path.basename(os.path.dirname(path)) for path
                               in glob.glob(os.path.join(HERE, "*", "expected.json")))
    return run_all(names, lambda name: (self_test if testing else compare)(spotc, name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
