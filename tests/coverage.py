#!/usr/bin/env python3
"""tests/coverage.py BUILD: lines and branches reached, by room, from what gcov knows of BUILD."""

import collections
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read_gcov(build):
    """Yields (source file, line number, count, [count of each branch]), headers repeat."""
    notes = sorted(str(path) for path in (ROOT / build / "obj/compiler").rglob("*.gcno"))
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes],
                          cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for report in done.stdout.splitlines():
        for file in json.loads(report)["files"] if report.strip() else []:
            for line in file["lines"]:
                branches = [branch["count"] for branch in line.get("branches", [])]
                yield file["file"], line["line_number"], line["count"], branches


def room(source):
    parts = Path(source).parts
    return parts[1] if len(parts) > 2 else "(pipeline)"


def collect(build):
    """Returns per room the counts of each line and of each branch."""
    lines, branches = collections.Counter(), collections.Counter()
    for source, number, count, taken in read_gcov(build):
        if not source.startswith("compiler/"):
            continue
        lines[source, number] += count
        for index, times in enumerate(taken):
            branches[source, number, index] += times
    rooms = collections.defaultdict(lambda: ([], []))
    for kind, counter in enumerate((lines, branches)):
        for key, count in counter.items():
            rooms[room(key[0])][kind].append(count)
    return rooms


def percent(counts):
    if not counts:
        return f"{'-':>8}"
    return f"{100 * sum(count > 0 for count in counts) / len(counts):6.1f} %"


def main():
    rooms = collect(sys.argv[1])
    every = tuple(sum((counts[kind] for counts in rooms.values()), []) for kind in (0, 1))
    print(f"{'room':<12} {'lines':>8}  {'branches':>8}")
    for name, (lines, branches) in [*sorted(rooms.items()), ("all", every)]:
        print(f"{name:<12} {percent(lines)}  {percent(branches)}")


if __name__ == "__main__":
    main()
