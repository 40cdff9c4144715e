"""The manifests whose templates are tested: the examples, the presets, every form of Eco and of a
stack set, large and random selections; the random ones also with automatic connection, as fleets,
and with settings of roles, stack and layout. Keys that the schema does not have are left out."""

import json
import random
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from bundles import PARTITIONS
from manifests import (ACCOUNT, complete, entries, examples, integrations, large, manifest_of,
                       presets, random_manifests, stack_sets)
from manifests import REGIONS as HOME_REGIONS

FORMATS = ("yaml", "json")
OTHER_ACCOUNT = "210987654321"


def has_spot(manifest):
    return "external_id" in manifest


# --- one more key -------------------------------------------------------------------------------

def connect(manifest, dice):
    """Automatically, where there is something to connect."""
    if has_spot(manifest) and manifest["partition"] == "commercial":
        del manifest["external_id"]
        manifest["connect"] = "automatic"


def roles(manifest, dice):
    """Settings of the role for Spot; names, boundaries and tags with all that IAM accepts."""
    if not has_spot(manifest) and manifest.get("connect") != "automatic":
        return
    partition = PARTITIONS[manifest["partition"]]
    settings = {"name": dice.choice(["Spot_+=,.@-Role", "0x1F", "on"]),
                "path": dice.choice(["/", "/vendors/", "/a/b/"]),
                "max_session_duration": dice.choice([3600, 43200]),
                "permissions_boundary": f"arn:{partition}:iam::{ACCOUNT}:policy/Boundary",
                "tags": {"owner": "platform", "yes": "1e3", "cost centre": ""}}
    chosen = dice.sample(sorted(settings), dice.randint(0, len(settings)))
    if chosen:
        own = manifest.setdefault("roles", {}).setdefault("spot", {})
        own.update({name: settings[name] for name in chosen})


def stack(manifest, dice):
    manifest["stack"] = {"format": dice.choice(FORMATS)}
    if dice.random() < 0.3:
        manifest["stack"]["name"] = "Spot-stack-1"


def layout(manifest, dice):
    manifest["layout"] = dice.choice(["by-bundle", "compact"])


def wildcards(manifest, dice):
    manifest["wildcards"] = dice.choice(["keep", "exact"])


def accounts(manifest, dice):
    """A fleet of two; the second is an account of its own, with an id of its own."""
    if dice.random() < 0.8:
        return
    first, second = ({"name": f"{manifest['name']}-{end}", "account": account}
                     for end, account in (("a", ACCOUNT), ("b", OTHER_ACCOUNT)))
    if has_spot(manifest):
        second["external_id"] = "spotinst:aws:extid:0000000000000001"
    second["stack"] = {"format": "json"}
    manifest["accounts"] = [first, second]
    del manifest["name"], manifest["account"]


def restrict(manifest, dice):
    """Narrowed, with the ways around it accepted: which they are is tested elsewhere."""
    if dice.random() < 0.6:
        return
    region = HOME_REGIONS[manifest["partition"]]
    chosen = {"regions": [region], "vpcs": ["vpc-0123456789abcdef0"], "spot_managed_only": True}
    keys = dice.sample(sorted(chosen), dice.randint(1, len(chosen)))
    manifest["restrict"] = {key: chosen[key] for key in keys}
    manifest.setdefault("acknowledge", []).append(
        {"check": "restriction-bypassed", "reason": "a test"})


def emit(manifest, dice):
    if dice.random() < 0.3:
        manifest["emit"] = dice.sample(["runbook", "terraform"], dice.randint(1, 2))


MORE = {"roles": roles, "connect": connect, "stack": stack, "layout": layout,
        "wildcards": wildcards, "accounts": accounts, "restrict": restrict, "emit": emit}


# --- all of them --------------------------------------------------------------------------------

def known_keys(spotc):
    """The keys that a manifest may have."""
    schema = subprocess.run([spotc, "schema", "manifest"], check=True, capture_output=True,
                            text=True, timeout=20).stdout
    return json.loads(schema)["properties"]


def random_variants(spotc, count, seed):
    keys, dice = known_keys(spotc), random.Random(seed)
    for manifest in random_manifests(count, seed):
        for key, add in MORE.items():
            if key in keys:
                add(manifest, dice)
        yield manifest


def eco():
    """Each integration of Eco, and the report in China."""
    yield from (manifest for manifest in integrations() if "eco" in manifest["products"])
    yield complete(manifest_of("eco-report-china", "china", products={
        "eco": {"integrations": ["cost-and-usage-report"]}}))


def variants(spotc, count, seed):
    """(title, manifest), half of those that do not say as YAML and half as JSON."""
    fixed = {"examples": examples(), "presets": presets(), "eco": eco(), "large": large(),
             "sets": (manifest for manifest, _ in stack_sets())}
    for title, some in fixed.items():
        for number, manifest in enumerate(some):
            manifest["stack"]["format"] = FORMATS[number % 2]
            yield title, manifest
    for manifest in random_variants(spotc, count, seed):
        yield "random", manifest


# --- compiling ----------------------------------------------------------------------------------

class Compiled:
    """One compiled manifest, the folder that was written, and the command that deploys it."""

    def __init__(self, title, manifest, out, told):
        self.name, self.account = manifest["name"], manifest["account"]
        self.title, self.folder = f"{title}: {self.name}", out / self.name
        self.partition = PARTITIONS.get(manifest["partition"], manifest["partition"])
        self.settings = manifest.get("roles", {})
        self.command = next((line for line in told.splitlines() if line.startswith("to deploy: ")
                             and str(self.folder) in line), "")

    def given_parameters(self):
        """The parameters that the command gives: {name: value}."""
        words = shlex.split(self.command)
        start = words.index("--parameter-overrides") + 1 if "--parameter-overrides" in words \
            else len(words)
        return dict(word.split("=", 1) for word in words[start:])

    @property
    def template(self):
        """The path of the template, whichever its format."""
        return next(self.folder.glob("template.*"))

    @property
    def stack_set(self):
        """The path of the template of the stack set around it, or None."""
        return next(self.folder.glob("stack-set.*"), None)


def compile_manifests(suite, spotc, titled, folder):
    """Compiles (title, manifest)s in one run. That it succeeds is a result; the list is empty where
    it does not."""
    (folder / "in").mkdir()
    paths = [folder / "in" / f"{number}.yaml" for number in range(len(titled))]
    for path, (_, manifest) in zip(paths, titled):
        path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    done = subprocess.run([spotc, "compile", "-v", *map(str, paths), "-o", str(folder / "out")],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True,
                          encoding="utf-8", timeout=300)
    suite.check("all compile", done.returncode and f"exit status {done.returncode}",
                "\n".join(line for line in done.stderr.splitlines() if ": error: " in line))
    if done.returncode != 0:
        return []
    return [Compiled(title, entry, folder / "out", done.stdout) for title, manifest in titled
            for entry in entries(manifest)]


def compile_variants(suite, spotc, count, seed, folder):
    return compile_manifests(suite, spotc, list(variants(spotc, count, seed)), folder)
