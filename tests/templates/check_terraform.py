#!/usr/bin/env python3
"""tests/templates/check_terraform.py SPOTC: main.tf.json makes what the other files say.

For the examples, the presets, the integrations, random selections, automatic connections and
manifests whose strings Terraform could take for its own, in each partition:

- policies and trust policies are those of the JSON files, read as Terraform reads strings: by a
  reader of this file, and by Terraform itself where it is installed;
- roles, attachments and what they are set to are those of the CloudFormation template;
- every reference leads to something that the configuration declares, each resource has only
  arguments that its provider documents, and all those that it demands; Terraform, where it is
  installed, takes the configuration as far as it can without its providers.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from check_yaml import hostile_manifests
from manifests import (compile_all, complete, examples, integrations, manifest_of, presets,
                       random_manifests, scratch_folder)
from suite import Suite

RANDOM, SEED = 40, 2606

# Arguments that the providers document: those demanded, those allowed.
ARGUMENTS = {
    "aws_iam_policy": ({"policy"}, {"name", "name_prefix", "description", "path", "tags"}),
    "aws_iam_role": ({"assume_role_policy"},
                     {"name", "name_prefix", "path", "description", "max_session_duration",
                      "permissions_boundary", "tags"}),
    "aws_iam_role_policy_attachment": ({"role", "policy_arn"}, set()),
    "aws_s3_bucket": (set(), {"bucket", "bucket_prefix", "tags", "force_destroy"}),
    "aws_s3_bucket_server_side_encryption_configuration": ({"bucket", "rule"}, set()),
    "aws_s3_bucket_ownership_controls": ({"bucket", "rule"}, set()),
    "aws_s3_bucket_public_access_block": (
        {"bucket"}, {"block_public_acls", "block_public_policy", "ignore_public_acls",
                     "restrict_public_buckets"}),
    "aws_s3_bucket_policy": ({"bucket", "policy"}, set()),
    "aws_cur_report_definition": (
        {"report_name", "time_unit", "format", "compression", "additional_schema_elements",
         "s3_bucket", "s3_region", "s3_prefix"},
        {"additional_artifacts", "refresh_closed_reports", "report_versioning", "tags"}),
    "spotinst_account_aws": ({"name"}, set()),
    "spotinst_credentials_aws": ({"iamrole", "account_id"}, set()),
    "terraform_data": (set(), {"input", "triggers_replace"}),
    "time_sleep": (set(), {"create_duration", "destroy_duration", "triggers"}),
}
DATA_ARGUMENTS = {
    "aws_caller_identity": (set(), set()),
    "aws_region": (set(), {"name"}),
    "aws_iam_policy_document": (set(), {"statement", "version"}),
    "http": ({"url"}, {"method", "request_headers", "request_body"}),
}
META = {"lifecycle", "depends_on"}
SECTIONS = {"terraform", "data", "resource", "output", "variable", "provider", "locals"}
PROVIDERS = {"aws": "aws", "spotinst": "spotinst", "http": "http", "time": "time",
             "terraform": None}


class Wrong(Exception):
    """What is wrong, in a sentence."""


def require(condition, *words):
    if not condition:
        raise Wrong(" ".join(map(str, words)))


# --- strings ------------------------------------------------------------------------------------

def pieces(text):
    """What Terraform sees in a string: ("text", t) and ("expression", e), in turn."""
    at, plain = 0, ""
    while at < len(text):
        if text[at:at + 3] in ("$${", "%%{"):
            plain, at = plain + text[at + 1:at + 3], at + 3
        elif text[at:at + 2] == "${":
            end = re.compile(r'(?:[^"}]|"[^"]*")*').match(text, at + 2).end()
            yield "text", plain
            yield "expression", text[at + 2:end]
            plain, at = "", end + 1
        else:
            require(text[at:at + 2] != "%{", "a directive in", text[:80])
            plain, at = plain + text[at], at + 1
    yield "text", plain


def literal(text, values=None):
    """The string's value, where its expressions are strings or among `values`."""
    result = ""
    for kind, piece in pieces(text):
        if kind == "expression" and not re.fullmatch(r'"[$%]"', piece):
            require(values and piece in values, "an expression where a text is meant:", piece)
            piece = values[piece]
        elif kind == "expression":
            piece = piece[1:-1]
        result += piece
    return result


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)


