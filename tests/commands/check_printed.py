#!/usr/bin/env python3
"""tests/commands/check_printed.py SPOTC: what init, schema and list print of the files built in.

The starter manifest compiles as it is and explains every key; the schemas are those of schema/
byte for byte, and spotc's own checker accepts the examples and bundles by them; the JSON list
holds every bundle.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite


class Spotc:
    def __init__(self, path):
        self.path = str(Path(path).resolve())

    def __call__(self, *arguments, text=None):
        done = subprocess.run([self.path, *map(str, arguments)], input=text, check=False,
                              capture_output=True, timeout=20)
        return done.returncode, done.stdout, done.stderr.decode()


def check_init(suite, spotc):
    status, starter, stderr = spotc("init")
    suite.check("init prints", "" if status == 0 and not stderr else stderr or f"status {status}")
    with tempfile.TemporaryDirectory() as temporary:
        status, _, stderr = spotc("-", "-o", Path(temporary) / "out", text=starter)
    suite.check("what init prints compiles without a word",
                "" if status == 0 and not stderr else "it does not", stderr)
    manifest = yaml.safe_load(starter)
    properties = json.loads((ROOT / "schema/manifest.schema.json").read_text())["properties"]
    keys = set(re.findall(r"^(?:# )?([a-z_]+):", starter.decode(), re.MULTILINE))
    missing = sorted(set(properties) - keys)
    suite.check("init explains every key", ", ".join(missing) and f"missing: {', '.join(missing)}")
    suite.check("init names an account in quotes",
                "" if isinstance(manifest["account"], str) else "not a string")


def check_schemas(suite, spotc):
    for name in ("manifest", "bundle", "lint"):
        path = ROOT / f"schema/{name}.schema.json"
        status, printed, stderr = spotc("schema", name)
        same = status == 0 and printed == path.read_bytes() and not stderr
        suite.check(f"schema {name}", "" if same else f"not {path.relative_to(ROOT)}")
    for schema, instances in (("manifest", (ROOT / "examples").glob("*.yaml")),
                              ("bundle", (ROOT / "bundles").rglob("*.yaml"))):
        for path in sorted(instances):
            if sum(1 for _ in yaml.safe_load_all(path.read_text())) > 1:
                continue
            path_of_schema = ROOT / f"schema/{schema}.schema.json"
            status, _, stderr = spotc("schema", "--check", path_of_schema, path)
            suite.check(f"schema --check {path.relative_to(ROOT)}",
                        "" if status == 0 else f"status {status}", stderr)


def check_list(suite, spotc):
    _, printed, _ = spotc("list", "--format", "json")
    listed = json.loads(printed)
    for kind, key in (("products", "product"), ("presets", "preset")):
        bundles = [yaml.safe_load(path.read_text()) for path in (ROOT / "bundles").rglob("*.yaml")]
        wanted = {bundle[key]: bundle for bundle in bundles if key in bundle}
        suite.check(f"list --format json: {kind}",
                    "" if listed[kind] == wanted else "not what bundles/ holds")


def main():
    suite, spotc = Suite(), Spotc(sys.argv[1])
    check_init(suite, spotc)
    check_schemas(suite, spotc)
    check_list(suite, spotc)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
