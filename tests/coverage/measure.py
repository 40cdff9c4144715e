#!/usr/bin/env python3
"""tests/coverage/measure.py BUILD [--keep] [--record]: what of the program the tests reach.

Runs in BUILD, a build that counts, the suites for which it can stand in: not those that need the
released or a sanitized program, make its calls fail, or bound what it costs. Then prints lines and
branches by room. `make coverage` fails where

    a suite fails,
    lines or branches of the library are below MARKS,
    a line is not reached that tests/coverage/uncovered.tsv does not name, or
    that file names what is reached, or is not there any more; whether a race is met is chance.

Lines are held one by one. Branches are held by their share alone: most that are not reached are
the other half of an assertion or of a defence that uncovered.tsv names.

A row of uncovered.tsv is a block of lines of which none is reached: the file, the function, the
text that the block begins with, one of REASONS, and what is to be said of it.

--keep reads what was counted before, without running anything; --record writes the figures to
tests/coverage/figures.tsv.
"""

import argparse
import collections
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gcov
from suite import Suite

ROOT = gcov.ROOT
NAMED = ROOT / "tests/coverage/uncovered.tsv"
FIGURES = ROOT / "tests/coverage/figures.tsv"
MARKS = {"lines": 95, "branches": 90}
BESIDE_LIBRARY = ("command", "embed", "tabulate")

CHECKS = {
    "catalogue": ("tabulate",),
    "commands": ("embed", "printed", "streams"),
    "lint": ("own", "ways"),
    "policies": ("explain", "layouts", "random", "restrictions"),
    "published": ("diff", "stack"),
    "templates": ("stack_set", "templates", "yaml"),
}
SUITES = [["tests/unit.py", "{build}", "600"], ["tests/run.py", "--spotc", "{build}/spotc"]]
SUITES += [[f"tests/{folder}/check_{name}.py", "{build}/spotc"]
           for folder, names in CHECKS.items() for name in names]

REASONS = {
    "assertion": "cannot happen: an assertion, or what stands behind one or a complete switch",
    "defence": "cannot happen: what ran before rules it out",
    "memory": "memory has run out: tests/fault/check_allocations.py, in a build of its own",
    "system": "a system call fails: tests/fault/check_calls.py, in a build of its own",
    "race": "another process is quicker: tests/fault/check_kills.py starts two at once",
    "bound": "a bound that inputs of the tests do not reach",
    "data": "waits for what tables, bundles and libraries of today do not have",
    "gcov": "runs, but gcov counts it elsewhere",
}


def run_suites(suite, build):
    """Runs SUITES; what cases that run without rights count, they leave in a folder of theirs."""
    others = ROOT / build / "unprivileged"
    shutil.rmtree(others, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        for words in SUITES:
            run_suite(suite, [word.format(build=build) for word in words], folder)
        shutil.copytree(folder, others)


def run_suite(suite, words, others):
    started = time.monotonic()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
                          env=dict(os.environ, UNPRIVILEGED_GCOV_PREFIX=others),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = done.stdout.splitlines()
    last = lines[-1] if lines else ""
    name = f"{words[0]}: {last} ({time.monotonic() - started:.0f} s)"
    suite.check(name, f"exit status {done.returncode}" if done.returncode else "",
                "\n".join(line for line in lines if not line.startswith("ok ")))


def room(source):
    parts = Path(source).parts
    return parts[1] if len(parts) > 2 else "(pipeline)"


def shares(counts):
    """Maps each room, and library and all, to its [reached, there] of lines and of branches."""
    found = collections.defaultdict(lambda: {"lines": [0, 0], "branches": [0, 0]})
    for kind, counter in (("lines", counts.lines), ("branches", counts.branches)):
        for at, count in counter.items():
            of = room(at[0])
            for name in {of, "all", *(() if of in BESIDE_LIBRARY else ("library",))}:
                found[name][kind][0] += count > 0
                found[name][kind][1] += 1
    rows = [name for name in sorted(found) if name not in ("library", "all")]
    return {name: found[name] for name in [*rows, "library", "all"]}


def percent(reached, there):
    """Cut, not rounded: 90.0 is never less than that."""
    return f"{1000 * reached // there / 10:.1f}" if there else "-"


def read_named():
    with NAMED.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["function"], row["begins"]): row for row in rows}


def find_blocks(counts):
    """Maps (file, function, text of its first line) of each block to that line's number."""
    blocks = {}
    for (source, function), found in counts.uncovered().items():
        lines = (ROOT / source).read_text(encoding="utf-8").splitlines()
        for block in found:
            blocks.setdefault((source, function, lines[block[0] - 1].strip()), block[0])
    return blocks


def is_there(key):
    source, _, begins = key
    lines = (ROOT / source).read_text(encoding="utf-8").splitlines()
    return any(line.strip() == begins for line in lines)


def check_named(suite, counts):
    named, blocks = read_named(), find_blocks(counts)
    unnamed = [f"{key[0]}:{line}: {key[1]}: {key[2]}" for key, line in blocks.items()
               if key not in named]
    suite.check(f"{len(blocks)} places that are not reached are named with their reason",
                f"{len(unnamed)} are not in {NAMED.relative_to(ROOT)}" if unnamed else "",
                "\n".join(unnamed))
    reached = [": ".join(key) for key, row in named.items()
               if key not in blocks and not (row["reason"] == "race" and is_there(key))]
    suite.check(f"{NAMED.relative_to(ROOT)} names only what is not reached",
                f"{len(reached)} are reached or gone" if reached else "", "\n".join(reached))
    unfounded = [": ".join(key) for key, row in named.items()
                 if row["reason"] not in REASONS or not row["why"]]
    suite.check("each has a reason that there is", "; ".join(unfounded))


def check_marks(suite, found):
    for kind, mark in MARKS.items():
        reached, there = found["library"][kind]
        suite.check(f"{percent(reached, there)} % of {there} {kind} of the library",
                    "" if 100 * reached > mark * there else f"not above {mark} %")


def show(found):
    print(f"{'room':<12} {'lines':>8}  {'branches':>8}")
    for name, of in found.items():
        print(f"{name:<12} {percent(*of['lines']):>6} %  {percent(*of['branches']):>6} %")


def record(found):
    rows = ["room\tlines\tlines reached %\tbranches\tbranches reached %"]
    for name, of in found.items():
        cells = [name]
        for reached, there in of.values():
            cells += [str(there), percent(reached, there)]
        rows.append("\t".join(cells))
    FIGURES.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="What of the program the tests reach.")
    parser.add_argument("build")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    suite = Suite()
    if not arguments.keep:
        run_suites(suite, arguments.build)
    counts = gcov.read(arguments.build, ROOT / arguments.build / "unprivileged")
    found = shares(counts)
    show(found)
    check_marks(suite, found)
    check_named(suite, counts)
    if arguments.record:
        record(found)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
