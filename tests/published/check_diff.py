#!/usr/bin/env python3
"""tests/published/check_diff.py SPOTC: what `spotc diff` says of what Spot publishes.

For each published document its statements are written as a policy, its principals as a trust
policy, both by this script, and compared with the manifest beside it: no difference. Then one thing
at a time is changed in the policy (an action added or lost, a resource or a condition changed, a
Deny added, a statement turned into another way to write the same), and diff must name exactly that.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
import compare  # noqa: E402  (the paths must be set first)
from suite import Suite  # noqa: E402

ADDED = {"action": "iam:CreateUser", "access": "Write"}
CONDITION = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}


def policy(statements):
    return {"Version": "2012-10-17", "Statement": statements}


def published_policy(expected):
    return policy([compare.as_iam(s) for s in expected["statements"]])


def published_trust(expected, manifest):
    statement = compare.synthesise(expected, manifest).trust["Statement"][0]
    return policy([statement])


class Differ:
    """Runs diff between the manifest of a published document and policies made here."""

    def __init__(self, spotc, name, role, folder):
        self.spotc, self.role, self.folder = spotc, role, Path(folder)
        self.manifest = HERE / name / "manifest.yaml"

    def run(self, old, new):
        """Returns (exit status, the JSON report)."""
        words = [self.spotc, "diff", self.path("old", old), self.path("new", new),
                 "--format", "json", "--role", self.role]
        done = subprocess.run(words, timeout=60, check=False, capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)[0] if done.stdout else done.stderr

    def path(self, name, document):
        if document is None:
            return str(self.manifest)
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(document))
        return str(path)

    def changes(self, old, new):
        """The changes as (change, effect, actions, resources, conditions), sorted."""
        status, report = self.run(old, new)
        if not isinstance(report, dict):
            raise OSError(f"spotc ends with {status}: {report}")
        rows = [(row["change"], row.get("effect"), action, resource,
                 json.dumps(row.get("conditions", [])))
                for role in report["roles"] for row in role["changes"]
                for action in row.get("actions", [row.get("arn")])
                for resource in row.get("resources", [None])]
        if (status == 0) != (not rows) or status > 1:
            raise OSError(f"spotc ends with {status}, and reports {len(rows)} changes")
        return sorted(rows, key=str)


def rewritten(document):
    """The same policy, written otherwise: each action a statement, capitals, the order reversed."""
    statements = [dict(s, Action=action.upper(), Resource=resource)
                  for s in document["Statement"]
                  for action in s["Action"] for resource in s["Resource"]]
    return policy(statements[::-1] + document["Statement"])


def conditions(value):
    """A statement's Condition as the report writes it."""
    return json.dumps([{"operator": operator, "key": key, "values": sorted(compare.as_list(values))}
                       for operator, keys in (value or {}).items()
                       for key, values in keys.items()])


def added_action(document):
    statement = {"Effect": "Allow", "Action": ADDED["action"], "Resource": "arn:aws:iam::*:user/x"}
    return (policy(document["Statement"] + [statement]),
            [("gained", "Allow", ADDED["action"], statement["Resource"], "[]")])


def unknown_action(document):
    statement = {"Effect": "Allow", "Action": "example:Added", "Resource": "*"}
    return (policy(document["Statement"] + [statement]),
            [("gained", "Allow", "example:Added", "*", "[]")])


def added_deny(document):
    statement = {"Effect": "Deny", "Action": ADDED["action"], "Resource": "*"}
    return (policy(document["Statement"] + [statement]),
            [("lost", "Deny", ADDED["action"], "*", "[]")])


def is_only_grant(document, index, action):
    """Whether nothing else of the policy grants an action of one statement."""
    return not any(compare.wildcard(other.lower()).fullmatch(action.lower())
                   for i, s in enumerate(document["Statement"]) for other in s["Action"]
                   if i != index or other != action)


def unique_grants(document):
    """(statement, action) of plain actions that the policy grants once, on plain resources."""
    return [(i, action) for i, s in enumerate(document["Statement"]) for action in s["Action"]
            if "*" not in action and is_only_grant(document, i, action)]


def without(document, index, action):
    statement = document["Statement"][index]
    rest = [a for a in statement["Action"] if a != action]
    changed = [dict(s, Action=rest) if i == index else s
               for i, s in enumerate(document["Statement"])]
    return (policy([s for s in changed if s["Action"]]),
            sorted(("lost", "Allow", action, resource, conditions(statement.get("Condition")))
                   for resource in statement["Resource"]))


def lost_action(document):
    return without(document, *unique_grants(document)[0])


def narrowed(document):
    """One action has a condition now: what it granted without is lost."""
    index, action = unique_grants(document)[-1]
    statement = document["Statement"][index]
    changed, expected = without(document, index, action)
    merged = {**statement.get("Condition", {}), **CONDITION}
    return policy(changed["Statement"] + [dict(statement, Action=[action], Condition=merged)]), \
        expected


CHANGES = [added_action, unknown_action, added_deny, lost_action, narrowed]


def mirrored(rows):
    """What the changes are when the sides are exchanged."""
    turned = {"gained": "lost", "lost": "gained"}
    return sorted(((turned[change], *rest) for change, *rest in rows), key=str)


def spelled(rows):
    """Actions as the catalogue spells them, which is not always as Spot does."""
    return sorted(((change, effect, action.lower(), *rest)
                   for change, effect, action, *rest in rows), key=str)


def check_change(differ, document, change):
    changed, expected = change(document)
    found = differ.changes(None, changed)
    if spelled(found) != spelled(expected):
        return f"{change.__name__}: {found}, expected {expected}"
    if spelled(differ.changes(changed, None)) != spelled(mirrored(expected)):
        return f"{change.__name__}: not the reverse when the sides are exchanged"
    return ""


def check_published(spotc, name, folder):
    """Why a published document fails, or nothing."""
    expected, manifest = compare.read_case(name)
    differ = Differ(spotc, name, expected["role"], folder)
    document, trust = published_policy(expected), published_trust(expected, manifest)
    for what, other in [("policy", document), ("policy, rewritten", rewritten(document)),
                        ("trust policy", trust)]:
        found = differ.changes(other, None) + differ.changes(None, other)
        if found:
            return f"the published {what} differs: {found}"
    for change in CHANGES:
        reason = check_change(differ, document, change)
        if reason:
            return reason
    stranger = compare.as_list(trust["Statement"])[0]
    stranger = policy([stranger, {"Effect": "Allow", "Principal": {"AWS": "999999999999"},
                                  "Action": "sts:AssumeRole"}])
    found = differ.changes(None, stranger)
    if [row[0] for row in found] != ["gained"] or found[0][2] != "sts:AssumeRole":
        return f"a principal added: {found}"
    return ""


def main():
    suite = Suite()
    names = sorted(path.parent.name for path in HERE.glob("*/expected.json"))
    with tempfile.TemporaryDirectory(prefix="spotc-diff-") as folder:
        for name in names:
            try:
                reason = check_published(sys.argv[1], name, folder)
            except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
                reason = f"{type(error).__name__}: {error}"
            suite.check(name, reason)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
