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
import os
import sys
from pathlib import Path

MANIFEST = """version: 1
name: hostile
account: "123456789012"
partition: commercial
external_id: spotinst:aws:extid:3w72ms42i8000000
"""
OCEAN = MANIFEST + "products:\n  ocean: {integrations: [eks]}\n"

CHECK = ["check", "manifest.yaml"]
COMPILE = ["compile", "manifest.yaml", "-o", "out"]
LINT = ["lint", "policy.json"]
LINT_TEMPLATE = ["lint", "template.yaml"]
DIFF = ["diff", "policy.json", "other.json"]
DIFF_TEMPLATE = ["diff", "template.yaml", "other.yaml"]
SCHEMA = ["schema", "--check", "schema.json", "instance.json"]
EXPLAIN = ["explain", "manifest.yaml", "ec2:RunInstances", "*"]

FAMILIES = {}


class Family:
    """MAKE(size) gives the files, path to content; SAYS are the ids of the messages, each once
    where ONE; STATUSES those that may end a run."""

    def __init__(self, make, command, full, small, says, statuses):
        self.make, self.command, self.full, self.small = make, command, full, small
        self.says, self.statuses = says, statuses


def family(command, full, small=0, says=(), statuses=(0, 1, 2)):
    """SMALL 0: what it costs does not hang on its size. SAYS None: findings of any kind."""
    def add(make):
        name = make.__name__.replace("_", "-")
        FAMILIES[name] = Family(make, command, full, small, says, statuses)
        return make
    return add


def policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def lines(count, form):
    return "".join(form.format(i=i) for i in range(count))


# --- manifests: YAML ----------------------------------------------------------------------------

@family(CHECK, 40, says=["too-many-nodes"])
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


@family(CHECK, 300_000, says=["too-many-nodes"])
def million_keys(size):
    return {"manifest.yaml": lines(size, "k{i}: 1\n")}


@family(CHECK, 95_000, 2_000, says=None)
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


@family(CHECK, 4_000_000, 50_000, says=None)
def long_key(size):
    return {"manifest.yaml": OCEAN + '"' + "k" * size + '": 1\n'}


@family(CHECK, 2_000_000, 50_000, says=None)
def long_anchor(size):
    return {"manifest.yaml": OCEAN + "x: &" + "a" * size + " 1\n"}


@family(CHECK, 2_000_000, 50_000, says=None)
def long_tag(size):
    return {"manifest.yaml": OCEAN + "x: !" + "a" * size + " 1\n"}


@family(CHECK, 4_000_000, 50_000)
def long_comment(size):
    return {"manifest.yaml": OCEAN + "# " + "a" * size + "\n"}


@family(CHECK, 2_000_000, 50_000)
def blank_lines(size):
    return {"manifest.yaml": OCEAN + "\n" * size}


@family(CHECK, 2_000_000, 50_000, says=None)
def spaces(size):
    return {"manifest.yaml": OCEAN + "x:" + " " * size + "1\n"}


@family(CHECK, 100 * 1024 * 1024, says=["too-large"])
def hundred_megabytes(size):
    return {"manifest.yaml": size}


@family(LINT, 100 * 1024 * 1024, says=["too-large"])
def hundred_megabytes_json(size):
    return {"policy.json": size}


@family(["check", "-"], 100 * 1024 * 1024, says=["too-large"])
def hundred_megabytes_stdin(size):
    return {"stdin": size}


@family(CHECK, 4_000_000, 50_000, says=["invalid-character"])
def nul_at_the_end(size):
    return {"manifest.yaml": OCEAN + "# " + "a" * size + "\0"}


@family(CHECK, 4 * 1024 * 1024, says=["invalid-character"])
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


