#!/usr/bin/env python3
"""tests/fault/check_confinement.py SPOTC: what each command can do once it is confined.

The program with faults, which is confined as the released one, tries in its own process what code
that took it over would: to read, write, make, move and remove what it was not told of, and to reach
others. Nothing of it may go, but reading where the manifest names folders of bundles, and making
files beside an output folder that is yet to be made. A kernel that lacks Landlock, or refuses it,
changes nothing else.
"""

import ctypes
import errno
import sys
import tempfile
from pathlib import Path

import fault

CREATE_RULESET, VERSION = 444, 1  # Linux 5.13; the number is the same on every machine
ATTEMPTS = 10
NETWORK_SINCE = 4
PLAIN = {
    "compile": "plain.yaml -o out",
    "check": "check plain.yaml --bundles bundles", "verify": "verify plain.yaml -o out",
    "diff": "diff two-old.yaml out/two", "lint": "lint policy.json --config lint.yaml",
    "explain": "explain two-old.yaml ec2:RunInstances --role spot",
    "show": "show plain.yaml template --templates templates", "list": "list", "init": "init",
    "schema": "schema --check any.json policy.json",
}
NAMES_BUNDLES = {"compile": "one.yaml -o out", "check": "check one.yaml",
                 "explain": "explain one.yaml ec2:RunInstances --role spot"}


def landlock_version():
    return ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, VERSION)


def attempts(log):
    """What was tried to whether it went, from the lines of the log."""
    pairs = [(log[i + 1], log[i] == "went") for i in range(len(log) - 1)
             if log[i] in ("went", "refused")]
    return dict(pairs)


def check(suite, world, program, name, line, may):
    scenario = fault.Scenario(world, "confined", line.split())
    outside = world / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret").write_text("nobody's business\n")
    done = fault.run(program, scenario.arguments, scenario.folder, "escape")
    tried = attempts(done.log)
    went = {what for what, success in tried.items() if success}
    reason = done.trouble()
    if not reason and len(tried) != ATTEMPTS:
        reason = f"{len(tried)} attempts were made"
    if not reason and went != may:
        reason = f"it could {', '.join(sorted(went)) or 'nothing'}"
    if not reason and list(outside.iterdir()) != [outside / "secret"]:
        reason = "the folder outside is not as it was"
    suite.check(f"{name}: {len(tried) - len(went)} of {len(tried)} attempts are refused", reason,
                done.what())


def check_without(suite, world, program):
    """Each step by which spotc is confined fails for want of the kernel's support."""
    for name in ("check", "lint", "explain"):
        line = dict((row[0], row[1]) for row in fault.SCENARIOS)[name]
        scenario = fault.Scenario(world, name, line.split())
        calls, _ = scenario.learn(program)
        first = calls.index("syscall") + 1
        for error in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
            done, after = scenario.try_plan(program, f"fail {first} {error}")
            same = done.log[:1] == ["syscall"] and scenario.is_undisturbed(done, after)
            suite.check(f"{name} without Landlock: {errno.errorcode[error]}",
                        "" if same else "it ends otherwise", done.what())


def main():
    suite = fault.Suite()
    spotc, program, _ = fault.programs()
    with tempfile.TemporaryDirectory() as world:
        world = Path(world)
        fault.make_input(spotc, world)
        (world / "input/plain.yaml").write_text(
            fault.MANIFEST.format(name="one", products="  ocean: {}"))
        check_without(suite, world, program)
        version = landlock_version()
        if version < 1:
            suite.skip("confined", "this kernel has no Landlock")
            return suite.finish()
        network = set() if version >= NETWORK_SINCE else {"connect"}
        (world / "input/any.json").write_text("{}\n")
        for name, line in PLAIN.items():
            check(suite, world, program, name, line, network)
        check(suite, world, program, "compile anew", "plain.yaml -o deep/er",
              network | {"create beside"})
        for name, line in NAMES_BUNDLES.items():
            check(suite, world, program, f"{name}, with bundles of the manifest's", line,
                  network | {"read", "list"})
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
