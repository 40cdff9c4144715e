#!/usr/bin/env python3
"""tests/bench/run.py BUILD: what a compile costs, against the least that it can cost.

The floor (tests/bench/floor.c) parses the same manifest with libyaml and writes the same bytes to
the same files by temporary and rename. Both run in turn, each into an empty folder, so that what
slows the machine down slows both; the ratio is the median over the pairs. Instructions are
counted by callgrind, peak memory is what the kernel says. cfn-lint, where it is installed, merely
loads the template that was made, by its own decoder and without a rule.

Works offline. Exit status 1 where a target is missed.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MANIFEST = "examples/quickstart.yaml"
PAIRS = 500
TARGET_TIME, TARGET_INSTRUCTIONS, TARGET_MEMORY = 1.3, 2.0, 8.0
COLLECTED = re.compile(r"Collected : (\d+)")
READ_TEMPLATE = "import sys, cfnlint.decode; cfnlint.decode.decode(sys.argv[1])"


class Program:
    """A program that fills OUT, with what it reads on its standard input."""

    def __init__(self, out, words, stdin=os.devnull):
        self.out, self.words, self.stdin = out, [str(word) for word in words], stdin

    def run(self, *before):
        """Runs it into an empty folder, BEFORE being the words of what runs it."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        with open(self.stdin, "rb") as stdin:
            return subprocess.run([*before, *self.words], stdin=stdin, check=True, cwd=ROOT,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def measure(self, launch):
        """One run: seconds and MiB."""
        nanoseconds, kib, status = map(int, self.run(launch).stdout.splitlines()[-1].split())
        if status != 0:
            raise SystemExit(f"{self.words[0]} ends with status {status}")
        return nanoseconds / 1e9, kib / 1024

    def instructions(self):
        said = self.run("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null").stdout
        return int(COLLECTED.search(said)[1])


def bundle_files(folder, path):
    """Writes what a folder holds as the floor reads it."""
    files = [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]
    path.write_bytes(b"".join(f"{name} {len(data)}\n".encode() + data for name, data in files))
    return files


def prepare(build, scratch):
    """Returns spotc and its floor, which is seen to write the same."""
    out = scratch / "out"
    spotc = Program(out, [build / "spotc", MANIFEST, "-o", out])
    spotc.run()
    folder, = out.iterdir()
    files = bundle_files(folder, scratch / "files")
    shutil.copytree(folder, scratch / "made")
    floor = Program(out, [build / "tests/bench/floor", MANIFEST, folder], scratch / "files")
    floor.run()
    if bundle_files(folder, scratch / "floor-files") != files:
        raise SystemExit("the floor does not write what spotc writes")
    return spotc, floor


def compare(spotc, floor, launch):
    """Runs both in turn: the pairs' seconds, and the peaks in MiB."""
    pairs = [(spotc.measure(launch), floor.measure(launch)) for _ in range(PAIRS)]
    return ([(a[0], b[0]) for a, b in pairs],
            max(a[1] for a, _ in pairs), max(b[1] for _, b in pairs))


def cfn_lint_seconds(template, launch):
    """What cfn-lint takes to load a template, best of three; None where it is not there."""
    reader = Program(template.parent.parent / "out",
                     [sys.executable, "-c", READ_TEMPLATE, template])
    try:
        return min(reader.measure(launch)[0] for _ in range(3))
    except SystemExit:
        return None


def verdict(value, target, unit=""):
    return f"at most {target:g}{unit}: {'met' if value <= target else 'MISSED'}"


def row(*cells):
    print("{:<28}{:>12}{:>12}{:>8}  {}".format(*cells).rstrip())


def main():
    build = (ROOT / sys.argv[1]).resolve()
    launch = build / "tests/bench/launch"
    with tempfile.TemporaryDirectory(dir=build) as name:
        scratch = Path(name)
        spotc, floor = prepare(build, scratch)
        times, peak, floor_peak = compare(spotc, floor, launch)
        lint = cfn_lint_seconds(scratch / "made/template.yaml", launch)
        counts = None
        if shutil.which("valgrind"):
            counts = spotc.instructions(), floor.instructions()

    took, floor_took = (statistics.median(side) for side in zip(*times))
    ratio = statistics.median(a / b for a, b in times)
    met = [ratio <= TARGET_TIME, peak <= TARGET_MEMORY]
    row(MANIFEST, "spotc", "floor", "ratio", "target")
    row(f"wall time ({PAIRS} pairs)", f"{took * 1e6:,.0f} us", f"{floor_took * 1e6:,.0f} us",
        f"{ratio:.2f}", verdict(ratio, TARGET_TIME))
    if counts:
        met.append(counts[0] / counts[1] <= TARGET_INSTRUCTIONS)
        row("instructions", f"{counts[0]:,}", f"{counts[1]:,}", f"{counts[0] / counts[1]:.2f}",
            verdict(counts[0] / counts[1], TARGET_INSTRUCTIONS))
    else:
        row("instructions", "", "", "", "skipped: valgrind is not installed")
    row("peak memory", f"{peak:.1f} MiB", f"{floor_peak:.1f} MiB", f"{peak / floor_peak:.2f}",
        verdict(peak, TARGET_MEMORY, " MiB"))
    if lint is None:
        row("cfn-lint reads the template", "", "", "", "skipped: this Python has no cfnlint")
    else:
        row("cfn-lint reads the template", "", f"{lint * 1e6:,.0f} us", f"{took / lint:.4f}",
            "spotc's time in that of cfn-lint")
    return 0


if __name__ == "__main__":
    sys.exit(main())
