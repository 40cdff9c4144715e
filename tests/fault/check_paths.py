#!/usr/bin/env python3
"""tests/fault/check_paths.py SPOTC: whatever paths and names say, nothing else is touched.

Each case runs in a tree of its own, with spotc's folder `work` beside a folder `outside`. It says
which exit statuses are right and what below the tree may have changed; all else must be as before.
No run may hang, and what is printed holds no control or bidirectional character.

Files of other owners, and `-o /` in a root of its own, are tried where root runs the tests. At
last places in the output folder, and the manifest, become something else again and again while
spotc runs.
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

import fault

NAME, NOBODY = "one", 65534
STRANGE = "a\x1b[31mred\nspotc: error: forged\u202eb"
SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")
LONG_PART, LONG_PATH = "n" * 256, "deep/" * 900 + "out"
DONE, NO, USAGE, MACHINE = 0, 1, 2, 3


class Case:
    """PREPARE gets the tree; MAY_CHANGE is a pattern of paths below it."""

    def __init__(self, name, arguments, statuses, prepare=None, may_change=None):
        self.name, self.arguments, self.statuses = name, arguments, statuses
        self.prepare, self.may_change = prepare, may_change


def manifest(name, **extra):
    text = fault.MANIFEST.format(name=name, products="  ocean: {}")
    return text + "".join(f"{key}: {value}\n" for key, value in extra.items())


def make_tree(tree):
    (tree / "outside/one").mkdir(parents=True)
    (tree / "work").mkdir()
    (tree / "work/m.yaml").write_text(manifest(NAME))
    (tree / "work/schema.json").write_text("{}\n")
    for path in ("file", "one/spot-policy.json", "one/spot-policy-2.json", "one/notes.txt"):
        (tree / "outside" / path).write_text("sentinel\n")


def put(path, text="sentinel\n"):
    def prepare(tree):
        target = tree / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return prepare


def link(path, to):
    def prepare(tree):
        target = tree / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(to)
    return prepare


def hard_link(path, to):
    def prepare(tree):
        target = tree / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(tree / to, target)
    return prepare


def folder(path):
    return lambda tree: (tree / "work" / path).mkdir(parents=True)


def pipe(path):
    def prepare(tree):
        target = tree / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(target)
    return prepare


def unix_socket(path):
    def prepare(tree):
        target = tree / "work" / path
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.relpath(target))
    return prepare


def mode(path, bits):
    return lambda tree: (tree / "work" / path).chmod(bits)


def foreign(path):
    """What is there becomes root's."""
    return lambda tree: os.chown(tree / "work" / path, 0, 0)


def together(*steps):
    def prepare(tree):
        for step in steps:
            step(tree)
    return prepare


OUT = r"work/out(/one(/.*)?)?"


def name_cases():
    """Names that are no names: nothing is written."""
    names = {"two dots": '".."', "one dot": '"."', "above": '"../outside/one"', "a slash": '"a/b"',
             "absolute": '"/tmp/a"', "a newline": r'"a\nb"', "an escape": r'"a\x1b[31m"',
             "bidirectional": r'"a\u202Eb"', "NUL": r'"a\0b"', "too long": '"' + "a" * 64 + '"',
             "empty": '""', "upper case": "One", "a backslash": r'"..\\outside"'}
    for what, name in names.items():
        yield Case(f"name: {what}", ["m.yaml", "-o", "out"], {NO}, put("m.yaml", manifest(name)))
        fleet = manifest("x").replace("name: x\n", "").replace('account: "123456789012"\n', "")
        fleet += f'accounts: [{{name: {name}, account: "123456789012"}}]\n'
        yield Case(f"name in a fleet: {what}", ["m.yaml", "-o", "out"], {NO}, put("m.yaml", fleet))
    both = manifest("one") + "---\n" + manifest("One")
    yield Case("names that differ in case only", ["m.yaml", "-o", "out"], {NO},
               put("m.yaml", both), OUT)
    yield Case("the longest name", ["m.yaml", "-o", "out"], {DONE},
               put("m.yaml", manifest("n" * 63)), r"work/out(/n{63}(/.*)?)?")


