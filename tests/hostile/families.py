#!/usr/bin/env python3
"""tests/hostile/families.py [FAMILY SIZE FOLDER]: inputs that are made to break spotc.

A family is a row of FAMILIES: how to run spotc, files that grow with a size, the size at which the
suites measure it in full, and what spotc must say of it. Without arguments the families are listed;
else the files are written to FOLDER. Everything is deterministic. tests/hostile/check_hostile.py
runs each at its full size, check_complexity.py counts instructions at small ones.

Files are made by this program and not by the suites, because Linux counts towards the peak memory
of a new program what its parent had in memory.
"""

import json
import math
import sys

import characters
import folders
import names
import texts
from family import (CHECK, COMPILE, DIFF, DIFF_TEMPLATE, EXPLAIN, FAMILIES, LINT, LINT_MANIFEST,
                    LINT_TEMPLATE, MANIFEST, OCEAN, SCHEMA, STATEMENTS, TRUST, USER_BUNDLE, acme,
                    allow, family, fleet_of, lines, managed, one, policy, stack, write)

# --- manifests: YAML ----------------------------------------------------------------------------

@family(CHECK, 40, 40, says=["too-many-nodes"])
def alias_bomb(size):
    levels = lines(size, "a{i}: &a{i} [*b{i}, *b{i}, *b{i}, *b{i}, *b{i}, *b{i}, *b{i}, *b{i}]\n")
    for i in range(size):
        levels = levels.replace(f"*b{i},", f"*a{i - 1}," if i else "x,")
        levels = levels.replace(f"*b{i}]", f"*a{i - 1}]" if i else "x]")
    return {"manifest.yaml": OCEAN + levels}


@family(CHECK, 190_000, 2_000, says=["unknown-key"])
def aliases_of_one(size):
    return {"manifest.yaml": OCEAN + "x: [&a a" + ", *a" * size + "]\n"}


@family(CHECK, 90_000, 1_000, says=["unknown-key"])
def anchors(size):
    return {"manifest.yaml": OCEAN + "x:\n" + lines(size, "- &a{i} a\n- *a{i}\n")}


@family(CHECK, 1_000_000, 20_000, says=["too-deep"])
def deep_flow(size):
    return {"manifest.yaml": "[" * size + "]" * size}


@family(CHECK, 700_000, 20_000, says=["too-deep"])
def deep_flow_unclosed(size):
    return {"manifest.yaml": "a: " + "{b: [" * size}


@family(CHECK, 2_000, 200, says=["too-deep"])
def deep_block(size):
    return {"manifest.yaml": "".join(" " * i + "a:\n" for i in range(size))}


@family(CHECK, 1_000_000, 20_000, says=["too-deep"])
def deep_dashes(size):
    return {"manifest.yaml": "- " * size + "a\n"}


@family(CHECK, 300_000, 2_000, says=["too-many-nodes"])
def million_keys(size):
    return {"manifest.yaml": lines(size, "k{i}: 1\n")}


@family(CHECK, 95_000, 2_000, says={"unknown-key": 20})
def unknown_keys(size):
    return {"manifest.yaml": OCEAN + lines(size, "k{i}: 1\n")}


@family(CHECK, 95_000, 2_000, says=["too-many-nodes"])
def million_items(size):
    return {"manifest.yaml": OCEAN + "bundles:\n" + lines(size, "- {{a: {i}}}\n")}


@family(CHECK, 45_000, 1_000, says=["duplicate-key"])
def same_keys(size):
    return {"manifest.yaml": OCEAN + lines(size, "k{i}: 1\n") + "k0: 2\n"}


@family(CHECK, 130_000, 2_000, says=["duplicate-key"] * 20)
def question_marks(size):
    return {"manifest.yaml": "? a\n" * size}


@family(CHECK, 4_000_000, 50_000, says=["invalid-value"])
def long_scalar(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "a" * size)}


