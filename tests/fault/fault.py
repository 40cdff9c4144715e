"""What the suites of tests/fault share: runs in which something fails, and what they leave.

The program tests/fault/spotc of a build is spotc with tests/fault/faults.c in between it and the
system. Without SPOTC_TESTS=whole (`make test-all`) the suites take a part of what there is to try,
evenly spread; the counts that they print are of what was tried. With --record a suite writes its
counts to tests/fault/figures.tsv.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

WHOLE = os.environ.get("SPOTC_TESTS") == "whole"
FIGURES = ROOT / "tests/fault/figures.tsv"
TIME_LIMIT = 20
# An error as text, and in the other forms of --format.
ERROR_LINE = re.compile(rb"^(?:[^:\s][^:\n]*(?::\d+){0,2}: )?error: |: error: |^::error "
                        rb"|^ {10}\"level\": \"error\"|\"severity\": \"error\"", re.MULTILINE)
TEMPORARY = re.compile(r"\.spotc-\d+-\d+\.tmp")
SANITIZER = re.compile(rb"ERROR: \w+Sanitizer|: runtime error: ")

MANIFEST = """\
version: 1
name: {name}
account: "123456789012"
partition: commercial
external_id: spotinst:aws:extid:3w72ms42i8000000
products:
{products}
"""
OLD = "  elastigroup: {integrations: [route53, emr]}\n  eco: {}"
NEW = """\
  ocean: {integrations: [eks]}
  acme: {}
roles: {acme: {external_id: acme-0b6e1f4d7c}}
bundles: [./bundles]
emit: [runbook, terraform]"""


class Run:
    """How a run ended: exit status (negative: by which signal; None: past the time limit)."""

    def __init__(self, status, out, err, log):
        self.status, self.out, self.err, self.log = status, out, err, log

    def what(self):
        return f"status {self.status}: {self.err.decode(errors='replace').strip()[-300:]}"

    def trouble(self):
        """What no run may do, however it fails."""
        if self.status is None:
            return f"still running after {TIME_LIMIT} s"
        if SANITIZER.search(self.err):
            return "a sanitizer's report"
        return f"died by signal {-self.status}" if self.status < 0 else ""


def run(program, arguments, folder, plan=None, stdin=subprocess.DEVNULL, **how):
    """Runs PROGRAM in FOLDER; PLAN is what SPOTC_FAULT says; HOW is for subprocess."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C",
                   "ASAN_OPTIONS": "allocator_may_return_null=1",
                   "UBSAN_OPTIONS": "print_stacktrace=1"}
    descriptors, log = (), tempfile.TemporaryFile()
    if plan is not None:
        environment |= {"SPOTC_FAULT": plan, "SPOTC_FAULT_LOG": str(log.fileno())}
        descriptors = (log.fileno(),)
    with log:
        try:
            done = subprocess.run([str(program), *map(str, arguments)], cwd=folder, check=False,
                                  env=environment, stdin=stdin, capture_output=True,
                                  pass_fds=descriptors, timeout=TIME_LIMIT, **how)
            status, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            status, out, err = None, b"", b""
        log.seek(0)
        return Run(status, out, err, log.read().decode().splitlines())


def snapshot(folder):
    """Path to what is there, for all below FOLDER: bytes, where a link leads, or the kind."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_dir():
            found[name] = ("folder", path.stat().st_mode)
        elif path.is_file():
            found[name] = ("file", path.read_bytes())
        else:
            found[name] = ("other", path.stat().st_mode)
    return found


def torn(now, old, new):
    """What in NOW is neither as in OLD nor as in NEW; a file may be absent where one lacks it."""
    for name in sorted(set(now) | set(old) | set(new)):
        if now.get(name) not in (old.get(name), new.get(name)):
            return f"{name} is neither the old nor the new one"
    return ""


def by_folder(tree):
    """The files of a snapshot by the folder that they are in."""
    folders = {}
    for name, what in tree.items():
        if what[0] != "folder":
            folders.setdefault(str(Path(name).parent), {})[name] = what
    return folders


def temporaries(tree):
    return [name for name in tree if TEMPORARY.fullmatch(Path(name).name)]


def spread(count, part, whole=None):
    """1 to COUNT, or PART of them (of the whole, WHOLE or all), evenly spread, with both ends."""
    part = (whole or count) if WHOLE else part
    if count <= part:
        return list(range(1, count + 1))
    return sorted({1 + round(i * (count - 1) / (part - 1)) for i in range(part)})


class Scenario:
    """A command line on real input, and what it leaves when nothing fails. STATUS is how it ends
    then. Of the ones that write or that the whole product is about, a larger part is tried."""

    def __init__(self, world, name, arguments, status=0):
        self.world, self.name, self.arguments, self.status = world, name, arguments, status
        self.is_main = name in MAIN
        self.folder = world / name
        self.fresh()
        self.old = snapshot(self.folder)

    def fresh(self):
        """The input, with an output folder of older outputs."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.world / "input", self.folder)

    def learn(self, program):
        """Runs undisturbed; returns the system calls and how many allocations there were."""
        self.fresh()
        self.undisturbed = run(program, self.arguments, self.folder, "trace")
        self.new = snapshot(self.folder)
        if self.undisturbed.status != self.status:
            raise RuntimeError(f"{self.name} by itself: {self.undisturbed.what()}")
        *calls, allocations = self.undisturbed.log
        return calls, int(allocations.split()[1])

    def try_plan(self, program, plan):
        """Returns the run with PLAN and the tree after it, on fresh input where need be."""
        done = run(program, self.arguments, self.folder, plan)
        after = snapshot(self.folder)
        if after != self.old:
            self.fresh()
        return done, after

    def is_undisturbed(self, done, after):
        ends = (done.status, done.out, done.err)
        known = self.undisturbed
        return ends == (known.status, known.out, known.err) and after == self.new


