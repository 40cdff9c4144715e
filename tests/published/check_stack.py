#!/usr/bin/env python3
"""tests/published/check_stack.py SPOTC [--update]: the 14 published stacks against those compiled.

Beside each published template's manifest stand template.json, what is published but for its texts
and the statements (those are in expected.json), and stack.yaml, the manifest of a stack that takes
its place: connected automatically where the published one is. Both are brought to the form of
stack.py and compared; the policies, as the template has them, by compare.py.

Every difference has a row in differences.yaml, and every row a difference, in each template that it
names. docs/published.md shows the rows; --update writes its table.

Then each single value of the compiled template is changed, and each row is taken away: the
comparison must notice.
"""

import copy
import fnmatch
import json
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests"), str(ROOT / "tests/policies")]

import compare
from bundles import read_documents
from manifests import compile_all, scratch_folder
from stack import Stack, differences, shown
from suite import Suite

DOCUMENT = ROOT / "docs/published.md"
BEGIN, END = "<!-- differences -->\n", "<!-- end of differences -->\n"
HEAD = "| in | where | published | here | why |\n|---|---|---|---|---|\n"
GROUPS = {"*": "all", "Spot-AWS-*": "Elastigroup and Ocean", "*finopsrole*": "Eco"}
LONGEST = 100
# What means nothing in a template: texts, and statements' names, which compare.py does not look at.
MEANINGLESS = ("Description", "Sid", "AWSTemplateFormatVersion")


class Published:
    """A published template, the manifest that takes its place, and what that compiles to."""

    def __init__(self, folder):
        self.name = folder.name
        self.expected = compare.read_json(folder / "expected.json")
        self.template = compare.read_json(folder / "template.json")
        self.facts = Stack(self.template, self.template["values"]).facts()
        self.manifest = read_documents(folder / "stack.yaml")[0]
        self.compiled = None

    def differences(self, compiled):
        defaults = {name: parameter["Default"]
                    for name, parameter in compiled.get("Parameters", {}).items()
                    if "Default" in parameter}
        return differences(self.facts, Stack(compiled, defaults).facts())


def read_published():
    return [Published(path.parent) for path in sorted(HERE.glob("*/template.json"))]


# --- intended differences -----------------------------------------------------------------------

def rows_for(rows, name):
    return [row for row in rows if any(fnmatch.fnmatchcase(name, one) for one in row["in"])]


def applies(row, path, here):
    return path in row["at"] and row.get("here") == here


def unintended(rows, found):
    """Why the differences of one template are not those of its rows."""
    for path, (was, here) in found.items():
        number = sum(applies(row, path, here) for row in rows)
        if number != 1:
            yield f"{path}: published {shown(was)}, here {shown(here)}, which {number} rows intend"
    for row in rows:
        for path in row["at"]:
            if path not in found or not applies(row, path, found[path][1]):
                yield f"{path}: no such difference any more"


# --- policies -----------------------------------------------------------------------------------

def policies_of(published, compiled):
    """The policies in the template, as IAM gets them."""
    resolver = Stack(compiled, {})
    return [resolver.value(resource["Properties"]["PolicyDocument"])
            for resource in compiled["Resources"].values()
            if resource["Type"] == "AWS::IAM::ManagedPolicy"]


def policy_problems(published, compiled):
    policies = policies_of(published, compiled)
    problems = compare.policy_problems(published.expected,
                                       compare.Compiled(policies, None, None))
    if any(policy.get("Version") != "2012-10-17" for policy in policies):
        problems.append("a policy is not of version 2012-10-17")
    return problems


def all_problems(published, rows, compiled):
    return [*policy_problems(published, compiled),
            *unintended(rows_for(rows, published.name), published.differences(compiled))]


# --- the self-test ------------------------------------------------------------------------------

