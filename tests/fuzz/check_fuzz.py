#!/usr/bin/env python3
"""tests/fuzz/check_fuzz.py SPOTC: replays the corpus of every fuzz target, sanitized.

The programs are those of the sanitized build beside SPOTC. Beside that: every target is in the
table, has a corpus and a row of figures, and the corpus is small and named by its contents. How many
targets were fuzzed as they are now made, and long enough, is shown; it is no test, since every
change of the code makes it none until the next campaign.
"""

import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from targets import CORPUS, HERE, ROOT, TARGETS, code_of

sys.path.insert(0, str(ROOT / "tests"))
from suite import Suite  # noqa: E402  (the path must be set first)

TIME_LIMIT, AT_ONCE, MOST_BYTES = 300, 2, 2_000_000
ENOUGH = 1_800  # seconds of processor time that each target is to be fuzzed


def replay(program, folder):
    """Returns why the corpus cannot be replayed, or an empty text, and what the program said."""
    inputs = sorted(folder.glob("*"))
    if not program.exists():
        return f"there is no {program}", ""
    try:
        done = subprocess.run([program, folder], cwd=ROOT, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIME_LIMIT,
                              env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"})
    except subprocess.TimeoutExpired:
        return f"it takes more than {TIME_LIMIT} seconds", ""
    last = "\n".join(done.stdout.splitlines()[-40:])
    if done.returncode != 0:
        return f"exit status {done.returncode}", last
    if not done.stdout.endswith(f"\n{len(inputs)} inputs\n"):
        return f"not all of {len(inputs)} inputs were replayed", last
    return "", ""


def check_corpus(folder):
    inputs = list(folder.glob("*"))
    if not inputs:
        return "there are no inputs"
    for path in inputs:
        if hashlib.sha1(path.read_bytes()).hexdigest() != path.name:
            return f"{path.name} is not the SHA-1 of what it holds"
    return ""


def check_table():
    sources = {path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.c")}
    if sources != set(TARGETS):
        return f"targets.py and the files fuzz_*.c differ: {sorted(sources ^ set(TARGETS))}"
    missing = [part for target in TARGETS.values() for part in target.dictionaries
               if not (HERE / f"{part}.dict").exists()]
    if missing:
        return f"there is no dictionary {missing[0]}"
    rows = (HERE / "figures.tsv").read_text(encoding="utf-8").splitlines()
    measured = {row.split("\t")[0] for row in rows if "\tlibFuzzer\t" in row}
    return f"figures.tsv lacks {sorted(set(TARGETS) - measured)}" if set(TARGETS) - measured else ""


def check_dictionaries():
    entry = re.compile(r'#.*|"(?:[^"\\]|\\x[0-9A-Fa-f]{2}|\\["\\])+"')
    for path in HERE.glob("*.dict"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not entry.fullmatch(line):
                return f"{path.name}: a fuzzer cannot read {line}"
    return ""


def fuzzed(programs):
    """The seconds that are recorded of each target whose figures are of the code as it is."""
    lines = (HERE / "figures.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if "\tlibFuzzer\t" in line]
    seconds = {(row[0], row[-1]): int(row[5]) for row in rows}
    codes = [(name, code_of(programs / f"fuzz_{name}")) for name in TARGETS]
    return [seconds[code] for code in codes if code in seconds]


def show_fuzzed(suite, seconds):
    enough = sum(1 for count in seconds if count >= ENOUGH)
    suite.note(f"figures of the code as it is: {len(seconds)} of {len(TARGETS)} targets, "
               f"{enough} of them with at least {ENOUGH:,} s")


def main():
    suite, programs = Suite(), Path(sys.argv[1]).resolve().parent / "asan/tests/fuzz"
    suite.check("every target is complete", check_table())
    suite.check("every dictionary can be read", check_dictionaries())
    total = sum(path.stat().st_size for path in CORPUS.glob("*/*"))
    suite.check("the corpus is small", f"it has {total} bytes" if total > MOST_BYTES else "")
    for name in TARGETS:
        suite.check(f"{name}: corpus", check_corpus(CORPUS / name))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(lambda name: replay(programs / f"fuzz_{name}", CORPUS / name), TARGETS)
        for name, (reason, details) in zip(TARGETS, results):
            suite.check(f"{name}: replay", reason, details)
    show_fuzzed(suite, fuzzed(programs))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