@family(CHECK, 1_300_000, 20_000, says=None)
def many_documents(size):
    return {"manifest.yaml": "---\n" * (size // 4)}


@family(CHECK, 2_000, 50)
def many_manifests(size):
    return {"manifest.yaml": "---\n".join(OCEAN.replace("hostile", f"m{i}") for i in range(size))}


@family(COMPILE, 300, 25)
def many_manifests_compiled(size):
    return {"manifest.yaml": "---\n".join(OCEAN.replace("hostile", f"m{i}") for i in range(size))}


@family(["check"] + [f"m{i}.yaml" for i in range(500)], 500)
def many_files(size):
    return {f"m{i}.yaml": OCEAN.replace("hostile", f"m{i}") for i in range(size)}


@family(CHECK, 6_000, 50, says=None)
def many_faulty_manifests(size):
    return {"manifest.yaml": "---\n".join("version: 1\nname: M\n" for _ in range(size))}


def fleet_of(size, shared=""):
    account = OCEAN.replace('account: "123456789012"\n', "").replace("name: hostile\n",
                                                                     "name: hostile\n" + shared)
    return account + "accounts:\n" + lines(
        size, '- {{name: m{i}, account: "1234{i:08}"}}\n')


@family(CHECK, 2_000, 50)
def fleet(size):
    return {"manifest.yaml": fleet_of(size)}


@family(CHECK, 2_000, 50)
def fleet_of_much(size):
    tags = "roles: {spot: {tags: {" + lines(45, "k{i}: v, ") + "}}}\n"
    return {"manifest.yaml": fleet_of(size, tags)}


@family(CHECK, 60_000, 1_000, says=None)
def fleet_of_nothing(size):
    return {"manifest.yaml": MANIFEST + "accounts: [" + "{}, " * size + "]\n"}


@family(CHECK, 20_000, 500, says=None)
def principals(size):
    return {"manifest.yaml": OCEAN + "roles:\n  spot:\n    principals:\n" +
            lines(size, '    - "arn:aws:iam::{i:012}:root"\n')}


@family(CHECK, 60_000, 1_000, says=None)
def acknowledgements(size):
    return {"manifest.yaml": OCEAN + "acknowledge:\n" +
            lines(size, "- {{check: customized-partition, reason: r, at: a{i}}}\n")}


@family(CHECK, 90_000, 1_000, says=None)
def tags(size):
    return {"manifest.yaml": OCEAN + "roles: {spot: {tags:\n {" + lines(size, "k{i}: v,\n ") +
            "}}}\n"}


@family(CHECK, 90_000, 1_000, says=None)
def products_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n" + lines(size, "  ocea{i}: {{}}\n")}


@family(CHECK, 90_000, 1_000, says=None)
def integrations_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n  ocean:\n    integrations:\n" +
            lines(size, "    - ek{i}\n")}


@family(EXPLAIN, 90_000, 1_000, says=None)
def explain_unknown(size):
    return {"manifest.yaml": MANIFEST + "products:\n" + lines(size, "  ocea{i}: {{}}\n")}


@family(CHECK, 100_000, 2_000, says=["too-many-nodes"])
def flow_pairs_unclosed(size):
    return {"manifest.yaml": "x: [" + "a: b, " * size}


# --- characters -----------------------------------------------------------------------------------

BAD_UTF8 = {"lone-continuation": b"\x80", "overlong": b"\xc0\xaf", "overlong-3": b"\xe0\x80\xaf",
            "surrogate": b"\xed\xa0\x80", "too-high": b"\xf4\x90\x80\x80", "five": b"\xf8\x88",
            "cut": b"\xe2\x82", "ff": b"\xff"}


def bad_utf8(kind, data):
    """The fault stands behind as much of what is right as fits, in YAML and in JSON."""
    @family(CHECK, 3_900_000, 50_000, says=["invalid-utf8"])
    def in_yaml(size):
        return {"manifest.yaml": OCEAN.encode() + b"# " + b"a" * size + data}

    @family(LINT, 3_900_000, 50_000, says=["invalid-utf8"])
    def in_json(size):
        return {"policy.json": b'{"Id": "' + b"a" * size + data + b'"}'}
    FAMILIES[f"utf8-{kind}-yaml"] = FAMILIES.pop("in-yaml")
    FAMILIES[f"utf8-{kind}-json"] = FAMILIES.pop("in-json")


for _kind, _data in BAD_UTF8.items():
    bad_utf8(_kind, _data)


@family(CHECK, 1, says=["invalid-value"])
def bidirectional_name(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "pay\u202enimda")}


