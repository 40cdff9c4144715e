#!/usr/bin/env python3
"""tests/policies/check_sizes.py SPOTC [--update]: is the table of docs/sizes.md true?

Compiles each manifest of tests/published with either layout and either way of wildcards, and holds
the sizes against the table; --update writes it anew, between the two comments that enclose it.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import ROOT, read_documents
from manifests import compile_all, scratch_folder
from suite import Suite

DOCUMENT = ROOT / "docs/sizes.md"
BEGIN, END = "<!-- sizes -->\n", "<!-- end of sizes -->\n"
FORMS = [{"layout": layout, "wildcards": wildcards}
         for wildcards in ("keep", "exact") for layout in ("by-bundle", "compact")]
HEAD = ("| published policy | as the bundles are | `layout: compact` | `wildcards: exact` | both |\n"
        "|---|---|---|---|---|\n")


def policies(folder):
    for path in sorted(folder.glob("*-policy*.json")):
        if not path.name.endswith("-trust-policy.json"):
            yield len(json.dumps(json.loads(path.read_text(encoding="utf-8")),
                                 separators=(",", ":"), ensure_ascii=False))


def cell(sizes, before):
    """The characters, in how many policies where one does not do, and the part of before."""
    text = f"{sum(sizes):,}" + (f" in {len(sizes)}" if len(sizes) > 1 else "")
    return text if sizes == before else f"{text} ({round(100 * sum(sizes) / sum(before))}%)"


def row(name, folders):
    sizes = [list(policies(folder)) for folder in folders]
    return f"| {name} | " + " | ".join(cell(size, sizes[0]) for size in sizes) + " |\n"


def make_table(suite, spotc, scratch):
    names = sorted(path.parent.name for path in ROOT.glob("tests/published/*/manifest.yaml"))
    names.sort(key=lambda name: name != "default-policy")
    compiled = []
    for number, form in enumerate(FORMS):
        manifests = [{**read_documents(ROOT / f"tests/published/{name}/manifest.yaml")[0], **form,
                      "name": f"published-{index}"} for index, name in enumerate(names)]
        (scratch / str(number)).mkdir()
        folders, done = compile_all(spotc, manifests, scratch / str(number), "-q")
        suite.check(f"{' and '.join(form.values())}: all compile",
                    done.returncode and f"status {done.returncode}", done.stderr[:2000])
        compiled.append(list(folders.values()))
    return HEAD + "".join(row(name, folders) for name, folders in zip(names, zip(*compiled)))


def main():
    suite = Suite()
    with scratch_folder() as scratch:
        table = make_table(suite, str(Path(sys.argv[1]).resolve()), Path(scratch))
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    written, after = rest.split(END)
    if "--update" in sys.argv:
        DOCUMENT.write_text(before + BEGIN + table + END + after, encoding="utf-8")
    suite.check("the table of docs/sizes.md", "" if written == table or "--update" in sys.argv else
                "not what spotc makes: tests/policies/check_sizes.py SPOTC --update", table)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