@family(CHECK, 4_000_000, 50_000, says=["invalid-value"])
def long_quoted_scalar(size):
    return {"manifest.yaml": OCEAN.replace("hostile", '"' + "\\x41" * (size // 4) + '"')}


@family(CHECK, 4_000_000, 50_000, says=["invalid-value"])
def long_block_scalar(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "|\n" + "  a\n" * (size // 4))}


@family(CHECK, 4_000_000, 50_000, says=["syntax"])
def long_key(size):
    return {"manifest.yaml": OCEAN + '"' + "k" * size + '": 1\n'}


@family(CHECK, 2_000_000, 50_000, says=["unknown-key"])
def long_anchor(size):
    return {"manifest.yaml": OCEAN + "x: &" + "a" * size + " 1\n"}


@family(CHECK, 2_000_000, 50_000, says=["unknown-tag"])
def long_tag(size):
    return {"manifest.yaml": OCEAN + "x: !" + "a" * size + " 1\n"}


@family(CHECK, 4_000_000, 50_000)
def long_comment(size):
    return {"manifest.yaml": OCEAN + "# " + "a" * size + "\n"}


@family(CHECK, 2_000_000, 50_000)
def blank_lines(size):
    return {"manifest.yaml": OCEAN + "\n" * size}


@family(CHECK, 2_000_000, 50_000, says=["unknown-key"])
def spaces(size):
    return {"manifest.yaml": OCEAN + "x:" + " " * size + "1\n"}


@family(CHECK, folders.HUGE, folders.HUGE_SMALL, says=["too-large"])
def hundred_megabytes(size):
    return {"manifest.yaml": size}


@family(LINT, folders.HUGE, folders.HUGE_SMALL, says=["too-large"])
def hundred_megabytes_json(size):
    return {"policy.json": size}


@family(["check", "-"], folders.HUGE, folders.HUGE_SMALL, says=["too-large"])
def hundred_megabytes_stdin(size):
    return {"stdin": size}


@family(CHECK, 4_000_000, 50_000, says=["invalid-character"])
def nul_at_the_end(size):
    return {"manifest.yaml": OCEAN + "# " + "a" * size + "\0"}


@family(CHECK, 4 * 1024 * 1024, 100_000, says=["invalid-character"])
def all_nul(size):
    return {"manifest.yaml": size}


@family(CHECK, 50_000, 1_000, says=["duplicate-name"])
def same_names(size):
    return {"manifest.yaml": OCEAN + "---\n" + OCEAN + "# " + "x" * size}


@family(CHECK, 60_000, 1_000, says=["unknown-key"])
def huge_numbers(size):
    return {"manifest.yaml": OCEAN + "x: [" + "9" * size + ", 1e" + "9" * size + "]\n"}


@family(CHECK, 190_000, 2_000, says=["unknown-key"])
def many_numbers(size):
    return {"manifest.yaml": OCEAN + "x: [" + "1e9," * size + "1]\n"}


@family(CHECK, 1_300_000, 20_000, says={"empty-document": 20})
def many_documents(size):
    return {"manifest.yaml": "---\n" * (size // 4)}


@family(CHECK, 5_000, 50)
def many_manifests(size):
    return {"manifest.yaml": "---\n".join(OCEAN.replace("hostile", f"m{i}") for i in range(size))}


@family(COMPILE, 300, 25)
def many_manifests_compiled(size):
    return {"manifest.yaml": "---\n".join(OCEAN.replace("hostile", f"m{i}") for i in range(size))}


@family(lambda size: ["check"] + [f"m{i}.yaml" for i in range(size)], 500, 25)
def many_files(size):
    return {f"m{i}.yaml": OCEAN.replace("hostile", f"m{i}") for i in range(size)}


@family(CHECK, 20_000, 500, says=["too-many-manifests"])
def too_many_manifests(size):
    return {"manifest.yaml": lines(size, "---\nm{i}\n")}


@family(CHECK, 5_000, 50, says={"missing-key": 7, "invalid-value": 7, "missing-external-id": 6})
def many_faulty_manifests(size):
    return {"manifest.yaml": "---\n".join("version: 1\nname: M\n" for _ in range(size))}


@family(CHECK, 5_000, 50)
def fleet(size):
    return {"manifest.yaml": fleet_of(size)}


@family(CHECK, 2_000, 50)
def fleet_of_much(size):
    tags = "roles: {spot: {tags: {" + lines(45, "k{i}: v, ") + "}}}\n"
    return {"manifest.yaml": fleet_of(size, tags)}


def restricted(shared):
    return (shared + "acknowledge: [{check: restriction-bypassed, reason: r}]\n"
            "restrict: {regions: [us-east-1, eu-west-1], vpcs: [vpc-0123456789abcdef0], "
            "spot_managed_only: true}\n")


@family(CHECK, 1_000, 50)
def fleet_restricted(size):
    return {"manifest.yaml": fleet_of(size, restricted("permissions: restricted-ocean\n"))}


@family(CHECK, 5_000, 20, says=["too-much-chosen"])
def fleet_restricted_in_full(size):
    return {"manifest.yaml": fleet_of(size, restricted("permissions: full\n"))}


def fleet_of_acme(accounts, body):
    """A fleet of a vendor's, each account with all of its bundle."""
    one = acme(USER_BUNDLE + body)
    shared = one["manifest.yaml"].replace('account: "123456789012"\n', "")
    shared = shared.replace("name: hostile\n", "")
    return {**one, "manifest.yaml": shared + "accounts:\n" + lines(
        accounts, '- {{name: m{i}, account: "1234{i:08}"}}\n')}


SQUARE = "accounts times statements; each for itself: fleet-of-few-statements, bundle-statements"


def fleet_with_statements(accounts, statements):
    return fleet_of_acme(accounts, "statements:\n" + lines(
        statements, "- {{sid: S{i}, actions: ['s3:Get*', 'ec2:Run*'], "
        "resources: ['arn:${{{{ partition }}}}:s3:::b{i}*']}}\n"))


@family(CHECK, 2_000, 50)
def fleet_of_few_statements(size):
    return fleet_with_statements(size, 20)


@family(CHECK, 4_000, says=["too-many-policies", "too-much-chosen"], fixed=SQUARE)
def fleet_of_statements(size):
    return fleet_with_statements(size // 2, size)


@family(CHECK, 5_000, says=["too-much-chosen"], fixed=SQUARE)
def fleet_of_patterns(size):
    patterns = ", ".join(f"'arn:${{{{ partition }}}}:s3:::*a{i}*b*'" for i in range(size // 14))
    return fleet_of_acme(
        size, f"statements:\n- {{sid: S, actions: ['s3:GetObject'], resources: [{patterns}]}}\n")


@family(LINT_MANIFEST, 4_500, 50)
def lint_fleet_in_full(size):
    return {"manifest.yaml": fleet_of(size, "permissions: full\n")}


@family(LINT_MANIFEST, 1_000, 50)
def lint_fleet_restricted(size):
    return {"manifest.yaml": fleet_of(size, restricted("permissions: restricted-ocean\n"))}


def fleet_of_different(size, statement):
    """No account is like the one before it, and what is found in them stands at the same places."""
    fleet = fleet_of_acme(size, "statements:\n" + lines(
        200, "- {{sid: S{i}, actions: ['s3:GetObject', 'ec2:RunInstances'], " + statement + "}}\n"))
    accounts = fleet["manifest.yaml"].split('"}\n')
    return {**fleet, "manifest.yaml": "".join(
        account + f'", roles: {{acme: {{external_id: id{i}}}}}}}\n'
        for i, account in enumerate(accounts[:-1]))}


@family(LINT_MANIFEST, 400, 50)
def lint_fleet_of_findings(size):
    return fleet_of_different(size, "resources: ['arn:${{{{ partition }}}}:s3:::b{i}*']")


@family(LINT_MANIFEST, 400, 50)
def lint_fleet_of_conditions(size):
    return fleet_of_different(
        size, "resources: ['*'], conditions: "
        "{{StringLike: {{'aws:PrincipalTag/t{i}': ['*a{i}*']}}}}")


@family(CHECK, 5_000, 50)
def bundle_of_parameters(size):
    return acme(USER_BUNDLE + "parameters:\n" + lines(
        2 * size, "  p{i}: {{summary: s, type: list, optional: true}}\n") + "statements:\n" + lines(
        size, "- {{sid: S{i}, actions: ['s3:GetObject'], resources: ['*']}}\n"))


@family(CHECK, 60_000, 1_000, says=["conflicting-keys"])
def fleet_of_nothing(size):
    return {"manifest.yaml": MANIFEST + "accounts: [" + "{}, " * size + "]\n"}


@family(CHECK, 20_000, 500, says=["invalid-value"])
def principals(size):
    return {"manifest.yaml": OCEAN + "roles:\n  spot:\n    principals:\n" +
            lines(size, '    - "arn:aws:iam::{i:012}:root"\n')}


@family(CHECK, 60_000, 1_000, says=["too-many-nodes"])
def acknowledgements(size):
    return {"manifest.yaml": OCEAN + "acknowledge:\n" +
            lines(size, "- {{check: customized-partition, reason: r, at: a{i}}}\n")}


@family(CHECK, 90_000, 1_000, says=["invalid-value"])
def tags(size):
    return {"manifest.yaml": OCEAN + "roles: {spot: {tags:\n {" + lines(size, "k{i}: v,\n ") +
            "}}}\n"}


@family(CHECK, 90_000, 1_000, says={"unknown-product": 20})
def products_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n" + lines(size, "  ocea{i}: {{}}\n")}


@family(CHECK, 90_000, 1_000, says={"unknown-integration": 20})
def integrations_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n  ocean:\n    integrations:\n" +
            lines(size, "    - ek{i}\n")}


@family(EXPLAIN, 90_000, 1_000, says={"unknown-product": 20})
def explain_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n" + lines(size, "  ocea{i}: {{}}\n")}


@family(CHECK, 100_000, 2_000, says=["too-many-nodes"])
def flow_pairs_unclosed(size):
    return {"manifest.yaml": "x: [" + "a: b, " * size}


# --- bundles ------------------------------------------------------------------------------------

@family(CHECK, 1, fixed="what the other families of bundles are made of")
def bundle_plain(size):
    return acme(USER_BUNDLE + STATEMENTS)


def with_pattern(pattern):
    return (USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: string, describes: p, "
            f"pattern: {json.dumps(pattern)}}}\n" + STATEMENTS)


@family(CHECK, 100_000, 1_000, says=["invalid-value"])
def bundle_pattern_explodes(size):
    return acme(with_pattern("^(a+)+$"), f"parameters: {{p: {'a' * size}!}}")


@family(CHECK, 1_000, 500, says=["invalid-value"])
def bundle_pattern_nested(size):
    return acme(with_pattern("(" * size + "a" + ")*" * size), "parameters: {p: aaaaaaaaaaaa!}")


@family(CHECK, 100_000, 1_000, says=["invalid-value"])
def bundle_pattern_long(size):
    return acme(with_pattern("a?" * size + "a" * size), f"parameters: {{p: {'a' * size}}}")


@family(CHECK, 100_000, 50_000, says=["invalid-value"])
def bundle_pattern_repeats(size):
    return acme(with_pattern("((a{1,1000}){1,1000}){1,1000}"), f"parameters: {{p: {'a' * size}}}")


@family(CHECK, 90_000, 1_000, says=["invalid-value"])
def bundle_actions(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
                lines(size, "  - s3:*a*b{i}*\n"))


@family(CHECK, 90_000, 1_000, says={"invalid-value": 2})
def bundle_known_actions(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
                lines(size, "  - s3:GetObject\n"))


@family(CHECK, 30_000, 300, says={"invalid-value": 20})
def bundle_resources(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources:\n" +
                lines(size, "  - 'arn:aws:s3:::*a*a*a*a*b{i}'\n"))


@family(CHECK, 15_000, 100, says=[])
def bundle_statements(size):
    return acme(USER_BUNDLE + "statements:\n" + lines(
        size, "- {{sid: A{i}, actions: [s3:GetObject], resources: ['*']}}\n"))


@family(CHECK, 1_900, 50)
def many_bundles(size):
    more = {f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}") +
            STATEMENTS for i in range(size)}
    return acme(USER_BUNDLE + STATEMENTS, more=more)


@family(CHECK, 300, 20, says=[])
def many_bundles_require(size):
    more = {f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}") +
            f"requires: [{', '.join(f'b{(i + k) % size}' for k in range(1, 20))}]\n" +
            STATEMENTS for i in range(size)}
    return acme(USER_BUNDLE + "requires: [b0]\n" + STATEMENTS, more=more)


@family(["lint", "bundle.yaml"], 90_000, 1_000, says=["invalid-value"])
def lint_bundle_actions(size):
    return {"bundle.yaml": USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
            lines(size, "  - s3:Get*a*b{i}*\n")}


@family(["list", "--bundles", "bundles"], 90_000, 1_000, says=["invalid-value"])
def list_bundle(size):
    return {"bundles/acme.yaml": USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n"
            "  actions:\n" + lines(size, "  - s3:Get*a*b{i}*\n"), "bundles/trust.yaml": TRUST}


# --- policies: JSON -------------------------------------------------------------------------------

def pair(text, change=("s3:", "ec2:")):
    return {"policy.json": text, "other.json": text.replace(*change)}


def both(full, small, lint=(), diff=(), status=None, diff_small=0):
    """A family of policies, for lint and for diff with one like it, and what each says; STATUS and
    DIFF_SMALL are diff's where they are not the usual ones."""
    def add(make):
        name = make.__name__.replace("_", "-")
        family(LINT, full, small, lint, name="lint-" + name)(make)
        family(DIFF, full, diff_small or small, diff, status, name="diff-" + name)(make)
    return add


@family(LINT, 1_000_000, 20_000, says=["too-deep"])
def json_deep(size):
    return {"policy.json": "[" * size}


@family(LINT, 190_000, 2_000, says=["duplicate-key"])
def json_duplicate(size):
    return {"policy.json": "{" + lines(size // 2, '"k{i}": 1,\n') + '"k0": 1}'}


@family(LINT, 1_000_000, 20_000, says=["too-many-nodes"])
def json_nodes(size):
    return {"policy.json": "[" + "1," * size + "1]"}


@family(LINT, 98_000, 2_000, says={"unknown-element": 20})
def json_keys(size):
    return {"policy.json": '{"Statement": [], ' + lines(size, '"k{i}": 1,\n') + '"k": 1}'}


@family(LINT, 4_000_000, 50_000, says=["no-such-action"])
def json_long_string(size):
    return {"policy.json": policy([allow("s3:" + "a" * size)])}


@family(LINT, 4_000_000, 50_000, says=["no-such-action"])
def json_escapes(size):
    return {"policy.json": policy([allow("s3:X")]).replace("X", "\\u0061" * (size // 6))}


@family(LINT, 4_000_000, 50_000, says=["syntax"])
def json_number(size):
    return {"policy.json": '{"Version": ' + "9" * size + ', "Statement": []}'}


@family(LINT, 190_000, 2_000, says={"missing-element": 20})
def json_empty_statements(size):
    return {"policy.json": '{"Version": "2012-10-17", "Statement": [' + "{}," * size + "{}]}"}


@family(LINT, 60_000, 1_000, says=["syntax"])
def json_cut(size):
    return {"policy.json": '{"Statement": [' + '{"Sid": "a"},' * size}


@both(6_600, 1_000)
def statements(size):
    return pair(policy([allow("s3:GetObject", Sid=f"s{i}") for i in range(size)]))


@both(6_600, 500)
def statements_apart(size):
    return pair(policy([allow("s3:GetObject", f"arn:aws:s3:::b{i}/*") for i in range(size)]))


@both(3_900, 500, {"malformed-condition-value": 20})
def statements_with_conditions(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        "aws:PrincipalOrgID": f"o-{i}"}}) for i in range(size)]))


@both(19_000, 2_000)
def actions_same(size):
    return pair(policy([allow(["s3:GetObject"] * size)]))


@both(19_000, 2_000, {"no-such-action": 20})
def actions_unknown(size):
    return pair(policy([allow([f"s3:a{i}" for i in range(size)])]))


@both(19_000, 2_000, {"no-such-action": 20})
def actions_unknown_service(size):
    return pair(policy([allow([f"s{i}:GetObject" for i in range(size)])]))


@both(19_000, 1_000, {"no-such-action": 20}, diff=["too-much-to-compare"])
def actions_stars(size):
    return pair(policy([allow([f"s3:*a*a*a*a*b{i}" for i in range(size)])]))


@both(19_000, 10, ["policy-too-costly"], diff=["too-much-to-compare"])
def actions_all(size):
    return pair(policy([allow([f"*{i}*e*e*e*e*" for i in range(size)])]))


@both(6_600, 5, ["policy-too-costly"], status=0, diff_small=500)
def actions_all_statements(size):
    return pair(policy([allow("*"), *[allow("*:*e*", f"arn:aws:s3:::{i}") for i in range(size)]]))


@both(2_000_000, 20_000, ["no-such-action"])
def action_long_pattern(size):
    return pair(policy([allow("s3:" + "*a" * (size // 2) + "b")]))


@both(19_000, 1_000, diff=["too-much-to-compare"])
def resources(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::b{i}/*" for i in range(size)])]))


@both(19_000, 1_000, diff=["too-much-to-compare"])
def resources_stars(size):
    return pair(policy([allow("s3:GetObject",
                              [f"arn:aws:s3:::*a*a*a*a*b{i}" for i in range(size)])]))


@both(2_000_000, 20_000)
def resource_long_pattern(size):
    return pair(policy([allow("s3:GetObject", ["arn:aws:s3:::" + "*a" * (size // 4) + "b",
                                               "arn:aws:s3:::" + "*aa" * (size // 6)])]))


@both(40_000, 1_000, ["too-many-entries"], ["too-many-entries"] * 2)
def resources_too_many(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::b{i}/*" for i in range(size)])]))


@both(1_000, 10)
def resources_long_patterns(size):
    return pair(policy([allow("s3:GetObject", ["arn:aws:s3:::" + "*a" * 900 + str(i)
                                               for i in range(size)])]))


@both(19_000, 1_000, {"no-such-action": 20}, diff=["too-much-to-compare"])
def not_actions(size):
    return pair(policy([{"Effect": "Allow", "NotAction": [f"s3:*a*{i}*" for i in range(size)],
                         "Resource": "*"}]))


@both(19_000, 1_000)
def not_resources(size):
    return pair(policy([{"Effect": "Allow", "Action": "s3:*", "NotResource": [
        f"arn:aws:s3:::*a*{i}" for i in range(size)]}]))


@both(6_600, 500)
def denies(size):
    return pair(policy([allow("*")] + [{"Effect": "Deny", "Action": "s3:*", "Resource":
                                        f"arn:aws:s3:::b{i}*"} for i in range(size)]))


@both(9_900, 1_000, {"key-not-of-action": 20})
def condition_keys(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        f"aws:RequestTag/k{i}": "v" for i in range(size)}})]))


@both(9_900, 1_000, {"unknown-condition-key": 20})
def condition_keys_unknown(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        f"aws:k{i}": "v" for i in range(size)}})]))


@both(9_900, 1_000, {"unknown-operator": 20})
def condition_operators(size):
    return pair(policy([allow("s3:GetObject", Condition={
        f"StringEqual{i}": {"aws:PrincipalOrgID": "v"} for i in range(size)})]))


@both(19_000, 1_000, {"condition-too-open": 20})
def condition_values(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringLike": {
        "aws:PrincipalOrgID": [f"*a*a*a*{i}" for i in range(size)]}})]))


@both(19_000, 1_000, ["private-source-address"])
def condition_addresses(size):
    return pair(policy([allow("s3:GetObject", Condition={"IpAddress": {
        "aws:SourceIp": [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}/32" for i in range(size)]}})]))


@both(19_000, 1_000)
def condition_numbers(size):
    return pair(policy([allow("s3:GetObject", Condition={"NumericLessThan": {
        "aws:MultiFactorAuthAge": ["9" * (i % 30) + str(i) for i in range(size)]}})]))


@both(19_000, 500, diff=["too-much-to-compare"])
def variables(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::${{aws:username}}{i}/${{aws:k{i}}}"
                                               for i in range(size)])]))


@both(400_000, 5_000, ["malformed-variable"])
def variables_in_one(size):
    return pair(policy([allow("s3:GetObject", "arn:aws:s3:::" + "${" * size)]))


@both(19_000, 1_000, diff=["too-much-to-compare"])
def trust_principals(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": [f"arn:aws:iam::{i:012}:root" for i in range(size)]}}]), ("root", "role/a"))


@both(19_000, 1_000, diff=["too-much-to-compare"])
def trust_services(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "Service": [f"ec{i}.amazonaws.com" for i in range(size)]}}]), ("amazonaws", "amazon"))


@both(9_900, 1_000, {"unknown-principal-kind": 10, "principal-wildcard": 10}, diff=["too-much-to-compare"])
def trust_kinds(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        f"AW{i}": "*" for i in range(size)}}]), ("AW", "A"))


@both(3_300, 300)
def trust_statements(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": f"arn:aws:iam::{i:012}:root"}, "Condition": {"StringEquals": {
            "sts:ExternalId": f"x{i}"}}} for i in range(size)]), ("root", "role/a"))


@both(2_800, 200, {"no-such-action": 14, "condition-too-open": 6})
def all_at_once(size):
    return pair(policy([allow(["s3:*a*a*b", f"ec2:*a{i}*"], [f"arn:aws:s3:::*a*{i}*", "*"],
                              Condition={"StringLike": {"aws:PrincipalOrgID": f"*a*{i}*"}})
                        for i in range(size)]))


@both(9_025, 400, {"no-such-action": 20}, diff=["too-much-to-compare"])
def square(size):
    side = math.isqrt(size)
    return pair(policy([allow([f"s3:*a*{i}*{k}" for k in range(side)],
                              [f"arn:aws:s3:::*a*{i}*{k}" for k in range(side)])
                        for i in range(side)]))


# --- what lint accepts ----------------------------------------------------------------------------

@family(["lint", "policy.json", "--config", "lint.yaml"], 28_000, 300, says={"no-such-action": 20})
def config_entries(size):
    return {"policy.json": policy([allow("s3:GetObjekt")] * 20), "lint.yaml": "acknowledge:\n" +
            lines(size, "- {{check: no-such-action, reason: r, statement: s{i}}}\n")}


@family(["lint", "policy.json", "--config", "lint.yaml"], 2_000, 100, says={"no-such-action": 20})
def config_square(size):
    return {"policy.json": policy([allow("s3:GetObjekt", Sid=f"a{i}") for i in range(size * 3)]),
            "lint.yaml": "acknowledge:\n" + lines(
                size, "- {{check: no-such-action, reason: r, file: '*a*a*b{i}'}}\n")}


@family(["lint", "policy.json", "--config", "lint.yaml"], 2_000_000, 20_000, says=["invalid-value"])
def config_pattern(size):
    return {"policy.json": policy([allow("s3:GetObjekt")] * 20), "lint.yaml":
            "acknowledge: [{check: no-such-action, reason: r, file: '" + "*p" * (size // 2) +
            "'}]\n"}


# --- templates ------------------------------------------------------------------------------------

@family(LINT_TEMPLATE, 3_000, 50, says=[])
def template_policies(size):
    return {"template.yaml": stack("".join(managed(f"P{i}", one()) for i in range(size)))}


@family(DIFF_TEMPLATE, 1_500, 50, says=[])
def template_policies_diff(size):
    text = stack("".join(managed(f"P{i}", one()) for i in range(size)))
    return {"template.yaml": text, "other.yaml": text.replace("s3", "ec2")}


@family(DIFF_TEMPLATE, 6_000, 200, says=[])
def template_renamed_policies_diff(size):
    """No policy of one side is by its name one of the other."""
    text = stack("".join(managed(f"P{i}", one()) for i in range(size)))
    return {"template.yaml": text, "other.yaml": text.replace("  P", "  Q")}


def reaching(size, names):
    listed = lines(size, "      - " + names + "\n")
    text = stack(managed("P", one()) + "      Roles:\n" + listed)
    return {"template.yaml": text, "other.yaml": text.replace("role", "other")}


@family(DIFF_TEMPLATE, 19_000, 1_000, says=[])
def template_reaches_diff(size):
    return reaching(size, "role{i}")


@family(LINT_TEMPLATE, 50_000, 25_000, says=["too-many-entries"])
def template_reaches_too_many(size):
    return reaching(size, "role{i}")


@family(DIFF_TEMPLATE, 19_000, 500, says=[])
def template_stored_names_diff(size):
    return reaching(size, "'{{{{resolve:ssm:role{i}}}}}'")


@family(DIFF_TEMPLATE, 100_000, 1_000, says=[])
def template_references_diff(size):
    """One text of many dynamic references."""
    text = stack(managed("P", one("s3:GetObject", "'" + "{{resolve:ssm:a}}" * size + "'")))
    return {"template.yaml": text, "other.yaml": text.replace("ssm:a}}'", "ssm:b}}'")}


def roles_diff(size, policies, before, after):
    """A template of as many roles, each with so many policies, and one with other actions."""
    def template(actions):
        return stack("".join(
            f"  R{i}:\n    Type: AWS::IAM::Role\n    Properties:\n"
            "      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}\n"
            "      Policies:\n" + "".join(
                f"      - PolicyName: p{k}\n        PolicyDocument:\n"
                "          Version: 2012-10-17\n          Statement:\n  " +
                one(action=actions) for k in range(policies)) for i in range(size)))
    return {"template.yaml": template(before), "other.yaml": template(after)}


@family(DIFF_TEMPLATE, 1_200, 50, says=[])
def template_roles_diff(size):
    return roles_diff(size, 3, "'*'", "'s3:*'")


@family(DIFF_TEMPLATE, 2_400, 50, says=[])
def template_wide_roles_diff(size):
    return roles_diff(size, 1, "['ec2:*', 'iam:*']", "'*:Get*'")


def fleets_diff(size):
    fleet = fleet_of(size)
    return {"manifest.yaml": fleet.replace("name: hostile\n",
                                           "name: hostile\npermissions: full\n"),
            "other.yaml": fleet}


@family(["diff", "manifest.yaml", "other.yaml"], 1_000, 50, says=[])
def diff_fleets(size):
    return fleets_diff(size)


@family(["diff", "manifest.yaml", "other.yaml"], 5_000, 1_100, says=["too-much-to-compare"])
def diff_large_fleets(size):
    return fleets_diff(size)


def but(size, *names):
    return [{"Effect": "Allow", "NotAction": [name.format(i=i) for name in names],
             "Resource": f"r{i}"} for i in range(size)]


@family(DIFF, 2_000, 500, says=[])
def diff_not_actions(size):
    return {"policy.json": policy(but(size, "newsvc:A{i}")), "other.json": policy(but(size, "iam:*"))}


@family(DIFF, 8_000, 1_000, says=[])
def diff_not_action_patterns(size):
    def one_of(letter):
        return policy([{"Effect": "Allow", "Resource": "*",
                        "NotAction": [f"newsvc:*{letter}{i}*" for i in range(size)]}])
    return {"policy.json": one_of("A"), "other.json": one_of("B")}


@family(DIFF, 6_600, 1_000, says=[], status=0)
def diff_not_action_statements(size):
    def one_of(letter):
        return policy([{"Effect": "Allow", "NotAction": f"{letter}{i}:*", "Resource": "*"}
                       for i in range(size)])
    return {"policy.json": one_of("a"), "other.json": one_of("b")}


@family(DIFF, 4_500, 1_000, says=[], status=0)
def diff_not_action_pairs(size):
    def one_of(letter):
        return policy([{"Effect": "Allow", "NotAction": [f"a{i}:*", f"{letter}{i}:*"],
                        "Resource": "*"} for i in range(size)])
    return {"policy.json": one_of("b"), "other.json": one_of("c")}


def patterns_by_resource(size, before, more=()):
    """On many resources a pattern, of as many, with question marks for letters of an action."""
    name, resources = "ListMultipartUploadParts", [f"arn:aws:s3:::b{i}/*" for i in range(size)]

    def with_marks(number):
        return "".join("?" if number >> place & 1 else letter
                       for place, letter in enumerate(reversed(name)))[::-1]
    return {"policy.json": policy([allow(before, resources)]),
            "other.json": policy([allow([f"s3:{with_marks(i)}" for i in range(1, size + 1)] +
                                        list(more), resources)])}


@family(DIFF, 8_000, 500, says=[], status=0)
def diff_patterns_by_resource(size):
    return patterns_by_resource(size, "s3:ListMultipartUploadParts")


@family(DIFF, 8_000, 2_000, says=[])
def diff_patterns_by_resource_gained(size):
    return patterns_by_resource(size, "s3:GetObject")


@family(DIFF, 8_000, 2_000, says=[])
def diff_patterns_by_resource_unknown(size):
    return patterns_by_resource(size, "s3:ListMultipartUploadParts", ["s3:NoSuch*"])


def open_actions(size, key, form):
    def template(letter):
        return stack(managed("P", f"        - {{Effect: Allow, Resource: '*', {key}: [" +
                             ", ".join(form.format(f"{letter}{i}") for i in range(size)) + "]}\n"))
    return {"template.yaml": template("A"), "other.yaml": template("B")}


@family(DIFF_TEMPLATE, 8_000, 2_000, says=[])
def template_actions_diff(size):
    return open_actions(size, "Action", "!Sub 's3:${{{}}}'")


@family(DIFF_TEMPLATE, 8_000, 1_000, says=[])
def template_not_actions_diff(size):
    return open_actions(size, "NotAction", "!Ref {}")


def decided_resources(count, statement):
    """A statement on resources each of which hangs on a condition of its own, and a like one."""
    resources = [{"Fn::If": [f"C{i}", f"arn:aws:s3:::{i}", {"Ref": "AWS::NoValue"}]}
                 for i in range(count)]

    def template(verb):
        document = {"Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Resource": resources, **statement(verb)}]}
        return json.dumps({
            "Parameters": {"A": {"Type": "String"}},
            "Conditions": {f"C{i}": {"Fn::Equals": [{"Ref": "A"}, str(i)]} for i in range(count)},
            "Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy",
                                "Properties": {"PolicyDocument": document}}}})
    return {"template.yaml": template("Get"), "other.yaml": template("Put")}


@family(DIFF_TEMPLATE, 3_000, 10, says=["too-much-to-compare"])
def template_not_actions_by_decision(size):
    return decided_resources(800, lambda verb: {
        "NotAction": [{"Fn::Sub": f"s3:{verb}${{A}}{i:x}"} for i in range(size)]})


@family(DIFF_TEMPLATE, 3_000, 200, says=[])
def template_values_by_decision(size):
    return decided_resources(400, lambda verb: {
        "Action": f"s3:{verb}*",
        "Condition": {"StringEquals": {"aws:x": [f"v{i:x}" for i in range(size)]}}})


@family(DIFF, 2_000, 500, says=[])
def diff_unknown_by_value(size):
    names = [f"nosuch:A{i}" for i in range(size)]
    return {"policy.json": policy([allow(names, [f"r{i}" for i in range(size)])]),
            "other.json": policy([allow(names, Condition={"StringEquals": {"k": f"v{i}"}})
                                  for i in range(3)])}


@family(LINT_TEMPLATE, 100_000, 1_000, says=[])
def template_join(size):
    return {"template.yaml": stack(managed("P", one(resource="!Join ['', [" + "'arn:aws:s3:::a', "
                                                    * size + "]]")))}


@family(LINT_TEMPLATE, 2 ** 15, 2 ** 4, says=["too-many-nodes"])
def template_join_nested(size):
    text = f"!Join [{'a' * 100!r}, [b, c, d, e, f, g, h]]"
    for _ in range(int(math.log2(size)) - 1):
        text = f"!Join ['-', [{text}, {text}]]"
    return {"template.yaml": stack(managed("P", one(resource=text)))}


@family(LINT_TEMPLATE, 1_000, 1_000, says=["template-too-large"])
def template_join_delimiter(size):
    return {"template.yaml": stack(managed("P", one(
        resource="!Join ['" + "a" * size * 100 + "', [" + "b, " * size * 5 + "b]]")))}


def custom(properties):
    return stack("  C:\n    Type: Custom::C\n    Properties:\n" + properties)


# What looks like a policy in what is not read: texts, texts in texts, and what is joined.
@family(LINT_TEMPLATE, 30_000, 300, says=[])
def template_texts(size):
    return {"template.yaml": custom(lines(
        size, """      P{i}: '{{"Statement": [{{"Sid": "Effect"}}], "a": ["b", "c"]}}'\n"""))}


@family(LINT_TEMPLATE, 3_000, 50, says=[])
def template_text_in_text(size):
    text = json.dumps(["a"] * size)
    for _ in range(6):
        text = json.dumps([text, "[" + "0, " * size + "0]"])
    return {"template.yaml": custom("      P: " + json.dumps(text) + "\n")}


@family(LINT_TEMPLATE, 1_500, 50, says=[])
def template_joins_unread(size):
    return {"template.yaml": custom(lines(
        size, "      P{i}: !Join ['" + "a" * 1_000 + "', ['{{', " + "b, " * 60 + "c]]\n"))}


@family(LINT_TEMPLATE, 30_000, 300, says=[])
def template_joins_nested(size):
    join = "[" + "b, " * size + "c]"
    for _ in range(12):
        join = f"[!Join ['', {join}], d]"
    return {"template.yaml": custom(f"      P: !Join ['', {join}]\n")}


@family(LINT_TEMPLATE, 15_000, 15_000, says=["template-too-large"])
def template_sub_repeats(size):
    return {"template.yaml": stack(managed("P", one(
        resource='!Sub ["' + "${a}" * size + '", {a: ' + "b" * size + "}]")))}


@family(LINT_TEMPLATE, 200_000, 2_000, says=[])
def template_sub_parameters(size):
    return {"template.yaml": stack(managed("P", one(
        resource='!Sub "arn:aws:s3:::' + "${P}" * size + '"')), "Parameters: {P: {Type: String}}\n")}


@family(LINT_TEMPLATE, 30_000, 500, says=["malformed-arn"])
def template_sub_values(size):
    return {"template.yaml": stack(managed("P", one(resource='!Sub ["' + lines(
        size, "${{a{i}}}") + '", {' + lines(size, "a{i}: b, ") + "}]")))}


@family(LINT_TEMPLATE, 20_000, 200, says=["too-many-nodes"])
def template_find_in_map(size):
    return {"template.yaml": stack(managed("P", one(resource="[" + lines(
        size, "!FindInMap [M, k{i}, v], ") + "]")), "Mappings:\n  M:\n" + lines(
            size, "    k{i}: {{v: 'arn:aws:s3:::b{i}'}}\n"))}


@family(LINT_TEMPLATE, 15_000, 200, says=["too-many-nodes"])
def template_ifs(size):
    return {"template.yaml": stack(managed("P", lines(
        size, "        - !If [C{i}, {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}, "
        "!Ref AWS::NoValue]\n")))}


@family(LINT_TEMPLATE, 5_000, 20, says=["too-many-nodes"])
def template_if_choices(size):
    return {"template.yaml": stack(managed("P", lines(
        size, "        - {{Effect: !If [A, Allow, Deny], Action: 's3:GetObject', Resource: '*', "
        "Condition: {{StringEquals: {{'aws:a': !If [B, a, b], 'aws:b': !If [C, a, b], "
        "'aws:c': !If [D, a, b], 'aws:d': !If [E, a, b]}}}}}}\n")))}


@family(LINT_TEMPLATE, 2_500, 20, says=["template-too-large"])
def template_if_choices_made(size):
    return template_if_choices(size)


@family(LINT_TEMPLATE, 60, 12, says=["too-deep"])
def template_if_nested(size):
    text = "'*'"
    for i in range(min(size, 50)):
        text = f"!If [C{i}, {text}, 'arn:aws:s3:::b{i}']"
    return {"template.yaml": stack(managed("P", one(resource=text)))}


@family(LINT_TEMPLATE, 40, 40, says=["too-many-nodes"])
def template_if_bomb(size):
    text = "x: &a0 !If [C, 'arn:aws:s3:::a', 'arn:aws:s3:::b']\n" + "".join(
        f"x{i}: &a{i} !If [C{i}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 14))
    return {"template.yaml": stack(managed("P", one(resource="*a13") * size), text)}


@family(LINT_TEMPLATE, 20_000, 200, says=["too-many-nodes"])
def template_loop(size):
    return {"template.yaml": stack(lines(
        size, "  R{i}:\n    Type: AWS::IAM::Role\n    Properties: {{ManagedPolicyArns: "
        "[!Ref R{i}], AssumeRolePolicyDocument: !GetAtt R{i}.Arn}}\n"))}


@family(LINT_TEMPLATE, 1_500, 50, says=[])
def template_attachments(size):
    return {"template.yaml": stack(
        lines(size, "  R{i}: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: &a [" +
              "!Ref P, " * 5 + "]}}}}\n") + managed("P", one()))}


@family(LINT_TEMPLATE, 90_000, 400, says=["too-many-nodes"])
def template_attachments_square(size):
    side = math.isqrt(size)
    names = ", ".join(f"!Ref P{i}" for i in range(side))
    return {"template.yaml": stack(
        lines(side, "  R{i}: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: ["
              + names + "]}}}}\n") + "".join(managed(f"P{i}", one()) for i in range(side)))}


@family(LINT_TEMPLATE, 40_000, 500, says=[])
def template_resources(size):
    return {"template.yaml": stack(lines(size, "  R{i}: {{Type: AWS::S3::Bucket}}\n"))}


@family(LINT_TEMPLATE, 40_000, 1_000, says=["too-many-entries"])
def template_actions(size):
    return {"template.yaml": stack(managed("P", one(action="[" + lines(
        size, "!Sub 's3:Get${{A{i}}}', ") + "]")))}


# --- schemas --------------------------------------------------------------------------------------

def schema(text, instance):
    as_text = lambda value: value if isinstance(value, str) else json.dumps(value)
    return {"schema.json": as_text(text), "instance.json": as_text(instance)}


ITSELF = "one reference; many of them: schema-circle"


@family(SCHEMA, 1, says=["unsupported-schema"], fixed=ITSELF)
def schema_of_itself(size):
    return schema({"$ref": "#"}, {})


@family(SCHEMA, 1, says=["unsupported-schema"], fixed=ITSELF)
def schema_all_of_itself(size):
    return schema({"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, {})


@family(SCHEMA, 2_000, 100, says=["schema-too-costly"])
def schema_circle(size):
    return schema({"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"$ref": f"#/$defs/d{(i + 1) % size}"} for i in range(size)}}, {})


@family(SCHEMA, 5_000, 20, says=["schema-too-costly"])
def schema_chain(size):
    links = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(500)}
    return schema({"items": {"$ref": "#/$defs/d0"}, "$defs": {**links, "d500": {}}}, [1] * size)


@family(SCHEMA, 40, 40, says=["schema-too-costly"])
def schema_doubling(size):
    defs = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(size)}
    return schema({"$ref": "#/$defs/d0", "$defs": {**defs, f"d{size}": {"type": "string"}}}, '"a"')


@family(SCHEMA, 45_000, 1_000, says=[])
def schema_properties(size):
    return schema({"properties": {f"k{i}": {"type": "string"} for i in range(size)},
                   "additionalProperties": False}, {f"k{i}": "v" for i in range(size)})


@family(SCHEMA, 45_000, 1_000, says={"unknown-key": 20})
def schema_unknown_properties(size):
    return schema({"properties": {f"k{i}": {"type": "string"} for i in range(size)},
                   "additionalProperties": False}, {f"x{i}": "v" for i in range(size)})


@family(SCHEMA, 1_000, 20, says=[])
def schema_pattern_properties(size):
    return schema({"patternProperties": {f"^k{i}*": {"type": "string"} for i in range(50)}},
                  {f"x{i}": "v" for i in range(size)})


@family(SCHEMA, 90_000, 1_000, says=["missing-key"])
def schema_required(size):
    return schema({"required": [f"k{i}" for i in range(size)]}, {})


@family(SCHEMA, 45_000, 1_000, says=["missing-key"])
def schema_misspelled(size):
    keys = [f"key-number-{i}" for i in range(size)]
    return schema({"properties": {key: {} for key in keys}, "required": keys,
                   "additionalProperties": False}, {"ley" + key[3:]: 1 for key in keys})


@family(SCHEMA, 5_000, 500, says={"wrong-type": 20})
def schema_backwards(size):
    return schema({"allOf": [{"properties": {f"k{i}": {"type": "string"}}}
                             for i in reversed(range(size))]}, {f"k{i}": 1 for i in range(size)})


@family(SCHEMA, 90_000, 1_000, says={"invalid-value": 20})
def schema_enum(size):
    return schema({"items": {"enum": [f"k{i}" for i in range(size)]}}, ["x"] * 100)


@family(SCHEMA, 90_000, 1_000, says={"invalid-value": 20})
def schema_enum_long(size):
    return schema({"items": {"enum": [f"k{i}" + "a" * 30 for i in range(size)]}},
                  [f"x{i}" + "b" * 30 for i in range(100)])


@family(SCHEMA, 9_000, 500, says={"unknown-key": 20})
def schema_names(size):
    return schema({"propertyNames": {"enum": [f"k{i}" + "a" * 30 for i in range(size)]}},
                  {f"x{i}" + "b" * 30: 1 for i in range(1_000)})


@family(SCHEMA, 50_000, 1_000, says=[])
def schema_unique(size):
    return schema({"uniqueItems": True}, [{"a": i} for i in range(size)])


@family(SCHEMA, 190_000, 2_000, says=[])
def schema_unique_numbers(size):
    return schema({"uniqueItems": True}, [i / 7 for i in range(size)])


@family(SCHEMA, 2_000_000, 20_000, says=["invalid-value"])
def schema_multiple_of(size):
    return schema('{"multipleOf": 7}', "0." + "0" * size + "3")


@family(SCHEMA, 2_000, 50, says={"wrong-type": 20})
def schema_any_of(size):
    return schema({"items": {"anyOf": [{"const": i} for i in range(100)]}}, ["x"] * size)


@family(SCHEMA, 20_000, 500, says=["schema-too-costly"])
def schema_pattern(size):
    return schema({"pattern": "^(a|aa)+$"}, json.dumps("a" * size + "!"))


@family(SCHEMA, 2_000, 500, says=["unsupported-schema"])
def schema_pattern_nested(size):
    return schema({"pattern": "(" * size + "a" + ")*" * size}, json.dumps("a" * 1_000 + "!"))


@family(SCHEMA, 3_000_000, 20_000, says=["unsupported-schema"])
def schema_pattern_long(size):
    return schema({"pattern": "a" * size}, json.dumps("a" * size))


@family(SCHEMA, 20_000, 300, says={"invalid-value": 20})
def schema_patterns(size):
    return schema({"properties": {f"k{i}": {"pattern": f"^(a+)+{i}$"} for i in range(size)}},
                  {f"k{i}": "a" * 25 for i in range(size)})


@family(SCHEMA, 20_000, 500, says=[])
def schema_anchors(size):
    return schema({"$defs": {f"d{i}": {"$anchor": f"a{i}"} for i in range(size)},
                   "allOf": [{"$ref": f"#a{i}"} for i in range(size)]}, {})


@family(SCHEMA, 20_000, 100, says=["schema-too-costly"])
def schema_long_ids(size):
    return schema({"$id": "https://x.example/" + "a" * 2_000 + "/", "$defs": {
        f"d{i}": {"$id": f"b{i}"} for i in range(size)}}, {})


@family(SCHEMA, 8_000, 500)
def schema_pointers(size):
    return schema({"$defs": {f"d{i}": {"maximum": i} for i in range(size)},
                   "allOf": [{"$ref": f"#/$defs/d{i}"} for i in range(size)]}, {})


@family(SCHEMA, 30_000, 500)
def schema_pointers_to_items(size):
    return schema({"allOf": [{"$ref": f"#/prefixItems/{i}"} for i in range(size)],
                   "prefixItems": [{"maximum": i} for i in range(size)]}, {})


@family(SCHEMA, 20_000, 500)
def schema_pointers_past(size):
    return schema({**{f"x-{i}": i for i in range(size)}, "$defs": {"d": {}},
                   "allOf": [{"$ref": "#/$defs/d"}] * size}, {})


@family(SCHEMA, 60_000, 2_000, says={"unsupported-schema": 20})
def schema_unknown_keywords(size):
    return schema({f"k{i}": 1 for i in range(size)}, {})


# --- writing --------------------------------------------------------------------------------------

def main():
    if len(sys.argv) != 4:
        print("\n".join(FAMILIES))
        return 0
    name, size, folder = sys.argv[1:]
    write(folder, FAMILIES[name].make(int(size)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