@family(CHECK, 1, says=["invalid-value"])
def look_alike_name(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "p\u0430yments")}


@family(CHECK, 1, says=["invalid-value"])
def bidirectional_product(size):
    return {"manifest.yaml": OCEAN.replace("ocean", "oce\u2067an")}


@family(CHECK, 1_000_000, 20_000, says=["invalid-value"])
def bidirectional_long(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "\u202e" * size)}


@family(LINT, 30_000, 500, says=None)
def bidirectional_sids(size):
    return {"policy.json": policy([allow("s3:GetObject", Sid=f"a\u202e{i}") for i in range(size)])}


# --- bundles ------------------------------------------------------------------------------------

USER_BUNDLE = """product: acme
title: Acme
summary: It is a vendor.
role: acme
source: "https://acme.example (2025-01-01)"
"""
TRUST = """trust: acme
title: Acme
description: Assumed by Acme.
external_id: required
default_profile: service
profiles:
  service:
    - partition: aws
      principals: ["arn:${{ partition }}:iam::111122223333:root"]
      source: "https://acme.example (2025-01-01)"
unpublished: Acme runs in the commercial partition only
"""
STATEMENTS = "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources: ['*']\n"


def acme(bundle, parameters="", more=()):
    manifest = (MANIFEST.replace("external_id: spotinst:aws:extid:3w72ms42i8000000\n", "") +
                "bundles: [./bundles]\nroles: {acme: {external_id: abc}}\nproducts:\n  acme: {" +
                parameters + "}\n")
    return {"manifest.yaml": manifest, "bundles/acme.yaml": bundle, "bundles/trust.yaml": TRUST,
            **dict(more)}


@family(CHECK, 1)
def bundle_plain(size):
    return acme(USER_BUNDLE + STATEMENTS)


def with_pattern(pattern):
    return (USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: string, describes: p, "
            f"pattern: {json.dumps(pattern)}}}\n" + STATEMENTS)


@family(CHECK, 100_000, 1_000, says=["invalid-value"])
def bundle_pattern_explodes(size):
    return acme(with_pattern("^(a+)+$"), f"parameters: {{p: {'a' * size}!}}")


@family(CHECK, 1_000, says=None)
def bundle_pattern_nested(size):
    return acme(with_pattern("(" * size + "a" + ")*" * size), "parameters: {p: aaaaaaaaaaaa!}")


@family(CHECK, 100_000, 1_000, says=None)
def bundle_pattern_long(size):
    return acme(with_pattern("a?" * size + "a" * size), f"parameters: {{p: {'a' * size}}}")


@family(CHECK, 100_000, says=None)
def bundle_pattern_repeats(size):
    return acme(with_pattern("((a{1,1000}){1,1000}){1,1000}"), f"parameters: {{p: {'a' * size}}}")


@family(CHECK, 90_000, 1_000, says=None)
def bundle_actions(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
                lines(size, "  - s3:*a*b{i}*\n"))


@family(CHECK, 90_000, 1_000, says=None)
def bundle_known_actions(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
                lines(size, "  - s3:GetObject\n"))


@family(CHECK, 30_000, 300, says=None)
def bundle_resources(size):
    return acme(USER_BUNDLE + "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources:\n" +
                lines(size, "  - 'arn:aws:s3:::*a*a*a*a*b{i}'\n"))


@family(CHECK, 15_000, 100, says=None)
def bundle_statements(size):
    return acme(USER_BUNDLE + "statements:\n" + lines(
        size, "- {{sid: A{i}, actions: [s3:GetObject], resources: ['*']}}\n"))


@family(CHECK, 30_000, 500, says=None)
def bundle_placeholders(size):
    return acme(USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: string, describes: p}\n"
                "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources:\n" +
                "  - 'arn:aws:s3:::" + "${{ p }}" * size + "'\n", "parameters: {p: aaaaaaaa}")


