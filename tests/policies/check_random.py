#!/usr/bin/env python3
"""tests/policies/check_random.py SPOTC: do the policies grant exactly the union of what was chosen?

The default policy in each partition, every manifest of tests/published, and random selections of
products, integrations, presets and partitions are compiled, in each layout and with each way of
wildcards that the manifest's schema knows. What was chosen is worked out by tests/policies/
bundles.py from the bundles, what was written is read from the files, and both are expanded action
by action by tests/policies/catalogue.py: they must mean the same for each role, and nothing may be
granted beyond it. (tests/policies/check_expansion.py looks at the patterns and the form.)

So that this suite cannot pass blindly, each compiled policy is also judged with one action,
resource, condition or effect changed, and that must be noticed.
"""

import functools
import itertools
import json
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import PARTITIONS, ROOT, Expected, Library, read_documents
from catalogue import ACTIONS, difference, expand, meaning, names, statements_of
from manifests import complete, compile_all, manifest_of, random_manifests, scratch_folder
from suite import Suite

RANDOM, SEED = 500, 20260917
BUILT_IN = Library(ROOT / "bundles")


def forms(spotc):
    """Every combination of `layout` and `wildcards` that this spotc has."""
    done = subprocess.run([spotc, "schema", "manifest"], capture_output=True, text=True, check=True)
    known = json.loads(done.stdout)["properties"]
    keys = [key for key in ("layout", "wildcards") if key in known]
    for values in itertools.product(*(known[key]["enum"] for key in keys)):
        yield dict(zip(keys, values))


def with_forms(manifests, every_form):
    """Each manifest in each form."""
    for manifest in manifests:
        for number, form in enumerate(every_form):
            yield {**manifest, **form, "name": f"{manifest['name']}-{number}"}


def defaults():
    for partition in PARTITIONS:
        yield complete(manifest_of(f"default-{partition}", partition))


def published():
    """The manifests of tests/published, each named after its folder, in as much as fits."""
    for path in sorted(ROOT.glob("tests/published/*/manifest.yaml")):
        manifest, = read_documents(path)
        name = path.parent.name.lower().replace("spot-iam-finopsrole-stack-", "")
        yield {**manifest, "name": name.replace("full-permissions", "full")}


def selections(every_form):
    """Random ones, the forms in turn."""
    turns = itertools.cycle(every_form)
    for manifest in random_manifests(RANDOM, SEED):
        yield {**manifest, **next(turns)}


# --- judging ------------------------------------------------------------------------------------

def chosen(role):
    """The statements that the bundles give a role."""
    return [(granted.effect, granted.actions, granted.resources, granted.conditions)
            for granted in role.granted]


def judge(expected, statements):
    """What is wrong with {role: statements}, in words, or nothing."""
    problems = [difference(meaning(chosen(role)), meaning(statements[name]))
                for name, role in expected.roles.items()]
    return "; ".join(filter(None, problems))


def needed(dice, statements):
    """A statement without which less is granted, and the others."""
    for number in dice.sample(range(len(statements)), len(statements)):
        rest = statements[:number] + statements[number + 1:]
        if meaning(rest) != meaning(statements):
            return statements[number], rest
    raise AssertionError("no statement is needed")


def without_one(dice, statements):
    """A statement loses one of the actions that it alone grants, which its patterns then spell."""
    (effect, patterns, resources, conditions), rest = needed(dice, statements)
    actions = {action for pattern in patterns for action in names(expand(pattern))}
    for lost in dice.sample(sorted(actions), len(actions)):
        fewer = [(effect, sorted(actions - {lost}), resources, conditions)] + rest
        if meaning(fewer) != meaning(statements):
            return fewer
    raise AssertionError("no action is granted by one statement alone")


def with_one(dice, statements):
    """A statement gains an action that none has."""
    (effect, patterns, resources, conditions), rest = needed(dice, statements)
    all_patterns = [pattern for _, patterns, _, _ in statements for pattern in patterns]
    granted = functools.reduce(int.__or__, map(expand, all_patterns))
    others = [action for number, action in enumerate(ACTIONS) if not granted >> number & 1]
    return [(effect, [*patterns, dice.choice(others)], resources, conditions)] + rest


def changed(dice, statements, part):
    """A statement has another effect, resource or condition."""
    (effect, patterns, resources, conditions), rest = needed(dice, statements)
    other = {"effect": ("Deny" if effect == "Allow" else "Allow", patterns, resources, conditions),
             "resource": (effect, patterns, [f"{resources[0]}-{dice.randrange(99)}"], conditions),
             "condition": (effect, patterns, resources,
                           {**conditions, "Bool": {"aws:SecureTransport": "true"}})}
    return [other[part]] + rest


CHANGES = {"one action less": without_one, "one action more": with_one,
           "another effect": lambda dice, s: changed(dice, s, "effect"),
           "another resource": lambda dice, s: changed(dice, s, "resource"),
           "another condition": lambda dice, s: changed(dice, s, "condition")}


def unnoticed(dice, expected, statements, change):
    """What is wrong where a change of one role's statements is not noticed, or nothing."""
    name = dice.choice(sorted(name for name in statements if statements[name]))
    mutated = {**statements, name: CHANGES[change](dice, statements[name])}
    return "" if judge(expected, mutated) else f"{change} is not noticed"


# --- the suite ----------------------------------------------------------------------------------

def check(manifest, folder, dice, change):
    expected = Expected(BUILT_IN, manifest)
    statements = {name: statements_of(folder, name) for name in expected.roles}
    written = {path.name.split("-policy")[0] for path in folder.glob("*-policy*.json")
               if "trust" not in path.name}
    if written != {name for name, role in expected.roles.items() if role.granted}:
        return f"policies of {written}"
    problem = judge(expected, statements)
    if problem or not any(statements.values()):
        return problem
    return unnoticed(dice, expected, statements, change)


def run(suite, spotc, title, manifests, folder):
    """Compiles manifests in one go, and judges each."""
    folder.mkdir()
    folders, done = compile_all(spotc, manifests, folder, "-q")
    suite.check(f"{title}: all {len(manifests)} compile",
                done.returncode and f"status {done.returncode}", done.stderr[:2000])
    dice, changes = random.Random(SEED), itertools.cycle(CHANGES)
    for manifest in manifests:
        problem = check(manifest, folders[manifest["name"]], dice, next(changes))
        suite.check(f"{title}: {manifest['name']}", problem, json.dumps(manifest))


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    every_form = list(forms(spotc))
    groups = {"default": with_forms(defaults(), every_form),
              "published": with_forms(published(), every_form),
              "random": selections(every_form)}
    with scratch_folder() as folder:
        for title, manifests in groups.items():
            run(suite, spotc, title, list(manifests), Path(folder) / title)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
