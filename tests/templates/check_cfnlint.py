#!/usr/bin/env python3
"""tests/templates/check_cfnlint.py SPOTC: cfn-lint has nothing to say about the templates.

Those of variants.py; cfn-lint reads all templates of a partition in one run, for a region of that
partition. Skipped where cfn-lint is not installed.
"""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "policies")]

from manifests import scratch_folder
from suite import Suite
from variants import compile_variants

RANDOM, SEED = 200, 2011
# Where a Cost and Usage Report can be made: in these regions only.
REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1"}


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


def check_partition(suite, partition, group):
    """Lints the templates of one partition."""
    paths = {one.title: [one.template, *filter(None, [one.stack_set])] for one in group}
    said, trouble = lint([path for some in paths.values() for path in some], REGIONS[partition])
    suite.check(f"{partition}: cfn-lint runs", trouble and trouble.splitlines()[0], trouble or "")
    for one in group:
        words = [word for path in paths[one.title] for word in said.get(str(path), [])]
        suite.check(f"{partition}: {one.title}", words and f"cfn-lint says {len(words)} things",
                    "\n".join(words))


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    if not shutil.which("cfn-lint"):
        suite.skip("cfn-lint", "it is not installed (pip install cfn-lint)")
        return suite.finish()
    with scratch_folder() as folder, ThreadPoolExecutor(2) as pool:
        compiled = compile_variants(suite, spotc, RANDOM, SEED, Path(folder))
        groups = {partition: [one for one in compiled if one.partition == partition]
                  for partition in REGIONS}
        list(pool.map(lambda item: check_partition(suite, *item), groups.items()))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