@family(CHECK, 20_000, 500, says=None)
def bundle_list_parameter(size):
    return acme(USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: list, describes: p}\n"
                "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources:\n" +
                "  - '${{ p }}'\n" * 4, "parameters: {p: [" + lines(
                    size, "'arn:aws:s3:::b{i}', ") + "]}")


@family(CHECK, 20_000, 300, says=None)
def bundle_integrations(size):
    return acme(USER_BUNDLE + STATEMENTS + "integrations:\n" + lines(
        size, "  i{i}: {{title: T, summary: It is i., requires: [acme/i{i}]}}\n"))


@family(CHECK, 2_000, 50)
def many_bundles(size):
    more = {f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}") +
            STATEMENTS for i in range(size)}
    return acme(USER_BUNDLE + STATEMENTS, more=more)


@family(CHECK, 300, 20, says=None)
def many_bundles_require(size):
    more = {f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}") +
            f"requires: [{', '.join(f'b{k}' for k in range(size))}]\n" +
            STATEMENTS for i in range(size)}
    return acme(USER_BUNDLE + "requires: [b0]\n" + STATEMENTS, more=more)


@family(["lint", "bundle.yaml"], 90_000, 1_000, says=None)
def lint_bundle_actions(size):
    return {"bundle.yaml": USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n  actions:\n" +
            lines(size, "  - s3:Get*a*b{i}*\n")}


@family(["list", "--bundles", "bundles"], 90_000, 1_000, says=None)
def list_bundle(size):
    return {"bundles/acme.yaml": USER_BUNDLE + "statements:\n- sid: A\n  resources: ['*']\n"
            "  actions:\n" + lines(size, "  - s3:Get*a*b{i}*\n"), "bundles/trust.yaml": TRUST}


# --- policies: JSON -------------------------------------------------------------------------------

def pair(text, change=("s3:", "ec2:")):
    return {"policy.json": text, "other.json": text.replace(*change)}


def both(full, small, ids=None):
    """A family of policies, for lint and for diff with one like it."""
    def add(make):
        name = make.__name__.replace("_", "-")
        family(LINT, full, small, ids)(make)
        FAMILIES["lint-" + name] = FAMILIES.pop(name)
        family(DIFF, full, small, ids and ids * 2)(make)
        FAMILIES["diff-" + name] = FAMILIES.pop(name)
    return add


@family(LINT, 1_000_000, 20_000, says=["too-deep"])
def json_deep(size):
    return {"policy.json": "[" * size}


@family(LINT, 190_000, 2_000, says=["duplicate-key"])
def json_duplicate(size):
    return {"policy.json": "{" + lines(size // 2, '"k{i}": 1,\n') + '"k0": 1}'}


@family(LINT, 1_000_000, says=["too-many-nodes"])
def json_nodes(size):
    return {"policy.json": "[" + "1," * size + "1]"}


@family(LINT, 98_000, 2_000, says=None)
def json_keys(size):
    return {"policy.json": '{"Statement": [], ' + lines(size, '"k{i}": 1,\n') + '"k": 1}'}


@family(LINT, 4_000_000, 50_000, says=None)
def json_long_string(size):
    return {"policy.json": policy([allow("s3:" + "a" * size)])}


@family(LINT, 4_000_000, 50_000, says=None)
def json_escapes(size):
    return {"policy.json": policy([allow("s3:X")]).replace("X", "\\u0061" * (size // 6))}


@family(LINT, 4_000_000, 50_000, says=None)
def json_number(size):
    return {"policy.json": '{"Version": ' + "9" * size + ', "Statement": []}'}


@family(LINT, 190_000, 2_000, says=None)
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


@both(3_900, 500)
def statements_with_conditions(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        "aws:PrincipalOrgID": f"o-{i}"}}) for i in range(size)]))


@both(19_000, 2_000)
def actions_same(size):
    return pair(policy([allow(["s3:GetObject"] * size)]))


@both(19_000, 2_000)
def actions_unknown(size):
    return pair(policy([allow([f"s3:a{i}" for i in range(size)])]))


@both(19_000, 2_000)
def actions_unknown_service(size):
    return pair(policy([allow([f"s{i}:GetObject" for i in range(size)])]))


