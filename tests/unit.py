#!/usr/bin/env python3
"""tests/unit.py BUILD [SECONDS]: runs the cmocka programs of tests/unit, as they were built in BUILD.

Each may take so many seconds, or TIME_LIMIT.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from suite import Suite

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 120
RESULT = re.compile(r"(ok|not ok) \d+ (?:- (?P<ran>.*)|# SKIP (?P<skipped>.*))")
PLAN = re.compile(r"1\.\.(\d+)")


def run(program, limit):
    """Returns (exit status or None past the time limit, output lines)."""
    environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", LC_ALL="C",
                       UBSAN_OPTIONS="print_stacktrace=1")
    try:
        done = subprocess.run([program], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit)
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace").splitlines()
    return done.returncode, done.stdout.decode(errors="replace").splitlines()


def report(suite, name, limit, status, lines):
    """Turns one program's TAP into results; what it did not get to is one failure more."""
    failed_before, planned, seen, why = suite.failed, 0, 0, None
    for number, line in enumerate(lines):
        if line.startswith("why: "):  # a test says so before it skips itself
            why = line[len("why: "):]
        plan, result = PLAN.fullmatch(line), RESULT.fullmatch(line)
        if plan:
            planned += int(plan[1])
        if not result:
            continue
        seen += 1
        if result["skipped"] is not None:
            suite.skip(f"{name}/{result['skipped']}", why or "it does not say why")
        elif result[1] == "ok":
            suite.ok(f"{name}/{result['ran']}")
        else:
            suite.fail(f"{name}/{result['ran']}", "assertion failed",
                       "\n".join(lines[number + 1:number + 20]))
    trouble = None
    if status is None:
        trouble = f"still running after {limit} s"
    elif seen != planned or not planned:
        trouble = f"{seen} of {planned} tests reported, exit status {status}"
    elif status != 0 and suite.failed == failed_before:
        trouble = f"exit status {status}"
    if trouble:
        suite.fail(name, trouble, "\n".join(lines[-60:]))


def main():
    build = Path(sys.argv[1])
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else TIME_LIMIT
    suite = Suite()
    for source in sorted((ROOT / "tests/unit").glob("test_*.c")):
        program = ROOT / build / "tests/unit" / source.stem
        if program.exists():
            report(suite, source.stem, limit, *run(program, limit))
        else:
            suite.fail(source.stem, f"{program} is not built")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
