#!/usr/bin/env python3
"""tests/fault/check_kills.py SPOTC [--record]: killed at any moment, and two at once.

A fleet of manifests goes back and forth between an old and a new version in one output folder, and
each run is killed at a random moment (the seed is fixed, the moment is the machine's). Each time
every file must be the old or the new one byte for byte; every so often a run is let through, and
must leave the same bytes as one that nothing disturbed, without what dead runs left.

Two versions of one manifest are compiled at once into one folder: what is there afterwards must be
what one of them makes, all of it.
"""

import fcntl
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fault

SEED, FLEET = 20240229, 50
KILLS, ROUNDS = (1000, 300) if fault.WHOLE else (60, 30)
LET_THROUGH = 20
ENTRY = "  - {{name: fleet-{0:02}, account: \"1234567890{0:02}\", external_id: \"spotinst:{0}\"}}\n"


def write_fleet(path, products):
    entries = "".join(ENTRY.format(number) for number in range(FLEET))
    path.write_text(f"version: 1\npartition: commercial\naccounts:\n{entries}"
                    f"products:\n{products}\n")


def undisturbed(spotc, world, manifest):
    """The tree that a run leaves that nothing disturbs, and how long it takes."""
    out = world / f"{manifest.stem}-out"
    started = time.monotonic()
    subprocess.run([spotc, manifest, "-o", out, "-q"], check=True)
    return fault.snapshot(out), time.monotonic() - started


class Killer:
    """Kills runs in one output folder, which goes back and forth between two versions."""

    def __init__(self, spotc, world):
        self.spotc, self.out = spotc, world / "out"
        self.manifests = [world / "old.yaml", world / "new.yaml"]
        write_fleet(self.manifests[0], fault.OLD)
        write_fleet(self.manifests[1], "  ocean: {integrations: [eks]}\n  elastigroup: {}")
        results = [undisturbed(spotc, world, manifest) for manifest in self.manifests]
        self.trees, self.seconds = [tree for tree, _ in results], max(took for _, took in results)
        self.random, self.left = random.Random(SEED), 0

    def start(self, turn):
        return subprocess.Popen([self.spotc, self.manifests[turn % 2], "-o", self.out, "-q"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def let_through(self, turn):
        status = self.start(turn).wait(fault.TIME_LIMIT)
        if status != 0:
            return f"an undisturbed run ends with status {status}"
        same = fault.snapshot(self.out) == self.trees[turn % 2]
        return "" if same else "a rerun leaves other bytes than an undisturbed run"

    def kill(self, turn):
        """Returns whether the run was still going, and why what it left is wrong."""
        process = self.start(turn)
        time.sleep(self.random.uniform(0, self.seconds))
        process.kill()
        status = process.wait(fault.TIME_LIMIT)
        now = fault.snapshot(self.out)
        left = fault.temporaries(now)
        self.left += len(left)
        files = {name: what for name, what in now.items() if name not in left}
        return status == -9, fault.torn(files, *self.trees)


def check_kills(suite, spotc, world):
    killer = Killer(spotc, world)
    killed = turn = 0
    reason = killer.let_through(turn)
    while killed < KILLS and turn < 10 * KILLS and not reason:
        turn += 1
        achieved, reason = killer.kill(turn)
        killed += achieved
        if turn % LET_THROUGH == 0 and not reason:
            reason = killer.let_through(turn)
    reason = reason or killer.let_through(turn + 1)
    if not reason and killed < KILLS:
        reason = f"only {killed} of {turn} runs were still going when they were killed"
    name = f"killed at random moments: {killed} of {turn} runs, {killer.left} temporaries left"
    suite.check(name, reason)
    return killed


def check_two_at_once(suite, spotc, world):
    versions = []
    for number, products in enumerate((fault.OLD, "  ocean: {integrations: [eks]}", "  eco: {}")):
        path = world / f"version-{number}.yaml"
        path.write_text(fault.MANIFEST.format(name="same", products=products))
        versions.append((path, undisturbed(spotc, world, path)[0]))
    chooser, out = random.Random(SEED), world / "both"
    for turn in range(ROUNDS):
        if turn % 10 == 0:
            subprocess.run(["rm", "-rf", out], check=True)
        chosen = chooser.sample(versions, 2)
        runs = [subprocess.Popen([spotc, path, "-o", out, "-q"], stderr=subprocess.PIPE)
                for path, _ in chosen]
        messages = [run.communicate(timeout=fault.TIME_LIMIT)[1] for run in runs]
        if any(run.returncode != 0 for run in runs):
            reason = f"status {[run.returncode for run in runs]}"
        else:
            is_one = fault.snapshot(out) in [tree for _, tree in chosen]
            reason = "" if is_one else "the folder is a mixture of both"
        if reason:
            suite.fail(f"two at once: round {turn}", reason, b"".join(messages).decode())
            return turn
    suite.ok(f"two at once: {ROUNDS} rounds")
    return ROUNDS


def check_waiting(suite, spotc, world):
    """Who finds the folder locked waits, and does not wait for ever."""
    manifest, out = world / "version-0.yaml", world / "both"
    before = fault.snapshot(out)
    folder = os.open(out / "same", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    run = subprocess.Popen([spotc, manifest, "-o", out, "-q"], stderr=subprocess.PIPE)
    time.sleep(0.5)
    waits = run.poll() is None and fault.snapshot(out) == before
    suite.check("waits while another program has the folder", "" if waits else "it does not")
    if fault.WHOLE:
        message = run.communicate(timeout=fault.TIME_LIMIT)[1]
        right = run.returncode == 3 and b"cannot lock" in message and fault.snapshot(out) == before
        suite.check("gives up after ten seconds", "" if right else message.decode())
        run = subprocess.Popen([spotc, manifest, "-o", out, "-q"])
    os.close(folder)
    status = run.wait(fault.TIME_LIMIT)
    done = fault.snapshot(out) == undisturbed(spotc, world, manifest)[0]
    suite.check("goes on when it is free", "" if status == 0 and done else f"status {status}")


def main():
    suite = fault.Suite()
    spotc, _, _ = fault.programs()
    with tempfile.TemporaryDirectory() as world:
        rounds = check_two_at_once(suite, spotc, Path(world))
        check_waiting(suite, spotc, Path(world))
        kills = check_kills(suite, spotc, Path(world))
    fault.record([("killed at random moments", kills), ("two at once", rounds)])
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
