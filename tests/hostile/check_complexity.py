#!/usr/bin/env python3
"""tests/hostile/check_complexity.py SPOTC [--all] [--record] [FAMILY…]: twice the input, twice the work.

Instructions are counted, not time: each family of tests/hostile/families.py that has a small size
runs under callgrind at that size and at twice it, and may take RATIO times the instructions, the
cost of starting (a run of --version) taken away from both. A family without a small size says why,
and figures.tsv must have the ratio or the reason of each. Every STEP-th family is measured without
--all (make test-all). --record writes the ratios to figures.tsv. Builds with sanitizers are skipped,
and so is everything where valgrind is missing.
"""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import figures
from families import FAMILIES
from suite import Suite

HERE = Path(__file__).resolve().parent
RATIO, STEP, WALL = figures.PROMISED["ratio"], 16, 300
COLLECTED = re.compile(r"Collected : (\d+)")


def is_whole(arguments):
    return "--all" in arguments or os.environ.get("SPOTC_TESTS") == "whole"


def count(spotc, words, folder, stdin=os.devnull):
    """Instructions of one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", spotc, *words]
    with open(stdin, "rb") as given:
        done = subprocess.run(command, cwd=folder, stdin=given, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=WALL, check=False)
    found = COLLECTED.search(done.stderr.decode(errors="replace"))
    if found is None:
        raise SystemExit(f"callgrind counted nothing of {words}:\n{done.stderr[:500]}")
    return int(found[1])


def measure(spotc, name, size):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, HERE / "families.py", name, str(size), folder], check=True)
        stdin = Path(folder, "stdin")
        return count(spotc, FAMILIES[name].words(size), folder,
                     stdin if stdin.exists() else os.devnull)


def ratio(spotc, name, start):
    """How many times the instructions twice the input takes, and what they are."""
    small = FAMILIES[name].small
    once, twice = (measure(spotc, name, size) - start for size in (small, 2 * small))
    return twice / once, f"{once:,} instructions at {small:,}, {twice:,} at {2 * small:,}"


def chosen(arguments):
    growing = [name for name, family in FAMILIES.items() if family.small > 0]
    patterns = [word for word in arguments if not word.startswith("--")]
    if patterns:
        return [name for name in growing if any(fnmatch.fnmatch(name, p) for p in patterns)]
    return growing if is_whole(arguments) else growing[::STEP]


def main():
    suite, spotc = Suite(), str(Path(sys.argv[1]).resolve())
    if shutil.which("valgrind") is None:
        suite.skip("complexity", "valgrind is not installed")
    elif b"__asan_init" in Path(spotc).read_bytes():
        suite.skip("complexity", "this build has sanitizers")
    else:
        start = count(spotc, ["--version"], HERE)
        ratios = {}
        for name in chosen(sys.argv[2:]):
            ratios[name], counts = ratio(spotc, name, start)
            suite.check(name, counts if ratios[name] > RATIO else "")
        largest = max(ratios, key=ratios.get)
        print(f"the largest of {len(ratios)} ratios: {ratios[largest]:.2f}, {largest}")
        if "--record" in sys.argv:
            figures.record({name: {"ratio": f"{value:.2f}"} for name, value in ratios.items()},
                           FAMILIES)
    suite.check("each family has a ratio, or a reason", ", ".join(figures.missing(FAMILIES)))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
