#!/usr/bin/env python3
"""tests/fault/check_paths.py SPOTC: whatever paths and names say, nothing else is touched.

Each case runs in a tree of its own, with spotc's folder `work` beside a folder `outside`. It says
which exit status is right, what must be said and what below the tree may have changed; all else
must be as before. No run may hang, and what is printed holds no control or bidirectional character.
The cases stand in paths.py.

Files of other owners, and `-o /` in a root of its own, are tried where root runs the tests. At
last places in the output folder, and the manifest, become something else again and again while
spotc runs.
"""

import ctypes
import mmap
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import fault
from paths import (DONE, FINE, MACHINE, NAME, NO, NOBODY, USAGE, Case, bundle_cases, input_cases,
                   link, make_tree, manifest, name_cases, option_cases, output_cases, own,
                   owner_cases, pipe, place_cases, put, together)

SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def judge(case, done, before, after):
    if done.trouble():
        return done.trouble()
    said = (done.out + done.err).decode(errors="replace")
    if not any(done.status == status and what in said for status, what in case.ends):
        return " or ".join(f"status {status} and {what!r}" for status, what in case.ends) + " wanted"
    touched = [path for path in sorted(set(before) | set(after))
               if before.get(path) != after.get(path)]
    wrong = [path for path in touched
             if case.may_change is None or not re.fullmatch(case.may_change, path)]
    if wrong:
        return f"it touched {wrong[0]!r}"
    if case.may_change is not None and done.status == DONE and not touched:
        return "it wrote nothing"
    shown = SHOWN.search((done.out + done.err).decode())
    return f"it prints {shown[0]!r} as it is" if shown else ""


def run_case(spotc, case, **how):
    """HOW is for subprocess; as another user the work folder is theirs."""
    with tempfile.TemporaryDirectory() as world:
        tree = Path(world) / "tree"
        make_tree(tree)
        if how:
            Path(world).chmod(0o755)
            together(own(""), own("m.yaml"))(tree)
        if case.prepare:
            case.prepare(tree)
        before = fault.snapshot(tree)
        done = fault.run(spotc, case.arguments, tree / "work", **how)
        after = fault.snapshot(tree)
        reason = judge(case, done, before, after)
        if not reason and fault.temporaries(after) != fault.temporaries(before) and done.status:
            reason = "it left a temporary"
        shutil.rmtree(tree)
        return reason, done.what()


def run_cases(suite, program, label, what, cases, **how):
    """Runs each; one line for all of them, or one for each that failed."""
    results = [(case, *run_case(program, case, **how)) for case in cases]
    failed = [result for result in results if result[1]]
    for case, reason, details in failed:
        suite.fail(f"{label}: {case.name}", reason, details)
    if not failed:
        suite.ok(f"{label}: {len(results)} {what}")


def check_owners(suite, spotc, label):
    if os.geteuid() != 0:
        suite.skip(f"{label}: files of others", "only root can make them")
        return
    with tempfile.TemporaryDirectory() as world:
        Path(world).chmod(0o755)
        program = shutil.copy(spotc, world)
        run_cases(suite, program, label, "owner cases", list(owner_cases()), user=NOBODY,
                  group=NOBODY, extra_groups=[])


def check_root(suite, spotc):
    """`-o /`: in a root of its own, where the static program is all that it needs."""
    if os.geteuid() != 0:
        suite.skip("-o /", "only root can change its root")
        return
    with tempfile.TemporaryDirectory() as world:
        tree = Path(world)
        make_tree(tree)
        shutil.copy(spotc, tree / "spotc")
        before = fault.snapshot(tree)
        done = fault.run("/spotc", [os.path.join("work", "m.yaml"), "-o", "/"], "/",
                         preexec_fn=lambda: (os.chroot(tree), os.chdir("/")))
        case = Case("-o /", [], FINE, None, r"one(/.*)?")
        suite.check(case.name, judge(case, done, before, fault.snapshot(tree)), done.what())


# --- what is there becomes something else while spotc runs ---

RENAME_EXCHANGE, AT_FDCWD = 2, -100
RACE_SECONDS = 15 if fault.WHOLE else 0.4


