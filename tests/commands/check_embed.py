#!/usr/bin/env python3
"""tests/commands/check_embed.py SPOTC: the build-time program beside SPOTC refuses schemas, tables,
bundles and templates that are wrong, names the place in the file, and writes nothing then: so a
mistake in a bundle ends the build. What is right gives the same C file each time.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

KINDS = ("schema/*.json", "schema/iam/*.tsv", "templates/*", "bundles/**/*.yaml")

# name: (file, what is replaced, by what, where the message points and its id)
BAD = {
    "a bundle's syntax": ("bundles/eco.yaml", "product: eco", "product: [eco",
                          "bundles/eco.yaml:", "[syntax]"),
    "a bundle's form": ("bundles/eco.yaml", "product: eco", "product: eco\ncolour: red",
                        "bundles/eco.yaml:", "[unknown-key]"),
    "an action of a bundle": ("bundles/eco.yaml", "ce:Get", "ce:Xyzzyplugh",
                              "bundles/eco.yaml:", "[unknown-action]"),
    "what a bundle refers to": ("bundles/eco.yaml", "role: finops", "role: nobody",
                                "bundles/eco.yaml:", "[bundle-reference]"),
    "a schema": ("schema/manifest.schema.json", '"type": "object"', '"type": "thing"',
                 "schema/manifest.schema.json:", "[unsupported-schema]"),
    "a table": ("schema/iam/quotas.tsv", "\t", "", "schema/iam/quotas.tsv:", "[syntax]"),
    "a template": ("templates/stack.yaml", "Resources:", "Resources: [",
                   "templates/stack.yaml:", "[syntax]"),
}


class Embed:
    """The program, in a folder with a copy of what it reads."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        for name in ("schema", "templates", "bundles"):
            shutil.copytree(ROOT / name, folder / name)
        self.files = sorted({str(path.relative_to(folder)) for kind in KINDS
                             for path in folder.glob(kind)})

    def __call__(self, *arguments):
        done = subprocess.run([self.program, *arguments], cwd=self.folder, check=False,
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr


def check_bad(suite, embed, name):
    file, old, new, place, message = BAD[name]
    path = embed.folder / file
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace(old, new, 1), encoding="utf-8")
    status, output, errors = embed(*embed.files)
    path.write_text(good, encoding="utf-8")
    reason = (f"exit status {status}" if status != 1 else "it writes all the same" if output
              else "" if errors.startswith(place) and message in errors.splitlines()[0]
              else f"not a message with {message} at {place}")
    suite.check(name, reason if old in good else f"'{old}' is not in {file}", errors)


def main():
    program = Path(sys.argv[1]).resolve().parent / "embed"
    suite = Suite()
    with tempfile.TemporaryDirectory() as folder:
        embed = Embed(program, Path(folder))
        first, second = embed(*embed.files), embed(*reversed(embed.files))
        same = first == second and first[0] == 0 and not first[2]
        named = all(f'"{file}"' in first[1] for file in embed.files)
        suite.check("the same of the same files in any order",
                    "" if same and named else "it is not", first[2])
        for name in BAD:
            check_bad(suite, embed, name)
        status, output, errors = embed(*embed.files, "bundles/none.yaml")
        suite.check("a file that is not there",
                    "" if status == 1 and not output and "bundles/none.yaml" in errors
                    else f"exit status {status}", errors)
        status, output, errors = embed()
        suite.check("no files", "" if status == 2 and not output and errors.startswith("usage: ")
                    else f"exit status {status}", errors)
    status, output, _ = embed_reference(program)
    same = status == 0 and output == (ROOT / "docs/diagnostics.md").read_text(encoding="utf-8")
    suite.check("docs/diagnostics.md is what it prints", "" if same else "make docs")
    return suite.finish()


def embed_reference(program):
    done = subprocess.run([program, "--diagnostics"], check=False, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


if __name__ == "__main__":
    sys.exit(main())