# --- references ---------------------------------------------------------------------------------

def declared(config):
    names = {f"var.{name}" for name in config.get("variable", {})}
    names |= {f"local.{name}" for name in config.get("locals", {})}
    for kind, named in config.get("resource", {}).items():
        names |= {f"{kind}.{name}" for name in named}
    for kind, named in config.get("data", {}).items():
        names |= {f"data.{kind}.{name}" for name in named}
    return names


def references(text):
    for kind, piece in pieces(text):
        if kind == "expression":
            bare = re.sub(r'"[^"]*"', "", piece)
            yield from re.findall(r"(?<![\w.])[a-z]\w*(?:\[\d\])?(?:\.\w+(?:\[\d\])?)+", bare)


def check_references(config):
    names = declared(config)
    for text in strings(config):
        for reference in references(text):
            known = [name for name in names if (reference + ".").startswith(name + ".")]
            require(known or reference.startswith("self."), "a reference to nothing:", reference)
    for named in (*config["resource"].values(), *config["data"].values()):
        for body in named.values():
            for target in body.get("depends_on", []):
                require(target in names, "depends_on nothing:", target)


def check_arguments(config):
    require(set(config) <= SECTIONS, "sections", set(config) - SECTIONS)
    required = config["terraform"]["required_providers"]
    for section, known in (("resource", ARGUMENTS), ("data", DATA_ARGUMENTS)):
        for kind, named in config[section].items():
            demanded, allowed = known[kind]
            provider = PROVIDERS[kind.split("_")[0]]
            require(provider is None or provider in required, kind, "without its provider")
            require(named, "no resource of type", kind)
            for name, body in named.items():
                require(re.fullmatch(r"[a-z][a-z0-9_]*", name), "a name:", name)
                require(demanded <= set(body) <= demanded | allowed | META, kind, name, set(body))
    for provider in required:
        used = any(PROVIDERS[kind.split("_")[0]] == provider
                   for kind in (*config["resource"], *config["data"]))
        require(used, "a provider that nothing needs:", provider)


# --- meaning ------------------------------------------------------------------------------------

def resolve(value, partition):
    """A template's value with Ref and Sub of pseudo parameters in place."""
    if isinstance(value, dict) and set(value) == {"Fn::Sub"}:
        text = value["Fn::Sub"].replace("${AWS::Partition}", partition)
        return text.replace("${!", "${")
    if isinstance(value, dict) and set(value) == {"Ref"}:
        return value
    if isinstance(value, list):
        return [resolve(item, partition) for item in value]
    if isinstance(value, dict):
        return {key: resolve(item, partition) for key, item in value.items()}
    return value


def check_role(config, folder, role, resource, partition):
    """One role against the template's, its trust policy and its attachments."""
    body, properties = config["resource"]["aws_iam_role"][role], resource["Properties"]
    pairs = (("name", "RoleName"), ("path", "Path"), ("description", "Description"),
             ("permissions_boundary", "PermissionsBoundary"))
    for argument, name in pairs:
        theirs = resolve(properties.get(name), partition)
        ours = literal(body[argument]) if argument in body else None
        require(ours == theirs, role, argument, ours, "is not", theirs)
    require(body.get("max_session_duration") == properties.get("MaxSessionDuration"), "duration")
    tags = {literal(key): literal(value) for key, value in body.get("tags", {}).items()}
    require(tags == {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}, "tags", tags)
    attached = [entry["policy_arn"] for entry in
                config["resource"]["aws_iam_role_policy_attachment"].values()
                if entry["role"] == f"${{aws_iam_role.{role}.name}}"]
    own = [arn for arn in attached if arn.startswith("${aws_iam_policy.")]
    managed = [literal(arn) for arn in attached if arn not in own]
    theirs = [resolve(arn, partition) for arn in properties["ManagedPolicyArns"]]
    require(managed == [arn for arn in theirs if isinstance(arn, str)], "managed", managed)
    files = sorted(folder.glob(f"{role}-policy*.json"), key=lambda path: (len(path.name), path))
    require(own == [f"${{aws_iam_policy.{role}_policy_{number + 1}.arn}}"
                    for number in range(len(files))], "attached", own)
    check_documents(config, folder, role, files, properties, partition)


