#!/usr/bin/env python3
"""tests/policies/check_expansion.py SPOTC: do the policies grant exactly what the bundles say?

Both sides are expanded here, by tests/policies/bundles.py and from what spotc wrote, to sets of
(effect, action pattern, resource, conditions). Compiled are the examples, every preset in each
partition, every product and integration by itself, and random selections. Beside the grants
their form is checked: limits, Sids, order, indentation, the packing into files, and that the
template has the same policies and trust as the files.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import ROOT, Expected, Library, body, canonical, elements, without_covered
from manifests import compile_all, examples, integrations, presets, random_manifests
from suite import Suite

RANDOM, SEED = 300, 20251123
POLICY_CHARACTERS, ATTACHMENTS, PACKING_STEPS = 6144, 10, 200000
SID = re.compile(r"[A-Za-z0-9]+")
POLICY_FILE = re.compile(r"([a-z0-9]+)-policy(?:-([0-9]+))?\.json")
STATEMENT_KEYS = ["Sid", "Effect", "Action", "Resource", "Condition"]
TRUST_KEYS = ["Effect", "Principal", "Action", "Condition"]


class Wrong(Exception):
    """What is wrong, in words."""


def require(condition, *words):
    if not condition:
        raise Wrong(" ".join(str(word) for word in words))


# --- reading what was written -------------------------------------------------------------------

def unrepeated(pairs):
    require(len(dict(pairs)) == len(pairs), "a key twice:", [key for key, _ in pairs])
    return dict(pairs)


def read_json(path):
    text = path.read_text(encoding="utf-8")
    value = json.loads(text, object_pairs_hook=unrepeated)
    again = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    require(text == again, path.name, "is not indented by two with a newline at its end")
    return value


def minified(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Output:
    """A folder that spotc wrote: policies and trust policies by role, and the template."""

    def __init__(self, folder):
        self.policies, self.trust, numbers = {}, {}, {}
        for path in sorted(folder.iterdir()):
            policy = POLICY_FILE.fullmatch(path.name)
            if path.name.endswith("-trust-policy.json"):
                self.trust[path.name.removesuffix("-trust-policy.json")] = read_json(path)
            elif policy:
                numbers.setdefault(policy[1], {})[int(policy[2] or 1)] = read_json(path)
            else:
                require(path.name == "template.json", "an unexpected file", path.name)
        for role, parts in numbers.items():
            require(sorted(parts) == list(range(1, len(parts) + 1)), role, "lacks a part:", parts)
            self.policies[role] = [parts[number] for number in sorted(parts)]
        self.template = read_json(folder / "template.json")

    def statements(self, role):
        return [s for policy in self.policies.get(role, []) for s in policy["Statement"]]


# --- form ---------------------------------------------------------------------------------------

def check_list(values, what):
    require(isinstance(values, list) and values, what, "is not a list with something in it")
    require(all(isinstance(value, str) for value in values), what, "has more than strings")
    require(values == sorted(set(values)), what, "is not sorted and without repeats:", values)


def check_statement(statement):
    require(list(statement) == [key for key in STATEMENT_KEYS if key in statement],
            "keys out of order:", list(statement))
    require(SID.fullmatch(statement["Sid"]), "an invalid Sid:", statement["Sid"])
    require(statement["Effect"] in ("Allow", "Deny"), "an invalid effect")
    check_list(statement["Action"], f"Action of {statement['Sid']}")
    check_list(statement["Resource"], f"Resource of {statement['Sid']}")
    kept = without_covered(statement["Action"])
    require(kept == statement["Action"], "covered by a wildcard beside them:",
            set(statement["Action"]) - set(kept))


def check_policy(policy):
    require(list(policy) == ["Version", "Statement"], "keys out of order:", list(policy))
    require(policy["Version"] == "2012-10-17", "version", policy["Version"])
    require(len(minified(policy)) <= POLICY_CHARACTERS, "a policy of", len(minified(policy)))
    for statement in policy["Statement"]:
        check_statement(statement)


def check_role_form(output, role, managed):
    for policy in output.policies.get(role, []):
        check_policy(policy)
    sids = [statement["Sid"] for statement in output.statements(role)]
    require(len(set(sids)) == len(sids), "a Sid twice in", role, sids)
    count = len(output.policies.get(role, [])) + len(managed)
    require(count <= ATTACHMENTS, role, "has", count, "policies")


# --- grants -------------------------------------------------------------------------------------

def body_of(statement):
    return body(statement["Effect"], statement["Action"], statement["Resource"],
                statement.get("Condition"))


def differences(expected, written):
    return "; ".join([f"lost {' '.join(e)}" for e in sorted(expected - written)[:3]] +
                     [f"gained {' '.join(e)}" for e in sorted(written - expected)[:3]])


def check_grants(role, statements):
    want = elements(granted.body for granted in role.granted)
    have = elements(map(body_of, statements))
    require(want == have, differences(want, have))
    whole = {granted.body: granted.sid for granted in role.granted}
    for statement in statements:
        sid = whole.pop(body_of(statement), None)
        require(sid is not None, statement["Sid"], "is not one whole statement of a bundle")
        require(re.fullmatch(sid + "[0-9]*", statement["Sid"]), statement["Sid"], "was", sid)
    require(not whole, "statements without a place:", list(whole.values()))


# --- packing ------------------------------------------------------------------------------------

def first_packing(sizes, bins, capacity):
    """The lexicographically first way to put sizes into bins; None where there is none, or where
    it takes too long to know."""
    space, chosen, steps = [capacity] * bins, [], PACKING_STEPS
    rest = [sum(sizes[i:]) for i in range(len(sizes) + 1)]
    first = 0
    while len(chosen) < len(sizes):
        steps -= 1
        size, opened = sizes[len(chosen)], max(chosen, default=-1) + 1
        fits = [b for b in range(first, min(opened + 1, bins)) if space[b] >= size]
        if steps > 0 and fits and rest[len(chosen)] <= sum(space):
            space[fits[0]] -= size
            chosen.append(fits[0])
            first = 0
        elif steps > 0 and chosen:
            space[chosen[-1]] += sizes[len(chosen) - 1]
            first = chosen.pop() + 1
        else:
            return None
    return chosen


def check_packing(role, policies):
    """The fewest files, and of these packings the first in the order of the bundles."""
    frame = len(minified({"Version": "2012-10-17", "Statement": []}))
    place = {body_of(s): (number, len(minified(s)) + 1)
             for number, policy in enumerate(policies) for s in policy["Statement"]}
    ordered = [place[granted.body] for granted in role.granted]
    sizes, capacity = [size for _, size in ordered], POLICY_CHARACTERS - frame + 1
    for bins in range(-(-sum(sizes) // capacity), len(policies) + 1):
        packing = first_packing(sizes, bins, capacity)
        if packing is not None:
            break
    require(packing == [number for number, _ in ordered],
            "statements are in", [number for number, _ in ordered], "and belong in", packing)
    for policy in policies:
        order = [granted.body for granted in role.granted]
        at = [order.index(body_of(statement)) for statement in policy["Statement"]]
        require(at == sorted(at), "statements are not in the order of the bundles")


# --- trust and template -------------------------------------------------------------------------

def check_trust(role, trust):
    statement, = trust["Statement"]
    require(list(trust) == ["Version", "Statement"] and trust["Version"] == "2012-10-17" and
            list(statement) == [key for key in TRUST_KEYS if key in statement],
            "keys of the trust policy:", list(trust), list(statement))
    require((statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole"),
            "the trust policy allows", statement["Action"])
    require(statement["Principal"] == {"AWS": role.principals}, "principals:",
            statement["Principal"], "expected", role.principals)
    condition = role.external_id and {"StringEquals": {"sts:ExternalId": role.external_id}}
    require(statement.get("Condition") == condition, "trusted if", statement.get("Condition"))


def resolved(value, template, partition):
    """A part of a template as CloudFormation makes it: no Fn::Sub, no Ref to a parameter."""
    if isinstance(value, list):
        return [resolved(item, template, partition) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::Sub"]:
        text = value["Fn::Sub"].replace("${AWS::Partition}", partition)
        require(not re.search(r"\$\{(?!!)", text), "an unknown variable in", text)
        return text.replace("${!", "${")
    if list(value) == ["Ref"] and value["Ref"] in template.get("Parameters", {}):
        return template["Parameters"][value["Ref"]]["Default"]
    return {key: resolved(item, template, partition) for key, item in value.items()}


def check_template(expected, output):
    template, partition = output.template, expected.partition
    resources = resolved(template["Resources"], template, partition)
    roles = [name for name, item in resources.items() if item["Type"] == "AWS::IAM::Role"]
    policies = {name for name, item in resources.items()
                if item["Type"] == "AWS::IAM::ManagedPolicy"}
    require(len(roles) == len(expected.roles), "the template has the roles", roles)
    for name, role in expected.roles.items():
        made = resources[f"{name.capitalize()}Role"]["Properties"]
        require(minified(made["AssumeRolePolicyDocument"]) == minified(output.trust[name]),
                "the template's trust of", name, "is not the file's")
        count = len(output.policies.get(name, []))
        attached = made["ManagedPolicyArns"]
        require(attached[count:] == [f"arn:{partition}:iam::aws:policy/{managed}"
                                     for managed in role.managed], "attached:", attached)
        for reference, policy in zip(attached, output.policies.get(name, [])):
            document = resources[reference["Ref"]]["Properties"]["PolicyDocument"]
            policies.discard(reference["Ref"])
            require(minified(document) == minified(policy), reference, "is not the file's")
    require(not policies, "policies that no role has:", policies)
    check_partition(template, partition)


def check_partition(template, partition):
    """In a template only parameters may have the partition written out."""
    rest = json.dumps({key: value for key, value in template.items() if key != "Parameters"})
    require(f'"arn:{partition}:' not in rest, "an ARN with the partition written out")


# --- the suite ----------------------------------------------------------------------------------

def check(expected, folder):
    output = Output(folder)
    require(set(output.trust) == set(expected.roles), "roles:", set(output.trust))
    require(set(output.policies) == {name for name, role in expected.roles.items()
                                     if role.granted}, "policies of", set(output.policies))
    for name, role in expected.roles.items():
        check_role_form(output, name, role.managed)
        check_grants(role, output.statements(name))
        check_packing(role, output.policies.get(name, []))
        check_trust(role, output.trust[name])
    check_template(expected, output)


def library_of(manifest):
    return Library(ROOT / "bundles", *map(Path, manifest.get("bundles", [])))


def messages_by_name(done, folder):
    """The ids of what spotc said, by the name of the manifest."""
    said = {}
    for message in json.loads(done.stderr or "[]"):
        name = Path(message["file"]).relative_to(folder / "in").stem
        said.setdefault(name, set()).add(message["id"])
    return said


def run(suite, spotc, title, manifests, folder, is_own=False):
    """Compiles manifests in one go, and reports on each: by itself, or in sum where is_own."""
    folder.mkdir()
    folders, done = compile_all(spotc, manifests, folder, "--format", "json", "--max-errors", "0")
    suite.check(f"{title}: all compile", done.returncode and f"status {done.returncode}",
                done.stderr[:2000])
    said = messages_by_name(done, folder)
    for manifest in manifests:
        name = manifest["name"]
        try:
            expected = Expected(library_of(manifest), manifest)
            check(expected, folders[name])
            require(said.get(name, set()) == expected.messages or title == "examples",
                    "spotc says", said.get(name), "and not", expected.messages)
        except (Wrong, OSError, ValueError, LookupError, TypeError) as error:
            suite.fail(f"{title}: {name}", f"{type(error).__name__}: {error}",
                       json.dumps(manifest))
        else:
            if is_own:
                suite.ok(f"{title}: {name}")
    return len(manifests)


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    groups = [("examples", examples(), True), ("presets", presets(), True),
              ("integrations", integrations(), True),
              ("random", random_manifests(RANDOM, SEED), False)]
    with tempfile.TemporaryDirectory() as folder:
        for title, manifests, is_own in groups:
            run(suite, spotc, title, list(manifests), Path(folder) / title, is_own)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
