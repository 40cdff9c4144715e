#!/usr/bin/env python3
"""tests/policies/check_determinism.py SPOTC: the same manifests give the same bytes.

Whatever the order of the manifests, the locale, the time zone, the current folder, the form in
which the manifest is written, and whether they are compiled together or each by itself. A second
run finds nothing to do and touches nothing.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from manifests import integrations, presets, random_manifests, scratch_folder, write_manifest
from suite import Suite

RANDOM, SEED, ALONE = 60, 1492, 25


def manifests():
    """JSON templates and YAML templates in turn."""
    every = [*presets(), *integrations(), *random_manifests(RANDOM, SEED)]
    for manifest in every[::2]:
        manifest["stack"]["format"] = "yaml"
    return every


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def stamps(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*")}


class Runs:
    """Runs spotc, each time into a new folder, and compares with what the first run wrote."""

    def __init__(self, suite, spotc, scratch):
        self.suite, self.spotc, self.scratch, self.first = suite, spotc, scratch, None

    def spotc_into(self, out, arguments, **more):
        done = subprocess.run([self.spotc, "compile", "-q", *map(str, arguments), "-o", str(out)],
                              check=False, capture_output=True, timeout=120, **more)
        return f"exit status {done.returncode}" if done.returncode else None

    def compare(self, name, *calls, **more):
        """Each call is the arguments of one run; together they must write what the first wrote."""
        out = self.scratch / f"out-{name.replace(' ', '-')}"
        problems = [self.spotc_into(out, arguments, **more) for arguments in calls]
        written = tree(out)
        self.first = self.first or written
        differing = sorted(path for path in self.first.keys() | written.keys()
                           if self.first.get(path) != written.get(path))
        if differing:
            problems.append(f"{len(differing)} files differ, {differing[0]} for one")
        self.suite.check(name, next(filter(None, problems), None))
        return out


def environment(**changes):
    return {**os.environ, **changes}


def compare_all(runs, every, folder):
    paths = [write_manifest(folder, manifest) for manifest in every]
    names = [path.name for path in paths]
    shuffled = random.Random(SEED).sample(paths, len(paths))
    documents = folder / "documents.yaml"
    documents.write_text("".join("---\n" + yaml.safe_dump(manifest, sort_keys=False)
                                 for manifest in every), encoding="utf-8")
    out = runs.compare("the first run", paths)
    runs.compare("the same again", paths)
    runs.compare("the other way round", paths[::-1])
    runs.compare("in any order", shuffled)
    runs.compare("in another folder", names, cwd=folder)
    runs.compare("with an empty environment", paths, env={})
    runs.compare("in another locale", paths,
                 env=environment(LC_ALL="tr_TR.UTF-8", LANG="de_DE.UTF-8", LANGUAGE="de"))
    runs.compare("in the C locale", paths, env=environment(LC_ALL="C"))
    runs.compare("in another time zone", paths, env=environment(TZ="Pacific/Kiritimati"))
    runs.compare("as documents of one file", [documents])
    runs.compare("from standard input", ["-"], input=documents.read_bytes())
    runs.compare("in many runs", *([path] for path in paths[:ALONE]), paths[ALONE:])
    return out, paths


def compare_second(runs, out, paths):
    before = stamps(out)
    problem = runs.spotc_into(out, paths)
    runs.suite.check("a second run touches nothing",
                     problem or (stamps(out) != before and "a file or folder was touched"))
    done = subprocess.run([runs.spotc, "verify", *map(str, paths), "-o", str(out)], check=False,
                          capture_output=True, text=True, timeout=120)
    runs.suite.check("verify finds no difference",
                     done.returncode and f"exit status {done.returncode}", done.stdout[:2000])


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    with scratch_folder() as name:
        scratch = Path(name)
        (scratch / "in").mkdir()
        runs = Runs(suite, spotc, scratch)
        out, paths = compare_all(runs, manifests(), scratch / "in")
        compare_second(runs, out, paths)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
