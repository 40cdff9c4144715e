#!/usr/bin/env python3
"""tests/diagnostics/check_coverage.py SPOTC: every message is documented and shown by a case.

The list is compiler/diag/messages.def, with the checks of lint in compiler/diag/checks_*.def. A
message is shown where a golden case prints it, an error
as an error; or where a unit test names it in brackets, for what no input of a case can reach.
docs/diagnostics.md must be what the program `embed`, beside SPOTC, writes.

Each check of lint has a case tests/cases/lint-ID: its bad* files show the check and its good* files
do not.
"""

import ast
import difflib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

LISTS = [ROOT / "compiler/diag/messages.def", *sorted(ROOT.glob("compiler/diag/checks_*.def"))]
REFERENCE = ROOT / "docs/diagnostics.md"
LITERAL = r'"(?:[^"\\]|\\.)*"'
ROW = re.compile(rf'^MESSAGE\(\s*(MSG_\w+),\s*({LITERAL}),\s*SEVERITY_(\w+),\s*(true|false),'
                 rf'\s*({LITERAL}),\s*((?:{LITERAL}\s*)+)\);?', re.MULTILINE)
CHECK = re.compile(rf'^CHECK\(\s*(MSG_\w+),\s*({LITERAL}),\s*SEVERITY_(\w+),\s*SUBJECT_\w+,'
                   rf'\s*[\w\s|]+,\s*(\w+),\s*NEEDS\w*(?:\([\w\s,]*\))?,\s*(?:{LITERAL}\s*)+,'
                   rf'\s*({LITERAL}),\s*((?:{LITERAL}\s*)+)\)', re.MULTILINE)
SHOWN = re.compile(r"^(?:\S.*: )?(error|warning|note): .* \[([a-z0-9-]+)\]$", re.MULTILINE)
ANNOTATION = re.compile(r"^::(error|warning|notice) (?:.*,)?title=([a-z0-9-]+)::", re.MULTILINE)
IN_BRACKETS = re.compile(r"\[([a-z0-9-]+)\]")
SHORTEST_DOCUMENTATION = 100
# As what a message of a severity may be shown: --werror can make a warning an error.
SHOWN_AS = {"error": ("error",), "warning": ("error", "warning"), "note": ("note",)}


def text_of(literals):
    return "".join(ast.literal_eval(literal) for literal in re.findall(LITERAL, literals))


class Message:
    """A row of the list."""

    def __init__(self, row, is_check):
        self.is_check = is_check
        constant, name, severity, _, title, documentation = row
        self.name, self.severity = ast.literal_eval(name), severity.lower()
        self.title, self.documentation = ast.literal_eval(title), text_of(documentation)
        self.is_named_alike = constant == "MSG_" + self.name.upper().replace("-", "_")


def read_messages(suite):
    text = "".join(path.read_text() for path in LISTS)
    messages = [Message(row, False) for row in ROW.findall(text)]
    messages += [Message(row, True) for row in CHECK.findall(text)]
    rows = len(re.findall(r"^(?:MESSAGE|CHECK)\(", text, re.MULTILINE))
    suite.check("the list is read",
                "" if len(messages) == rows else f"{len(messages)} of {rows} rows are understood")
    return messages


def in_json(value):
    """The (severity, id) of each message in what --format json or sarif printed."""
    for result in value if isinstance(value, list) else []:
        yield result["severity"], result["id"]
    for run in value.get("runs", []) if isinstance(value, dict) else []:
        yield from ((result["level"], result["ruleId"]) for result in run["results"])


def printed(text):
    """The (severity, id) of each message that a case expects."""
    yield from SHOWN.findall(text)
    yield from ANNOTATION.findall(text)
    if text.startswith(("[\n", "{\n")):
        try:
            yield from in_json(json.loads(text))
        except (ValueError, KeyError):
            pass  # a policy, or the output of several commands


def shown_by_cases():
    cases = [*ROOT.glob("tests/cases/*"), *ROOT.glob("tests/examples/*")]
    return {shown for case in cases for stream in ("stdout", "stderr")
            if (case / stream).exists()
            for shown in printed((case / stream).read_text(errors="backslashreplace"))}


def named_by_unit_tests():
    return {name for path in ROOT.glob("tests/unit/*.c")
            for name in IN_BRACKETS.findall(path.read_text())}


def problem_of_check(message):
    """Whether the case of a check of lint shows it for bad files, and not for good ones."""
    case = ROOT / f"tests/cases/lint-{message.name}"
    for kind in "good", "bad":
        if not any(case.glob(f"{kind}*")):
            return f"{case.relative_to(ROOT)} has no file {kind}*"
    lines = (case / "stderr").read_text().splitlines() if (case / "stderr").exists() else []
    mark = f" {message.severity}: ", f" [{message.name}]"
    found = [line.split(":")[0] for line in lines if mark[0] in line and line.endswith(mark[1])]
    commands = (case / "cmd").read_text().split() if (case / "cmd").exists() else []
    for path in [*case.glob("bad*"), *case.glob("good*")]:
        if path.name not in commands:
            return f"{path.relative_to(ROOT)} is not linted by its cmd"
        if (path.name in found) != path.name.startswith("bad"):
            return f"{path.relative_to(ROOT)} does {'' if path.name in found else 'not '}show it"
    return ""


def problem_of(message, shown, named):
    """What is wrong with a message, or an empty text."""
    if not message.is_named_alike:
        return "its constant is named otherwise"
    if not message.title or len(message.documentation) < SHORTEST_DOCUMENTATION:
        return "it is not documented"
    if f"\n## {message.name}\n" not in REFERENCE.read_text():
        return f"{REFERENCE.relative_to(ROOT)} has no section for it"
    if message.is_check:
        return problem_of_check(message)
    if message.name in named or any((severity, message.name) in shown
                                    for severity in SHOWN_AS[message.severity]):
        return ""
    return "no case in tests/cases shows it, and no unit test names it in brackets"


def check_reference(suite, embed):
    """docs/diagnostics.md is what is generated from the list."""
    done = subprocess.run([embed, "--diagnostics"], capture_output=True, check=False, timeout=20)
    generated = done.stdout.decode().splitlines()
    lines = difflib.unified_diff(REFERENCE.read_text().splitlines(), generated,
                                 str(REFERENCE.relative_to(ROOT)), "generated", lineterm="")
    details = "\n".join(lines)
    suite.check("docs/diagnostics.md", "run `make docs`" if details or done.returncode else "",
                details)


def main():
    suite = Suite()
    messages = read_messages(suite)
    names = [message.name for message in messages]
    repeated = {name for name in names if names.count(name) > 1}
    suite.check("no id stands twice", ", ".join(sorted(repeated)))
    shown, named = shown_by_cases(), named_by_unit_tests()
    for message in messages:
        suite.check(message.name, problem_of(message, shown, named))
    check_reference(suite, Path(sys.argv[1]).resolve().with_name("embed"))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
