"""Families of folders, options and whole files: what is read beside a manifest or a policy."""

import json
import urllib.parse

from family import (CHECK, COMPILE, EXPLAIN, LINT, MANIFEST, OCEAN, SCHEMA, STATEMENTS, USER_BUNDLE,
                    acme, allow, family, fleet_of, lines, managed, one, policy, stack)

VERIFY = ["verify", "manifest.yaml", "-o", "out"]
LINT_FOLDER = ["lint", "out/hostile"]
CONFIG = ["lint", "policy.json", "--config", "lint.yaml"]
TEMPLATES = ["compile", "manifest.yaml", "-o", "out", "--templates", "templates"]
SHARED = MANIFEST.replace("external_id: spotinst:aws:extid:3w72ms42i8000000\n", "")
# Sizes of what is refused for its size alone.
HUGE, HUGE_SMALL = 100 * 1024 * 1024, 5 * 1024 * 1024
LEVELS = 20


def bomb(levels):
    return "a: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
        f"b{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, levels))


WRITTEN = ["spot-policy.json", "spot-trust-policy.json", "template.yaml", "deploy.md",
           "main.tf.json"]


def verified(more):
    return {"manifest.yaml": OCEAN, **{f"out/hostile/{name}": more[name] for name in more}}


# --- output folders -------------------------------------------------------------------------------

@family(VERIFY, 1_900_000, 20_000)
def verify_lines(size):
    return verified({"template.yaml": "x\n" * size})


@family(VERIFY, 90_000, 1_000)
def verify_lines_apart(size):
    return verified({"template.yaml": lines(size, "- {i}\n")})


@family(VERIFY, HUGE, HUGE_SMALL)
def verify_huge(size):
    return verified({"spot-policy.json": size, "template.yaml": size})


@family(VERIFY, 5_000, 100)
def verify_stale(size):
    return verified({f"spot-policy-{i + 2}.json": "{}\n" for i in range(size)})


# As many as a folder of a repository can have.
@family(VERIFY, 60_000, 1_000)
def verify_stale_empty(size):
    return verified({f"spot-policy-{i + 2}.json": "" for i in range(size)})


@family(VERIFY, 40, 10)
def verify_stale_large(size):
    return verified({f"spot-policy-{i + 2}.json": 4 * 1024 * 1024 for i in range(size)})


# Each of what compile would write is as large as can be, with lines that cost most.
@family(VERIFY + ["--emit", "runbook", "--emit", "terraform"], 4_190_000, 50_000)
def verify_all_empty_lines(size):
    return verified({name: "\n" * size for name in WRITTEN})


@family(VERIFY + ["--emit", "runbook", "--emit", "terraform"], 4_190_000, 50_000)
def verify_all_one_line(size):
    return verified({name: "\x1b" * size for name in WRITTEN})


