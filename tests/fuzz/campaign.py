#!/usr/bin/env python3
"""tests/fuzz/campaign.py [--afl] [--build BUILD] [--time SECONDS [--total]] [--record] [--minimise] TARGET…

Fuzzes each TARGET (all: every one) for so many seconds of processor time, one after the other, in
runs of up to SLICE seconds, and prints a row a target after each:

    target  engine  executions  edges  corpus  cpu_seconds  findings  code

CODE stands for all that the target is made of (targets.py): while that stays as it is, runs add up,
in BUILD/figures and by --record in tests/fuzz/figures.tsv; with --total those before count towards
SECONDS. Inputs that were found stand in BUILD/corpus, findings in BUILD/findings. Of AFL++ the
seconds are too few, since it does not wait for its last child. --minimise makes tests/fuzz/corpus
of the fewest inputs that reach what all that are known reach, which are those that `make test`
replays; with --time 0 nothing is fuzzed before. Exits with 1 where something was found.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from targets import CORPUS, HERE, ROOT, TARGETS, code_of, seeds_of, write_dictionary, write_inputs

FIGURES = HERE / "figures.tsv"
COMMENT = "# What each target was fuzzed; written by tests/fuzz/campaign.py --record.\n"
# Seconds by the clock and MiB that one input may take: an unloaded machine needs a twentieth.
SLOWEST, MEMORY = 30, 2048
SLICE, LEAST = 300, 5  # seconds of a run
# The sanitizer's memmem looks at all that is searched even where the first byte is the one: a loop
# over a long text would take its square.
SANITIZERS = {"UBSAN_OPTIONS": "print_stacktrace=1",
              "ASAN_OPTIONS": "detect_leaks=1:intercept_memmem=0"}


class Row(NamedTuple):
    """What a target was fuzzed, by which engine, as CODE is."""
    target: str
    engine: str
    executions: int
    edges: int
    corpus: int
    cpu_seconds: int
    findings: int
    code: str

    def plus(self, run):
        return run if run.code != self.code else run._replace(
            executions=self.executions + run.executions,
            cpu_seconds=self.cpu_seconds + run.cpu_seconds,
            edges=max(self.edges, run.edges), corpus=max(self.corpus, run.corpus))

    def text(self):
        return "\t".join(map(str, self))


def read_rows(path):
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    fields = [line.split("\t") for line in lines if not line.startswith(("#", "target\t"))]
    return [Row(*field[:2], *map(int, field[2:7]), field[7]) for field in fields]


class Campaign:
    """One target, and where its things stand."""

    def __init__(self, build, name, afl):
        self.name, self.target, self.afl = name, TARGETS[name], afl
        self.program = build / "tests/fuzz" / f"fuzz_{name}"
        self.dictionary = build / "dictionaries" / f"{name}.dict"
        self.seeds, self.corpus = build / "seeds" / name, build / "corpus" / name
        self.findings = build / "findings" / name
        self.log = build / "logs" / f"{name}.log"
        self.engine = "AFL++" if afl else "libFuzzer"
        self.ledger = build / "figures" / f"{name}.tsv"

    def prepare(self):
        write_dictionary(self.name, self.dictionary)
        for folder in (self.corpus, self.findings, self.log.parent, self.ledger.parent,
                       CORPUS / self.name):
            folder.mkdir(parents=True, exist_ok=True)
        write_inputs(self.seeds, seeds_of(self.name))
        if not any(self.seeds.iterdir()):
            write_inputs(self.seeds, [b"\n"])

    def code(self):
        return code_of(self.program)

    def before(self):
        """What it was fuzzed already."""
        for row in read_rows(self.ledger) or read_rows(FIGURES):
            if (row.target, row.engine, row.code) == (self.name, self.engine, self.code()):
                return row
        return Row(self.name, self.engine, 0, 0, 0, 0, 0, self.code())

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
        """A run of so many seconds by the clock; returns what all runs were."""
        figures = self.run_afl(seconds) if self.afl else self.run_libfuzzer(seconds)
        if int(figures[0]) == 0:
            raise SystemExit(f"{self.name} cannot be fuzzed: see {self.log}")
        row = self.before().plus(Row(self.name, self.engine, *map(int, figures), self.code()))
        self.ledger.write_text(row.text() + "\n", encoding="utf-8")
        return row

    def run_until(self, seconds):
        """Runs until so many seconds of processor time have been spent, or something is found."""
        row = self.before()
        while row.cpu_seconds < seconds and not self.found():
            row = self.run(max(LEAST, min(SLICE, seconds - row.cpu_seconds)))
            print(row.text(), flush=True)
        return row

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
    all_rows = {(row.target, row.engine): row for row in read_rows(FIGURES) + rows}
    lines = ["\t".join(Row._fields)] + [all_rows[key].text() for key in sorted(all_rows)]
    FIGURES.write_text(COMMENT + "\n".join(lines) + "\n", encoding="utf-8")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--afl", action="store_true")
    parser.add_argument("--build", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--time", type=int, default=60)
    parser.add_argument("--total", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("targets", nargs="+", choices=["all", *TARGETS], metavar="TARGET")
    arguments = parser.parse_args()
    arguments.names = list(TARGETS) if "all" in arguments.targets else arguments.targets
    return arguments


def main():
    arguments, rows = parse_arguments(), []
    print("\t".join(Row._fields), flush=True)
    for name in arguments.names:
        campaign = Campaign(arguments.build.resolve(), name, arguments.afl)
        campaign.prepare()
        if arguments.time > 0:
            spent = 0 if arguments.total else campaign.before().cpu_seconds
            rows.append(campaign.run_until(spent + arguments.time))
        if arguments.minimise:
            campaign.minimise()
        for path in campaign.found():
            print(f"found: {path}", file=sys.stderr)
    if arguments.record:
        record(rows)
    return 1 if any(row.findings for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
