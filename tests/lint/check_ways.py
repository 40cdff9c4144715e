#!/usr/bin/env python3
"""tests/lint/check_ways.py SPOTC: lint finds each way to more rights, and only where it is open.

For each row of schema/iam/escalations.tsv policies are made from the row and from the catalogue's
tables: with all of its actions on everything, or on every resource of their types, it must be found;
without one of them, on one named resource, behind a Deny, or passing roles to another service only,
it must not. docs/lint.md has a table of the ways, which `--update` writes.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

TABLE = ROOT / "schema/iam/escalations.tsv"
DOCUMENT = ROOT / "docs/lint.md"
FEWEST = 20
STEP = re.compile(r"([a-z0-9-]+:\w+)(?:@([\w-]+))?(?:\?([\w:]+)=(.+))?")
RETIRED = {"codestar:CreateProjectFromTemplate"}  # was never in AWS's reference
BEGIN, END = "<!-- ways: written by tests/lint/check_ways.py --update -->", "<!-- end of ways -->"


def rows_of(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"))) for line in lines[1:]]


class Step:
    def __init__(self, text):
        self.action, self.type, self.key, self.value = STEP.fullmatch(text).groups()


class Way:
    def __init__(self, row):
        self.row = row
        self.steps = [Step(text) for text in row["needs"].split()]
        self.unless = [Step(text) for text in row["unless"].split()]
        actions = ", ".join(step.action for step in self.steps)
        self.message = f"can {row['title']} ({actions})"


def read_forms():
    """(service, type) -> a form of its ARN."""
    path = ROOT / "schema/iam/catalogue/resources.tsv"
    return {(row["service"], row["resource"]): row["arns"].split(",")[0] for row in rows_of(path)}


def read_actions():
    path = ROOT / "schema/iam/catalogue/actions.tsv"
    return {f"{row['service']}:{row['action']}" for row in rows_of(path)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def all_of(step, forms, name):
    """The resource of a step: every one of its type, or the one that is called NAME."""
    if not step.type:
        return "*"
    form = forms[(step.action.split(":")[0], step.type)].replace("${Partition}", "aws")
    form = re.sub(r"\$\{(Region|Account)\}", "*", form)
    return re.sub(r"\$\{\w+\}", name, form)


def variants(way, forms):
    """Yields (name, statements, whether the way is open)."""
    everything = [allow(step.action) for step in way.steps]
    yield "everything", everything, True
    yield "by type", [allow(s.action, all_of(s, forms, "*")) for s in way.steps], True
    yield "upper case", [allow(s.action.upper()) for s in way.steps], True
    for i, step in enumerate(way.steps):
        rest = everything[:i] + everything[i + 1:]
        yield f"without {step.action}", rest, False
        yield f"{step.action} denied", everything + [{**allow(step.action), "Effect": "Deny"}], False
        tagged = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
        yield f"{step.action} tagged", rest + [allow(step.action, Condition=tagged)], False
        if step.type:
            named = allow(step.action, all_of(step, forms, "one-name"))
            yield f"{step.action} on one", rest + [named], False
        if step.key:
            for operator, value, is_open in (
                    ("StringEquals", step.value, True), ("StringEquals", "other.amazonaws.com", False),
                    ("StringLike", "*" + step.value[3:], True), ("StringNotEquals", step.value, False),
                    ("StringNotEqualsIfExists", "other.amazonaws.com", True)):
                condition = {operator: {step.key: value}}
                yield (f"{operator} {value}", rest + [allow(step.action, Condition=condition)],
                       is_open)
    left = [{"Effect": "Allow", "Action": step.action, "NotResource": "arn:aws:s3:::acme"}
            for step in way.steps]
    yield "all but one", left, True
    yield "all but what is filled in", [{**each, "NotResource": "${Names}"} for each in left], False
    if way.unless:
        yield "held anyway", everything + [allow(step.action) for step in way.unless], False


def lint(spotc, folder, names):
    """file -> the messages of its ways, with their notes: one entry can open several."""
    done = subprocess.run([spotc, "lint", "--format", "json", "--max-errors", "100000", *names],
                          cwd=folder, capture_output=True, check=False, timeout=300)
    found = {name: [] for name in names}
    for finding in json.loads(done.stderr):
        if finding["id"] == "privilege-escalation":
            found[finding["file"]].append(" ".join(
                [finding["message"], *(note["message"] for note in finding["notes"])]))
    return found


def check_ways(suite, spotc, ways, forms):
    expected = {}
    with tempfile.TemporaryDirectory() as folder:
        for way in ways:
            for name, statements, is_open in variants(way, forms):
                file = f"{len(expected):04}.json"
                expected[file] = (way, name, is_open)
                document = {"Version": "2012-10-17", "Statement": statements}
                (Path(folder) / file).write_text(json.dumps(document))
        found = lint(spotc, folder, list(expected))
    for way in ways:
        wrong = [name for file, (of, name, is_open) in expected.items()
                 if of is way and any(way.message in text for text in found[file]) != is_open]
        suite.check(way.row["id"], ", ".join(wrong))


def check_row(suite, way, actions):
    problems = [f"no action {step.action}" for step in way.steps + way.unless
                if step.action not in actions | RETIRED]
    for column in "title", "reason", "instead", "source":
        if not way.row[column]:
            problems.append(f"no {column}")
    if not re.search(r", https://\S+$", way.row["source"]):
        problems.append("the source has no address")
    suite.check(f"row {way.row['id']}", ", ".join(problems))


def documentation(ways):
    lines = [BEGIN, "", "| whoever holds it can … | needs | source |", "|---|---|---|"]
    for way in ways:
        needs = ", ".join(f"`{step.action}`" for step in way.steps)
        if way.unless:
            needs += " without " + ", ".join(f"`{step.action}`" for step in way.unless)
        title, _, address = way.row["source"].rpartition(", ")
        lines.append(f"| {way.row['title']} | {needs} | [{title}]({address}) |")
    return "\n".join([*lines, "", END])


def main():
    ways = [Way(row) for row in rows_of(TABLE)]
    text = DOCUMENT.read_text()
    written = text[text.index(BEGIN):text.index(END) + len(END)]
    if "--update" in sys.argv:
        DOCUMENT.write_text(text.replace(written, documentation(ways)))
        return 0
    suite = Suite()
    ids = [way.row["id"] for way in ways]
    suite.check("the table", "" if len(set(ids)) == len(ids) >= FEWEST else "ids repeat, or few ways")
    actions, forms = read_actions(), read_forms()
    for way in ways:
        check_row(suite, way, actions)
    check_ways(suite, Path(sys.argv[1]).resolve(), ways, forms)
    suite.check("docs/lint.md", "" if written == documentation(ways) else
                "run `python3 tests/lint/check_ways.py --update`")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
