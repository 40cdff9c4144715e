#!/usr/bin/env python3
"""Golden cases: a folder is a case.

tests/cases/NAME/ holds a case's input files, and beside them these, each optional:

    cmd           what to run, a line each; default: spotc manifest.yaml -o out
    stdout        what is printed, over all lines of cmd; absent: nothing
    stderr
    status        exit statuses, one a line of cmd that runs spotc; absent: all 0
    expected/     out/ as it is afterwards; absent: no file in out/
    several       (empty) a bad-* case may show more than one error
    unprivileged  (empty) run as nobody where the tests run as root

A line of cmd is split as a shell would, but no shell reads it: `VAR=value` words first, `< FILE`
last, `#` starts a comment. `spotc` is the program under test; the words of SETUP prepare the
working copy. Each case runs in a temporary copy of its folder, with a clean environment, and a
time limit a line. A death by signal or a sanitizer's report fails it whatever is expected. A case
named bad-* must fail in each of its runs, with one error line (but see `several`), and leave no
out folder.

examples/NAME.yaml is the case examples/NAME: a copy of examples/ is the input,
`spotc examples/NAME.yaml -o out` the command, and tests/examples/NAME/ holds what is expected.
"""

import argparse
import concurrent.futures
import difflib
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from suite import Suite

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 20
NOBODY = 65534
NOT_INPUT = {"cmd", "stdout", "stderr", "status", "expected", "several", "unprivileged"}
# Where a build that counts (make coverage) puts the counts of who may not write beside it.
COUNTS = os.environ.get("UNPRIVILEGED_GCOV_PREFIX")
SETUP = {"cp", "mkdir", "ln", "rm", "chmod", "touch", "mkfifo"}
ERROR_LINE = re.compile(rb"^(?:[^:\s][^:\n]*(?::\d+){0,2}: )?error: ", re.MULTILINE)
SANITIZER = re.compile(rb"ERROR: \w+Sanitizer|: runtime error: ")


class Case:
    """A folder of expectations, the trees that are its input, and its command lines."""

    def __init__(self, name, folder, command, shared=()):
        self.name, self.folder, self.shared = name, folder, shared
        written = folder / "cmd"
        text = written.read_text() if written.exists() else command
        lines = [line.strip() for line in text.splitlines()]
        self.lines = [line for line in lines if line and not line.startswith("#")]

    def has(self, marker):
        return (self.folder / marker).exists()

    @property
    def is_bad(self):
        return Path(self.name).name.startswith("bad-")

    def copy_input(self, work):
        for tree in self.shared:
            shutil.copytree(tree, work / tree.name, symlinks=True)
        if not self.folder.is_dir():
            return
        for entry in self.folder.iterdir():
            if entry.name in NOT_INPUT:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.copytree(entry, work / entry.name, symlinks=True)
            else:
                shutil.copy2(entry, work / entry.name, follow_symlinks=False)


class Outcome:
    """What the lines of a case printed, returned and left in out/, and what no case may do."""

    def __init__(self):
        self.stdout = self.stderr = b""
        self.statuses, self.faults = [], []
        self.out, self.has_out = {}, False

    @property
    def status(self):
        if not any(self.statuses):
            return b""
        return "".join(f"{status}\n" for status in self.statuses).encode()


def find_cases():
    cases = [Case(folder.name, folder, "spotc manifest.yaml -o out")
             for folder in sorted((ROOT / "tests/cases").glob("*")) if folder.is_dir()]
    examples = {path.stem for path in (ROOT / "examples").glob("*.yaml")}
    examples |= {path.name for path in (ROOT / "tests/examples").glob("*") if path.is_dir()}
    cases += [Case(f"examples/{name}", ROOT / "tests/examples" / name,
                   f"spotc examples/{name}.yaml -o out", [ROOT / "examples"])
              for name in sorted(examples)]
    return cases


def select(cases, patterns):
    """The cases that any pattern names; a pattern that names none ends the program."""
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(case.name, pattern) for case in cases):
            sys.exit(f"run.py: no case '{pattern}' (see --list)")
    return [case for case in cases if not patterns
            or any(fnmatch.fnmatchcase(case.name, pattern) for pattern in patterns)]


def split_line(line):
    """Returns (environment, words, file for standard input or None)."""
    words, environment, stdin = shlex.split(line), {}, None
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if len(words) > 2 and words[-2] == "<":
        stdin = words[-1]
        words = words[:-2]
    return environment, words, stdin


def run_line(line, spotc, work, identity, outcome):
    environment, words, stdin = split_line(line)
    if not words or words[0] not in SETUP | {"spotc"}:
        outcome.faults.append(f"cmd: neither spotc nor one of {' '.join(sorted(SETUP))}: {line}")
        return
    is_spotc = words[0] == "spotc"
    clean = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "HOME": str(work),
             "UBSAN_OPTIONS": "print_stacktrace=1"}
    if identity and COUNTS:
        clean["GCOV_PREFIX"] = COUNTS
    with open(work / stdin if stdin else os.devnull, "rb") as source:
        try:
            done = subprocess.run(words, executable=spotc if is_spotc else None, cwd=work,
                                  env={**clean, **environment}, stdin=source, umask=0o022,
                                  capture_output=True, timeout=TIME_LIMIT, **identity)
        except subprocess.TimeoutExpired:
            outcome.faults.append(f"still running after {TIME_LIMIT} s: {line}")
            return
    if not is_spotc and done.returncode != 0:
        outcome.faults.append(f"set-up failed: {line}: {done.stderr.decode(errors='replace')}")
    if not is_spotc:
        return
    outcome.stdout += done.stdout
    outcome.stderr += done.stderr
    outcome.statuses.append(done.returncode)
    if done.returncode < 0:
        outcome.faults.append(f"killed by signal {-done.returncode}: {line}")
    if SANITIZER.search(done.stderr):
        outcome.faults.append(f"sanitizer report: {line}")