def check_documents(config, folder, role, files, properties, partition):
    for number, path in enumerate(files):
        text = config["resource"]["aws_iam_policy"][f"{role}_policy_{number + 1}"]["policy"]
        require(json.loads(literal(text)) == json.loads(path.read_text("utf-8")), path.name)
    made = {f"local.{role}_external_id": "made"}
    trust = json.loads(literal(config["resource"]["aws_iam_role"][role]["assume_role_policy"], made))
    path = folder / f"{role}-trust-policy.json"
    if path.exists():
        require(trust == json.loads(path.read_text("utf-8")), path.name)
        return
    theirs = resolve(properties["AssumeRolePolicyDocument"], partition)
    condition = theirs["Statement"][0]["Condition"]["StringEquals"]
    require(condition["sts:ExternalId"] == {"Ref": "SpotExternalId"}, "the external id is not made")
    condition["sts:ExternalId"] = "made"
    require(trust == theirs, "trust", trust)


def check_account(config, manifest):
    guard = config["data"]["aws_caller_identity"]["current"]["lifecycle"]["postcondition"]
    require(guard[0]["condition"] == f'${{self.account_id == "{manifest["account"]}"}}', guard)


def check_connection(config, template):
    connected = any(resource["Type"] == "Custom::SpotAccount"
                    for resource in template["Resources"].values())
    require(("spotinst_account_aws" in config["resource"]) == connected, "connected")
    if not connected:
        require("variable" not in config, "a variable that nobody asked for")
        return
    token = config["variable"]["spotinst_token"]
    require(token["sensitive"] is True and "default" not in token, "the token is not a secret")


