#!/usr/bin/env python3
"""tests/fault/check_kills.py SPOTC [--record]: killed at any moment, and two at once.

A fleet of manifests goes back and forth between an old and a new version in one output folder, and
each run is killed at a random moment (the seed is fixed, the moment is the machine's). Each time
every file must be the old or the new one byte for byte; every so often a run is let through, and
must leave the same bytes as one that nothing disturbed, without what dead runs left. Where the
kills hit is told from what they left, and counted.

Two versions of one manifest, or of the whole fleet, are compiled at once into one folder: what is
there afterwards must be what one of them makes, all of it. Or one of the two is killed: the other
ends as it should, and the next run makes all whole. Of fleets such rounds are counted where the
first was writing when the second began, and where the one was killed while both were running.
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
LEAST_SHARE = 10  # of so many tries one at least must be what it is for
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

    def is_locked(self):
        """Whether a run has the output folder for itself."""
        try:
            folder = os.open(self.out, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(folder)
        return False

    def start_two(self, turn):
        """Two runs, the second after a random while; returns them, and whether the first was
        writing when the second began."""
        runs = [self.start(turn)]
        time.sleep(self.random.uniform(0, self.seconds / 4))
        is_writing = self.is_locked()
        runs.append(self.start(turn + 1))
        return runs, is_writing and runs[0].poll() is None

    def race(self, turn):
        """Two runs at once. Returns whether they met, and why what they left is wrong."""
        runs, met = self.start_two(turn)
        ends = [run.wait(fault.TIME_LIMIT) for run in runs]
        if ends != [0, 0]:
            return met, f"status {ends}"
        is_one = fault.snapshot(self.out) in self.trees
        return met, "" if is_one else "the folders are not all of one run"

    def race_and_kill(self, turn):
        """The same, and one of them is killed. They met where both still ran then, too."""
        runs, met = self.start_two(turn)
        victim = self.random.randrange(2)
        time.sleep(self.random.uniform(0, self.seconds))
        met = met and runs[1 - victim].poll() is None
        runs[victim].kill()
        ends = [run.wait(fault.TIME_LIMIT) for run in runs]
        if ends[1 - victim] != 0 or ends[victim] not in (0, -9):
            return False, f"status {ends}, killed was number {victim}"
        now = fault.snapshot(self.out)
        left = fault.temporaries(now)
        files = {name: what for name, what in now.items() if name not in left}
        return met and ends[victim] == -9, \
            fault.torn(files, *self.trees) or self.let_through(turn)


def check_kills(suite, spotc, world):
    killer = Killer(spotc, world, "out")
    killed = turn = 0
    reason = killer.let_through(turn)
    while killed < KILLS and turn < LEAST_SHARE * KILLS and not reason:
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
    """Rounds until enough of them showed what they are for; the others must be right as well."""
    killer = Killer(spotc, world, f"fleets-{kills}")
    what = "two fleets at once, one killed" if kills else "two fleets at once"
    race, met, turn, reason = killer.race_and_kill if kills else killer.race, 0, 0, ""
    while met < FLEET_ROUNDS and turn < LEAST_SHARE * FLEET_ROUNDS and not reason:
        if turn % 3 == 0:  # the folder is not there either
            subprocess.run(["rm", "-rf", killer.out], check=True)
        achieved, reason = race(turn)
        turn, met = turn + 1, met + achieved
    if not reason and met < FLEET_ROUNDS:
        reason = f"only {met} of {turn} rounds were such"
    suite.check(f"{what}: {met} of {turn} rounds", reason)
    return [(what, met)]


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
