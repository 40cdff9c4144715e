#!/usr/bin/env python3
"""tests/policies/check_catalogue.py SPOTC: what the published policies mean, action by action.

Every manifest of tests/published is compiled, and both sides, the compiled policies and the
published statements (expected.json), are expanded by tests/policies/catalogue.py: they must mean
the same. Every pattern must stand for at least one action, and one action more or less must be
noticed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bundles import ROOT
from catalogue import difference, expand, meaning, statements_of
from suite import Suite


def published(expected):
    return [(s["effect"], s["actions"], s["resources"], s.get("conditions", {}))
            for s in expected["statements"]]


def compare(spotc, case, scratch):
    """What is wrong, or nothing."""
    done = subprocess.run([spotc, "compile", case / "manifest.yaml", "-o", scratch, "-q"],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    folder, = scratch.iterdir()
    ours, theirs = statements_of(folder, expected["role"]), published(expected)
    empty = [pattern for _, actions, _, _ in ours for pattern in actions if not expand(pattern)]
    if empty:
        return f"without meaning: {empty}"
    wanted = meaning(theirs)
    effect, _, resources, conditions = ours[0]
    more = meaning(ours + [(effect, ["iam:CreateUser"], resources, conditions)])
    fewer = meaning(ours[1:])
    if more == wanted or fewer == wanted:
        return "a change is not noticed"
    return difference(wanted, meaning(ours))


def main():
    suite = Suite()
    for case in sorted((ROOT / "tests/published").glob("*/manifest.yaml")):
        with tempfile.TemporaryDirectory() as scratch:
            problem = compare(sys.argv[1], case.parent, Path(scratch))
        suite.check(case.parent.name, "not what is published" if problem else "", problem)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