def check_bucket(config, template):
    """What the Cost and Usage Report has in the template, it has here."""
    buckets = [resource["Properties"]["BucketName"] for resource in template["Resources"].values()
               if resource["Type"] == "AWS::S3::Bucket"]
    ours = [literal(body["bucket"])
            for body in config["resource"].get("aws_s3_bucket", {}).values()]
    require(ours == buckets, "buckets", ours)
    if not buckets:
        return
    theirs = template["Resources"]["CostAndUsageReport"]["Properties"]
    report = config["resource"]["aws_cur_report_definition"]["cost_and_usage_report"]
    for name, value in theirs.items():
        argument = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        if not isinstance(value, dict):
            require(report[argument] == value, argument, report.get(argument))
    statements = template["Resources"]["S3BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    document = config["data"]["aws_iam_policy_document"]["cost_and_usage_report"]["statement"]
    require([(s["Sid"], s["Effect"], s["Action"]) for s in statements]
            == [(s["sid"], s["effect"], s["actions"]) for s in document], "bucket policy")


def check(manifest, folder):
    config = json.loads((folder / "main.tf.json").read_text("utf-8"))
    template = json.loads((folder / "template.json").read_text("utf-8"))
    partition = {"commercial": "aws", "govcloud": "aws-us-gov", "china": "aws-cn"}.get(
        manifest["partition"], manifest["partition"])
    check_arguments(config)
    check_references(config)
    check_account(config, manifest)
    check_connection(config, template)
    check_bucket(config, template)
    theirs = {name.removesuffix("Role").lower(): resource
              for name, resource in template["Resources"].items()
              if resource["Type"] == "AWS::IAM::Role"}
    ours = config["resource"]["aws_iam_role"]
    require({name.lower() for name in ours} == set(theirs), "roles", set(ours))
    for role in ours:
        check_role(config, folder, role, theirs[role.lower()], partition)


# --- manifests ----------------------------------------------------------------------------------

def automatic():
    for name, products in (("ocean", {"ocean": {}}), ("both", {"ocean": {}, "eco": {
            "integrations": ["read-only"], "parameters": {"cost_and_usage_bucket": "acme-cur"}}})):
        manifest = complete(manifest_of(f"automatic-{name}", products=products))
        del manifest["external_id"]
        yield {**manifest, "connect": "automatic"}


def reports():
    for partition in "commercial", "china":
        manifest = complete(manifest_of(f"report-{partition}", partition, products={"eco": {
            "integrations": ["read-only", "cost-and-usage-report"],
            "parameters": {"cost_and_usage_bucket": "acme-cur"}}}))
        manifest.setdefault("acknowledge", []).append(
            {"check": "customized-partition", "reason": "a test"})
        yield manifest if partition == "china" else {
            key: value for key, value in manifest.items() if key != "acknowledge"}


# A vendor's bundle with all that could begin an expression, in each place that takes a text.
ODD = ["${aws:username}", "$${aws:username}", "%{if}", "$%{x}", "%${y}", "$$$", "%%%{", "${", "a$"]
ODD_BUNDLE = {"product": "odd", "title": "${Odd} %{title}", "summary": "Odd $${texts}.",
              "role": "odd", "source": "a test", "statements": [{
                  "sid": "Odd", "actions": ["s3:GetObject"],
                  "resources": [f"arn:${{{{ partition }}}}:s3:::odd/{text}/*" for text in ODD],
                  "conditions": {"StringLike": {"s3:ExistingObjectTag/%{tag}": ODD}}}]}
ODD_TRUST = {"trust": "odd", "title": "Odd ${role}", "description": "Assumed by %{nobody}.",
             "external_id": "optional", "default_profile": "all", "profiles": {"all": [
                 {"partition": "aws", "principals": ["arn:${{ partition }}:iam::111122223333:root"],
                  "source": "a test"}]}}


def odd(folder):
    (folder / "bundles").mkdir()
    (folder / "bundles" / "odd.json").write_text(json.dumps(ODD_BUNDLE))
    (folder / "bundles" / "odd-trust.json").write_text(json.dumps(ODD_TRUST))
    return manifest_of("odd", products={"odd": {}}, bundles=[str(folder / "bundles")],
                       roles={"odd": {"external_id": "odd-id", "path": "/${a}/%{b}/"}})


def every(folder):
    manifests = [*examples(), *presets(), *integrations(), *automatic(), *reports(),
                 *random_manifests(RANDOM, SEED), *hostile_manifests(), odd(folder)]
    return [manifest for manifest in manifests if "stack_set" not in manifest]


# --- Terraform ----------------------------------------------------------------------------------

def terraform(folder, *words):
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull,
                   "TF_IN_AUTOMATION": "1", "HOME": str(folder)}
    return subprocess.run(["terraform", f"-chdir={folder}", *words], env=environment, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def check_read_by_terraform(suite, folder, folders):
    """Policies as outputs of a configuration without providers, which Terraform evaluates."""
    outputs, meant = {}, {}
    for name in ("odd", "automatic-both", "preset-default-aws-cn"):
        if name not in folders:
            continue
        config = json.loads((folders[name] / "main.tf.json").read_text("utf-8"))
        for policy, body in config["resource"]["aws_iam_policy"].items():
            outputs[f"{name}_{policy}"] = {"value": body["policy"]}
            meant[f"{name}_{policy}"] = literal(body["policy"])
    folder.mkdir(parents=True)
    (folder / "main.tf.json").write_text(json.dumps({"output": outputs}))
    done = terraform(folder, "apply", "-auto-approve", "-no-color")
    suite.check("Terraform applies", done.returncode and "it does not", done.stderr)
    read = json.loads(terraform(folder, "output", "-json").stdout or "{}")
    same = {name: output["value"] for name, output in read.items()} == meant
    suite.check("Terraform reads what this reader reads", "" if same else "it does not")


def check_taken_by_terraform(suite, folder, folders):
    for name in ("odd", "automatic-both", "report-commercial"):
        (folder / name).mkdir(parents=True)
        shutil.copy(folders[name] / "main.tf.json", folder / name)
        done = terraform(folder / name, "providers", "-no-color")
        suite.check(f"Terraform takes {name}", done.returncode and "it does not", done.stderr)


def check_by_terraform(suite, folder, folders):
    if shutil.which("terraform") is None:
        suite.skip("by Terraform", "terraform is not installed")
        return
    check_read_by_terraform(suite, folder / "read", folders)
    check_taken_by_terraform(suite, folder / "taken", folders)


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    with scratch_folder() as scratch:
        folder = Path(scratch)
        manifests = every(folder)
        folders, done = compile_all(spotc, manifests, folder, "-q", "--emit", "terraform")
        suite.check("all compile", done.returncode and f"status {done.returncode}", done.stderr)
        for manifest in manifests:
            try:
                check(manifest, folders[manifest["name"]])
                suite.ok(manifest["name"])
            except (Wrong, OSError, LookupError, ValueError, TypeError) as error:
                suite.fail(manifest["name"], f"{type(error).__name__}: {error}")
        check_by_terraform(suite, folder / "terraform", folders)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