def exchange_for_ever(path, other, done):
    """DONE counts how often, where the parent sees it. What spotc removes comes back."""
    libc = ctypes.CDLL(None)
    names = os.fsencode(path), os.fsencode(other)
    while True:
        if libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
            done[0] += 1
        elif not os.path.lexists(path):
            path.write_text("sentinel\n")


def trouble_of_run(done):
    if done.trouble() or done.status in (DONE, NO, USAGE, MACHINE):
        return done.trouble()
    return f"exit status {done.status}"


def race(spotc, tree, path, other, whole):
    """Runs in `work`, where PATH and OTHER change places all the time; files of the output folder
    hold one of the texts WHOLE. Returns how often, how often it said no, and what was wrong."""
    work, runs, refused, reason = tree / "work", 0, 0, ""
    outside = fault.snapshot(tree / "outside")
    exchanges = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")
    swapper = os.fork()
    if swapper == 0:
        exchange_for_ever(work / path, work / other, exchanges)
    ends = time.monotonic() + RACE_SECONDS
    while time.monotonic() < ends and not reason:
        done = fault.run(spotc, [("m.yaml", "other.yaml")[runs % 2], "-o", "out"], work)
        runs, refused = runs + 1, refused + (done.status != DONE)
        reason = trouble_of_run(done)
        if not reason and fault.snapshot(tree / "outside") != outside:
            reason = "what is outside was touched"
    os.kill(swapper, signal.SIGKILL)
    os.waitpid(swapper, 0)
    torn = [name for name, what in fault.snapshot(work / "out").items()
            if what[0] == "file" and what[1] not in whole]
    if not reason and torn:
        reason = f"{torn[0]} is no whole file"
    if not reason and exchanges[0] < runs:
        reason = f"they changed places {exchanges[0]} times only"
    return runs, refused, reason


def whole_texts(spotc, work):
    """What files of the output folder may hold."""
    for name in ("m.yaml", "other.yaml"):
        fault.run(spotc, [name, "-o", f"whole/{name}"], work)
    texts = {what[1] for what in fault.snapshot(work / "whole").values() if what[0] == "file"}
    shutil.rmtree(work / "whole")
    return texts | {b"sentinel\n"}


def check_races(suite, spotc, label):
    policy, outside = "out/one/spot-policy.json", "../../outside"
    places = {
        "the manifest's folder": ("out/one", "out/two", link("out/two", f"{outside}/one")),
        "a file": (policy, "out/one/x", link("out/one/x", f"../{outside}/file")),
        "a stale file": ("out/one/spot-policy-2.json", "out/one/x",
                         together(put("out/one/spot-policy-2.json"),
                                  link("out/one/x", f"../{outside}/file"))),
        "the manifest": ("m.yaml", "x", pipe("x")),
    }
    for what, (path, other, prepare) in places.items():
        with tempfile.TemporaryDirectory() as world:
            tree = Path(world)
            make_tree(tree)
            put("other.yaml", manifest(NAME, layout="compact"))(tree)
            whole = whole_texts(spotc, tree / "work")
            fault.run(spotc, ["m.yaml", "-o", "out"], tree / "work")
            prepare(tree)
            runs, refused, reason = race(spotc, tree, path, other, whole)
            suite.check(f"{label}: {what} becomes a link or pipe and back, in {runs} runs, "
                        f"of which {refused} refused it", reason)


def main():
    suite = fault.Suite()
    spotc, _, _ = fault.programs()
    sanitized = spotc.parent / "asan/spotc"  # which the kernel does not confine
    groups = (name_cases, output_cases, place_cases, input_cases, option_cases, bundle_cases)
    for program, label in ((spotc, "confined"), (sanitized, "not confined")):
        for group in groups:
            # The sanitized program is slow: a third of the cases is enough for each day.
            cases = list(group())[::1 if fault.WHOLE or program == spotc else 3]
            run_cases(suite, program, label, group.__name__.replace("_", " "), cases)
        check_owners(suite, program, label)
        check_races(suite, program, label)
    check_root(suite, spotc)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