def snapshot(folder):
    """Maps each path under FOLDER to its bytes; a symbolic link to a line that tells its target."""
    files = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = str(path.relative_to(folder))
        if path.is_symlink():
            files[name] = f"symbolic link to {os.readlink(path)}\n".encode()
        elif path.is_file():
            files[name] = path.read_bytes()
        elif not path.is_dir():
            files[name] = b"neither file, folder nor link\n"
    return files


def check_bad(case, outcome):
    """The rules for every bad-* case, whatever its expectations say."""
    if not all(outcome.statuses) or not outcome.statuses:
        outcome.faults.append(f"a bad-* case ended with status 0 ({outcome.statuses})")
    errors = len(ERROR_LINE.findall(outcome.stderr))
    if errors != 1 and not case.has("several"):
        outcome.faults.append(f"a bad-* case shows one error, not {errors}")
    if outcome.has_out and not case.has("out"):
        outcome.faults.append("a bad-* case leaves no out folder")


def run_case(case, spotc, work):
    """Runs CASE in folder WORK, which is empty."""
    identity, outcome = {}, Outcome()
    case.copy_input(work)
    if case.has("unprivileged") and os.geteuid() == 0:
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        for path in [work, *work.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    for line in case.lines:
        run_line(line, spotc, work, identity, outcome)
    outcome.has_out = os.path.lexists(work / "out")
    outcome.out = snapshot(work / "out")
    if case.is_bad:
        check_bad(case, outcome)
    return outcome


def diff(label, expected, actual):
    """A unified diff of two byte strings, empty where they are equal."""
    if expected == actual:
        return []
    texts = [data.decode("utf-8", "backslashreplace").split("\n") for data in (expected, actual)]
    lines = list(difflib.unified_diff(*texts, f"{label} (expected)", f"{label} (actual)",
                                      lineterm=""))
    return lines or [f"{label} differs in bytes that are not UTF-8"]


def compare(case, outcome):
    """Returns the lines of diff between what CASE expects and what happened."""
    lines = []
    for stream in ("status", "stderr", "stdout"):
        path = case.folder / stream
        lines += diff(stream, path.read_bytes() if path.exists() else b"", getattr(outcome, stream))
    expected = snapshot(case.folder / "expected")
    for name in sorted(expected.keys() | outcome.out.keys()):
        if name not in outcome.out:
            lines.append(f"out/{name} is not written")
        elif name not in expected:
            lines.append(f"out/{name} is not expected:")
        lines += diff(f"out/{name}", expected.get(name, b""), outcome.out.get(name, b""))
    return lines


def update(case, outcome, work):
    """Makes what happened what CASE expects."""
    case.folder.mkdir(parents=True, exist_ok=True)
    for stream in ("status", "stderr", "stdout"):
        data = getattr(outcome, stream)
        (case.folder / stream).unlink(missing_ok=True)
        if data:
            (case.folder / stream).write_bytes(data)
    shutil.rmtree(case.folder / "expected", ignore_errors=True)
    if outcome.out:
        shutil.copytree(work / "out", case.folder / "expected", symlinks=True)
    if not any(case.folder.iterdir()):
        case.folder.rmdir()


def judge(case, spotc, is_update):
    """Runs CASE; returns (reason, details), both empty where it is as it should be."""
    try:
        return judge_run(case, spotc, is_update)
    except (OSError, ValueError, shutil.Error) as error:
        return f"cannot be run: {error}", ""


def judge_run(case, spotc, is_update):
    with tempfile.TemporaryDirectory(prefix="case-", ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        outcome = run_case(case, spotc, work)
        if is_update:
            update(case, outcome, work)
        lines = outcome.faults[1:] + compare(case, outcome)
        if outcome.faults:
            return outcome.faults[0], "\n".join(lines)
        return ("not as expected" if lines else ""), "\n".join(lines)


def parse_arguments():
    parser = argparse.ArgumentParser(description="Runs the golden cases.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to run, or globs")
    parser.add_argument("--spotc", default="build/spotc", help="the program under test")
    parser.add_argument("--update", action="store_true", help="rewrite the expectations")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), metavar="N")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    cases = select(find_cases(), arguments.names)
    if arguments.list:
        print("\n".join(case.name for case in cases))
        return 0
    suite = Suite()
    with tempfile.TemporaryDirectory(prefix="spotc-") as folder, \
            concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        # A copy: nobody may not reach the build, and a build meanwhile changes nothing.
        spotc = shutil.copy(arguments.spotc, folder)
        os.chmod(folder, 0o755)
        results = pool.map(lambda case: judge(case, spotc, arguments.update), cases)
        for case, (reason, details) in zip(cases, results):
            suite.check(case.name, reason, details)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