def output_cases():
    def case(name, out, statuses, prepare=None, may_change=None):
        return Case(f"-o: {name}", ["m.yaml", "-o", out], statuses, prepare, may_change)
    yield case("plain", "out", {DONE}, None, OUT)
    yield case("slashes", "out///", {DONE}, None, OUT)
    yield case("dots", "./out/./", {DONE}, None, OUT)
    yield case("up and down", "out/../out", {DONE}, None, OUT)
    yield case("above", "../elsewhere", {DONE}, None, r"elsewhere(/.*)?")
    yield case("the manifest's own folder", ".", {DONE}, None, r"work/one(/.*)?")
    yield case("the folder above", "..", {DONE}, None, r"one(/.*)?")
    yield case("a socket", "out", {NO}, unix_socket("out"))
    yield case("empty", "", {USAGE})
    yield case("strange", STRANGE, {DONE}, None, r"(?s)work/a\x1b.*")
    yield case("a part too long", LONG_PART, {MACHINE})
    yield case("too long", LONG_PATH, {MACHINE}, None, r"work/deep(/.*)?")
    yield case("a file", "out", {NO}, put("out"))
    yield case("below a file", "out/more", {NO}, put("out"))
    yield case("a named pipe", "out", {NO}, pipe("out"))
    yield case("a device", "/dev/null", {NO})
    yield case("below a device", "/dev/null/out", {NO})
    yield case("a file system of the kernel's", "/proc/self", {MACHINE})
    yield case("nothing, by a link", "out", {NO}, link("out", "nowhere"))
    yield case("itself, by a link", "out", {MACHINE, NO}, link("out", "out"))
    # The output folder is where the link leads; below it only the manifest's own folder is ours.
    yield case("another folder, by a link", "out", {DONE}, link("out", "../outside"),
               r"outside/one(/(spot-|template).*)?")


def place_cases():
    """Something stands where a folder or a file shall go."""
    def case(name, prepare, statuses=frozenset({NO}), may_change=None):
        return Case(f"in the way: {name}", ["m.yaml", "-o", "out"], statuses, prepare, may_change)
    policy, stale = "out/one/spot-policy.json", "out/one/spot-policy-2.json"
    outside = "../../../outside"
    yield case("a link for the folder", link("out/one", "../../outside/one"))
    yield case("a link to nothing for the folder", link("out/one", "nowhere"))
    yield case("a file for the folder", put("out/one"))
    yield case("a pipe for the folder", pipe("out/one"))
    yield case("a link for a file", link(policy, f"{outside}/file"))
    yield case("a link to nothing for a file", link(policy, f"{outside}/new"))
    yield case("a link to a folder for a file", link(policy, f"{outside}/one"))
    yield case("a folder for a file", folder(policy))
    yield case("a pipe for a file", pipe(policy))
    yield case("a link to a device for a file", link(policy, "/dev/zero"))
    yield case("a link for a stale file", link(stale, f"{outside}/file"))
    yield case("a folder for a stale file", folder(stale))
    yield case("a second name of a file outside", hard_link(policy, "outside/file"), {DONE}, OUT)
    yield case("a second name of a stale file", hard_link(stale, "outside/file"), {DONE}, OUT)
    temporary = "out/one/.spotc-1-0.tmp"
    yield case("a link like a temporary", link(temporary, f"{outside}/file"), {DONE},
               r"work/out/one(/(spot-|template).*)?")
    yield case("a folder like a temporary", folder(temporary + "/x"), {DONE},
               r"work/out/one(/(spot-|template).*)?")


