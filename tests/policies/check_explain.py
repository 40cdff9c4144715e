#!/usr/bin/env python3
"""tests/policies/check_explain.py SPOTC: does explain say what the policies say?

For every manifest of tests/published and for random selections, `explain MANIFEST '*'` must list
just the actions that the written policies are about, each with the verdict that follows from them
where nothing is known of the resource and the conditions; and of some of them each statement must
name the lines of bundles that gave it. And `--without` each product or
integration that is chosen by name must lose just what the bundles then no longer grant. Both are
worked out here from the files and the bundles, action by action, by none of spotc's own code.
"""

import concurrent.futures
import copy
import itertools
import json
import random
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import ROOT, Expected, Library, read_documents
from catalogue import ACTIONS, canonical, difference, expand, is_wider, meaning, names, statements_of
from manifests import compile_all, random_manifests, scratch_folder
from suite import Suite

RANDOM, SEED, SAMPLE = 16, 20261123, 3
FORMS = ({}, {"layout": "compact"}, {"wildcards": "exact"},
         {"layout": "compact", "wildcards": "exact"})
PLACE = re.compile(r"<built-in>/(bundles/[\w/-]+\.yaml):(\d+):\d+")
BUILT_IN = Library(ROOT / "bundles")


def actions_with_resources():
    """The actions that can be limited to resources; the others are asked about "*"."""
    lines = (ROOT / "schema/iam/catalogue/actions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]
    return sum(1 << number for number, row in enumerate(rows) if len(row) > 3 and row[3])


LIMITED = actions_with_resources()


def explain(spotc, path, *words):
    """What explain answers as JSON; its exit status."""
    done = subprocess.run([spotc, "explain", str(path), *words, "--format", "json"],
                          capture_output=True, text=True, check=False, timeout=60)
    return json.loads(done.stdout), done.returncode


# --- verdicts ------------------------------------------------------------------------------------

def verdicts(statements):
    """{verdict: actions} of Allow statements."""
    about = sure = maybe = 0
    for effect, patterns, resources, conditions in statements:
        assert effect == "Allow"
        actions = 0
        for pattern in patterns:
            actions |= expand(pattern)
        about |= actions
        if "*" not in resources:
            maybe |= actions & LIMITED
        elif conditions:
            maybe |= actions
        else:
            sure |= actions
    maybe &= ~sure
    return {"allowed": sure, "depends": maybe, "denied": about & ~sure & ~maybe}


def number_of(actions):
    wanted = {action.lower() for action in actions}
    return sum(1 << number for number, action in enumerate(ACTIONS) if action in wanted)


def judge_verdicts(spotc, path, role, statements):
    answer, status = explain(spotc, path, "*", "--role", role)
    wanted, problems = verdicts(statements), []
    for verdict, actions in wanted.items():
        said = number_of(a["action"] for a in answer["actions"] if a["verdict"] == verdict)
        if said != actions:
            problems.append(f"{verdict}: {names(said ^ actions)[:3]}")
    if answer["matches"] != len(ACTIONS):
        problems.append(f"it matches {answer['matches']}")
    if status != (0 if wanted["allowed"] | wanted["depends"] else 1):
        problems.append(f"status {status}")
    return "; ".join(problems)


# --- sources -------------------------------------------------------------------------------------

def given_at(place):
    """What stands on a bundle's line."""
    file, line = PLACE.fullmatch(place).groups()
    return (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip(" -[],")


def judge_sources(spotc, path, role, action):
    answer, _ = explain(spotc, path, action, "--role", role)
    problems = []
    for statement in answer["statements"]:
        lines = [given_at(source["given"]) for source in statement["sources"]]
        if not lines:
            problems.append(f"{statement['sid']} has no source")
        problems += [f"'{line}' gives {action}" for line in lines
                     if not expand(line.strip('"')) & number_of([action])]
    return "; ".join(problems)


# --- what would go -------------------------------------------------------------------------------

def parts(manifest):
    """Each product and integration that is chosen by name, and the manifest without it."""
    for product, entry in manifest["products"].items():
        rest = copy.deepcopy(manifest)
        del rest["products"][product]
        yield product, rest
        chosen = (entry or {}).get("integrations", [])
        for integration in chosen if isinstance(chosen, list) else []:
            rest = copy.deepcopy(manifest)
            rest["products"][product]["integrations"].remove(integration)
            yield f"{product}/{integration}", rest


def granted(manifest, role):
    """The statements that a manifest's bundles give a role."""
    if not manifest["products"]:
        return []
    found = Expected(BUILT_IN, manifest).roles.get(role)
    return [(g.effect, g.actions, g.resources, g.conditions) for g in found.granted] if found else []


def lost(before, after):
    """{(effect, resource, conditions): actions} of the one that the other does not grant."""
    left, gone = meaning(after), {}
    for (effect, resource, conditions), actions in meaning(before).items():
        for (other_effect, other, other_conditions), kept in left.items():
            if (other_effect == effect and other_conditions in (conditions, canonical({}))
                    and (other == resource or is_wider(other, resource))):
                actions &= ~kept
        if actions:
            gone[effect, resource, conditions] = actions
    return gone


def conditions_of(answered):
    conditions = {}
    for condition in answered:
        conditions.setdefault(condition["operator"], {})[condition["key"]] = condition["values"]
    return conditions


def judge_loss(spotc, path, manifest, part, rest):
    role = BUILT_IN["product"][part.split("/")[0]]["role"]
    answer, status = explain(spotc, path, "--without", part)
    said = [("Allow", group["actions"], [group["resource"]], conditions_of(group["conditions"]))
            for group in answer["lost"]]
    problems = [difference(lost(granted(manifest, role), granted(rest, role)), meaning(said))]
    problems += [f"status {status}"] if status else []
    problems += [] if answer.get("chosen") else ["it is not called chosen"]
    return "; ".join(filter(None, problems))


# --- the suite -----------------------------------------------------------------------------------

def published():
    for path in sorted(ROOT.glob("tests/published/*/manifest.yaml")):
        manifest, = read_documents(path)
        yield {**manifest, "name": path.parent.name.lower().replace("spot-iam-finopsrole-stack-", "")
               .replace("full-permissions", "full")}


def questions(spotc, manifest, folder, path):
    """(name, what answers it) of all that is asked of one manifest."""
    for role in Expected(BUILT_IN, manifest).roles:
        statements = statements_of(folder, role)
        if statements:
            yield f"role {role}", lambda r=role, s=statements: judge_verdicts(spotc, path, r, s)
            about = [name for actions in verdicts(statements).values() for name in names(actions)]
            for action in random.Random(SEED).sample(about, SAMPLE):
                yield f"sources of {action}", lambda r=role, a=action: judge_sources(
                    spotc, path, r, a)
    if "permissions" not in manifest and manifest.get("products"):
        for part, rest in parts(manifest):
            yield f"without {part}", lambda p=part, r=rest: judge_loss(spotc, path, manifest, p, r)


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    manifests = [{**manifest, **form} for manifest, form in zip(
        itertools.chain(published(), random_manifests(RANDOM, SEED)), itertools.cycle(FORMS))]
    with scratch_folder() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        folders, done = compile_all(spotc, manifests, Path(folder), "-q")
        suite.check("all compile", done.returncode and f"status {done.returncode}",
                    done.stderr[:2000])
        asked = [(f"{m['name']}: {name}", pool.submit(judge)) for m in manifests
                 for name, judge in questions(spotc, m, folders[m["name"]],
                                              Path(folder) / "in" / f"{m['name']}.yaml")]
        for name, answer in asked:
            suite.check(name, answer.result())
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
