#!/usr/bin/env python3
"""tests/policies/check_moves.py SPOTC [--record]: how much moves where one integration is added?

A policy that is split over files should change little when a selection does: each statement that
moves to another file is a change that somebody must review, and two policies that are written to
the account. Each integration is added by itself to each preset and to a hundred selections, the
same ones on every run; a statement moves where it is in one file before and in another after. The
sums stand in moves.json and may not rise. --record writes them there.
"""

import copy
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import pick_all
from manifests import (BUILT_IN, compile_all, complete, presets, random_manifests,
                       scratch_folder)
from suite import Suite

SELECTIONS, SEED = 100, 6144
RECORD = Path(__file__).resolve().parent / "moves.json"


def bases():
    """What integrations are added to, by kind."""
    return {"presets": [m for m in presets() if m["partition"] == "commercial"],
            "selections": list(random_manifests(SELECTIONS, SEED, ("commercial",)))}


def can_be_added(manifest, product, integration):
    pick = pick_all(BUILT_IN, manifest).get(product)
    exclusive = BUILT_IN["product"][product].get("choose_one", {}).get("integrations", [])
    if pick is None:
        return True
    return integration not in pick.integrations and not (
        integration in exclusive and pick.integrations.intersection(exclusive))


def with_integration(manifest, product, integration):
    more = copy.deepcopy(manifest)
    more["name"] += f"-{product}-{integration}"
    entry = more.setdefault("products", {}).setdefault(product, {})
    if entry.get("integrations") == "all":
        entry["integrations"] = [name for name, part in
                                 BUILT_IN["product"][product]["integrations"].items()
                                 if part.get("all")]
    entry["integrations"] = entry.get("integrations", []) + [integration]
    if "permissions" not in manifest and "products" not in manifest:
        more["permissions"] = "default"
    return complete(more)


def variants(manifest):
    for product in BUILT_IN.offered():
        for integration in BUILT_IN["product"][product].get("integrations", {}):
            if can_be_added(manifest, product, integration):
                yield with_integration(manifest, product, integration)


def files_of_statements(folder):
    """The file of each statement, known by its role and all of it but its Sid."""
    files = {}
    for path in folder.glob("*-policy*.json"):
        role, _, kind = path.name.partition("-")
        if kind == "trust-policy.json":
            continue
        for statement in json.loads(path.read_text(encoding="utf-8"))["Statement"]:
            statement.pop("Sid", None)
            files[role, json.dumps(statement, sort_keys=True)] = path.name
    return files


def count_moves(spotc, manifests, folder):
    """Returns how many statements moved, of how many that stayed in the selection."""
    folder.mkdir()
    families = [[manifest, *variants(manifest)] for manifest in manifests]
    folders, done = compile_all(spotc, [m for family in families for m in family], folder, "-q")
    if done.returncode != 0:
        raise SystemExit(f"spotc ends with {done.returncode}\n{done.stderr}")
    moved = stayed = 0
    for base, *added in families:
        before = files_of_statements(folders[base["name"]])
        for manifest in added:
            after = files_of_statements(folders[manifest["name"]])
            both = before.keys() & after.keys()
            stayed += len(both)
            moved += sum(before[statement] != after[statement] for statement in both)
    return {"moved": moved, "of": stayed}


def judge(count, recorded):
    """What is wrong with a count; nothing where it is the recorded one."""
    if recorded is None or count["of"] != recorded["of"]:
        return f"other statements were counted: {count}, recorded {recorded}; review and --record"
    if count["moved"] > recorded["moved"]:
        return f"{count['moved']} statements move, up from {recorded['moved']}"
    if count["moved"] < recorded["moved"]:
        return f"only {count['moved']} statements move, down from {recorded['moved']}: --record it"
    return None


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    with scratch_folder() as folder:
        counts = {kind: count_moves(spotc, manifests, Path(folder) / kind)
                  for kind, manifests in bases().items()}
    if "--record" in sys.argv[2:]:
        RECORD.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    recorded = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    for kind, count in counts.items():
        print(f"{kind}: {count['moved']} of {count['of']} statements move")
        suite.check(f"an integration added to {kind}", judge(count, recorded.get(kind)))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
