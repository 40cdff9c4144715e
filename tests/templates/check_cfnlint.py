#!/usr/bin/env python3
"""tests/templates/check_cfnlint.py SPOTC: cfn-lint has nothing to say about the templates.

Compiled are the examples, every preset in each partition, every form of Eco, some large and some
random selections; cfn-lint reads all templates of a partition in one run, for a region of that
partition. Skipped where cfn-lint is not installed.
"""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from bundles import PARTITIONS
from manifests import (compile_all, complete, examples, integrations, large, manifest_of, presets,
                       random_manifests, scratch_folder, stack_sets)
from suite import Suite

RANDOM, SEED = 20, 2011
# Where a Cost and Usage Report can be made: in these regions only.
REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1"}


def manifests():
    """By partition and title; half of them as YAML and half as JSON."""
    groups = {}
    eco = [manifest for manifest in integrations() if "eco" in manifest["products"]]
    eco.append(complete(manifest_of("eco-report-china", "china", products={
        "eco": {"integrations": ["cost-and-usage-report"]}})))
    every = {"examples": examples(), "presets": presets(), "eco": eco, "large": large(),
             "stack sets": [manifest for manifest, _ in stack_sets()],
             "random": random_manifests(RANDOM, SEED, ("commercial", "china"))}
    for title, some in every.items():
        for number, manifest in enumerate(some):
            manifest["stack"]["format"] = ("yaml", "json")[number % 2]
            partition = PARTITIONS.get(manifest["partition"], manifest["partition"])
            groups.setdefault(partition, []).append((f"{title}: {manifest['name']}", manifest))
    return groups


def lint(templates, region):
    """Returns what cfn-lint says, by template, and its own trouble."""
    done = subprocess.run(["cfn-lint", "--format", "json", "--regions", region, "--",
                           *map(str, templates)], stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, text=True, timeout=300, cwd=templates[0].parent)
    said = {}
    try:
        for match in json.loads(done.stdout or "[]"):
            place = match["Location"]["Start"]
            said.setdefault(match["Filename"], []).append(
                f"{place['LineNumber']}:{place['ColumnNumber']} "
                f"{match['Rule']['Id']} {match['Message']}")
    except (ValueError, LookupError) as error:
        return said, f"cannot be understood: {error}\n{done.stdout}{done.stderr}"
    if done.returncode != 0 and not said or done.stderr:
        return said, f"exit status {done.returncode}\n{done.stderr}"
    return said, None


def check_partition(suite, spotc, partition, group, folder):
    """Compiles and lints the manifests of one partition."""
    folder.mkdir()
    folders, done = compile_all(spotc, [manifest for _, manifest in group], folder)
    if done.returncode != 0:
        suite.fail(f"{partition}: all compile", f"exit status {done.returncode}", done.stderr)
        return
    templates = {}
    for title, manifest in group:
        form = manifest["stack"]["format"]
        templates[title] = folders[manifest["name"]] / f"template.{form}"
        if "stack_set" in manifest:
            templates[f"{title}, the set"] = folders[manifest["name"]] / f"stack-set.{form}"
    said, trouble = lint(list(templates.values()), REGIONS[partition])
    suite.check(f"{partition}: cfn-lint runs", trouble and trouble.splitlines()[0], trouble or "")
    for title, template in templates.items():
        words = said.get(str(template), [])
        suite.check(f"{partition}: {title}", words and f"cfn-lint says {len(words)} things",
                    "\n".join(words))


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    if not shutil.which("cfn-lint"):
        suite.skip("cfn-lint", "it is not installed (pip install cfn-lint)")
        return suite.finish()
    with scratch_folder() as folder, ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: check_partition(suite, spotc, *item, Path(folder) / item[0]),
                      manifests().items()))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
