#!/usr/bin/env python3
"""tests/lint/check_aliases.py [SPOTC]: what other tools check, lint checks too, or says why not.

tests/lint/names.tsv lists the checks of other tools. Each that is about policies of identities or
trust policies must be an alias of a check of lint (compiler/diag/checks_*.def), or have a row in
tests/lint/aliases.tsv: with the message that spotc gives in its place, or with the reason why there
is none. `--update` sorts that table, adds what the checks say and drops what they no longer say.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

NAMES = ROOT / "tests/lint/names.tsv"
TABLE = ROOT / "tests/lint/aliases.tsv"
LITERAL = r'"(?:[^"\\]|\\.)*"'
CHECK = re.compile(rf'^CHECK\(\s*MSG_\w+,\s*({LITERAL}),\s*SEVERITY_\w+,\s*SUBJECT_\w+,\s*[\w\s|]+,'
                   rf'\s*\w+,\s*NEEDS\w*(?:\([\w\s,]*\))?,\s*((?:{LITERAL}\s*)+),', re.MULTILINE)
MESSAGE = re.compile(rf'^MESSAGE\(\s*MSG_\w+,\s*({LITERAL})', re.MULTILINE)
FEWEST = 200  # names; a table that was cut off must not pass


def text_of(literals):
    return "".join(ast.literal_eval(literal) for literal in re.findall(LITERAL, literals))


def rows_of(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def read_checks():
    """alias -> the checks that have it."""
    checks = {}
    for path in sorted(ROOT.glob("compiler/diag/checks_*.def")):
        for name, aliases in CHECK.findall(path.read_text()):
            for alias in text_of(aliases).split():
                checks.setdefault(alias, []).append(ast.literal_eval(name))
    return checks


def update(checks):
    """Writes the table: what the checks say, and the rows that say something else."""
    comments = [line for line in TABLE.read_text().splitlines() if line.startswith("#")]
    others = [row for row in rows_of(TABLE) if row[0] not in checks]
    said = [[alias, check, ""] for alias, found in checks.items() for check in found]
    rows = ["\t".join(row) for row in sorted(others + said)]
    TABLE.write_text("\n".join(["alias\tcheck\treason", *comments, *rows]) + "\n")


def problem_of_row(row, names, checks, messages):
    if len(row) != 3:
        return "it has not three cells"
    alias, check, reason = row
    if alias not in names:
        return f"{NAMES.name} does not list it"
    if bool(check) == bool(reason):
        return "it needs a check or a reason, and not both"
    if alias in checks and check not in checks[alias]:
        return "a check has this alias: run `python3 tests/lint/check_aliases.py --update`"
    if check and check not in checks.get(alias, []) and check not in messages:
        return f"no check '{check}' has this alias, and no message is called so"
    return ""


def problem_of_name(name, elsewhere, aliases, checks):
    rows = [row for row in aliases if row[0] == name]
    missing = [check for check in checks.get(name, []) if [name, check, ""] not in rows]
    if missing:
        return f"the table lacks {', '.join(missing)}"
    if not rows and not elsewhere:
        return "no check has this alias, and the table has no reason"
    return ""


def main():
    checks = read_checks()
    if "--update" in sys.argv:
        update(checks)
    suite = Suite()
    names = {row[0]: row[2] for row in rows_of(NAMES)}
    aliases = rows_of(TABLE)
    messages = set(map(ast.literal_eval,
                       MESSAGE.findall((ROOT / "compiler/diag/messages.def").read_text())))
    suite.check("the list is read", "" if len(names) >= FEWEST and checks else "it is cut off")
    for alias in sorted(checks):
        suite.check(f"alias {alias}", "" if alias in names else f"{NAMES.name} does not list it")
    for row in aliases:
        suite.check(f"row {row[0]} {row[1] if len(row) > 1 else ''}".rstrip(),
                    problem_of_row(row, names, checks, messages))
    for name, elsewhere in names.items():
        suite.check(name, problem_of_name(name, elsewhere, aliases, checks))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