def places(node, policies, path=()):
    """The path to every value and key of a template, but for what means nothing in it, and for the
    statements of its policies, of which compare.py has a self-test."""
    for key, item in node.items() if isinstance(node, dict) else enumerate(node):
        if key in MEANINGLESS or (key == "Statement" and path[1] in policies):
            continue
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, policies, (*path, key))


def changed(template, path, change):
    bent = copy.deepcopy(template)
    parent = bent
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return bent


def lose(parent, key):
    del parent[key]


def bend(parent, key):
    parent[key] = "bent"


def unnoticed(published, rows):
    """The changes of the compiled template that the comparison does not see."""
    policies = [logical_id for logical_id, resource in published.compiled["Resources"].items()
                if resource["Type"] == "AWS::IAM::ManagedPolicy"]
    for path in places(published.compiled, policies):
        for change in (lose, bend):
            bent = changed(published.compiled, path, change)
            try:
                if not all_problems(published, rows, bent):
                    yield f"{change.__name__} {'.'.join(map(str, path))}"
            except (LookupError, TypeError, AttributeError, ValueError):
                pass  # No template any more, which is noticed too.


def check_rows(suite, every, rows):
    """Each row taken away, and each with another value, leaves an error behind."""
    for row in rows:
        others = [other for other in rows if other is not row]
        for what, some in (("lost", others), ("other", [*others, {**row, "here": "other"}])):
            ok = all(list(unintended(rows_for(some, one.name), one.differences(one.compiled)))
                     for one in every if rows_for([row], one.name))
            suite.check(f"row {row['in'][0]} {row['at'][0]} {what}", "" if ok else "not noticed")


# --- the table ----------------------------------------------------------------------------------

def cell(values):
    """What a row of the table shows of the values that the templates have."""
    texts = sorted({shown(value) for value in values if value is not None})
    if not texts:
        return ""
    if len(texts) > 1 or len(texts[0]) > LONGEST:
        return "*yes*"
    return "`" + texts[0].replace("|", "\\|") + "`"


def table(every, rows):
    lines = []
    for row in rows:
        pairs = [pair for one in every if rows_for([row], one.name)
                 for path, pair in one.differences(one.compiled).items()
                 if applies(row, path, pair[1])]
        names = ", ".join(GROUPS.get(name, f"`{name}`") for name in row["in"])
        where = ", ".join(f"`{path}`" for path in row["at"])
        lines.append(f"| {names} | {where} | {cell(pair[0] for pair in pairs)} | "
                     f"{cell(pair[1] for pair in pairs)} | {row['why']} |\n")
    return HEAD + "".join(lines)


def check_table(suite, every, rows, update):
    made = table(every, rows)
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    written, after = rest.split(END)
    if update:
        DOCUMENT.write_text(before + BEGIN + made + END + after, encoding="utf-8")
    suite.check("the table of docs/published.md", "" if written == made or update else
                "not what differences.yaml says: tests/published/check_stack.py SPOTC --update")


def compile_published(suite, spotc, every):
    """Compiles the manifests in one run, and reads the templates."""
    with scratch_folder() as scratch:
        folders, done = compile_all(spotc, [one.manifest for one in every], Path(scratch), "-q")
        suite.check("all compile", done.returncode and f"exit status {done.returncode}",
                    done.stderr[:2000])
        for one in every:
            one.compiled = compare.read_json(folders[one.manifest["name"]] / "template.json")


def main():
    suite, every = Suite(), read_published()
    rows = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))
    suite.check("there are 14", "" if len(every) == 14 else f"there are {len(every)}")
    compile_published(suite, str(Path(sys.argv[1]).resolve()), every)
    for one in every:
        problems = all_problems(one, rows, one.compiled)
        suite.check(one.name, problems and f"{len(problems)} differences", "\n".join(problems))
        missed = list(unnoticed(one, rows))
        suite.check(f"{one.name}, each value changed", missed and f"{len(missed)} not noticed",
                    "\n".join(missed))
    check_rows(suite, every, rows)
    check_table(suite, every, rows, "--update" in sys.argv)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
