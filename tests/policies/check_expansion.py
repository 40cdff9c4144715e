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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import ROOT, Expected, Library, body, elements, without_covered
from manifests import (compile_all, examples, integrations, large, presets, random_manifests,
                       scratch_folder)
from suite import Suite

RANDOM, SEED = 300, 20251123
POLICY_CHARACTERS, ATTACHMENTS, TEMPLATE_INLINE_BYTES = 6144, 10, 51200
PACKING_STEPS = 200000
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


# What tests/templates looks at.
KNOWN_FILES = {"template.json", "stack-set.json", "deploy.md", "main.tf.json"}


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
                require(path.name in KNOWN_FILES, "an unexpected file", path.name)
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


CAPACITY = POLICY_CHARACTERS - len(minified({"Version": "2012-10-17", "Statement": []}))


# --- grants -------------------------------------------------------------------------------------

def body_of(statement):
    return body(statement["Effect"], statement["Action"], statement["Resource"],
                statement.get("Condition"))


def differences(expected, written):
    return "; ".join([f"lost {' '.join(e)}" for e in sorted(expected - written)[:3]] +
                     [f"gained {' '.join(e)}" for e in sorted(written - expected)[:3]])


class Piece:
    """A written statement: of which granted statement it is the whole or a part, and its file."""

    def __init__(self, role, statement, file):
        written = body_of(statement)
        _, self.actions, self.resources, _ = written
        self.sid, self.file, self.size = statement["Sid"], file, len(minified(statement))
        known = [(number, granted) for number, granted in enumerate(role.granted)
                 if re.fullmatch(granted.sid + "[0-9]*", self.sid)]
        homes = [number for number, granted in known if granted.body == written] or [
            number for number, granted in known if granted.grants >= elements([written])]
        require(homes, self.sid, "is of no statement of the bundles")
        self.home = homes[0]
        self.is_part = role.granted[self.home].body != written

    def place(self):
        """Sorts pieces in the order of the bundles, and the parts of one statement in theirs."""
        return self.home, self.actions, self.resources


def whole_size(granted):
    return len(minified(granted.as_iam()))


def check_grants(role, policies):
    """Returns the pieces in the order of the bundles."""
    pieces = [Piece(role, statement, file) for file, policy in enumerate(policies)
              for statement in policy["Statement"]]
    want = elements(granted.body for granted in role.granted)
    have = elements(body_of(s) for policy in policies for s in policy["Statement"])
    require(want == have, differences(want, have))
    for piece in pieces:
        granted = role.granted[piece.home]
        require(not piece.is_part or whole_size(granted) > CAPACITY, piece.sid, "need not be cut")
    require({piece.home for piece in pieces} == set(range(len(role.granted))),
            "a statement of the bundles is not there by itself")
    wholes = [piece.home for piece in pieces if not piece.is_part]
    require(len(wholes) == len(set(wholes)), "a statement is there twice")
    return sorted(pieces, key=Piece.place)


# --- packing ------------------------------------------------------------------------------------

class Packer:
    """Finds the lexicographically first way to put sizes into bins, by trying all in that order
    but for those that cannot go on: too little space in sum, or too few bins for what is left of
    items larger than half a bin, no two of which share one."""

    def __init__(self, sizes, capacity):
        self.sizes, self.capacity, self.steps = sizes, capacity, PACKING_STEPS
        self.rest = [sum(sizes[i:]) for i in range(len(sizes) + 1)]
        self.large = [sorted((size for size in sizes[i:] if size * 2 > capacity), reverse=True)
                      for i in range(len(sizes) + 1)]

    def can_go_on(self, item, space):
        self.steps -= 1
        require(self.steps > 0, "the packing cannot be judged: too many steps")
        large, widest = self.large[item], sorted(space, reverse=True)
        return (self.rest[item] <= sum(space) and len(large) <= len(space) and
                all(size <= room for size, room in zip(large, widest)))

    def find(self, bins):
        """The bin of each item, or None where there is no way."""
        return self.find_rest([], [self.capacity] * bins)

    def find_rest(self, chosen, space):
        item, opened = len(chosen), max(chosen, default=-1) + 1
        if item == len(self.sizes):
            return chosen
        for b in range(min(opened + 1, len(space))):
            left = space[:b] + [space[b] - self.sizes[item]] + space[b + 1:]
            if left[b] >= 0 and self.can_go_on(item + 1, left):
                found = self.find_rest(chosen + [b], left)
                if found is not None:
                    return found
        return None


