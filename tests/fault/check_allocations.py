#!/usr/bin/env python3
"""tests/fault/check_allocations.py SPOTC [--record]: every allocation fails in turn.

Each time the run must end with exit status 3 and one message, and leave each output as it was or as
it shall be, with no temporary. The sanitized program also says so where memory is lost or misused.
"""

import sys
import tempfile
from pathlib import Path

import fault

MESSAGE = b"spotc: error: out of memory\n"
PARTS = {"plain": (60, None), "sanitized": (12, 300)}


def judge(scenario, done, after):
    """Why this run is not as it should be, or nothing."""
    if done.trouble():
        return done.trouble()
    if fault.temporaries(after):
        return "it left a temporary"
    if not any(line.startswith("allocation ") for line in done.log):
        return "no allocation failed"
    if scenario.is_undisturbed(done, after):
        return ""  # libc itself can do without, as qsort does
    if (done.status, done.err) != (3, MESSAGE):
        return "not exit status 3 and one message"
    return fault.torn(after, scenario.old, scenario.new)


def check(suite, scenario, program, label, parts):
    """Fails allocations of one scenario, alone and with all that follow; returns how many."""
    _, count = scenario.learn(program)
    tried = 0
    for number in fault.spread(count, *parts):
        for mode in ("alloc", "alloc-from"):
            done, after = scenario.try_plan(program, f"{mode} {number}")
            reason = judge(scenario, done, after)
            if reason:
                suite.fail(f"{label} {scenario.name}: {mode} {number}", reason, done.what())
                return tried
            tried += 1
    if count < 20:
        suite.fail(f"{label} {scenario.name}", f"only {count} allocations")
    else:
        suite.ok(f"{label}: {tried} times, of {count} allocations of {scenario.name}")
    return tried


def check_library(suite, build):
    """The library alone, which goes on after lack of memory, gives all of it back."""
    manifests = sorted(str(path) for path in (fault.ROOT / "examples").glob("*.yaml")
                       if path.stem in ("several", "restricted-eks", "eco"))
    done = fault.run(build / "tests/fault/library", manifests, fault.ROOT)
    failures = int(done.out) if done.status == 0 else 0
    lost = done.trouble() or ("" if failures > 20 else done.out.decode().strip() or "no failures")
    suite.check(f"an allocation fails: {failures} times, in the library", lost, done.what())
    return failures


def main():
    suite = fault.Suite()
    spotc, plain, sanitized = fault.programs()
    figures = []
    with tempfile.TemporaryDirectory() as world:
        scenarios = fault.make_scenarios(spotc, Path(world))
        figures.append(("an allocation fails: library", check_library(suite, spotc.parent)))
        for label, program, parts in (("an allocation fails", plain, PARTS["plain"]),
                                      ("an allocation fails, sanitized", sanitized,
                                       PARTS["sanitized"])):
            if not program.exists():
                suite.fail(label, f"{program} is not built")
                continue
            figures += [(f"{label}: {scenario.name}",
                         check(suite, scenario, program, label, parts)) for scenario in scenarios]
    fault.record(figures)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
