#!/usr/bin/env python3
"""tests/catalogue/check_instructions.py SPOTC: what the commands that use the catalogue cost.

callgrind counts the instructions of whole processes, start included; each must stay below LIMIT. A
command that this spotc does not have, and all where valgrind is missing, are skipped. And looking
things up must not allocate: the object file, beside SPOTC, asks for nothing that could.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

LIMIT = 30_000_000
MANIFEST = "examples/default.yaml"
COLLECTED = re.compile(r"Collected : (\d+)")
LOOK_UP = "obj/compiler/model/catalogue.o"

# What is measured: its words after spotc, and the exit statuses that are no failure of the test's.
# OLD and NEW stand for two copies of the default policy, FOLDER for what compile wrote.
RUNS = (
    (("compile", MANIFEST, "-o", "FOLDER"), (0,)),
    (("check", MANIFEST), (0,)),
    (("explain", MANIFEST, "*"), (0, 1)),
    (("explain", MANIFEST, "ec2:RunInstances"), (0,)),
    (("diff", "OLD", "NEW"), (0,)),
    (("diff", MANIFEST, "OLD"), (0,)),
    (("lint", "OLD"), (0, 1)),
    (("lint", "FOLDER/template.yaml"), (0, 1)),
)


def has_command(spotc, name):
    said = subprocess.run([spotc, "--help"], capture_output=True, text=True, check=True).stdout
    return re.search(rf"^  {name} ", said, re.MULTILINE) is not None


def prepare(spotc, scratch):
    """Compiles the default policy; returns what the words of RUNS stand for."""
    subprocess.run([spotc, "compile", "-q", MANIFEST, "-o", scratch / "out"], cwd=ROOT, check=True)
    folder, = (scratch / "out").iterdir()
    policy = folder / "spot-policy.json"
    places = {"FOLDER": folder, "OLD": scratch / "old.json", "NEW": scratch / "new.json"}
    for name in ("OLD", "NEW"):
        shutil.copy(policy, places[name])
    return places


def measure(spotc, words, statuses):
    """The number of instructions, and what is wrong, or nothing."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", spotc,
                           *words], cwd=ROOT, capture_output=True, text=True, check=False)
    found = COLLECTED.search(done.stderr)
    if done.returncode not in statuses or not found:
        return 0, f"exit status {done.returncode}: {done.stderr[-500:]}"
    return int(found[1]), ""


def filled(words, places):
    for word in words:
        head, slash, rest = word.partition("/")
        yield f"{places[head]}{slash}{rest}" if head in places else word


def check_runs(suite, spotc, scratch):
    places = prepare(spotc, scratch)
    for words, statuses in RUNS:
        title = " ".join(words)
        if not has_command(spotc, words[0]):
            suite.skip(title, f"there is no command {words[0]} yet")
            continue
        count, problem = measure(spotc, list(filled(words, places)), statuses)
        if not problem and count >= LIMIT:
            problem = f"{count:,} instructions, not below {LIMIT:,}"
        suite.check(title if problem else f"{title}: {count / 1e6:.1f} M instructions", problem)


def check_look_up(suite, build):
    """Of the symbols that the look-ups need, none may be one that gives memory."""
    if not shutil.which("nm"):
        suite.skip("look-ups allocate nothing", "nm is not installed")
        return
    said = subprocess.run(["nm", build / LOOK_UP], capture_output=True, text=True, check=True)
    symbols = [line.split() for line in said.stdout.splitlines()]
    defined = {name for *_, kind, name in symbols if kind == "T"}
    needed = {name for *_, kind, name in symbols if kind == "U"}
    giving = sorted(name for name in needed if re.search("alloc|arena|strdup|_copy|_format", name))
    problem = "" if "catalogue_find_action" in defined else f"no look-up in {LOOK_UP}"
    suite.check("look-ups allocate nothing", problem or ", ".join(giving))


def main():
    spotc, suite = Path(sys.argv[1]).resolve(), Suite()
    check_look_up(suite, spotc.parent)
    if not shutil.which("valgrind"):
        suite.skip("instructions", "valgrind is not installed")
        return suite.finish()
    with tempfile.TemporaryDirectory() as scratch:
        check_runs(suite, spotc, Path(scratch))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