def check_packing(pieces, policies):
    """The fewest files, and of these packings the first in the order of the bundles."""
    sizes = [piece.size + 1 for piece in pieces]  # with the comma before the next
    written, packer = [piece.file for piece in pieces], Packer(sizes, CAPACITY + 1)
    fewest = -(-sum(sizes) // (CAPACITY + 1))
    packings = (packer.find(bins) for bins in range(fewest, len(policies) + 1))
    packing = next((found for found in packings if found is not None), None)
    require(packing == written, "statements are in", written, "and belong in", packing)
    for file, policy in enumerate(policies):
        order = [piece.sid for piece in pieces if piece.file == file]
        require(order == [statement["Sid"] for statement in policy["Statement"]],
                "statements are not in the order of the bundles:", order)


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


def resolved(value, template, partition, account=None):
    """A part of a template as CloudFormation makes it: no Fn::Sub, no Ref to a parameter. With
    `account` it may name the account that it is made in."""
    if isinstance(value, list):
        return [resolved(item, template, partition, account) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::Sub"]:
        text = value["Fn::Sub"].replace("${AWS::Partition}", partition)
        text = text.replace("${AWS::AccountId}", account or "${AWS::AccountId}")
        require(not re.search(r"\$\{(?!!)", text), "an unknown variable in", text)
        return text.replace("${!", "${")
    if list(value) == ["Ref"] and value["Ref"] in template.get("Parameters", {}):
        return template["Parameters"][value["Ref"]]["Default"]
    return {key: resolved(item, template, partition, account) for key, item in value.items()}


def check_template(expected, output):
    template, partition = output.template, expected.partition
    account = expected.manifest["account"] if "stack_set" in expected.manifest else None
    resources = {name: resolved(item, template, partition, account)
                 for name, item in template["Resources"].items()
                 if item["Type"].startswith("AWS::IAM::")}
    roles = [name for name, item in resources.items() if item["Type"] == "AWS::IAM::Role"]
    policies = {name for name, item in resources.items()
                if item["Type"] == "AWS::IAM::ManagedPolicy"}
    require(len(roles) == len(expected.roles), "the template has the roles", roles)
    for name, role in expected.roles.items():
        made = resources[f"{name.capitalize()}Role"]["Properties"]
        check_trust(role, made["AssumeRolePolicyDocument"])
        require(not role.has_trust_file or
                minified(made["AssumeRolePolicyDocument"]) == minified(output.trust[name]),
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
    require(set(output.trust) == {name for name, role in expected.roles.items()
                                  if role.has_trust_file}, "trust of", set(output.trust))
    require(set(output.policies) == {name for name, role in expected.roles.items()
                                     if role.granted}, "policies of", set(output.policies))
    for name, role in expected.roles.items():
        check_role_form(output, name, role.managed)
        pieces = check_grants(role, output.policies.get(name, []))
        check_packing(pieces, output.policies.get(name, []))
        if role.has_trust_file:
            check_trust(role, output.trust[name])
    check_template(expected, output)
    if (folder / "template.json").stat().st_size > TEMPLATE_INLINE_BYTES:
        expected.messages.add("template-not-inline")


def library_of(manifest):
    return Library(ROOT / "bundles", *map(Path, manifest.get("bundles", [])))


def messages_by_name(done, folder):
    """The ids of what spotc said, by the name of the manifest."""
    said = {}
    for message in json.loads(done.stderr or "[]"):
        name = Path(message["file"]).relative_to(folder / "in").stem
        said.setdefault(name, set()).add(message["id"])
    return said


def run(suite, spotc, title, manifests, folder):
    """Compiles manifests in one go, and reports on each."""
    folder.mkdir()
    folders, done = compile_all(spotc, manifests, folder, "--format", "json")
    suite.check(f"{title}: all compile", done.returncode and f"status {done.returncode}",
                done.stderr[:2000])
    said = messages_by_name(done, folder)
    for manifest in manifests:
        name = manifest["name"]
        try:
            expected = Expected(library_of(manifest), manifest)
            check(expected, folders[name])
            require(said.get(name, set()) == expected.messages,
                    "spotc says", said.get(name), "and not", expected.messages)
            suite.ok(f"{title}: {name}")
        except (Wrong, OSError, ValueError, LookupError, TypeError) as error:
            suite.fail(f"{title}: {name}", f"{type(error).__name__}: {error}",
                       json.dumps(manifest))


def is_narrowed(manifest):
    """Whether it grants less than its bundles say: check_restrictions.py looks at those."""
    return "restrict" in manifest or any("pass_role" in role
                                         for role in (manifest.get("roles") or {}).values())


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    groups = {"examples": [m for m in examples() if not is_narrowed(m)], "presets": presets(), "integrations": integrations(),
              "large": large(), "random": random_manifests(RANDOM, SEED)}
    with scratch_folder() as folder:
        for title, manifests in groups.items():
            run(suite, spotc, title, list(manifests), Path(folder) / title)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
