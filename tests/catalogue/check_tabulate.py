#!/usr/bin/env python3
"""tests/catalogue/check_tabulate.py SPOTC: the build-time program beside SPOTC refuses tables that
the constant arrays could not hold, in words that name what is wrong, and writes nothing then. The
tables that it made for SPOTC are small, and constant without relocations, so starting is free.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from suite import Suite

GOOD = {
    "source": "source\tversion\tdate\n# a comment\n@x/iam\t1\t2025-01-02\n",
    "services": "service\tname\nempty\tNothing yet\nshop\tA \"shop\"\\ ???\n",
    "keys": "service\tkey\ttypes\nshop\t:Region\tString\nshop\taws:TagKeys\tArrayOfString\n",
    "resources": "service\tresource\tarns\tcondition_keys\nshop\tbasket\tarn:a,arn:b\t:Region\n"
                 "shop\titem\t\t\n",
    "actions": "service\taction\taccess\tresources\tcondition_keys\n"
               "shop\tGet\tR\t\t\nshop\tTag\tWT\tbasket!=:Region;item\taws:TagKeys\n",
}

LIMIT = 2_500_000

# name: (table, what is replaced, by what, the words)
BAD = {
    "columns": ("keys", "types", "type", "not the columns"),
    "cells": ("services", "empty\tNothing yet", "empty", "a row without its 2 cells"),
    "order": ("actions", "Tag", "Add", "out of order, or twice"),
    "twice": ("actions", "Tag", "GET", "out of order, or twice"),
    "level": ("actions", "WT", "WX", "no access level 'X'"),
    "no level": ("actions", "WT", "", "without an access level"),
    "resource": ("actions", "basket!", "sofa!", "no resource type 'sofa'"),
    "key": ("actions", "=:Region", "=:Colour", "no condition key 'shop:Colour'"),
    "type": ("keys", "ArrayOfString", "Strings", "no type of keys 'Strings'"),
    "service": ("actions", "shop\tTag", "show\tTag", "no service 'show'"),
    "service of keys": ("keys", "shop\taws:TagKeys", "show\taws:TagKeys", "no service 'show'"),
    "long name": ("actions", "Tag", "Tag" + "g" * 300, "does not fit its record"),
    "sources": ("source", "@x/iam\t1\t2025-01-02\n", "", "not one row"),
}


def run(program, tables):
    """Returns the exit status, the errors, and the C file or None."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, text in tables.items():
            (folder / f"{name}.tsv").write_text(text)
        done = subprocess.run([program, folder], capture_output=True, text=True)
        return done.returncode, done.stderr, done.stdout or None


def refused(result, words):
    status, errors, output = result
    if status == 0 or words not in errors:
        return f"exit status {status}, not {words!r}: {errors!r}"
    return "wrote its output all the same" if output is not None else ""


def check_size(suite, made):
    if not shutil.which("size"):
        suite.skip("size of the tables", "size is not installed")
        return
    said = subprocess.run(["size", "-A", made], capture_output=True, text=True, check=True).stdout
    sections = {row[0]: int(row[1]) for row in map(str.split, said.splitlines())
                if len(row) == 3 and row[0].startswith(".")}
    constant = sum(size for name, size in sections.items() if name.startswith(".rodata"))
    written = [name for name, size in sections.items()
               if name.startswith((".data", ".bss", ".tdata", ".init_array")) and size]
    problem = "" if 1_000_000 < constant < LIMIT else f"{constant:,} bytes, not below {LIMIT:,}"
    suite.check("size of the tables", problem or " ".join(written))


def main():
    program = Path(sys.argv[1]).resolve().parent / "tabulate"
    suite = Suite()
    status, errors, output = run(program, GOOD)
    good = status == 0 and "catalogue_counts = {2, 2, 2, 2};" in output
    suite.check("good tables", "" if good else f"exit status {status}: {errors}")
    for name, (table, old, new, words) in BAD.items():
        tables = dict(GOOD, **{table: GOOD[table].replace(old, new, 1)})
        suite.check(name, refused(run(program, tables), words))
    for name in GOOD:
        tables = {table: text for table, text in GOOD.items() if table != name}
        suite.check(f"no {name}", refused(run(program, tables), f"{name}.tsv: cannot be read"))
    done = subprocess.run([program], capture_output=True, text=True)
    usage = done.returncode == 2 and done.stderr.startswith("usage: ") and not done.stdout
    suite.check("no folder", "" if usage else f"exit status {done.returncode}: {done.stderr}")
    check_size(suite, program.parent / "obj/catalogue.o")
    sys.exit(suite.finish())


if __name__ == "__main__":
    main()
