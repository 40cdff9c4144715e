"""What statements mean, action by action.

Patterns are expanded over the tables of schema/iam/catalogue, read here as text: none of spotc's
own code or tables takes part. A set of actions is a number with one bit an action.
"""

import functools
import json
import re

from bundles import ROOT


def read_actions():
    lines = (ROOT / "schema/iam/catalogue/actions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]
    return [f"{row[0]}:{row[1]}".lower() for row in rows]


ACTIONS = read_actions()


def matcher(pattern):
    """Matches what a pattern of IAM stands for; of patterns, those that it surely covers."""
    parts = (".*" if c == "*" else "[^*]" if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL).fullmatch


@functools.cache
def expand(pattern):
    """The actions of the catalogue that a pattern of IAM stands for."""
    match = matcher(pattern.lower())
    return sum(1 << number for number, action in enumerate(ACTIONS) if match(action))


def names(actions):
    return [action for number, action in enumerate(ACTIONS) if actions >> number & 1]


def as_list(value):
    return value if isinstance(value, list) else [value]


def canonical(conditions):
    return json.dumps({operator: {key: sorted(as_list(value)) for key, value in keys.items()}
                       for operator, keys in (conditions or {}).items()}, sort_keys=True)


@functools.cache
def is_wider(wide, narrow):
    """Of two patterns that mean the same one is taken for the wider."""
    if wide == narrow or not matcher(wide)(narrow):
        return False
    return not matcher(narrow)(wide) or wide < narrow


def meaning(statements):
    """{(effect, resource, conditions): actions} of statements (effect, actions, resources,
    conditions), without actions that a wider resource of the same conditions has as well. So two
    ways to grant the same have one meaning, however they are cut into statements."""
    classes = {}
    for effect, patterns, resources, conditions in statements:
        actions = functools.reduce(int.__or__, map(expand, patterns), 0)
        for resource in resources:
            key = effect, resource, canonical(conditions)
            classes[key] = classes.get(key, 0) | actions
    meant = {key: actions & ~wider(classes, key) for key, actions in classes.items()}
    return {key: actions for key, actions in meant.items() if actions}


def wider(classes, key):
    """The actions that classes of a wider resource have."""
    effect, resource, conditions = key
    wide = (actions for (other_effect, other, other_conditions), actions in classes.items()
            if (other_effect, other_conditions) == (effect, conditions)
            and is_wider(other, resource))
    return functools.reduce(int.__or__, wide, 0)


def difference(wanted, granted):
    """What is wrong in words, or nothing."""
    words = []
    for key in sorted(wanted.keys() | granted.keys()):
        want, have = wanted.get(key, 0), granted.get(key, 0)
        for what, actions in (("too few", want & ~have), ("too many", have & ~want)):
            if actions:
                words.append(f"{what} on {' '.join(key)}: {', '.join(names(actions)[:3])}")
    return "; ".join(words[:5])


def statements_of(folder, role):
    """The statements of a role in a folder that spotc wrote."""
    return [(s["Effect"], as_list(s["Action"]), as_list(s["Resource"]), s.get("Condition", {}))
            for path in sorted(folder.glob(f"{role}-policy*.json"))
            for s in json.loads(path.read_text(encoding="utf-8"))["Statement"]]
