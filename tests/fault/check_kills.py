#!/usr/bin/env python3
"""tests/fault/check_kills.py SPOTC [--record]: killed at any moment, and two at once.

A fleet of manifests goes back and forth between an old and a new version in one output folder, and
each run is killed at a random moment (the seed is fixed, the moment is the machine's). Each time
every file must be the old or the new one byte for byte; every so often a run is let through, and
must leave the same bytes as one that nothing disturbed, without what dead runs left. Where the
kills hit is told from what they left, and counted.

Two versions of one manifest, or of the whole fleet, are compiled at once into one folder: what is
there afterwards must be what one of them makes, all of it. Or one of the two is killed: the other
ends as it should, and the next run makes all whole.
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
KILLS, ROUNDS, FLEET_ROUNDS = (1000, 300, 100) if fault.WHOLE else (50, 20, 6)
LET_THROUGH = 20
# What a killed run was at, as its leftovers show.
PHASES = ("before its first file", "writing temporaries", "renaming", "between two folders")
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

    def __init__(self, spotc, world, out):
        self.spotc, self.out = spotc, world / out
        self.manifests = [world / "old.yaml", world / "new.yaml"]
        write_fleet(self.manifests[0], fault.OLD)
        write_fleet(self.manifests[1], "  ocean: {integrations: [eks]}\n  elastigroup: {}")
        results = [undisturbed(spotc, world, manifest) for manifest in self.manifests]
        self.trees, self.seconds = [tree for tree, _ in results], max(took for _, took in results)
        self.random, self.left = random.Random(SEED), 0
        self.before, self.phases = {}, dict.fromkeys(PHASES, 0)

    def start(self, turn):
        return subprocess.Popen([self.spotc, self.manifests[turn % 2], "-o", self.out, "-q"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def let_through(self, turn):
        status = self.start(turn).wait(fault.TIME_LIMIT)
        if status != 0:
            return f"an undisturbed run ends with status {status}"
        self.before = fault.snapshot(self.out)
        same = self.before == self.trees[turn % 2]
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
        if status == -9:
            self.phases[self.phase_of(files, left)] += 1
        self.before = files
        return status == -9, fault.torn(files, *self.trees)

    def phase_of(self, files, left):
        """Where a run was that left this, beside what was there before."""
        if not left:
            return PHASES[0 if files == self.before else 3]
        folder = str(Path(left[0]).parent)
        trees = [fault.by_folder(tree).get(folder) for tree in (files, self.before)]
        return PHASES[1 if trees[0] == trees[1] else 2]

    def race(self, turn, kills):
        """Two runs at once, the second after a random while; KILLS: one of them is killed."""
        runs = [self.start(turn)]
        time.sleep(self.random.uniform(0, self.seconds / 2))
        runs.append(self.start(turn + 1))
        victim = self.random.randrange(2) if kills else None
        if kills:
            time.sleep(self.random.uniform(0, self.seconds))
            runs[victim].kill()
        ends = [run.wait(fault.TIME_LIMIT) for run in runs]
        now = fault.snapshot(self.out)
        if any(end != 0 for number, end in enumerate(ends) if number != victim):
            return f"status {ends}"
        if not kills:
            return "" if now in self.trees else "the folders are not all of one run"
        left = fault.temporaries(now)
        files = {name: what for name, what in now.items() if name not in left}
        return fault.torn(files, *self.trees) or self.let_through(turn)


def check_kills(suite, spotc, world):
    killer = Killer(spotc, world, "out")
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
    missed = [phase for phase, count in killer.phases.items() if count == 0]
    if not reason and missed and fault.WHOLE:
        reason = f"none was killed {missed[0]}"
    name = f"killed at random moments: {killed} of {turn} runs, {killer.left} temporaries left"
    suite.check(name, reason)
    suite.note(f"of {killed} kills in {turn} runs "
               + ", ".join(f"{count} {phase}" for phase, count in killer.phases.items()))
    return [(f"killed at random moments: {phase}", count)
            for phase, count in killer.phases.items()]


def check_fleets_at_once(suite, spotc, world, kills):
    killer = Killer(spotc, world, f"fleets-{kills}")
    what = "two fleets at once, one killed" if kills else "two fleets at once"
    for turn in range(FLEET_ROUNDS):
        if turn % 3 == 0:  # the folder is not there either
            subprocess.run(["rm", "-rf", killer.out], check=True)
        reason = killer.race(turn, kills)
        if reason:
            suite.fail(f"{what}: round {turn}", reason)
            return [(what, turn)]
    suite.ok(f"{what}: {FLEET_ROUNDS} rounds")
    return [(what, FLEET_ROUNDS)]


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


def check_waiting_once(suite, spotc, world):
    """A run over many manifests gives up once, and writes nothing after that."""
    if not fault.WHOLE:
        return
    out, manifests = world / "kept", world / "many.yaml"
    one = (world / "version-0.yaml").read_text(encoding="utf-8")
    manifests.write_text("---\n".join(one.replace("name: same", f"name: same-{i}")
                                      for i in range(4)), encoding="utf-8")
    out.mkdir()
    folder = os.open(out, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    began = time.monotonic()
    done = subprocess.run([spotc, manifests, "-o", out, "-q"], stderr=subprocess.PIPE,
                          check=False, timeout=60)
    took = time.monotonic() - began
    os.close(folder)
    right = done.returncode == 3 and done.stderr.count(b"cannot lock") == 1 and not any(out.iterdir())
    suite.check("many manifests wait ten seconds in sum",
                "" if right and took < 15 else f"status {done.returncode} after {took:.0f} s",
                done.stderr.decode())


def main():
    suite = fault.Suite()
    spotc, _, _ = fault.programs()
    with tempfile.TemporaryDirectory() as world:
        world = Path(world)
        figures = [("two at once", check_two_at_once(suite, spotc, world))]
        check_waiting(suite, spotc, world)
        check_waiting_once(suite, spotc, world)
        figures += check_fleets_at_once(suite, spotc, world, False)
        figures += check_fleets_at_once(suite, spotc, world, True)
        figures += check_kills(suite, spotc, world)
    fault.record(suite, figures)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
