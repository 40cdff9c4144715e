#!/usr/bin/env python3
"""tests/all.py [BUILD]: runs every test suite, shows what failed or was skipped, and sums.

A suite is a row of SUITES, or a script tests/*/check_*.py, which is called with the program under
test as its argument. It runs at the root of the repository and reports as tests/suite.py says.
The last line sums all suites.
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
AT_ONCE = 2

# The longest first: what starts last should not be what ends last.
SUITES = [
    ("cases, sanitized", ["tests/run.py", "--spotc", f"{BUILD}/asan/spotc"]),
    ("unit, sanitized", ["tests/unit.py", f"{BUILD}/asan"]),
    ("cases", ["tests/run.py", "--spotc", f"{BUILD}/spotc"]),
    ("unit", ["tests/unit.py", BUILD]),
    ("unit, clang", ["tests/unit.py", f"{BUILD}/clang"]),
    ("published", ["tests/published/compare.py", f"{BUILD}/spotc"]),
    ("published, self-test", ["tests/published/compare.py", "--self-test"]),
]

RESULT = re.compile(r"(ok|not ok|skip) (.*)")
COUNT = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped")
WORDS = ("ok", "not ok", "skip")


def find_suites():
    scripts = sorted(path.relative_to(ROOT) for path in ROOT.glob("tests/*/check_*.py"))
    return SUITES + [(f"{path.parent.name}/{path.stem.removeprefix('check_')}",
                      [str(path), f"{BUILD}/spotc"]) for path in scripts]


class Tally:
    """The results of one suite as its lines come in."""

    def __init__(self, name):
        self.name, self.counts, self.closing = name, dict.fromkeys(WORDS, 0), None
        self.block, self.stray = [], []

    def take(self, line):
        result = RESULT.fullmatch(line)
        if result:
            self.flush()
            self.counts[result[1]] += 1
            if result[1] != "ok":
                self.block = [f"{result[1]} {self.name}: {result[2]}"]
        elif line.startswith("  ") and self.block:
            self.block.append(line)
        elif line.startswith("# "):
            self.flush()
            print(f"{self.name}: {line[2:]}", flush=True)
        else:
            self.flush()
            self.closing = COUNT.fullmatch(line)
            self.stray = self.stray[-60:] + [line]

    def flush(self):
        """Shows the failure or skip that was being read, in one piece."""
        if self.block:
            print("\n".join(self.block), flush=True)
        self.block = []

    def close(self, status):
        """A suite that ends otherwise than it should is one failure more."""
        self.flush()
        counts = [self.counts[word] for word in WORDS]
        stated = [int(count) for count in self.closing.groups()] if self.closing else None
        if stated != counts:
            reason = f"its last line does not count its results, exit status {status}"
        elif (status != 0) != (self.counts["not ok"] > 0):
            reason = f"exit status {status}"
        else:
            return
        self.counts["not ok"] += 1
        details = "".join(f"\n  {line}" for line in self.stray)
        print(f"not ok {self.name}: {reason}{details}", flush=True)


def count_line(counts):
    return f"{counts['ok']} passed, {counts['not ok']} failed, {counts['skip']} skipped"


def run(suite):
    name, command = suite
    started, tally = time.monotonic(), Tally(name)
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          encoding="utf-8", errors="backslashreplace",
                          env=dict(os.environ, PYTHONIOENCODING="utf-8")) as process:
        for line in process.stdout:
            tally.take(line.rstrip("\n"))
    tally.close(process.returncode)
    print(f"{name}: {count_line(tally.counts)} ({time.monotonic() - started:.1f} s)", flush=True)
    return tally.counts


def main():
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(run, find_suites()))
    total = {word: sum(counts[word] for counts in results) for word in WORDS}
    print(count_line(total), flush=True)
    return 1 if total["not ok"] else 0


if __name__ == "__main__":
    sys.exit(main())
