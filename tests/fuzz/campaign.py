#!/usr/bin/env python3
"""tests/fuzz/campaign.py [--afl] [--build BUILD] [--time SECONDS] [--record] [--minimise] TARGET…

Fuzzes each TARGET (all: every one) for so many seconds of one processor, one after the other, and
prints a row a target:

    target  engine  executions  edges  corpus  cpu_seconds  findings

Inputs that were found stand in BUILD/corpus, findings in BUILD/findings. --record writes the rows
of these targets into tests/fuzz/figures.tsv; of AFL++ the seconds are too few, since it does not wait
for its last child. --minimise makes tests/fuzz/corpus of the fewest
inputs that reach what all that are known reach, which are those that `make test` replays; with
--time 0 nothing is fuzzed before. Exits with 1 where something was found.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from targets import CORPUS, HERE, ROOT, TARGETS, seeds_of, write_dictionary, write_inputs

FIGURES = HERE / "figures.tsv"
COLUMNS = ["target", "engine", "executions", "edges", "corpus", "cpu_seconds", "findings"]
COMMENT = "# The last campaign of each target; written by tests/fuzz/campaign.py --record.\n"
SLOWEST, MEMORY = 10, 2048  # seconds and MiB that one input may take
SANITIZERS = {"UBSAN_OPTIONS": "print_stacktrace=1", "ASAN_OPTIONS": "detect_leaks=1"}


class Campaign:
    """One target, and where its things stand."""

    def __init__(self, build, name, afl):
        self.name, self.target, self.afl = name, TARGETS[name], afl
        self.program = build / "tests/fuzz" / f"fuzz_{name}"
        self.dictionary = build / "dictionaries" / f"{name}.dict"
        self.seeds, self.corpus = build / "seeds" / name, build / "corpus" / name
        self.findings = build / "findings" / name
        self.log = build / "logs" / f"{name}.log"

    def prepare(self):
        write_dictionary(self.name, self.dictionary)
        for folder in (self.corpus, self.findings, self.log.parent, CORPUS / self.name):
            folder.mkdir(parents=True, exist_ok=True)
        write_inputs(self.seeds, seeds_of(self.name))
        if not any(self.seeds.iterdir()):
            write_inputs(self.seeds, [b"\n"])

    def call(self, command, **environment):
        """Runs it with its output in the log; returns the seconds of processor time."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(self.log, "wb") as log:
            subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False,
                           env={**os.environ, **SANITIZERS, **environment})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def options(self):
        return [f"-max_len={self.target.longest}", f"-timeout={SLOWEST}",
                f"-rss_limit_mb={MEMORY}", f"-dict={self.dictionary}",
                f"-artifact_prefix={self.findings}/"]

    def found(self):
        return [path for path in self.findings.rglob("*") if path.is_file()]

    def run_libfuzzer(self, seconds):
        cpu = self.call([self.program, *self.options(), f"-max_total_time={seconds}",
                         "-print_final_stats=1", self.corpus, CORPUS / self.name, self.seeds])
        log = self.log.read_text(encoding="utf-8", errors="replace")
        last = lambda pattern: int((re.findall(pattern, log) or ["0"])[-1])
        return [last(r"number_of_executed_units: (\d+)"), last(r" cov: (\d+)"),
                last(r" corp: (\d+)"), round(cpu), len(self.found())]

    def run_afl(self, seconds):
        out = self.findings.parent / f"{self.name}.afl"
        shutil.rmtree(out, ignore_errors=True)
        write_inputs(self.seeds, [path.read_bytes() for path in (CORPUS / self.name).iterdir()])
        cpu = self.call(["afl-fuzz", "-i", self.seeds, "-o", out, "-x", self.dictionary,
                         "-V", str(seconds), "-t", f"{SLOWEST * 1000}", "-m", "none",
                         "-G", str(self.target.longest), "--", self.program],
                        AFL_NO_UI="1", AFL_SKIP_CPUFREQ="1", AFL_NO_AFFINITY="1",
                        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", ASAN_OPTIONS="", UBSAN_OPTIONS="")
        for kind in ("crashes", "hangs"):
            for path in (out / "default" / kind).glob("id*"):
                shutil.copy(path, self.findings)
        text = (out / "default/fuzzer_stats").read_text(encoding="utf-8")
        stats = dict(re.findall(r"^(\w+)\s*: (.*)$", text, re.MULTILINE))
        return [stats["execs_done"], stats["edges_found"], stats["corpus_count"], round(cpu),
                len(self.found())]

    def run(self, seconds):
        figures = self.run_afl(seconds) if self.afl else self.run_libfuzzer(seconds)
        return [self.name, "AFL++" if self.afl else "libFuzzer", *map(str, figures)]

    def minimise(self):
        fewest = self.corpus.with_name(f"{self.name}.fewest")
        shutil.rmtree(fewest, ignore_errors=True)
        fewest.mkdir()
        self.call([self.program, *self.options(), "-merge=1", "-use_counters=0", "-use_cmp=0", fewest,
                   CORPUS / self.name, self.corpus, self.seeds])
        shutil.rmtree(CORPUS / self.name)
        fewest.rename(CORPUS / self.name)


def record(rows):
    """Replaces the rows of the same target and engine."""
    kept = FIGURES.read_text(encoding="utf-8").splitlines() if FIGURES.exists() else []
    all_rows = {}
    for row in [line.split("\t") for line in kept if not line.startswith(("#", "target\t"))] + rows:
        all_rows[row[0], row[1]] = row
    lines = ["\t".join(COLUMNS)] + ["\t".join(all_rows[key]) for key in sorted(all_rows)]
    FIGURES.write_text(COMMENT + "\n".join(lines) + "\n", encoding="utf-8")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--afl", action="store_true")
    parser.add_argument("--build", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--time", type=int, default=60)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("targets", nargs="+", choices=["all", *TARGETS], metavar="TARGET")
    arguments = parser.parse_args()
    arguments.names = list(TARGETS) if "all" in arguments.targets else arguments.targets
    return arguments


def main():
    arguments, rows = parse_arguments(), []
    print("\t".join(COLUMNS), flush=True)
    for name in arguments.names:
        campaign = Campaign(arguments.build.resolve(), name, arguments.afl)
        campaign.prepare()
        if arguments.time > 0:
            rows.append(campaign.run(arguments.time))
            print("\t".join(rows[-1]), flush=True)
        if arguments.minimise:
            campaign.minimise()
        for path in campaign.found():
            print(f"found: {path}", file=sys.stderr)
    if arguments.record:
        record(rows)
    return 1 if any(row[-1] != "0" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
