#!/usr/bin/env python3
"""tests/catalogue/check_reference.py SPOTC: the catalogue against AWS's own word.

cfn-lint carries a copy of AWS's Service Reference. Where that version of it is installed which
overlay.tsv names, every action of the copy must be in the tables with every resource type that the
copy gives it, but for those actions of which the comment of overlay.tsv says that AWS has changed
its pages since; of no others may it say so. ARNs are compared as far as the copy has them: up to
the first variable of their last part. Elsewhere this is skipped.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

TABLES = ROOT / "schema/iam/catalogue"
VERSION = "1.51.0"
# Servers for agents, of which AWS has no page.
WITHOUT_PAGE = {"sagemaker-unified-studio-mcp"}
# Resource types that AWS has since dropped, renamed, or given an ARN with any account.
CHANGED = {("sts", "user"), ("workspaces", "workspacespoolid"), ("braket", "device")}


def read_copy():
    """The copy, or why it is not there."""
    try:
        import cfnlint
        from cfnlint.version import __version__ as version
    except ImportError:
        return None, "this Python has no cfnlint"
    if version != VERSION:
        return None, f"this is cfn-lint {version}, not {VERSION}"
    path = Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json"
    return json.loads(path.read_text(encoding="utf-8")), ""


def rows_of(name):
    lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if not line.startswith("#")]


def types_of(cell):
    groups = (group.split("=")[0] for group in cell.split(";"))
    return {used.rstrip("!").lower() for group in groups for used in group.split(",") if used}


def explained():
    """{service: actions} of which the comment of overlay.tsv says why they have no row."""
    text = (TABLES / "overlay.tsv").read_text(encoding="utf-8")
    comment = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    listed = comment.partition("35 have no row")[2].partition("Access levels")[0]
    entries = re.split(r"([a-z0-9]+), \d+ ?(?=[(:])", listed)[1:]
    return {service: set(re.findall(r"\b[A-Z][A-Za-z]+\b", actions))
            for service, actions in zip(entries[::2], entries[1::2])}


def compare(copy):
    """The actions that the tables lack, and {(service, action): resource types that they lack}."""
    tables = {(row[0], row[1].lower()): (row[1], types_of(row[3])) for row in rows_of("actions")}
    lost, fewer = [], {}
    for service, content in copy.items():
        for action, given in content["Actions"].items():
            if (service, action) not in tables:
                lost.append((service, action))
                continue
            name, types = tables[service, action]
            if missing := {used.lower() for used in given.get("Resources", [])} - types:
                fewer[service, name] = missing
    return lost, fewer


def shortened(arn):
    """An ARN's form as the copy has it, its variables without their names."""
    head, last = arn.split(":", 5)[:5], arn.split(":", 5)[5]
    separator = next((c for c in ":/" if c in last), ":")
    parts = last.split(separator)
    first = next((number for number, part in enumerate(parts) if "${" in part), len(parts))
    parts = parts[:first] + [".*"] * (first < len(parts))
    return re.sub(r"\$\{[^}]*\}", "#", ":".join(head + [separator.join(parts)])).lower()


def compare_arns(copy):
    """The (service, resource type) whose forms of ARNs the tables have otherwise, or not at all."""
    tables = {(row[0], row[1].lower()): {shortened(arn) for arn in row[2].split(",")}
              for row in rows_of("resources")}
    return {(service, name) for service, content in copy.items()
            for name, given in content["Resources"].items()
            if tables.get((service, name)) != set(map(shortened, given["ARNFormats"]))}


def main():
    suite = Suite()
    copy, reason = read_copy()
    if copy is None:
        suite.skip("AWS's Service Reference", reason)
        return suite.finish()
    lost, fewer = compare(copy)
    told = {(service, name) for service, words in explained().items() for name in words}
    unknown = [":".join(action) for action in lost if action[0] not in WITHOUT_PAGE]
    suite.check("every action is there", " ".join(unknown[:9]))
    suite.check("every action has its resource types, or it is said why not",
                "; ".join(f"{':'.join(action)} lacks {', '.join(sorted(fewer[action]))}"
                          for action in sorted(fewer.keys() - told)[:9]))
    actions = {(row[0], row[1]) for row in rows_of("actions")}
    idle = sorted(":".join(action) for action in told & actions - fewer.keys())
    suite.check("nothing is said of others", " ".join(idle))
    others = sorted(map(": ".join, compare_arns(copy) ^ CHANGED))
    suite.check("every resource type has its ARNs", "; ".join(others[:9]))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
