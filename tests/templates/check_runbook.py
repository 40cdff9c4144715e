#!/usr/bin/env python3
"""tests/templates/check_runbook.py SPOTC: deploy.md says what the files beside it are for.

For the examples, the presets, random selections, stack sets and manifests with odd names, in each
partition: what the commands on the page would do is compared with the files and the manifest, read
as a shell reads them; links lead to the partition's consoles and carry the values of the template;
nothing on the page is made Markdown by a value.
"""

import itertools
import json
import re
import shlex
import subprocess
import sys
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from check_yaml import hostile_manifests
from manifests import (compile_all, complete, examples, integrations, manifest_of, presets,
                       random_manifests, scratch_folder, stack_sets)
from suite import Suite

RANDOM, SEED = 30, 517
IDS = {"commercial": "aws", "govcloud": "aws-us-gov", "china": "aws-cn"}
CONSOLES = {"aws": "console.aws.amazon.com", "aws-us-gov": "console.amazonaws-us-gov.com",
            "aws-cn": "console.amazonaws.cn"}
INLINE = 51200


class Wrong(Exception):
    """What is wrong, in a sentence."""


def require(condition, *words):
    if not condition:
        raise Wrong(" ".join(map(str, words)))


# --- reading the page ---------------------------------------------------------------------------

def fences(page):
    return [re.sub(r"^ +", "", text, flags=re.M)
            for text in re.findall(r"^ *```sh\n(.*?)^ *```$", page, flags=re.M | re.S)]


def commands(page):
    """Each command as its words, as a POSIX shell splits them."""
    return [shlex.split(text.replace("\\\n", " ")) for text in fences(page)]


def option(words, name):
    """The value of an option, given as the next word or, for those that may begin with a hyphen,
    in the same."""
    joined = [word.split("=", 1)[1] for word in words if word.startswith(f"{name}=")]
    require(words.count(name) + len(joined) == 1, name, "in", words)
    return joined[0] if joined else words[words.index(name) + 1]


def starting(all_commands, *begin):
    return [words for words in all_commands if words[:len(begin)] == list(begin)]


# --- what the commands do -----------------------------------------------------------------------

