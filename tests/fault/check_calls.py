#!/usr/bin/env python3
"""tests/fault/check_calls.py SPOTC [--record]: every system call fails in turn.

What fails shows as exit status 3 and one message that names the reason, and the folder of each
manifest is as it was or as it shall be; only once its renames have begun may it hold some files of
each, all of them whole. No temporary is left. Where a call can be done without, the run must end as
if nothing had happened.

Calls that are interrupted or do less than they were asked to are made again or continued, and a
program killed at any call leaves only whole files, which the next run completes.
"""

import errno
import fcntl
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fault

ERRORS = ("ENOSPC", "EIO", "EACCES", "EMFILE", "EDQUOT", "EINTR")
# After these some of a folder's files may be new.
LATE = ("renameat", "unlinkat", "write stdout", "write stderr")
# POSIX lets these be interrupted.
AGAIN = ("read", "pread", "write", "write stdout", "write stderr", "open", "openat",
         "poll", "flock")
# How many calls fail, where not all is to be tried: of the scenarios that the product is about, of
# the others, and sanitized; and in how many the program is killed.
PART, PART_OTHER, PART_SANITIZED, PART_KILLED = 60, 16, 4, 30
# What of libc asks the system for something that it can refuse.
SYSTEM_CALLS = """
    access chdir chmod chown chroot clone close closedir connect copy_file_range creat dup dup2
    dup3 execve execvp faccessat fallocate fchdir fchmod fchmodat fchown fchownat fcntl
    fdatasync fdopen fdopendir flock fopen fork freopen fstat fstatat fstatvfs fsync ftruncate
    fts_open futimens getcwd getdents64 getline getrandom glob ioctl isatty kill link linkat
    lockf lseek lstat mkdir mkdirat mkdtemp mkfifo mkostemp mkstemp mmap mremap msync nftw open
    open_memstream openat opendir pipe pipe2 poll popen posix_fallocate ppoll prctl pread preadv
    pwrite pwritev raise read readdir readlink readlinkat readv realpath remove rename renameat
    renameat2 rmdir scandir select sendfile setrlimit socket splice stat statvfs statx symlink
    symlinkat syscall tmpfile truncate unlink unlinkat utimensat wait waitpid write writev
    aligned_alloc asprintf calloc malloc posix_memalign realloc reallocarray strdup strndup
    vasprintf
"""


def judge_failure(scenario, name, error, confining, done, after):
    """Why a run that did not go on is not as it should be, or nothing."""
    if done.status != 3:
        return "not exit status 3"
    if name == "write stderr":
        return ""
    refused = confining and os.strerror(errno.EACCES) in done.err.decode()
    if not refused and len(fault.ERROR_LINE.findall(done.err)) != 1:
        return "not one message"
    if not refused and os.strerror(error) not in done.err.decode():
        return "the message does not say why"
    return "" if name in LATE else judge_folders(scenario, after)


def judge_folders(scenario, after):
    """Each manifest's folder is the old or the new one, and not all of them are new."""
    trees = [fault.by_folder(tree) for tree in (after, scenario.old, scenario.new)]
    for folder in set().union(*trees):
        now, old, new = (tree.get(folder) for tree in trees)
        if now not in (old, new):
            return f"{folder} is a mixture"
    changed = scenario.old != scenario.new
    return "it says that it failed, and all is done" if changed and after == scenario.new else ""


def judge(scenario, error, confining, done, after):
    """CONFINING: the call is one of those by which spotc tells the kernel what it will touch. What
    could not be told is refused later, for each manifest."""
    if done.trouble():
        return done.trouble()
    if not done.log or done.log[0].startswith("allocations"):
        return "no call failed"
    if scenario.is_undisturbed(done, after):
        return ""
    if error == errno.EINTR and done.log[0] in AGAIN:
        return "what was interrupted was not done again"
    if fault.temporaries(after):
        return "it left a temporary"
    return (judge_failure(scenario, done.log[0], error, confining, done, after)
            or fault.torn(after, scenario.old, scenario.new))


