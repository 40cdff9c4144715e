#!/usr/bin/env python3
"""tests/policies/check_catalogue.py SPOTC: what the policies mean, action by action.

Every manifest of tests/published is compiled, and both sides, the compiled policies and the
published statements (expected.json), are expanded over the tables of schema/iam/catalogue without
any of spotc's own code: the sets of (effect, action, resource, condition) must be the same. Every
pattern must stand for at least one action, and one action more or less must be noticed.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from suite import Suite

ROOT = Path(__file__).resolve().parents[2]


def read_actions():
    lines = (ROOT / "schema/iam/catalogue/actions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]
    return [f"{row[0]}:{row[1]}".lower() for row in rows]


ACTIONS = read_actions()
EXPANDED = {}


def expand(pattern):
    """The actions of the catalogue that a pattern of IAM stands for."""
    key = pattern.lower()
    if key not in EXPANDED:
        parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in key)
        match = re.compile("".join(parts)).fullmatch
        EXPANDED[key] = frozenset(action for action in ACTIONS if match(action))
    return EXPANDED[key]


def as_list(value):
    return value if isinstance(value, list) else [value]


def canonical(conditions):
    return json.dumps({operator: {key: sorted(as_list(value)) for key, value in keys.items()}
                       for operator, keys in conditions.items()}, sort_keys=True)


def meaning(statements):
    """The set that the statements grant; each is (effect, actions, resources, conditions)."""
    return {(effect, action, resource, canonical(conditions))
            for effect, actions, resources, conditions in statements
            for pattern in actions for action in expand(pattern) for resource in resources}


def compiled(folder, role):
    return [(s["Effect"], as_list(s["Action"]), as_list(s["Resource"]), s.get("Condition", {}))
            for path in sorted(folder.glob(f"*/{role}-policy*.json"))
            for s in json.loads(path.read_text(encoding="utf-8"))["Statement"]]


def published(expected):
    return [(s["effect"], s["actions"], s["resources"], s.get("conditions", {}))
            for s in expected["statements"]]


def compare(spotc, case, scratch):
    """What is wrong, or None."""
    done = subprocess.run([spotc, "compile", case / "manifest.yaml", "-o", scratch, "-q"],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    ours, theirs = compiled(scratch, expected["role"]), published(expected)
    empty = [pattern for _, actions, _, _ in ours for pattern in actions if not expand(pattern)]
    granted, wanted = meaning(ours), meaning(theirs)
    if granted != wanted or empty:
        return f"too many: {sorted(granted - wanted)[:5]}, too few: {sorted(wanted - granted)[:5]}, " \
               f"without meaning: {empty}"
    effect, actions, resources, conditions = ours[0]
    more = meaning(ours + [(effect, ["iam:CreateUser"], resources, conditions)])
    fewer = meaning(ours[1:])
    return None if more != wanted and fewer != wanted else "a change is not noticed"


def main():
    suite = Suite()
    for case in sorted((ROOT / "tests/published").glob("*/manifest.yaml")):
        with tempfile.TemporaryDirectory() as scratch:
            problem = compare(sys.argv[1], case.parent, Path(scratch))
        if problem is None:
            suite.ok(case.parent.name)
        else:
            suite.fail(case.parent.name, "not what is published", problem)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
