#!/usr/bin/env python3
"""tests/fault/check_allocations.py SPOTC [--record]: every allocation fails in turn.

Each time the run must end with exit status 3 and one message, and leave each output as it was or as
it shall be, with no temporary. The sanitized program also says so where memory is lost or misused.

Then memory really runs out: the released program's address space is limited, ever more.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import fault

MESSAGE = b"spotc: error: out of memory\n"
EXAMPLES = ("several", "restricted-eks", "eco", "automatic")
MODES = ("alloc", "alloc-from")
# How many allocations fail in each mode: of the scenarios that the product is about, of the others,
# and of each where all is to be tried.
PARTS = {
    "plain": {"alloc": (40, 10, None), "alloc-from": (40, 10, 300)},
    "sanitized": {"alloc": (10, 3, 300), "alloc-from": (5, 3, 100)},
}
SPACE, STEP = 2048, 16 if fault.WHOLE else 160  # KiB beyond the program's own size


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
    for mode in MODES:
        main, other, whole = parts[mode]
        for number in fault.spread(count, main if scenario.is_main else other, whole):
            done, after = scenario.try_plan(program, f"{mode} {number}")
            reason = judge(scenario, done, after)
            if reason:
                suite.fail(f"{label} {scenario.name}: {mode} {number}", reason, done.what())
                return tried
            tried += 1
    if count < (20 if scenario.is_main else 1):
        suite.fail(f"{label} {scenario.name}", f"only {count} allocations")
    else:
        suite.ok(f"{label}: {tried} times, of {count} allocations of {scenario.name}")
    return tried


def run_within(spotc, arguments, folder, kibibytes):
    limit = (kibibytes * 1024, kibibytes * 1024)
    return subprocess.run([spotc, *arguments], cwd=folder, check=False, capture_output=True,
                          timeout=fault.TIME_LIMIT,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))


def check_space(suite, spotc, scenario):
    """Less and less address space, down to where the program cannot even be started."""
    refused = tried = 0
    size = spotc.stat().st_size // 1024
    for kibibytes in range(size, size + SPACE, STEP):
        if run_within(spotc, ["--version"], scenario.folder, kibibytes).returncode != 0:
            continue
        scenario.fresh()
        done = run_within(spotc, scenario.arguments, scenario.folder, kibibytes)
        done = fault.Run(done.returncode, done.stdout, done.stderr, [f"allocation in {kibibytes}"])
        reason = judge(scenario, done, fault.snapshot(scenario.folder))
        if reason:
            suite.fail(f"within {kibibytes} KiB: {scenario.name}", reason, done.what())
            return tried
        tried, refused = tried + 1, refused + (done.status == 3)
    suite.check(f"memory runs out: {refused} of {tried} times in {scenario.name}",
                "" if 0 < refused < tried else "the limits are not about what it needs")
    return tried


def check_library(suite, build, label):
    """The library alone, which goes on after lack of memory, gives all of it back."""
    manifests = [str(fault.ROOT / f"examples/{name}.yaml") for name in EXAMPLES]
    manifests += sorted(map(str, (fault.ROOT / "tests/cases/bad-unknown-key").glob("*.yaml")))
    total = 0
    for manifest in manifests:
        done = fault.run(build / "tests/fault/library", [manifest], fault.ROOT)
        failures = int(done.out) if done.status == 0 else 0
        said = done.out.decode().strip() or "none failed"
        lost = done.trouble() or ("" if failures > 20 else said)
        if lost:
            suite.fail(f"{label} in the library", lost, done.what())
            return total
        total += failures
    suite.ok(f"{label}: {total} times, in the library")
    return total


def main():
    suite = fault.Suite()
    spotc, plain, sanitized = fault.programs()
    figures = []
    with tempfile.TemporaryDirectory() as world:
        scenarios = fault.make_scenarios(spotc, Path(world))
        for label, program, parts in (("an allocation fails", plain, PARTS["plain"]),
                                      ("an allocation fails, sanitized", sanitized,
                                       PARTS["sanitized"])):
            if not program.exists():
                suite.fail(label, f"{program} is not built")
                continue
            figures.append((f"{label}: library", check_library(suite, program.parents[2], label)))
            figures += [(f"{label}: {scenario.name}",
                         check(suite, scenario, program, label, parts)) for scenario in scenarios]
        figures += [(f"memory runs out: {scenario.name}", check_space(suite, spotc, scenario))
                    for scenario in scenarios if scenario.is_main]
    fault.record(suite, figures)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
