#!/usr/bin/env python3
"""tests/hostile/check_hostile.py SPOTC [--all] [--record] [FAMILY…]: hostile input is bounded.

Each family of tests/hostile/families.py is given at its full size. spotc must end by itself with
the exit status that belongs to what it says, within SECONDS of CPU time and MEMORY MiB of peak
memory, and show the errors that the family names, each as often as it says: one for a single fault,
and at most 20 for each file. No message is longer than LONGEST_LINE, and nothing that is printed holds a character
that turns the text around it, or that a terminal or a log would take for a command: controls and
bytes that are no UTF-8.

What is promised is a second on a machine that does nothing else. Tests run beside others, so SECONDS
is more; the slowest and the largest family are printed, and --record writes what each takes, and
whether that is above the promise, to figures.tsv.

Families that need more memory than MEMORY are rows of known.tsv, each with its bound and the reason.
Every tenth family is left out without --all (make test-all). Builds with sanitizers are skipped.
"""

import collections
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import figures
from families import FAMILIES
from suite import Suite

HERE = Path(__file__).resolve().parent
SECONDS, WALL, MEMORY = 3 * figures.PROMISED["seconds"], 20, figures.PROMISED["MiB"]
LONGEST_LINE, MOST_ERRORS = 20_000, 20
MESSAGE = re.compile(r"(?:^|: )(error|warning): .*\[([a-z0-9-]+)\]$", re.MULTILINE)
# What is no UTF-8 is read as a lone surrogate.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def is_whole(arguments):
    return "--all" in arguments or os.environ.get("SPOTC_TESTS") == "whole"


def known_limits():
    rows = (HERE / "known.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {name: int(mib) for name, mib, _ in (row.split("\t") for row in rows)}


# What is kept of a run: the memory of this program counts towards that of the next.
Cost = collections.namedtuple("Cost", "seconds mib")


def printed(path):
    return open(path, encoding="utf-8", errors="surrogateescape", newline="\n")


class Run:
    """One run of spotc on what a family makes."""

    def __init__(self, spotc, name, folder):
        family = FAMILIES[name]
        subprocess.run([sys.executable, HERE / "families.py", name, str(family.full), folder],
                       check=True)
        stdin, words = Path(folder, "stdin"), family.words(family.full)
        with open(stdin if stdin.exists() else os.devnull, "rb") as given, \
                open(Path(folder, ".out"), "wb") as out, \
                open(Path(folder, ".err"), "wb") as err:
            process = subprocess.Popen(["timeout", "-s", "KILL", str(WALL), spotc,
                                        *words],
                                       cwd=folder, stdin=given, stdout=out, stderr=err)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.status = process.returncode
        self.files = sum(path.is_file() for path in Path(folder).rglob("*"))
        self.seconds, self.mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        self.said = Path(folder, ".err").read_text(encoding="utf-8", errors="replace")
        self.turns, self.controls = (any(pattern.search(line) for name in (".out", ".err")
                                         for line in printed(Path(folder, name)))
                                     for pattern in (TURNING, CONTROL))
        self.counts = collections.Counter(MESSAGE.findall(self.said))


def fault_of_messages(family, run):
    errors = collections.Counter({name: count for (kind, name), count in run.counts.items()
                                  if kind == "error"})
    if max(map(len, run.said.splitlines()), default=0) > LONGEST_LINE:
        return "a line of its messages is too long"
    if run.turns:
        return "what is printed holds a character that turns text around"
    if run.controls:
        return "what is printed holds a control character, or what is no UTF-8"
    if errors != collections.Counter(family.says):
        return f"errors {dict(errors)}, not {family.says}"
    if sum(errors.values()) > MOST_ERRORS * run.files:
        return f"{sum(errors.values())} errors"
    return ""


def fault(family, run, memory):
    if run.status != family.status:
        return f"status {run.status}, not {family.status}"
    if run.seconds > SECONDS:
        return f"{run.seconds:.2f} s of CPU time"
    if run.mib > memory:
        return f"{run.mib:.0f} MiB"
    return fault_of_messages(family, run)


def show(runs):
    slowest, largest = (max(runs, key=key) for key in (lambda name: runs[name].seconds,
                                                       lambda name: runs[name].mib))
    print(f"the slowest of {len(runs)}: {runs[slowest].seconds:.2f} s, {slowest}; "
          f"the largest: {runs[largest].mib:.0f} MiB, {largest}")


def chosen(arguments):
    patterns = [word for word in arguments if not word.startswith("--")]
    if patterns:
        return [name for name in FAMILIES if any(fnmatch.fnmatch(name, p) for p in patterns)]
    return list(FAMILIES) if is_whole(arguments) else [
        name for number, name in enumerate(FAMILIES) if number % 10 != 9]


def main():
    suite, spotc, limits = Suite(), str(Path(sys.argv[1]).resolve()), known_limits()
    if b"__asan_init" in Path(spotc).read_bytes():
        suite.skip("hostile input", "this build has sanitizers")
        return suite.finish()
    suite.check("known.tsv names families", ", ".join(sorted(set(limits) - set(FAMILIES))))
    runs = {}
    for name in chosen(sys.argv[2:]):
        with tempfile.TemporaryDirectory() as folder:
            run = Run(spotc, name, folder)
        runs[name] = Cost(run.seconds, run.mib)
        suite.check(name, fault(FAMILIES[name], run, limits.get(name, MEMORY)),
                    run.said[:2000])
    show(runs)
    if "--record" in sys.argv:
        figures.record({name: {"seconds": f"{run.seconds:.2f}", "MiB": f"{run.mib:.0f}"}
                        for name, run in runs.items()}, FAMILIES)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