# A manifest in JSON, for two of the new ones.
JSON_MANIFEST = {
    "version": 1, "name": "two", "account": "123456789012", "partition": "commercial",
    "external_id": "spotinst:aws:extid:3w72ms42i8000000", "stack": {"format": "json"},
    "products": {"ocean": {"integrations": ["eks"]}}, "restrict": {"regions": ["eu-west-1"]},
    "roles": {"spot": {"pass_role": ["arn:aws:iam::123456789012:role/nodes-*"]}},
    "acknowledge": [{"check": "restriction-bypassed", "reason": "looked at, and \u00e4 accepted"}],
}
# Files that the repository has for other ends: a fleet, a stack set, templates with functions, and
# what lint reads.
BORROWED = {
    "fleet.yaml": "examples/fleet.yaml", "set.yaml": "examples/stack-set.yaml",
    "if.yaml": "tests/cases/diff-decided/branches.yaml",
    "unless.yaml": "tests/cases/diff-decided/defined.yaml",
    "policy.json": "tests/cases/lint-config/policy.json",
    "lint.yaml": "tests/cases/lint-config/lint.yaml",
    "templates/stack.yaml": "templates/stack.yaml",
    "manifest.schema.json": "schema/manifest.schema.json",
}
MAIN = ("compile", "compile-anew", "diff", "lint", "explain")
SCENARIOS = (
    ("compile", "one.yaml two.json -o out"),
    ("compile-anew", "one.yaml --templates templates -o deep/er/out"),
    ("compile-fleet", "fleet.yaml set.yaml -o out -v --emit runbook"),
    ("check", "check one.yaml two.json --bundles bundles --format github"),
    ("verify", "verify one.yaml two.json -o out", 1),
    ("diff", "diff one.yaml out/two", 1),
    ("diff-templates", "diff if.yaml unless.yaml --format markdown", 1),
    ("diff-json", "diff out/two two.json --format json", 1),
    ("lint", "lint out/one/template.yaml out/two/spot-policy.json"),
    ("lint-sarif", "lint if.yaml policy.json --config lint.yaml --format sarif"),
    ("explain", "explain one.yaml ec2:RunInstances --role spot"),
    ("explain-json", "explain two-old.yaml --without elastigroup/emr --format json"),
    ("show", "show two.json template"),
    ("list", "list security --format json"),
    ("schema", "schema manifest"),
    ("schema-check", "schema --check manifest.schema.json two.json --format json"),
    ("init", "init"),
)


def make_input(spotc, world):
    """Two manifests and a bundle, a folder of what older versions of them compile to."""
    folder = world / "input"
    shutil.copytree(ROOT / "examples/bundles", folder / "bundles")
    (folder / "templates").mkdir()
    for name, path in BORROWED.items():
        shutil.copy(ROOT / path, folder / name)
    for name in ("one", "two"):
        path = folder / f"{name}-old.yaml"
        path.write_text(MANIFEST.format(name=name, products=OLD))
        subprocess.run([spotc, path, "-o", folder / "out", "-q"], check=True)
    (folder / "one.yaml").write_text(MANIFEST.format(name="one", products=NEW))
    (folder / "two.json").write_text(json.dumps(JSON_MANIFEST))
    (folder / "out/one/spot-policy-2.json").write_text("{}\n")
    (folder / "out/one/notes.txt").write_text("not spotc's\n")


def make_scenarios(spotc, world):
    make_input(spotc, world)
    return [Scenario(world, name, line.split(), *status) for name, line, *status in SCENARIOS]


def programs():
    """The program as released, and those that faults go through: plain and sanitized."""
    spotc = Path(sys.argv[1]).resolve()
    build = spotc.parent
    return spotc, build / "tests/fault/spotc", build / "asan/tests/fault/spotc"


def record(suite, figures):
    """Shows the sums of FIGURES, a list of (what was tried, how often), by what stands before a
    colon; keeps them with --record."""
    sums = {}
    for what, count in figures:
        kind = what.split(":")[0]
        sums[kind] = sums.get(kind, 0) + count
    for kind, count in sums.items():
        suite.note(f"{kind}: {count} times")
    if "--record" not in sys.argv:
        return
    rows = dict(line.split("\t") for line in FIGURES.read_text().splitlines()[1:]) \
        if FIGURES.exists() else {}
    rows |= {what: str(count) for what, count in figures}
    lines = ["what\tcount"] + [f"{what}\t{count}" for what, count in sorted(rows.items())]
    FIGURES.write_text("\n".join(lines) + "\n")