# What a terminal obeys, what turns text, what ends a line of a log, and what is no UTF-8.
@family(VERIFY, 100_000, 2_000)
def verify_controls(size):
    line = ("a\x1b]0;b\x07\x9bc\u202ed\u2066e\r::stop-commands::f\x00\b\x7f\u2028".encode() +
            b"\xff\xc3\xed\xa0\x80\n")
    return verified({name: line * (size // 40) for name in WRITTEN})


@family(VERIFY, 900, 50)
def verify_fleet(size):
    return {"manifest.yaml": fleet_of(size, "permissions: full\nemit: [runbook, terraform]\n")}


@family(VERIFY, 5_000, 100)
def verify_others(size):
    return verified({f"mine-{i}.json": "{}\n" for i in range(size)})


@family(LINT_FOLDER, HUGE, HUGE_SMALL, says=["too-large"])
def folder_huge(size):
    return verified({"spot-policy.json": size})


@family(LINT_FOLDER, LEVELS, LEVELS, says=["too-many-nodes"])
def folder_bomb(size):
    return verified({"template.yaml": bomb(size)})


@family(LINT_FOLDER, 100_000, 2_000, says=["too-deep"])
def folder_deep(size):
    return verified({"spot-policy.json": "[" * size})


@family(LINT_FOLDER, 2_000, 50)
def folder_of_parts(size):
    return verified({"spot-policy.json": policy([allow("s3:GetObject")]),
                     **{f"spot-policy-{i + 2}.json": policy([allow("s3:GetObject")])
                        for i in range(size)}})


@family(LINT_FOLDER, 30_000, 500, says=[])
def folder_template(size):
    return verified({"template.yaml": stack(lines(size, "  R{i}: {{Type: AWS::S3::Bucket}}\n"))})


# --- skeletons ------------------------------------------------------------------------------------

def skeleton(text, **more):
    return {"manifest.yaml": OCEAN, "templates/stack.yaml": text, **more}


def looped(members):
    """Each member in a loop over tags within a loop over tags."""
    tags = "roles: {spot: {tags: {" + lines(45, "k{i}: v, ") + "}}}\n"
    return {"manifest.yaml": OCEAN + tags, "templates/stack.yaml":
            'Resources: {"${{ each r in roles }}": {"${{ each a in r.tags }}": '
            '{"${{ each b in r.tags }}": {\n' + members + "}}}}\n"}


@family(TEMPLATES, 20_000, 5, says=["template-error"])
def skeleton_loops(size):
    return looped(lines(size, '"${{{{ each c{i} in r.tags }}}}": {{}},\n'))


@family(TEMPLATES, 20_000, 40, says=["template-error"])
def skeleton_conditions(size):
    return looped(lines(size, '"${{{{ if no{i} }}}}": {{}},\n'))


@family(TEMPLATES, 100_000, 1_000, says=["template-error"])
def skeleton_text(size):
    return skeleton("Resources: {}\nDescription: '" + "${{ name }}" * size + "${{ no }}'\n")


@family(TEMPLATES, 200, 20, says=["template-error"])
def skeleton_texts(size):
    return skeleton("Resources: {}\nMetadata:\n" + lines(
        size, "  k{i}: '" + "${{{{ roles.x }}}}${{{{ name }}}}" * 500 + "'\n"))


@family(TEMPLATES, 60_000, 1_000, says=["template-error"])
def skeleton_path(size):
    return skeleton("Resources: {}\nDescription: ${{ name" + ".x" * size + " }}\n")


@family(TEMPLATES, LEVELS, LEVELS, says=["too-many-nodes"])
def skeleton_bomb(size):
    return skeleton(bomb(size))


@family(TEMPLATES, HUGE, HUGE_SMALL, says=["too-large"])
def skeleton_huge(size):
    return skeleton(size)


@family(TEMPLATES, 90_000, 1_000, says=["template-error"])
def skeleton_large(size):
    return skeleton("Resources:\n" + lines(size, "  k{i}: v\n") + "  x: ${{ no }}\n")


@family(TEMPLATES, 1_000, 50)
def skeletons_unused(size):
    return {"manifest.yaml": OCEAN, **{f"templates/stac{i}.yaml": "a: b\n" for i in range(size)}}


# --- other options ----------------------------------------------------------------------------------

@family(CONFIG, LEVELS, LEVELS, says=["too-many-nodes"])
def config_bomb(size):
    return {"policy.json": policy([]), "lint.yaml": bomb(size)}


@family(CONFIG, 100_000, 2_000, says=["too-deep"])
def config_deep(size):
    return {"policy.json": policy([]), "lint.yaml": "[" * size}


@family(lambda size: EXPLAIN + [f"--context=aws:k{i}=v" for i in range(size)], 1_000, 50)
def explain_contexts(size):
    return {"manifest.yaml": OCEAN}


@family(lambda size: EXPLAIN + [f"--context=k{i}=v" for i in range(size)], 20_000, 2_000, status=2)
def explain_too_many_contexts(size):
    return {"manifest.yaml": OCEAN}


@family(lambda size: EXPLAIN + [f"--context=aws:PrincipalOrgID={'*a' * size}"] * 8, 60_000, 30_000)
def explain_long_contexts(size):
    return {"manifest.yaml": OCEAN}


@family(lambda size: EXPLAIN[:2] + ["ec2:" + "*a" * size], 9_000, 500, status=2)
def explain_long_action(size):
    return {"manifest.yaml": OCEAN}


@family(lambda size: EXPLAIN + ["arn:aws:ec2:eu-west-1:123456789012:instance/" + "a" * size],
        100_000, 50_000)
def explain_long_resource(size):
    return {"manifest.yaml": OCEAN}


@family(["show", "manifest.yaml", "policy"], LEVELS, LEVELS, says=["too-many-nodes"])
def show_bomb(size):
    return {"manifest.yaml": bomb(size)}


@family(["list", "--bundles", "bundles"], 1_000, 50)
def list_bundles(size):
    return {f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}").replace(
        "role: acme", "role: spot") + STATEMENTS for i in range(size)}


@family(CHECK, 2_500, 50, says=["too-large"])
def too_many_bundles(size):
    return acme(USER_BUNDLE + STATEMENTS, more={
        f"bundles/b{i}.yaml": USER_BUNDLE.replace("product: acme", f"product: b{i}") + STATEMENTS
        for i in range(size)})


def with_folders(*named):
    """Manifests that have the same folder or others read, under these names."""
    return {"manifest.yaml": "---\n".join(
        OCEAN.replace("name: hostile", f"name: m{i}") + f"bundles: [{name}]\n"
        for i, name in enumerate(named))}


def bundle_of(i, statements):
    return USER_BUNDLE.replace("product: acme", f"product: b{i}").replace(
        "role: acme", "role: spot") + "statements:\n" + lines(
        statements, "- sid: A{i}\n  actions: [s3:GetObject]\n  resources: ['*']\n")


@family(CHECK, 900, 100)
def bundles_spelled(size):
    return {**with_folders(*("bundles" + "/." * i for i in range(size))),
            "bundles/b.yaml": bundle_of(0, 9_000)}


# Each list is a library of its own: what all of them read is bounded together.
@family(CHECK, 1_000, fixed="what is read ends at the bound", says=["too-large"])
def bundles_in_other_lists(size):
    return {**with_folders(*(f"b, c{i}" for i in range(size))), "b/b.yaml": bundle_of(0, 1_000),
            **{f"c{i}/.keep": "" for i in range(size)}}


@family(CHECK, 3_000, fixed="what is read ends at the bound", says=["too-large"])
def bundles_of_empty_folders(size):
    return {**with_folders(*(f"b, c{i}" for i in range(size))), "b/.keep": "",
            **{f"c{i}/.keep": "" for i in range(size)}}


@family(CHECK, 40, fixed="each file has an error", says={"not-a-bundle": 40})
def bundles_refused(size):
    return {**with_folders("bundles"), **{f"bundles/b{i}.yaml": "[" + "a," * 9_000 + "a]"
                                          for i in range(size)}}


@family(CHECK, 2_500, fixed="the folder is too large to be read", says=["too-large"])
def bundles_too_many_refused(size):
    return {**with_folders("bundles"), **{f"bundles/b{i}.yaml": "- a\n" for i in range(size)}}


@family(CHECK, 40, fixed="what is read ends at the bound",
        says={"not-a-bundle": 1, "too-large": 1})
def bundles_large_refused(size):
    text = "[" + "0," * 1_400_000 + "0]"
    return {**with_folders("bundles"), **{f"bundles/b{i}.json": text for i in range(size)}}


@family(CHECK, 160, 40)
def bundles_of_four_megabytes(size):
    return {**with_folders("bundles"),
            **{f"bundles/b{i}.yaml": bundle_of(i, 200) for i in range(size)}}


@family(CHECK, 1_500, fixed="what is read ends at the bound",
        says={"not-a-bundle": 13, "too-large": 1})
def bundles_of_bombs(size):
    return {**with_folders("bundles"), **{f"bundles/b{i}.yaml": bomb(5) for i in range(size)}}


@family(CHECK, 1_500, fixed="what is read ends at the bound",
        says={"not-a-bundle": 32, "too-large": 1})
def bundles_broken(size):
    return {**with_folders("bundles"), **{f"bundles/b{i}.yaml": bomb(LEVELS) for i in range(size)}}


@family(CHECK, 30, fixed="what is read ends at the bound", says={"too-large": 6})
def bundles_huge(size):
    return {**with_folders("bundles"), **{f"bundles/b{i}.yaml": HUGE for i in range(size)}}


# --- files of 100 MB, for each command that reads one ----------------------------------------------

def huge(name, command, path, **more):
    family(command, HUGE, HUGE_SMALL, says=["too-large"], name=f"hundred-megabytes-{name}")(
        lambda size: {**more, path: size})


huge("compile", COMPILE, "manifest.yaml")
huge("verify", VERIFY, "manifest.yaml")
huge("show", ["show", "manifest.yaml", "policy"], "manifest.yaml")
huge("explain", EXPLAIN, "manifest.yaml")
huge("template", ["lint", "template.yaml"], "template.yaml")
huge("config", CONFIG, "lint.yaml", **{"policy.json": policy([])})
huge("schema", SCHEMA, "schema.json", **{"instance.json": "1"})
huge("instance", SCHEMA, "instance.json", **{"schema.json": "true"})
huge("bundle", ["list", "--bundles", "bundles"], "bundles/acme.yaml")
huge("bundle-of-a-manifest", CHECK, "bundles/more.yaml", **acme(USER_BUNDLE + STATEMENTS))
huge("diff", ["diff", "old.json", "new.json"], "old.json", **{"new.json": policy([])})


# --- what AWS's command line prints ----------------------------------------------------------------

def encoded(text):
    return json.dumps({"RoleName": "r", "PolicyName": "p",
                       "PolicyDocument": urllib.parse.quote(text, safe="")})


@family(LINT, 15_000, 500, says={"no-such-action": 20})
def answer_encoded(size):
    return {"policy.json": encoded(json.dumps({"Version": "2012-10-17", "Statement": [allow(
        [f"s3:a{i}" for i in range(size)])]}, separators=(",", ":")))}


@family(LINT, 100_000, 2_000, says=["not-a-policy"])
def answer_deep(size):
    return {"policy.json": encoded('{"Statement": ' + "[" * size)}


@family(LINT, 1_000_000, 20_000, says=["not-a-policy"])
def answer_of_percents(size):
    return {"policy.json": encoded("%" * size)}


# --- many accounts ----------------------------------------------------------------------------------

def stack_set_of(accounts):
    return {"manifest.yaml": SHARED + "products: {overview: }\nstack_set: {regions: [us-east-1]}\n"
            "accounts:\n" + accounts}


@family(CHECK, 20_000, 500, says=["template-limit"])
def stack_set_accounts(size):
    return stack_set_of(lines(size, '- {{account: "2{i:011}", external_id: '
                                    '"spotinst:aws:extid:{i:016}"}}\n'))


@family(CHECK, 5_700, 500, says=["template-limit"])
def stack_set_accounts_just_made(size):
    return stack_set_accounts(size)


@family(CHECK, 20_000, 500, says=["conflicting-keys"])
def stack_set_account_twice(size):
    return stack_set_of('- {account: "210987654321", external_id: "a-b-c"}\n'
                        '- {account: "210987654321", external_id: "d-e-f"}\n' + lines(
        size, '- {{account: "2{i:011}", external_id: "id-{i:016}"}}\n'))


@family(CHECK, 30_000, 500)
def stack_set_units(size):
    return {"manifest.yaml": SHARED + "connect: automatic\nstack_set:\n  regions: [us-east-1]\n"
            "  organizational_units:\n" + lines(size, "  - ou-ab12-{i:08}\n")}


@family(CHECK, 500, 20)
def fleet_of_overrides(size):
    return {"manifest.yaml": MANIFEST.replace('account: "123456789012"\n', "") +
            "accounts:\n" + lines(
        size, '- {{name: m{i}, account: "1234{i:08}", products: {{ocean: {{integrations: [eks]}}}}, '
        "roles: {{spot: {{name: R{i}, tags: {{a: b, c: d, e: f}}}}}}, "
        "stack: {{name: s{i}}}}}\n")}


@family(CHECK, 20_000, 50, says=["too-many-nodes"])
def fleet_too_large(size):
    return {"manifest.yaml": fleet_of(size)}
