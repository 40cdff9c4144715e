#!/usr/bin/env python3
"""tests/lint/check_tables.py: what lint knows of trust policies is in AWS's own lists.

Actions and condition keys of the tables in schema/iam that lint alone reads must be in the
catalogue, and every row must say its source.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

IAM = ROOT / "schema/iam"
KINDS = {"AWS", "Service", "SAML", "OIDC"}
SAYS = {"organization", "caller", "human", "network", "external-id", "source", "aws-service"}
OWNERS = {"", "whole", "arn", "path", "id"}
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com")
CLAIM = {"aud", "sub", "app_id"}


def rows_of(name):
    lines = [line for line in (IAM / name).read_text().splitlines() if not line.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"))) for line in lines[1:]]


def known_actions():
    return {f"{row['service']}:{row['action']}" for row in rows_of("catalogue/actions.tsv")}


def known_keys():
    catalogue = {row["service"] + row["key"] if row["key"].startswith(":") else row["key"]
                 for row in rows_of("catalogue/keys.tsv")}
    return catalogue | {row["key"] for row in rows_of("global-keys.tsv")}


def check_table(suite, name, column, is_right):
    rows = rows_of(name)
    values = [row[column] for row in rows]
    wrong = [value for row, value in zip(rows, values)
             if not is_right(row) or not row["source"] or values.count(value) > 1]
    suite.check(f"schema/iam/{name}", ", ".join(wrong) if rows else "it is empty")


def main():
    suite = Suite()
    actions, keys = known_actions(), known_keys()
    check_table(suite, "trust-actions.tsv", "action", lambda row: row["action"] in actions
                and set(row["principals"].split(",")) <= KINDS and row["session"] in ("yes", "no"))
    check_table(suite, "trust-conditions.tsv", "key",
                lambda row: row["key"] in keys and row["says"] in SAYS
                and row["owner"] in OWNERS)
    check_table(suite, "escalation-conditions.tsv", "key", lambda row: row["key"] in keys)
    check_table(suite, "service-principals.tsv", "principal",
                lambda row: SERVICE.fullmatch(row["principal"]) and row["trust_source"] == "yes"
                and set(filter(None, row["actions"].split(","))) <= actions)
    check_table(suite, "identity-providers.tsv", "provider",
                lambda row: row["built_in"] in ("yes", "no") and row["subject"] in CLAIM)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