def check_deployment(manifest, folder, all_commands, template):
    deploy, = starting(all_commands, "aws", "cloudformation", "deploy")
    is_set = "stack_set" in manifest
    name = option(deploy, "--template-file")
    require((folder / name).exists() and name.startswith("stack-set." if is_set else "template."),
            "the template file", name)
    roles = [body["Properties"] for body in template["Resources"].values()
             if body["Type"] == "AWS::IAM::Role"]
    named = any("RoleName" in role for role in roles)
    if is_set:
        require("--capabilities" not in deploy, "a stack set needs no capability")
    else:
        require(option(deploy, "--capabilities")
                == ("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"), "the capability")
    require(re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", option(deploy, "--stack-name")), "stack")
    check_parameters(manifest, deploy, template, is_set)
    large = (folder / "template.json").stat().st_size > INLINE
    require(("--s3-bucket" in deploy) == large, "the bucket of a large template")


def check_parameters(manifest, deploy, template, is_set):
    """Every parameter is given: an update keeps what is not. A set asks for the token only."""
    wanted = {} if is_set else {name: parameter["Default"] for name, parameter
                                in template.get("Parameters", {}).items() if "Default" in parameter}
    if manifest.get("connect") == "automatic":
        wanted["Token"] = "$TOKEN"
    given = []
    if "--parameter-overrides" in deploy:
        given = deploy[deploy.index("--parameter-overrides") + 1:]
        given = list(itertools.takewhile(lambda word: not word.startswith("--"), given))
    require(dict(word.split("=", 1) for word in given) == wanted, f"the parameters: {given}")


def read_json(folder, words, name):
    path = option(words, name)
    require(path.startswith("file://"), path)
    return json.loads((folder / path.removeprefix("file://")).read_text("utf-8"))


def check_by_hand(manifest, folder, all_commands, template, partition):
    """By hand the same policies and roles are made that the template has."""
    made = starting(all_commands, "aws", "iam", "create-policy")
    roles = starting(all_commands, "aws", "iam", "create-role")
    if manifest.get("connect") == "automatic" or "stack_set" in manifest:
        require(not made and not roles, "a role that only a stack can make, made by hand")
        return
    files = {path.name for path in folder.glob("*-policy*.json") if "-trust-" not in path.name}
    require({option(words, "--policy-document").removeprefix("file://") for words in made} == files,
            "the policies")
    names = {option(words, "--policy-name") for words in made}
    require(len(names) == len(made), "policies of one name")
    theirs = [body["Properties"] for body in template["Resources"].values()
              if body["Type"] == "AWS::IAM::Role"]
    require(len(roles) == len(theirs), "the roles")
    attached = starting(all_commands, "aws", "iam", "attach-role-policy")
    for words, role in zip(roles, theirs):
        check_role(folder, words, role, partition)
        arns = [option(a, "--policy-arn") for a in attached
                if option(a, "--role-name") == option(words, "--role-name")]
        require(len(arns) == len(role["ManagedPolicyArns"]), "attached", arns)
        for arn in arns:
            require(arn.startswith(f"arn:{partition}:iam::aws:policy/")
                    or (arn.startswith(f"arn:{partition}:iam::{manifest['account']}:policy/")
                        and arn.split("/", 1)[1] in names), "an ARN of nothing", arn)


def check_role(folder, words, role, partition):
    read_json(folder, words, "--assume-role-policy-document")
    for name, key in (("--path", "Path"), ("--description", "Description"),
                      ("--max-session-duration", "MaxSessionDuration")):
        require((name in words) == (key in role), name)
        if key in role:
            require(option(words, name) == str(role[key]), name, option(words, name))
    if "RoleName" in role:
        require(option(words, "--role-name") == role["RoleName"], "the role's name")
    if "PermissionsBoundary" in role:
        require(option(words, "--permissions-boundary").startswith(f"arn:{partition}:iam::"),
                "the boundary")
    if "Tags" in role:
        require(json.loads(option(words, "--tags")) == role["Tags"], "the tags")


# --- links and words ----------------------------------------------------------------------------

def check_links(manifest, page, template, partition):
    links = re.findall(r"\]\(([^)]*)\)", page)
    for link in links:
        host = urllib.parse.urlsplit(link).hostname
        require(host == CONSOLES[partition] or host.endswith("." + CONSOLES[partition]), link)
    quick = [link for link in links if "#/stacks/create/review?" in link]
    url = manifest.get("stack", {}).get("template_url")
    require(len(quick) == bool(url and "stack_set" not in manifest), "quick-create links", quick)
    for link in quick:
        values = urllib.parse.parse_qs(link.split("?", 2)[-1], strict_parsing=True)
        require(values.pop("templateURL") == [url], "templateURL")
        require(re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", values.pop("stackName")[0]), "stackName")
        parameters = {name: [body["Default"]] for name, body in
                      template.get("Parameters", {}).items() if not body.get("NoEcho")}
        require(values == {f"param_{name}": value for name, value in parameters.items()}, values)


def check_words(manifest, page):
    require(f"`{manifest['account']}`" in page, "the account")
    require(page.startswith(f"# Deploying `{manifest['name']}`\n"), "the title")
    tables = [line for line in page.splitlines() if line.startswith("|")]
    require({line.replace("\\|", "").count("|") for line in tables} == {6}, "the table")
    require(not re.search(r"<[a-zA-Z/]", re.sub(r"`+[^`]*`+", "", page)), "HTML")
    require(page.endswith("\n") and "\n\n\n" not in page, "empty lines")


def check(manifest, folder):
    page = (folder / "deploy.md").read_text("utf-8")
    template = json.loads((folder / "template.json").read_text("utf-8"))
    partition = IDS.get(manifest["partition"], manifest["partition"])
    for text in fences(page):
        done = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True, check=False)
        require(done.returncode == 0, "no shell command:", text)
    all_commands = commands(page)
    check_deployment(manifest, folder, all_commands, template)
    check_by_hand(manifest, folder, all_commands, template, partition)
    check_links(manifest, page, template, partition)
    check_words(manifest, page)
    terraform = (folder / "main.tf.json").exists()
    require(bool(starting(all_commands, "terraform")) == terraform, "Terraform")


# --- manifests ----------------------------------------------------------------------------------

def by_address():
    """Templates at an address: what a link carries has to be encoded."""
    url = "https://acme.s3.eu-west-1.amazonaws.com/spot/a%20b/template.json?versionId=x&y=(1)"
    for partition in IDS:
        manifest = complete(manifest_of(f"address-{partition}", partition, permissions="default"))
        manifest["stack"] = {**manifest["stack"], "template_url": url}
        manifest["external_id"] = "a+b=c,d:/@-_.é".replace("é", "e")
        yield manifest
    automatic = complete(manifest_of("address-automatic", permissions="default"))
    del automatic["external_id"]
    yield {**automatic, "connect": "automatic",
           "stack": {"format": "json", "template_url": "https://acme.s3.amazonaws.com/t.json"}}


def odd_roles():
    for number, path in enumerate(["/a`b/", "/$(x)/", "/;rm/", "/'\"/", "/a|b/", "/<b>/", "/&&/"]):
        role = {"path": path, "name": "a+b=c,d.e@f-g", "tags": {"a b": "c=d", "e/f": "g:h @+-="}}
        yield complete(manifest_of(f"odd-{number}", permissions="analyzer", roles={"spot": role}))


def every():
    manifests = [*examples(), *presets(), *integrations(), *random_manifests(RANDOM, SEED),
                 *hostile_manifests(), *by_address(), *odd_roles()]
    sets = [rolled for rolled, _ in stack_sets()]
    return [manifest for manifest in manifests if "stack_set" not in manifest], sets


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    manifests, sets = every()
    with scratch_folder() as scratch:
        for some, options in ((manifests, ["--emit", "terraform"]), (sets, [])):
            folders, done = compile_all(spotc, some, Path(scratch), "-q", "--emit", "runbook",
                                        *options)
            suite.check(f"all {len(some)} compile", done.returncode and f"status {done.returncode}",
                        done.stderr)
            for manifest in some:
                try:
                    check(manifest, folders[manifest["name"]])
                    suite.ok(manifest["name"])
                except (Wrong, OSError, LookupError, ValueError, TypeError) as error:
                    suite.fail(manifest["name"], f"{type(error).__name__}: {error}")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
