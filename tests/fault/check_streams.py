#!/usr/bin/env python3
"""tests/fault/check_streams.py SPOTC [--record]: standard input, output and error that do not work.

A full device, a closed descriptor, a reader that is gone, for every command: what cannot be said is
exit status 3, and what can be said still is. No file is opened in the place of a stream, so that
nothing meant for one gets into a file. Standard input that never ends, or has nothing, is bounded.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import fault

COMMANDS = {scenario[0]: scenario[1].split() for scenario in fault.SCENARIOS} | {
    "help": ["--help"], "version": ["--version"], "usage": ["--nonsense"],
    "error": ["check", "nothing.yaml"]}
WAYS = {"full": b"No space left on device", "closed": b"Bad file descriptor",
        "without a reader": b"Broken pipe"}


def open_way(way):
    """A descriptor that fails as it says; None for one that is closed."""
    if way == "full":
        return os.open("/dev/full", os.O_WRONLY)
    if way == "closed":
        return None
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def run(spotc, words, folder, streams):
    """STREAMS: a number to a descriptor, or to None for a stream that is closed."""
    def prepare():
        for number, descriptor in streams.items():
            if descriptor is None:
                os.close(number)
            else:
                os.dup2(descriptor, number)
    pipes = {number: subprocess.PIPE for number in (1, 2) if number not in streams}
    kept = [descriptor for descriptor in streams.values() if descriptor is not None]
    done = subprocess.run([spotc, *words], cwd=folder, check=False, stdin=subprocess.DEVNULL,
                          stdout=pipes.get(1), stderr=pipes.get(2), preexec_fn=prepare,
                          pass_fds=kept, timeout=fault.TIME_LIMIT)
    for descriptor in kept:
        os.close(descriptor)
    return fault.Run(done.returncode, done.stdout or b"", done.stderr or b"", [])


def judge_output(known, done, reason):
    """Nothing but standard output fails."""
    if done.trouble():
        return done.trouble()
    if not known.out:
        return "" if (done.status, done.err) == (known.status, known.err) else "it ends otherwise"
    if done.status != 3:
        return "not exit status 3"
    said = b"spotc: error: cannot write to standard output: " + reason + b"\n"
    if done.err.count(said) != 1:
        return "the message does not say why"
    # Messages in a form of their own are followed by this one as text.
    return "" if known.err in done.err.replace(said, b"") else "what else there is to say is lost"


def judge_error(known, done):
    """Standard error fails."""
    if done.trouble():
        return done.trouble()
    wanted = 3 if known.err else known.status
    if done.status != wanted:
        return f"not exit status {wanted}"
    return "" if done.out == known.out else "it prints something else"


class World:
    """The input of every command, fresh for each run, and how each ends where all streams work."""

    def __init__(self, spotc, folder):
        self.spotc = spotc
        fault.make_input(spotc, folder)
        self.scenario = fault.Scenario(folder, "streams", [])
        self.known = {}
        for name, words in COMMANDS.items():
            done = self.run(words, {})
            self.known[name] = (done, fault.snapshot(self.scenario.folder))

    def run(self, words, streams):
        self.scenario.fresh()
        return run(self.spotc, words, self.scenario.folder, streams)

    def judge_files(self, name):
        same = fault.snapshot(self.scenario.folder) == self.known[name][1]
        return "" if same else "the files are not what they should be"


def check_outputs(suite, world, way, reason):
    """Each command with standard output, standard error, and all three streams failing."""
    tried = 0
    for name, words in COMMANDS.items():
        known = world.known[name][0]
        for streams in ((1,), (2,), (0, 1, 2)):
            done = world.run(words, {number: open_way(way) for number in streams})
            if streams == (1,):
                why = judge_output(known, done, reason)
            elif streams == (2,):
                why = judge_error(known, done)
            else:
                why = "" if done.status == 3 or not (known.out or known.err) else "not status 3"
            why = done.trouble() or why or world.judge_files(name)
            tried += 1
            if why:
                suite.fail(f"{way}: {name}, streams {streams}", why, done.what())
                return tried
    suite.ok(f"{way}: {tried} times, of {len(COMMANDS)} commands")
    return tried


def check_input(suite, world):
    """Standard input by its names."""
    cases = {"that never ends": ("/dev/zero", 1), "that is empty": ("/dev/null", 1),
             "that is a folder": (".", 2)}
    for what, (path, status) in cases.items():
        for name in ("-", "/dev/stdin", "/dev/fd/0"):
            stream = os.open(path, os.O_RDONLY)
            done = fault.run(world.spotc, ["check", name], world.scenario.folder, stdin=stream)
            os.close(stream)
            right = done.status == status and len(fault.ERROR_LINE.findall(done.err)) == 1
            suite.check(f"standard input {what}, as {name}",
                        done.trouble() or ("" if right else "not one message"), done.what())
    done = world.run(["check", "-"], {0: None})
    suite.check("standard input that is closed",
                "" if done.status == 3 and b"Bad file descriptor" in done.err else "no message",
                done.what())


def main():
    suite = fault.Suite()
    spotc, _, _ = fault.programs()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        world = World(spotc, Path(folder))
        for way, reason in WAYS.items():
            figures.append((f"a stream fails: {way}", check_outputs(suite, world, way, reason)))
        check_input(suite, world)
    fault.record(suite, figures)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
