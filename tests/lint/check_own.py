#!/usr/bin/env python3
"""tests/lint/check_own.py SPOTC: spotc's own output has no finding that is an error.

Every manifest in examples/ is linted, and all that it compiles to: the folder, each policy and each
template alone; and every bundle. What remains for examples/default.yaml must be what the table in
docs/lint.md says, with a reason a row: `--update` writes all but the reasons.

What is published with an error, and kept so, is accepted by tests/lint/own.yaml.
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

DOCUMENT = ROOT / "docs/lint.md"
ACCEPTED = ROOT / "tests/lint/own.yaml"
DEFAULT = "examples/default.yaml"
BEGIN = "<!-- own: written by tests/lint/check_own.py --update; the reasons are kept -->"
END = "<!-- end of own -->"
IN_STATEMENT = re.compile(r"in statement '(\w+)'$")
UNKNOWN = "?"


def run(spotc, *arguments):
    done = subprocess.run([spotc, *arguments], cwd=ROOT, capture_output=True, check=False,
                          timeout=60)
    return done.returncode, done.stderr.decode()


def problem_of(spotc, path):
    """What is wrong with the findings of a file or folder, or an empty text."""
    status, text = run(spotc, "lint", "--max-errors", "100000", "--config", str(ACCEPTED),
                       str(path))
    errors = [line for line in text.splitlines() if ": error: " in line]
    if errors or status != 0:
        return errors[0] if errors else f"exit status {status}"
    return ""


def check_example(suite, spotc, manifest):
    suite.check(str(manifest.relative_to(ROOT)), problem_of(spotc, manifest))
    with tempfile.TemporaryDirectory() as folder:
        status, text = run(spotc, str(manifest), "-o", folder, "-q")
        if status != 0:
            suite.fail(f"{manifest.name} compiles", text.splitlines()[0])
            return
        written = sorted(Path(folder).rglob("*"))
        judged = [path for path in written if not re.search(r"stack-set|\.md$|\.tf\.json$", path.name)]
        problems = [problem_of(spotc, path) for path in judged]
        suite.check(f"{manifest.name}, what it compiles to",
                    next(filter(None, problems), "" if judged else "nothing was written"))


def findings_of_default(spotc):
    """check -> (severity, number, statements)"""
    _, text = run(spotc, "lint", "--format", "json", "--max-errors", "100000", DEFAULT)
    found = {}
    for finding in json.loads(text):
        row = found.setdefault(finding["id"], [finding["severity"], 0, set()])
        row[1] += 1
        row[2].update(match[1] for note in finding["notes"]
                      for match in [IN_STATEMENT.search(note["message"])] if match)
    return found


def table_of(found, reasons):
    lines = [BEGIN, "", "| finding | severity | times | in statements | why it remains |",
             "|---|---|---|---|---|"]
    for check, (severity, number, statements) in sorted(found.items()):
        lines.append(f"| [{check}](diagnostics.md#{check}) | {severity} | {number} | "
                     f"{', '.join(sorted(statements))} | {reasons.get(check, UNKNOWN)} |")
    return "\n".join([*lines, "", END])


def reasons_in(table):
    rows = re.findall(r"^\| \[([\w-]+)\]\(.*\| ([^|]*) \|$", table, re.MULTILINE)
    return dict(rows)


def check_default(suite, spotc, written):
    found, reasons = findings_of_default(spotc), reasons_in(written)
    suite.check("docs/lint.md, what remains", "" if written == table_of(found, reasons) else
                "run `python3 tests/lint/check_own.py SPOTC --update`")
    for check in found:
        suite.check(f"docs/lint.md, why {check} remains",
                    "" if len(reasons.get(check, "")) > 40 else "there is no reason")


def main():
    spotc = Path(sys.argv[1]).resolve()
    text = DOCUMENT.read_text()
    written = text[text.index(BEGIN):text.index(END) + len(END)]
    if "--update" in sys.argv:
        table = table_of(findings_of_default(spotc), reasons_in(written))
        DOCUMENT.write_text(text.replace(written, table))
        return 0
    suite = Suite()
    for manifest in sorted(ROOT.glob("examples/*.yaml")):
        check_example(suite, spotc, manifest)
    for bundle in sorted(ROOT.glob("bundles/**/*.yaml")):
        suite.check(str(bundle.relative_to(ROOT)), problem_of(spotc, bundle))
    check_default(suite, spotc, written)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