def check_failures(suite, scenario, program, label, calls):
    """Each call with each number or, sanitized or unless all is to be tried, with one of them; and
    what can be interrupted with EINTR."""
    sanitized = "sanitized" in label
    part = (PART_SANITIZED if sanitized else PART if scenario.is_main else PART_OTHER)
    tried = failed = 0
    confined = calls.index("prctl") + 2 if "prctl" in calls else 0
    for number in fault.spread(len(calls), part):
        names = ERRORS if fault.WHOLE and not sanitized else [ERRORS[number % len(ERRORS)]]
        if calls[number - 1] in AGAIN:
            names = {*names, "EINTR"}
        for name in sorted(names):
            error = getattr(errno, name)
            done, after = scenario.try_plan(program, f"fail {number} {error}")
            reason = judge(scenario, error, number <= confined, done, after)
            tried += 1
            if reason:
                failed += 1
                suite.fail(f"{label} {scenario.name}: {calls[number - 1]} ({number}), {name}",
                           reason, done.what())
            if failed > 5:
                return tried
    if failed:
        return tried
    suite.ok(f"{label}: {tried} times, of {len(calls)} calls of {scenario.name}")
    return tried


def check_kills(suite, scenario, program, calls):
    """Killed at each call; the next run, on what is left, ends like an undisturbed one."""
    numbers, failed = fault.spread(len(calls), PART_KILLED), 0
    for number in numbers:
        name = calls[number - 1]
        scenario.fresh()
        done = fault.run(program, scenario.arguments, scenario.folder, f"kill {number}")
        after = fault.snapshot(scenario.folder)
        left = {path: kind for path, kind in after.items() if path not in fault.temporaries(after)}
        reason = ("it was not killed" if done.status != -9
                  else fault.torn(left, scenario.old, scenario.new))
        again = fault.run(program, scenario.arguments, scenario.folder)
        if not reason and (again.status != 0 or fault.snapshot(scenario.folder) != scenario.new):
            reason = "the next run does not complete it"
        if reason:
            failed += 1
            suite.fail(f"killed at {scenario.name}: {name} ({number})", reason, again.what())
    scenario.fresh()
    if not failed:
        suite.ok(f"killed at a call: {len(numbers)} times, of {len(calls)} calls of "
                 f"{scenario.name}")
    return len(numbers)


def check_short(suite, scenario, program, label):
    done, after = scenario.try_plan(program, "short")
    same = scenario.is_undisturbed(done, after)
    suite.check(f"{label}: short reads and writes of {scenario.name}",
                "" if same else "it does not end as it should", done.what())


def check(suite, scenario, program, label):
    calls, _ = scenario.learn(program)
    scenario.fresh()
    figures = [(f"{label}: {scenario.name}",
                check_failures(suite, scenario, program, label, calls))]
    if fault.WHOLE or scenario.is_main:
        check_short(suite, scenario, program, label)
    if scenario.name.startswith("compile") and "sanitized" not in label:
        figures.append((f"killed at a call: {scenario.name}",
                        check_kills(suite, scenario, program, calls)))
    return figures


def check_names(suite, build):
    """No call of the system's is left out: what spotc's own code refers to is wrapped."""
    objects = [build / "libspotc.a", *(build / "obj/compiler/command").glob("*.o")]
    listed = subprocess.run(["nm", "-u", *objects], check=True, capture_output=True, text=True)
    used = set(re.findall(r"^ +U (\w+)$", listed.stdout, re.MULTILINE))
    known = used & set(SYSTEM_CALLS.split())
    wrapped = set((fault.ROOT / "tests/fault/wrapped.txt").read_text().split())
    suite.check(f"wrapped: all of {len(known)} system calls", ", ".join(sorted(known - wrapped)))


def check_slow_reader(suite, spotc):
    """Standard output is a pipe that does not block, and is read when it has long been full."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writer, False)
    with subprocess.Popen([spotc, "schema", "manifest"], stdout=writer) as run:
        os.close(writer)
        time.sleep(0.3)
        with open(reader, "rb") as stream:
            printed = stream.read()
    wanted = (fault.ROOT / "schema/manifest.schema.json").read_bytes()
    suite.check("waits for who reads its output",
                "" if run.returncode == 0 and printed == wanted else f"{len(printed)} bytes came")


def main():
    suite = fault.Suite()
    spotc, plain, sanitized = fault.programs()
    figures = []
    check_slow_reader(suite, spotc)
    check_names(suite, spotc.parent)
    with tempfile.TemporaryDirectory() as world:
        scenarios = fault.make_scenarios(spotc, Path(world))
        for label, program in (("a system call fails", plain),
                               ("a system call fails, sanitized", sanitized)):
            for scenario in scenarios:
                figures += check(suite, scenario, program, label)
    fault.record(suite, figures)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
