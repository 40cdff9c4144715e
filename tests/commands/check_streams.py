#!/usr/bin/env python3
"""tests/commands/check_streams.py SPOTC: what depends on where the output goes.

Messages are coloured on a terminal that can show it, and never where NO_COLOR is set or the output
goes elsewhere. Output that nobody takes is exit status 3. A file that is too large to be compared
line by line differs all the same, and of many files as many are shown as anybody would read.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

MANIFEST = """\
name: sandbox
account: 123456789012
partition: commercial
"""
COLOUR = b"\x1b["
LARGE = 4 * 1024 * 1024 + 1
LISTED, FLEET, MOST_SHOWN = 1_000, 240, 5 * 1024 * 1024
OF_ACCOUNT = ["spot-policy.json", "spot-trust-policy.json", "template.yaml", "main.tf.json"]


def on_terminal(spotc, folder, **environment):
    """Returns the exit status and what a terminal is sent on standard error."""
    master, terminal = pty.openpty()
    with subprocess.Popen([spotc, "check", "manifest.yaml"], cwd=folder, stderr=terminal,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          env={"PATH": "/usr/bin:/bin", **environment}) as run:
        os.close(terminal)
        sent = b""
        while chunk := read(master):
            sent += chunk
    os.close(master)
    return run.returncode, sent


def read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux tells the end of a terminal
        return b""


def check_colour(suite, spotc, folder):
    rows = {
        "a terminal": ({"TERM": "xterm"}, True),
        "a terminal of no kind": ({}, True),
        "an empty NO_COLOR": ({"TERM": "xterm", "NO_COLOR": ""}, True),
        "NO_COLOR": ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        "a dumb terminal": ({"TERM": "dumb"}, False),
    }
    for name, (environment, wanted) in rows.items():
        status, sent = on_terminal(spotc, folder, **environment)
        told = status == 1 and b"error: " in sent.replace(b"\x1b[m", b"")
        suite.check(f"colour: {name}", "" if told and (COLOUR in sent) == wanted else
                    f"status {status}, {'coloured' if COLOUR in sent else 'plain'}",
                    sent.decode(errors="replace"))
    done = subprocess.run([spotc, "check", "manifest.yaml"], cwd=folder, check=False,
                          capture_output=True, env={"TERM": "xterm"})
    suite.check("colour: a pipe", "" if done.stderr and COLOUR not in done.stderr else "coloured")


def check_full(suite, spotc):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([spotc, "init"], stdout=full, stderr=subprocess.PIPE, check=False)
        silent = subprocess.run([spotc, "nonsense"], stderr=full, check=False)
    wanted = b"spotc: error: cannot write to standard output: No space left on device\n"
    suite.check("standard output is full", "" if (done.returncode, done.stderr) == (3, wanted)
                else f"status {done.returncode}", done.stderr.decode())
    suite.check("standard error is full",
                "" if silent.returncode == 3 else f"status {silent.returncode}")


def check_closed(suite, spotc, folder):
    """A stream that is closed is no place for the next file that is opened."""
    run = 'exec "$0" "$@" >&- 2>errors'
    done = subprocess.run(["/bin/sh", "-c", run, spotc, "init"], cwd=folder, check=False)
    errors = (folder / "errors").read_text()
    wanted = "spotc: error: cannot write to standard output: Bad file descriptor\n"
    suite.check("standard output is closed",
                "" if (done.returncode, errors) == (3, wanted) else f"status {done.returncode}",
                errors)


def check_large(suite, spotc, folder):
    manifest = ROOT / "examples/quickstart.yaml"
    subprocess.run([spotc, manifest, "-o", "out", "-q"], cwd=folder, check=True)
    large = next((folder / "out").glob("*/spot-policy.json"))
    large.write_bytes(b" " * LARGE)
    done = subprocess.run([spotc, "verify", manifest, "-o", "out"], cwd=folder, check=False,
                          capture_output=True, text=True)
    wanted = f"{large.relative_to(folder)} differs, and is too large to compare line by line\n"
    suite.check("verify: a file that is too large to compare", "" if
                (done.returncode, done.stdout) == (1, wanted) else f"status {done.returncode}",
                done.stdout[:1000] + done.stderr)


def verify(spotc, folder, manifest, out):
    done = subprocess.run([spotc, "verify", manifest, "-o", out], cwd=folder, check=False,
                          capture_output=True, text=True)
    return done.returncode, done.stdout


def check_many(suite, spotc, folder):
    """So many files are named, and the others are counted."""
    manifest, out = ROOT / "examples/quickstart.yaml", folder / "many"
    subprocess.run([spotc, manifest, "-o", out, "-q"], check=True)
    where = next(out.iterdir())
    for more, end in (0, ""), (1, "… 1 more file\n"), (1234, "… 1,234 more files\n"):
        for i in range(LISTED + more):
            (where / f"spot-policy-{i + 2}.json").touch()
        stale = sorted(path.name for path in where.glob("spot-policy-*.json"))
        wanted = "".join(f"many/{where.name}/{name} is stale: compile would remove it\n"
                         for name in stale[:LISTED])
        status, said = verify(spotc, folder, manifest, "many")
        suite.check(f"verify: {LISTED + more} stale files",
                    "" if (status, said) == (1, wanted + end) else f"status {status}", said[-200:])


def check_much(suite, spotc, folder):
    """Where differences would be too much to show, files are named all the same."""
    accounts = "".join(f'- {{name: m{i}, account: "1234{i:08}", external_id: "id-{i}"}}\n'
                       for i in range(FLEET))
    (folder / "fleet.yaml").write_text("name: fleet\npartition: commercial\npermissions: full\nemit: [terraform]\n"
                                       f"accounts:\n{accounts}", encoding="utf-8")
    status, said = verify(spotc, folder, "fleet.yaml", "none")
    names = re.findall(r"^(?:\+\+\+ (\S+)|(\S+) is missing)$", said, re.MULTILINE)
    shown = [name for name, _ in names if name]
    every = [f"none/m{i}/{name}" for i in range(FLEET) for name in OF_ACCOUNT]
    named = sorted(one or other for one, other in names)
    wrong = "" if status == 1 and named == sorted(every) else f"{len(named)} are named"
    suite.check("verify: each missing file is named once", wrong, said[-200:])
    suite.check("verify: differences end where they are too much",
                "" if 0 < len(shown) < len(names) and len(said) < MOST_SHOWN else
                f"{len(shown)} of {len(names)} are shown, {len(said)} bytes")


def main():
    spotc = Path(sys.argv[1]).resolve()
    suite = Suite()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
        check_colour(suite, spotc, folder)
        check_full(suite, spotc)
        check_closed(suite, spotc, folder)
        check_large(suite, spotc, folder)
        check_many(suite, spotc, folder)
        check_much(suite, spotc, folder)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
