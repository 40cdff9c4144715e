#!/usr/bin/env python3
"""tests/fault/check_disks.py SPOTC: a file system that is full, without inodes or
read-only, and one that fills up at any point.

The file systems are real ones in memory, mounted where nobody else sees them; where that is not
allowed the suite is skipped. The same is tried by the limit on the size of files (as `ulimit -f`),
which needs no file system. Old files stay, no temporary is left, one message says why.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import fault

INSIDE = "--inside"
ROOMS = range(0, 32, 4)  # KiB
LIMITS = range(0, 12000, 250 if fault.WHOLE else 2000)
REASONS = (b"No space left on device", b"Read-only file system", b"File too large")


def mount(folder, options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def write_manifests(world):
    for name, products in (("old", fault.OLD), ("new", "  ocean: {}\n  elastigroup: {}")):
        (world / f"{name}.yaml").write_text(fault.MANIFEST.format(name="one", products=products))


def learn(spotc, world):
    """The trees of the old and the new manifest."""
    trees = []
    for name in ("old", "new"):
        subprocess.run([spotc, world / f"{name}.yaml", "-o", world / name, "-q"], check=True)
        trees.append(fault.snapshot(world / name))
    return trees


def judge(done, after, old, new):
    if done.trouble():
        return done.trouble()
    if done.status == 0:
        return "" if after == new else "it says that it is done, and it is not"
    if done.status != 3 or len(fault.ERROR_LINE.findall(done.err)) != 1:
        return "not exit status 3 and one message"
    if not any(reason in done.err for reason in REASONS):
        return "the message does not say why"
    return "" if after == old else "the old files are not as they were"


def check(suite, name, attempts, fails):
    """ATTEMPTS yields (label, run, reason). FAILS: how many of them at least must have failed."""
    tried = failed = 0
    for label, done, reason in attempts:
        tried += 1
        failed += done.status != 0
        if reason:
            suite.fail(f"{name}: {label}", reason, done.what())
            return
    suite.check(f"{name}: {failed} of {tried} runs failed as they should",
                "" if failed >= fails else "too few of them failed")


def fill(world, spotc, trees, room):
    """Tries to write where there is room for so many KiB beside the old outputs."""
    old, new = trees
    disk = world / "disk"
    mount(disk, "size=4m")
    subprocess.run([spotc, world / "old.yaml", "-o", disk / "out", "-q"], check=True)
    used = os.statvfs(disk)
    used = (used.f_blocks - used.f_bfree) * used.f_frsize // 1024
    remount(disk, f"size={used + room}k")
    done = fault.run(spotc, ["new.yaml", "-o", "disk/out"], world)
    after = fault.snapshot(disk / "out")
    subprocess.run(["umount", disk], check=True)
    return f"{room} KiB", done, judge(done, after, old, new)


def without_inodes(world, spotc, trees, existing, inodes):
    disk = world / "disk"
    mount(disk, f"nr_inodes={inodes}")
    if existing:
        subprocess.run([spotc, world / "old.yaml", "-o", disk / "out", "-q"], check=True)
        remount(disk, "nr_inodes=" + str(os.statvfs(disk).f_files - os.statvfs(disk).f_ffree))
    old = fault.snapshot(disk)
    done = fault.run(spotc, ["new.yaml", "-o", "disk/out"], world)
    after = fault.snapshot(disk)
    new = {"out": old.get("out", after.get("out"))}
    new |= {f"out/{name}": what for name, what in trees[1].items()}
    subprocess.run(["umount", disk], check=True)
    return f"{inodes} inodes", done, judge(done, after, old, new)


def read_only(world, spotc, existing):
    disk = world / "disk"
    mount(disk, "size=4m")
    if existing:
        subprocess.run([spotc, world / "old.yaml", "-o", disk / "out", "-q"], check=True)
    remount(disk, "ro")
    before = fault.snapshot(disk)
    done = fault.run(spotc, ["new.yaml", "-o", "disk/out"], world)
    after = fault.snapshot(disk)
    subprocess.run(["umount", disk], check=True)
    return "old outputs" if existing else "empty", done, judge(done, after, before, None)


def at_mount(world, spotc, trees, place):
    """The output folder, or the manifest's in it, is itself where a file system is mounted."""
    disk = world / "mounted" / place
    disk.mkdir(parents=True, exist_ok=True)
    mount(disk, "size=4m,mode=755")
    for name in ("old", "new"):
        done = fault.run(spotc, [f"{name}.yaml", "-o", "mounted"], world)
    after = fault.snapshot(world / "mounted")
    subprocess.run(["umount", disk], check=True)
    return place or "the output folder", done, judge(done, after, *trees)


def check_mounted(suite, spotc, world):
    trees = learn(spotc, world)
    (world / "disk").mkdir()
    check(suite, "a full file system", (fill(world, spotc, trees, room) for room in ROOMS), 2)
    check(suite, "no inodes left",
          [without_inodes(world, spotc, trees, False, inodes) for inodes in range(1, 9)]
          + [without_inodes(world, spotc, trees, True, 20)], 6)
    check(suite, "a read-only file system",
          (read_only(world, spotc, existing) for existing in (False, True)), 2)
    check(suite, "where a file system is mounted",
          (at_mount(world, spotc, trees, place) for place in ("", "one")), 0)


def limited(world, spotc, trees, limit):
    """Files cannot grow beyond LIMIT bytes."""
    out = world / "limited"
    subprocess.run([spotc, world / "old.yaml", "-o", out, "-q"], check=True)
    done = subprocess.run([spotc, "new.yaml", "-o", "limited", "-q"], cwd=world, check=False,
                          capture_output=True, timeout=fault.TIME_LIMIT,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                (limit, limit)))
    done = fault.Run(done.returncode, done.stdout, done.stderr, [])
    return f"{limit} bytes", done, judge(done, fault.snapshot(out), *trees)


def main():
    spotc, _, _ = fault.programs()
    suite = fault.Suite()
    with tempfile.TemporaryDirectory() as world:
        world = Path(world)
        write_manifests(world)
        if INSIDE in sys.argv:
            check_mounted(suite, spotc, world)
            return suite.finish()
        trees = learn(spotc, world)
        check(suite, "files beyond their limit",
              (limited(world, spotc, trees, limit) for limit in LIMITS), len(LIMITS) // 2)
    unshare = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    probe = subprocess.run([*unshare, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                           capture_output=True)
    if probe.returncode != 0:
        suite.skip("full and read-only file systems", "no file system can be mounted here")
        return suite.finish()
    inside = subprocess.run([*unshare, sys.executable, __file__, spotc, INSIDE], check=False,
                            capture_output=True, text=True)
    *lines, _ = inside.stdout.splitlines() or [""]
    for line in lines:
        print(line)
        suite.passed += line.startswith("ok ")
        suite.failed += line.startswith("not ok ")
    if inside.returncode not in (0, 1) or not lines:
        suite.fail("full and read-only file systems", "the suite did not end", inside.stderr)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
