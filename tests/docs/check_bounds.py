#!/usr/bin/env python3
"""tests/docs/check_bounds.py: the bounds that the documents name are those of the code.

Each row of the table in docs/reliability.md ends in FILE: NAME, a constant under compiler/ that
must have the row's number. ELSEWHERE are sentences of other documents that hold such a number.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from suite import Suite  # noqa: E402  (the path must be set first)

ROW = re.compile(r"^\| ([^|]+) \| ([\d,]+)( MiB| bytes)? \| [^|]+ \| ([\w/]+\.[ch]): (\w+) \|$",
                 re.MULTILINE)
HEADING = "## Bounds\n"
PRODUCT = re.compile(r"[\d *<]+")

# A document, a constant, and words with the number that it must have.
ELSEWHERE = [
    ("manifest-reference.md", "READ_MAX_BYTES", "At most {mib} MiB a file"),
    ("manifest-reference.md", "READ_MAX_DEPTH", "{number} levels"),
    ("manifest-reference.md", "READ_MAX_NODES", "after aliases are expanded, {number} values"),
    ("manifest-reference.md", "READ_MAX_TEXT", "and {mib} MiB of text"),
    ("inputs.md", "READ_MAX_BYTES", "at most {mib} MiB"),
    ("inputs.md", "FOLD_MAX_MADE", "more than {mib} MiB are refused"),
    ("inputs.md", "EXTENT_MOST_ENTRIES", "more than {number} statements"),
    ("json-schema.md", "RUN_MAX_STEPS", "at most {million} million steps"),
    ("json-schema.md", "RUN_MAX_DEPTH", "{number} schemas inside each other"),
    ("json-schema.md", "READ_MAX_NODES", "{number} values and keys"),
    ("json-schema.md", "READ_MAX_TEXT", "{mib} MiB of text"),
    ("diagnostics.md", "READ_MAX_TEXT", "{mib} MiB of text after its aliases"),
    ("diagnostics.md", "READ_MAX_BYTES", "at most {mib} MiB a file"),
    ("diagnostics.md", "EXTENT_MOST_ENTRIES", "at most {number} statements"),
    ("diagnostics.md", "FOLD_MAX_MADE", "at most {mib} MiB of them"),
    ("diagnostics.md", "MOST_MANIFESTS", "at most {number} manifests from one file"),
    ("diagnostics.md", "ACCESS_MOST_CLASSES", "at most {number} of them for a role"),
    ("diff.md", "ACCESS_MOST_CLASSES", "at most {number} different resources"),
    ("diff.md", "MOST_WEIGHT", "more than {number} actions, resources and values"),
    ("bundle-reference.md", "MAX_FILES", "more than {number} files"),
    ("bundle-reference.md", "MAX_BYTES", "more than {mib} MiB of them"),
    ("explain.md", "MOST_CONTEXT", "up to {number} times"),
]


def value_of(path, name):
    """What a constant of an enum is: a product of numbers, or another constant."""
    text = (ROOT / "compiler" / path).read_text(encoding="utf-8")
    found = re.search(rf"\b{name} = ([^,}}/\n]+)", text)
    if found is None:
        return None
    expression = found[1].strip()
    if expression == "READ_MAX_BYTES":
        return value_of("read/read.h", expression)
    return eval(expression) if PRODUCT.fullmatch(expression) else None  # digits, * and << only


def fault_of_row(number, unit, value):
    stated = int(number.replace(",", "")) * (1024 * 1024 if unit == " MiB" else 1)
    if value is None:
        return "there is no such constant"
    return "" if stated == value else f"the code has {value:,}"


def fault_elsewhere(document, words, value):
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    words = words.format(number=f"{value:,}", mib=value // 1024 // 1024, million=value // 10 ** 6)
    return "" if words in text else f"docs/{document} does not say '{words}'"


def main():
    suite, values = Suite(), {}
    text = (ROOT / "docs/reliability.md").read_text(encoding="utf-8").split(HEADING, 1)[1]
    section = text.split("\n## ", 1)[0]
    rows = ROW.findall(section)
    suite.check("every row of the table can be read",
                "" if len(rows) == section.count("\n| ") - 1 else f"{len(rows)} of them can")
    for what, number, unit, path, name in rows:
        values[name] = value_of(path, name)
        suite.check(f"{what}: {path}", fault_of_row(number, unit, values[name]))
    for document, name, words in ELSEWHERE:
        suite.check(f"{document}: {name}", fault_elsewhere(document, words, values[name]))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
