#!/usr/bin/env python3
"""tests/docs/check_figures.py [SPOTC] [--update]: the figures in docs/reliability.md are the last.

The suites keep what they measured in tables beside them (--record); the section "Figures" of
docs/reliability.md is made of these, and rewritten by --update.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from suite import Suite  # noqa: E402  (the path must be set first)

PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- figures: tests/docs/check_figures.py --update -->\n", "<!-- end of figures -->\n"


def rows_of(name):
    """The rows of a table under tests/, as dictionaries."""
    lines = (ROOT / "tests" / name).read_text(encoding="utf-8").splitlines()
    lines = [line.split("\t") for line in lines if not line.startswith("#")]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def number(text):
    return f"{int(text):,}"


def fuzzing():
    rows = [row for row in rows_of("fuzz/figures.tsv") if row["engine"] == "libFuzzer"]
    return "What libFuzzer gave each target ([tests/fuzz/figures.tsv](../tests/fuzz/figures.tsv); " \
        "runs add up while the files that the target is made of stay as they are):\n\n" + table(
            ["target", "executions", "edges", "inputs kept", "processor seconds", "findings"],
            [[row["target"], *(number(row[key]) for key in
                               ("executions", "edges", "corpus", "cpu_seconds", "findings"))]
             for row in rows])


def faults():
    sums, rows = {}, rows_of("fault/figures.tsv")
    for row in rows:
        kind = row["what"].split(":")[0]
        sums[kind] = sums.get(kind, 0) + int(row["count"])
    return "What was tried of faults by `make test-all`, all commands and forms together " \
        "([tests/fault/figures.tsv](../tests/fault/figures.tsv)):\n\n" + table(
            ["what", "times"], [[kind, f"{count:,}"] for kind, count in sums.items()])


def coverage():
    rows = {row["room"]: row for row in rows_of("coverage/figures.tsv")}
    return "What the tests reach of the code ([tests/coverage/figures.tsv]" \
        "(../tests/coverage/figures.tsv), by room; `make coverage` measures it):\n\n" + table(
            ["of", "lines", "reached", "branches", "reached"],
            [[what, number(rows[name]["lines"]), rows[name]["lines reached %"] + " %",
              number(rows[name]["branches"]), rows[name]["branches reached %"] + " %"]
             for name, what in (("library", "the library"), ("all", "the whole program"))])


def hostile():
    rows = rows_of("hostile/figures.tsv")
    most = lambda key: max((row for row in rows if row[key]), key=lambda row: float(row[key]))
    above = [row["family"] for row in rows if row["above"]]
    fixed = sum(1 for row in rows if row["no ratio because"])
    parts = [f"{float(most(key)[key]):g} {unit} (`{most(key)['family']}`)"
             for key, unit in (("seconds", "s of processor time"), ("MiB", "MiB"),
                               ("ratio", "times the instructions for twice the input"))]
    beyond = f" Above 1 s, 64 MiB or 2.3 times: {', '.join(f'`{name}`' for name in above)}." \
        if above else " None is above 1 s, 64 MiB or 2.3 times."
    return f"Of {len(rows)} families of hostile input ([tests/hostile/figures.tsv]" \
        f"(../tests/hostile/figures.tsv)) the most that one takes is {parts[0]}, {parts[1]} and " \
        f"{parts[2]}; {fixed} have a size that is fixed, and so no ratio, each with the reason.{beyond}\n"


def figures():
    return "\n".join([BEGIN.strip() + "\n", fuzzing(), hostile(), faults(), coverage(), END])


def main():
    text = PAGE.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN), text.index(END) + len(END)
    current = text[begin:end] == figures()
    if "--update" in sys.argv[1:]:
        PAGE.write_text(text[:begin] + figures() + text[end:], encoding="utf-8")
        return 0
    suite = Suite()
    suite.check("the figures in reliability.md are those of the tables",
                "" if current else "run tests/docs/check_figures.py --update")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