def input_cases():
    """Whatever is named to be read is read, or refused, and never waited for or written."""
    places = {"a pipe": (pipe("x"), "x"), "a folder": (folder("x"), "x"),
              "a device": (None, "/dev/zero"), "a terminal": (None, "/dev/tty"),
              "a link to a pipe": (lambda tree: (pipe("p")(tree), link("x", "p")(tree)), "x"),
              "a link to itself": (link("x", "x"), "x"), "nothing": (None, "x"),
              "an empty path": (None, ""), "a long part": (None, LONG_PART),
              "a long path": (None, LONG_PATH), "a strange name": (None, STRANGE),
              "below a file": (None, "m.yaml/x"), "a socket": (unix_socket("x"), "x"),
              "memory": (None, "/proc/self/mem"), "a log of the kernel's": (None, "/proc/kmsg"),
              "a full device": (None, "/dev/full"), "standard input": (None, "/dev/stdin"),
              "a descriptor that is not open": (None, "/dev/fd/77")}
    commands = {"compile": ["{}", "-o", "out"], "check": ["check", "{}"],
                "verify": ["verify", "{}", "-o", "out"], "show": ["show", "{}", "policy"],
                "lint": ["lint", "{}"], "diff": ["diff", "m.yaml", "{}"],
                "explain": ["explain", "{}", "ec2:RunInstances"],
                "schema": ["schema", "--check", "{}", "m.yaml"],
                "instance": ["schema", "--check", "schema.json", "{}"],
                "--config": ["lint", "m.yaml", "--config", "{}"],
                "--bundles": ["check", "m.yaml", "--bundles", "{}"],
                "--templates": ["check", "m.yaml", "--templates", "{}"],
                "verify -o": ["verify", "m.yaml", "-o", "{}"]}
    for command, words in commands.items():
        for what, (prepare, path) in places.items():
            arguments = [word.replace("{}", path) for word in words]
            right = command == "--bundles" and what == "a folder"
            yield Case(f"{command}: {what}", arguments,
                       {DONE} if right else {NO, USAGE, MACHINE}, prepare)


def option_cases():
    """Strange texts in options and names are shown escaped."""
    for words in (["--" + STRANGE], ["check", "m.yaml", "--name", STRANGE], [STRANGE, "m.yaml"],
                  ["show", "m.yaml", "policy", "--role", STRANGE], ["list", STRANGE],
                  ["check", "m.yaml", "--format", STRANGE], ["show", "m.yaml", STRANGE],
                  ["check", "m.yaml", "--dump-after", STRANGE], ["--bundles", STRANGE, "m.yaml"],
                  ["explain", "m.yaml", STRANGE], ["explain", "m.yaml", "ec2:Run*", STRANGE],
                  ["explain", "m.yaml", "ec2:RunInstances", "--context", STRANGE + "=" + STRANGE],
                  ["explain", "m.yaml", "ec2:RunInstances", "--without", STRANGE]):
        yield Case(f"option: {words!r}", words, {DONE, NO, USAGE, MACHINE})


def bundle_cases():
    """What a manifest names, and what lies in a folder of bundles."""
    for what, path in {"above": "../outside", "a device": "/dev", "a long path": LONG_PATH,
                       "the kernel's": "/proc/self/fd", "empty": "", "NUL": r"a\0b",
                       "strange": r"a\x1b[31m\n\u202Eb"}.items():
        prepare = put("m.yaml", manifest(NAME, bundles=f'["{path}"]'))
        yield Case(f"bundles: {what}", ["check", "m.yaml"], {DONE, NO, USAGE, MACHINE}, prepare)
    for what, prepare in {"a pipe": pipe("b/x.yaml"),
                          "a link to a device": link("b/x.yaml", "/dev/zero"),
                          "a link to itself": link("b/x.yaml", "x.yaml"),
                          "a folder like a bundle": folder("b/x.yaml"),
                          "a loop of folders": link("b/more", ".")}.items():
        yield Case(f"--bundles: {what} in it", ["check", "m.yaml", "--bundles", "b"],
                   {DONE, NO, USAGE, MACHINE}, prepare)
    for what, prepare in {"a pipe": pipe("t/stack.yaml"), "a link to a device":
                          link("t/stack.yaml", "/dev/zero"), "a folder": folder("t/stack.yaml"),
                          "a link to itself": link("t/stack.yaml", "stack.yaml")}.items():
        yield Case(f"--templates: {what} in it", ["m.yaml", "--templates", "t", "-o", "out"],
                   {NO, USAGE, MACHINE}, prepare)
    for command in (["lint", "in"], ["diff", "in", "m.yaml"]):
        for what, prepare in {"a pipe": pipe("in/spot-policy.json"), "a link to a device":
                              link("in/spot-policy.json", "/dev/zero")}.items():
            yield Case(f"{command[0]}: {what} in a folder", command, {USAGE, MACHINE}, prepare)