@both(19_000, 1_000)
def actions_stars(size):
    return pair(policy([allow([f"s3:*a*a*a*a*b{i}" for i in range(size)])]))


@both(19_000, 1_000)
def actions_all(size):
    return pair(policy([allow([f"*{i}*e*e*e*e*" for i in range(size)])]))


@both(6_600, 100)
def actions_all_statements(size):
    return pair(policy([allow("*"), *[allow("*:*e*", f"arn:aws:s3:::{i}") for i in range(size)]]))


@both(2_000_000, 20_000)
def action_long_pattern(size):
    return pair(policy([allow("s3:" + "*a" * (size // 2) + "b")]))


@both(19_000, 1_000)
def resources(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::b{i}/*" for i in range(size)])]))


@both(19_000, 1_000)
def resources_stars(size):
    return pair(policy([allow("s3:GetObject",
                              [f"arn:aws:s3:::*a*a*a*a*b{i}" for i in range(size)])]))


@both(2_000_000, 20_000)
def resource_long_pattern(size):
    return pair(policy([allow("s3:GetObject", ["arn:aws:s3:::" + "*a" * (size // 4) + "b",
                                               "arn:aws:s3:::" + "*aa" * (size // 6)])]))


@both(40_000, 1_000, ids=["too-many-entries"])
def resources_too_many(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::b{i}/*" for i in range(size)])]))


@both(1_000, 20)
def resources_long_patterns(size):
    return pair(policy([allow("s3:GetObject", ["arn:aws:s3:::" + "*a" * 900 + str(i)
                                               for i in range(size)])]))


@both(19_000, 1_000)
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


@both(9_900, 1_000)
def condition_keys(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        f"aws:RequestTag/k{i}": "v" for i in range(size)}})]))


@both(9_900, 1_000)
def condition_keys_unknown(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringEquals": {
        f"aws:k{i}": "v" for i in range(size)}})]))


@both(9_900, 1_000)
def condition_operators(size):
    return pair(policy([allow("s3:GetObject", Condition={
        f"StringEqual{i}": {"aws:PrincipalOrgID": "v"} for i in range(size)})]))


@both(19_000, 1_000)
def condition_values(size):
    return pair(policy([allow("s3:GetObject", Condition={"StringLike": {
        "aws:PrincipalOrgID": [f"*a*a*a*{i}" for i in range(size)]}})]))


@both(19_000, 1_000)
def condition_addresses(size):
    return pair(policy([allow("s3:GetObject", Condition={"IpAddress": {
        "aws:SourceIp": [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}/32" for i in range(size)]}})]))


@both(19_000, 1_000)
def condition_numbers(size):
    return pair(policy([allow("s3:GetObject", Condition={"NumericLessThan": {
        "aws:MultiFactorAuthAge": ["9" * (i % 30) + str(i) for i in range(size)]}})]))


@both(19_000, 500)
def variables(size):
    return pair(policy([allow("s3:GetObject", [f"arn:aws:s3:::${{aws:username}}{i}/${{aws:k{i}}}"
                                               for i in range(size)])]))


@both(400_000, 5_000)
def variables_in_one(size):
    return pair(policy([allow("s3:GetObject", "arn:aws:s3:::" + "${" * size)]))


@both(19_000, 1_000)
def trust_principals(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": [f"arn:aws:iam::{i:012}:root" for i in range(size)]}}]), ("root", "role/a"))


@both(19_000, 1_000)
def trust_services(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "Service": [f"ec{i}.amazonaws.com" for i in range(size)]}}]), ("amazonaws", "amazon"))


@both(9_900, 1_000)
def trust_kinds(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        f"AW{i}": "*" for i in range(size)}}]), ("AW", "A"))


@both(3_300, 300)
def trust_statements(size):
    return pair(policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": f"arn:aws:iam::{i:012}:root"}, "Condition": {"StringEquals": {
            "sts:ExternalId": f"x{i}"}}} for i in range(size)]), ("root", "role/a"))


@both(2_800, 100)
def all_at_once(size):
    return pair(policy([allow(["s3:*a*a*b", f"ec2:*a{i}*"], [f"arn:aws:s3:::*a*{i}*", "*"],
                              Condition={"StringLike": {"aws:PrincipalOrgID": f"*a*{i}*"}})
                        for i in range(size)]))


@both(95, 20)
def square(size):
    return pair(policy([allow([f"s3:*a*{i}*{k}" for k in range(size)],
                              [f"arn:aws:s3:::*a*{i}*{k}" for k in range(size)])
                        for i in range(size)]))


# --- what lint accepts ----------------------------------------------------------------------------

@family(["lint", "policy.json", "--config", "lint.yaml"], 30_000, 300, says=None)
def config_entries(size):
    return {"policy.json": policy([allow("s3:GetObjekt")] * 20), "lint.yaml": "acknowledge:\n" +
            lines(size, "- {{check: no-such-action, reason: r, statement: s{i}}}\n")}


@family(["lint", "policy.json", "--config", "lint.yaml"], 2_000, 100, says=None)
def config_square(size):
    return {"policy.json": policy([allow("s3:GetObjekt", Sid=f"a{i}") for i in range(size * 10)]),
            "lint.yaml": "acknowledge:\n" + lines(
                size, "- {{check: no-such-action, reason: r, file: '*a*a*b{i}'}}\n")}


@family(["lint", "policy.json", "--config", "lint.yaml"], 2_000_000, 20_000, says=None)
def config_pattern(size):
    return {"policy.json": policy([allow("s3:GetObjekt")] * 20), "lint.yaml":
            "acknowledge: [{check: no-such-action, reason: r, file: '" + "*p" * (size // 2) +
            "'}]\n"}


# --- templates ------------------------------------------------------------------------------------

def stack(resources, more=""):
    return "AWSTemplateFormatVersion: 2010-09-09\n" + more + "Resources:\n" + resources


def managed(name, statements):
    return (f"  {name}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
            "      PolicyDocument:\n        Version: 2012-10-17\n        Statement:\n" + statements)


ONE = "        - {{Effect: Allow, Action: {action}, Resource: {resource}}}\n"


def one(action="'s3:GetObject'", resource="'*'"):
    return ONE.format(action=action, resource=resource)


@family(LINT_TEMPLATE, 3_000, 50, says=None)
def template_policies(size):
    return {"template.yaml": stack("".join(managed(f"P{i}", one()) for i in range(size)))}


@family(DIFF_TEMPLATE, 1_500, 50, says=None)
def template_policies_diff(size):
    text = stack("".join(managed(f"P{i}", one()) for i in range(size)))
    return {"template.yaml": text, "other.yaml": text.replace("s3", "ec2")}


@family(LINT_TEMPLATE, 100_000, 1_000, says=None)
def template_join(size):
    return {"template.yaml": stack(managed("P", one(resource="!Join ['', [" + "'arn:aws:s3:::a', "
                                                    * size + "]]")))}


@family(LINT_TEMPLATE, 20, says=None)
def template_join_nested(size):
    text = "a" * 100
    for _ in range(size):
        text = f"!Join [{text!r}, [b, c, d, e, f, g, h]]" if text.startswith("a") else \
            f"!Join ['-', [{text}, {text}]]" if len(text) < 1_500_000 else text
    return {"template.yaml": stack(managed("P", one(resource=text)))}


@family(LINT_TEMPLATE, 1_000, says=["template-too-large"])
def template_join_delimiter(size):
    return {"template.yaml": stack(managed("P", one(
        resource="!Join ['" + "a" * size * 100 + "', [" + "b, " * size * 5 + "b]]")))}


@family(LINT_TEMPLATE, 15_000, says=["template-too-large"])
def template_sub_repeats(size):
    return {"template.yaml": stack(managed("P", one(
        resource='!Sub ["' + "${a}" * size + '", {a: ' + "b" * size + "}]")))}


@family(LINT_TEMPLATE, 200_000, 2_000, says=None)
def template_sub_parameters(size):
    return {"template.yaml": stack(managed("P", one(
        resource='!Sub "arn:aws:s3:::' + "${P}" * size + '"')), "Parameters: {P: {Type: String}}\n")}


@family(LINT_TEMPLATE, 30_000, 500, says=None)
def template_sub_values(size):
    return {"template.yaml": stack(managed("P", one(resource='!Sub ["' + lines(
        size, "${{a{i}}}") + '", {' + lines(size, "a{i}: b, ") + "}]")))}


@family(LINT_TEMPLATE, 20_000, 200, says=None)
def template_find_in_map(size):
    return {"template.yaml": stack(managed("P", one(resource="[" + lines(
        size, "!FindInMap [M, k{i}, v], ") + "]")), "Mappings:\n  M:\n" + lines(
            size, "    k{i}: {{v: 'arn:aws:s3:::b{i}'}}\n"))}


@family(LINT_TEMPLATE, 15_000, 200, says=None)
def template_ifs(size):
    return {"template.yaml": stack(managed("P", lines(
        size, "        - !If [C{i}, {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}, "
        "!Ref AWS::NoValue]\n")))}


@family(LINT_TEMPLATE, 5_000, 100, says=None)
def template_if_choices(size):
    return {"template.yaml": stack(managed("P", lines(
        size, "        - {{Effect: !If [A, Allow, Deny], Action: 's3:GetObject', Resource: '*', "
        "Condition: {{StringEquals: {{'aws:a': !If [B, a, b], 'aws:b': !If [C, a, b], "
        "'aws:c': !If [D, a, b], 'aws:d': !If [E, a, b]}}}}}}\n")))}


@family(LINT_TEMPLATE, 60, says=None)
def template_if_nested(size):
    text = "'*'"
    for i in range(min(size, 50)):
        text = f"!If [C{i}, {text}, 'arn:aws:s3:::b{i}']"
    return {"template.yaml": stack(managed("P", one(resource=text)))}


@family(LINT_TEMPLATE, 40, says=None)
def template_if_bomb(size):
    text = "x: &a0 !If [C, 'arn:aws:s3:::a', 'arn:aws:s3:::b']\n" + "".join(
        f"x{i}: &a{i} !If [C{i}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 14))
    return {"template.yaml": stack(managed("P", one(resource="*a13") * size), text)}


@family(LINT_TEMPLATE, 20_000, 200, says=None)
def template_loop(size):
    return {"template.yaml": stack(lines(
        size, "  R{i}:\n    Type: AWS::IAM::Role\n    Properties: {{ManagedPolicyArns: "
        "[!Ref R{i}], AssumeRolePolicyDocument: !GetAtt R{i}.Arn}}\n"))}


@family(LINT_TEMPLATE, 1_500, 50, says=None)
def template_attachments(size):
    return {"template.yaml": stack(
        lines(size, "  R{i}: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: &a [" +
              "!Ref P, " * 5 + "]}}}}\n") + managed("P", one()))}


@family(LINT_TEMPLATE, 300, says=None)
def template_attachments_square(size):
    names = ", ".join(f"!Ref P{i}" for i in range(size))
    return {"template.yaml": stack(
        lines(size, "  R{i}: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: ["
              + names + "]}}}}\n") + "".join(managed(f"P{i}", one()) for i in range(size)))}


@family(LINT_TEMPLATE, 40_000, 500, says=None)
def template_resources(size):
    return {"template.yaml": stack(lines(size, "  R{i}: {{Type: AWS::S3::Bucket}}\n"))}


@family(LINT_TEMPLATE, 40_000, 1_000, says=None)
def template_actions(size):
    return {"template.yaml": stack(managed("P", one(action="[" + lines(
        size, "!Sub 's3:Get${{A{i}}}', ") + "]")))}


# --- schemas --------------------------------------------------------------------------------------

def schema(text, instance):
    as_text = lambda value: value if isinstance(value, str) else json.dumps(value)
    return {"schema.json": as_text(text), "instance.json": as_text(instance)}


@family(SCHEMA, 1, says=None)
def schema_of_itself(size):
    return schema({"$ref": "#"}, {})


@family(SCHEMA, 1, says=None)
def schema_all_of_itself(size):
    return schema({"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, {})


@family(SCHEMA, 2_000, 100, says=None)
def schema_circle(size):
    return schema({"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"$ref": f"#/$defs/d{(i + 1) % size}"} for i in range(size)}}, {})


@family(SCHEMA, 40, says=["schema-too-costly"])
def schema_doubling(size):
    defs = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(size)}
    return schema({"$ref": "#/$defs/d0", "$defs": {**defs, f"d{size}": {"type": "string"}}}, '"a"')


@family(SCHEMA, 60_000, 1_000, says=None)
def schema_properties(size):
    return schema({"properties": {f"k{i}": {"type": "string"} for i in range(size)},
                   "additionalProperties": False}, {f"k{i}": "v" for i in range(size)})


@family(SCHEMA, 60_000, 1_000, says=None)
def schema_unknown_properties(size):
    return schema({"properties": {f"k{i}": {"type": "string"} for i in range(size)},
                   "additionalProperties": False}, {f"x{i}": "v" for i in range(size)})


@family(SCHEMA, 1_000, 20, says=None)
def schema_pattern_properties(size):
    return schema({"patternProperties": {f"^k{i}*": {"type": "string"} for i in range(size)}},
                  {f"x{i}": "v" for i in range(size)})


@family(SCHEMA, 90_000, 1_000, says=None)
def schema_required(size):
    return schema({"required": [f"k{i}" for i in range(size)]}, {})


@family(SCHEMA, 90_000, 1_000, says=None)
def schema_enum(size):
    return schema({"items": {"enum": [f"k{i}" for i in range(size)]}}, ["x"] * 100)


@family(SCHEMA, 50_000, 1_000, says=None)
def schema_unique(size):
    return schema({"uniqueItems": True}, [{"a": i} for i in range(size)])


@family(SCHEMA, 190_000, 2_000, says=None)
def schema_unique_numbers(size):
    return schema({"uniqueItems": True}, [i / 7 for i in range(size)])


@family(SCHEMA, 2_000_000, 20_000, says=None)
def schema_multiple_of(size):
    return schema('{"multipleOf": 0.' + "0" * size + "1}", "1" + "0" * size)


@family(SCHEMA, 2_000, 50, says=None)
def schema_any_of(size):
    return schema({"items": {"anyOf": [{"const": i} for i in range(size)]}}, ["x"] * size)


@family(SCHEMA, 20_000, 500, says=None)
def schema_pattern(size):
    return schema({"pattern": "^(a|aa)+$"}, "a" * size + "!")


@family(SCHEMA, 2_000, says=None)
def schema_pattern_nested(size):
    return schema({"pattern": "(" * size + "a" + ")*" * size}, "a" * 1_000 + "!")


@family(SCHEMA, 3_000_000, 20_000, says=None)
def schema_pattern_long(size):
    return schema({"pattern": "a" * size}, "a" * size)


@family(SCHEMA, 20_000, 300, says=None)
def schema_patterns(size):
    return schema({"properties": {f"k{i}": {"pattern": f"^(a+)+{i}$"} for i in range(size)}},
                  {f"k{i}": "a" * 25 for i in range(size)})


@family(SCHEMA, 20_000, 500, says=None)
def schema_anchors(size):
    return schema({"$defs": {f"d{i}": {"$anchor": f"a{i}"} for i in range(size)},
                   "allOf": [{"$ref": f"#a{i}"} for i in range(size)]}, {})


@family(SCHEMA, 60_000, 1_000, says=None)
def schema_unknown_keywords(size):
    return schema({f"k{i}": 1 for i in range(size)}, {})


# --- writing --------------------------------------------------------------------------------------

def write(folder, files):
    """Writes the files; one that is a number is as many bytes of nothing, and takes no space."""
    for path, content in files.items():
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, int):
            target.touch()
            os.truncate(target, content)
        else:
            target.write_bytes(content.encode() if isinstance(content, str) else content)


def main():
    if len(sys.argv) != 4:
        print("\n".join(FAMILIES))
        return 0
    name, size, folder = sys.argv[1:]
    write(folder, FAMILIES[name].make(int(size)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