def owner_cases():
    """Files of others, and such as nobody may read. These run as NOBODY, whose all else is."""
    def case(name, prepare, statuses=frozenset({MACHINE}), may_change=None):
        return Case(f"owner: {name}", ["m.yaml", "-o", "out"], statuses, prepare, may_change)
    policy, stale = "out/one/spot-policy.json", "out/one/spot-policy-2.json"
    mine = together(put(policy), put(stale), own("out"), own("out/one"), own(policy), own(stale))
    yield case("all is one's own", mine, {DONE}, OUT)
    yield case("a manifest without a mode", mode("m.yaml", 0))
    yield case("an output folder without a mode", together(mine, mode("out", 0)))
    yield case("an output folder to be read only", together(folder("out"), own("out"),
                                                            mode("out", 0o500)))
    yield case("a manifest's folder without a mode", together(mine, mode("out/one", 0)))
    yield case("a manifest's folder to be read only", together(mine, mode("out/one", 0o500)))
    yield case("a file without a mode", together(mine, mode(policy, 0)))
    yield case("a manifest of another", together(foreign("m.yaml"), mode("m.yaml", 0o600)))
    yield case("a manifest's folder of another", together(mine, foreign("out/one")))
    yield case("a file of another", together(mine, foreign(policy)), {DONE}, OUT)
    yield case("a file of another, unreadable",
               together(mine, foreign(policy), mode(policy, 0o600)))
    sticky = together(foreign("out/one"), mode("out/one", 0o1777))
    yield case("a file of another that must stay", together(mine, foreign(policy), sticky))
    yield case("a stale file of another that must stay", together(mine, foreign(stale), sticky),
               {MACHINE}, r"work/out/one(/(spot-policy|spot-trust-policy|template)\.\w+)?")


def own(path):
    return lambda tree: os.chown(tree / "work" / path, NOBODY, NOBODY)


def judge(case, done, before, after):
    if done.trouble():
        return done.trouble()
    if done.status not in case.statuses:
        return f"exit status {done.status}, not one of {sorted(case.statuses)}"
    touched = [path for path in sorted(set(before) | set(after))
               if before.get(path) != after.get(path)]
    wrong = [path for path in touched
             if case.may_change is None or not re.fullmatch(case.may_change, path)]
    if wrong:
        return f"it touched {wrong[0]!r}"
    if case.may_change is not None and done.status == DONE and not touched:
        return "it wrote nothing"
    if case.statuses != {DONE} and done.status != DONE and not done.err + done.out:
        return "no message"
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
        case = Case("-o /", [], {DONE}, None, r"one(/.*)?")
        suite.check(case.name, judge(case, done, before, fault.snapshot(tree)), done.what())


# --- what is there becomes something else while spotc runs ---

RENAME_EXCHANGE, AT_FDCWD = 2, -100
RACE_SECONDS = 15 if fault.WHOLE else 0.4


def exchange_for_ever(path, other):
    libc = ctypes.CDLL(None)
    names = os.fsencode(path), os.fsencode(other)
    while True:
        libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE)


def race(spotc, tree, path, other):
    """Runs in `work`, where PATH and OTHER change places all the time. Returns how often, how often
    it said no, and what was wrong."""
    work, runs, refused = tree / "work", 0, 0
    outside = fault.snapshot(tree / "outside")
    swapper = os.fork()
    if swapper == 0:
        exchange_for_ever(work / path, work / other)
    ends, reason = time.monotonic() + RACE_SECONDS, ""
    while time.monotonic() < ends and not reason:
        done = fault.run(spotc, [("m.yaml", "other.yaml")[runs % 2], "-o", "out"], work)
        runs, refused = runs + 1, refused + (done.status != DONE)
        reason = done.trouble()
        if not reason and done.status not in (DONE, NO, USAGE, MACHINE):
            reason = f"exit status {done.status}"
        if not reason and fault.snapshot(tree / "outside") != outside:
            reason = "what is outside was touched"
    os.kill(swapper, signal.SIGKILL)
    os.waitpid(swapper, 0)
    return runs, refused, reason


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
            fault.run(spotc, ["m.yaml", "-o", "out"], tree / "work")
            prepare(tree)
            runs, refused, reason = race(spotc, tree, path, other)
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
