#!/usr/bin/env python3
"""tests/templates/check_stack_set.py SPOTC: stack sets carry the right template to the right place.

For sets of each form in each partition, as YAML and as JSON, without the help of spotc's own code:

- TemplateBody is the template, byte for byte, to a YAML 1.1 and a JSON reader, and where it has
  strings that readers disagree on, to a YAML 1.2 reader too (fy-tool, where it is installed);
- the template is what the same manifest without a set gives for the account, but for the rule, the
  description, the account in ARNs, and the external id's default;
- the set's properties are what the manifest asks for, each account is reached once, and its
  external id is its own.
"""

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from check_yaml import hostile_manifests, read_by_fy_tool, read_by_pyyaml
from manifests import ACCOUNT, compile_all, scratch_folder, stack_sets
from suite import Suite

OWN = "${AWS::AccountId}"


class Wrong(Exception):
    """What is wrong, in a sentence."""


def require(condition, *words):
    if not condition:
        raise Wrong(" ".join(map(str, words)))


def read(folder, stem, form):
    path = folder / f"{stem}.{form}"
    return read_by_pyyaml(path) if form == "yaml" else json.loads(path.read_text("utf-8"))


# --- the template -------------------------------------------------------------------------------

def with_account(value, account):
    """The template as it is in one account, whose number ARNs have in place of a variable."""
    if isinstance(value, list):
        return [with_account(item, account) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::Sub"]:
        return {"Fn::Sub": value["Fn::Sub"].replace(OWN, account)}
    return {key: with_account(item, account) for key, item in value.items()}


def check_template(rolled, template, plain):
    """What differs between the two is what must."""
    require("Rules" not in template, "the template still refuses other accounts")
    require(ACCOUNT not in json.dumps(without_principals(template)),
            "the administering account stands in the template")
    meant, made = dict(plain), with_account(template, ACCOUNT)
    require(meant.pop("Rules") and meant.pop("Description") != made.pop("Description"),
            "the plain template has no rule, or the same description")
    if "SpotExternalId" in meant.get("Parameters", {}):
        parameter = dict(meant["Parameters"]["SpotExternalId"])
        require(parameter.pop("Default") == rolled, "another default than", rolled)
        meant["Parameters"] = {**meant["Parameters"], "SpotExternalId": parameter}
    require(made == meant, "the templates differ")


def without_principals(value):
    if isinstance(value, list):
        return [without_principals(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: without_principals(item) for key, item in value.items() if key != "Principal"}


# --- the set ------------------------------------------------------------------------------------

def preferences_of(settings):
    asked = settings.get("operation_preferences", {})
    names = {"max_concurrent_count": "MaxConcurrentCount",
             "max_concurrent_percentage": "MaxConcurrentPercentage",
             "failure_tolerance_count": "FailureToleranceCount",
             "failure_tolerance_percentage": "FailureTolerancePercentage"}
    given = {names[key]: value for key, value in asked.items() if key in names}
    if "concurrency_mode" in asked:
        given["ConcurrencyMode"] = asked["concurrency_mode"].upper() + "_FAILURE_TOLERANCE"
    return given


def properties_of(manifest):
    """All but the parameters, the targets and the template."""
    settings, partition = manifest["stack_set"], "${AWS::Partition}"
    stack_name = f"spotinst-iam-stack-{manifest['name']}"
    wanted = {"StackSetName": settings.get("name", stack_name),
              "ManagedExecution": {"Active": True}}
    named = "name" in manifest["roles"]["spot"]
    wanted["Capabilities"] = ["CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"]
    if "organizational_units" in settings:
        automatic = settings.get("auto_deployment", {"enabled": "accounts" not in manifest})
        deployment = {"Enabled": automatic["enabled"]}
        if automatic["enabled"]:
            deployment["RetainStacksOnAccountRemoval"] = automatic.get("retain_stacks", False)
        wanted |= {"PermissionModel": "SERVICE_MANAGED", "AutoDeployment": deployment}
    else:
        wanted["PermissionModel"] = "SELF_MANAGED"
    if "administration_role" in settings:
        role = settings["administration_role"].split(":", 2)[2]
        wanted["AdministrationRoleARN"] = {"Fn::Sub": f"arn:{partition}:{role}"}
    if "execution_role" in settings:
        wanted["ExecutionRoleName"] = settings["execution_role"]
    if settings.get("call_as") == "delegated-admin":
        wanted["CallAs"] = "DELEGATED_ADMIN"
    if "tags" in settings:
        wanted["Tags"] = [{"Key": key, "Value": value} for key, value in settings["tags"].items()]
    if "operation_preferences" in settings:
        wanted["OperationPreferences"] = preferences_of(settings)
    return wanted


def reached(manifest, groups):
    """The external id by account, over all groups; of all units where none are listed."""
    settings, accounts = manifest["stack_set"], {}
    units = settings.get("organizational_units")
    for group in groups:
        targets = group["DeploymentTargets"]
        listed = targets.get("Accounts", [])
        require(group["Regions"] == settings["regions"], "regions:", group["Regions"])
        require(targets.get("OrganizationalUnitIds") == units, "units:", targets)
        filtered = "INTERSECTION" if units and listed else None
        require(targets.get("AccountFilterType") == filtered, "filter:", targets)
        overrides = {o["ParameterKey"]: o["ParameterValue"]
                     for o in group.get("ParameterOverrides", [])}
        require(set(overrides) <= {"SpotExternalId"}, "overrides:", overrides)
        for account in listed or [None]:
            require(account not in accounts, account, "is reached twice")
            accounts[account] = overrides.get("SpotExternalId")
    return accounts


def check_set(manifest, template, body):
    properties = dict(template["Resources"]["StackSet"]["Properties"])
    require(properties.pop("TemplateBody") == body, "TemplateBody is not the template")
    require(properties.pop("Description"), "no description")
    given = {p["ParameterKey"]: p["ParameterValue"] for p in properties.pop("Parameters", [])}
    wanted = {entry["account"]: entry.get("external_id")
              for entry in manifest.get("accounts", [])} or {None: None}
    accounts = reached(manifest, properties.pop("StackInstancesGroup"))
    require(accounts == wanted, "reached:", accounts, "wanted:", wanted)
    if manifest["connect"] == "automatic":
        require(given == {"Token": {"Ref": "Token"}}, "parameters:", given)
        require(template["Parameters"]["Token"]["NoEcho"] is True, "the token is echoed")
        require("Default" not in template["Parameters"]["Token"], "the token has a default")
    else:
        require(list(given) == ["SpotExternalId"] and "Parameters" not in template,
                "parameters:", given)
        require(given["SpotExternalId"] not in wanted.values(), "an account's id is everybody's")
    require(properties == properties_of(manifest), "properties:", properties, "wanted:",
            properties_of(manifest))
    condition = template["Rules"]["OnlyTheAdministeringAccount"]["Assertions"][0]["Assert"]
    require(condition == {"Fn::Equals": [{"Ref": "AWS::AccountId"}, ACCOUNT]}, "rule:", condition)


# --- the suite ----------------------------------------------------------------------------------

def check(manifest, plain, folders, form):
    folder = folders[manifest["name"]]
    body = (folder / f"template.{form}").read_text("utf-8")
    check_set(manifest, read(folder, "stack-set", form), body)
    check_template(plain.get("external_id"), read(folder, "template", form),
                   read(folders[plain["name"]], "template", form))


def hostile_sets():
    """A set around each template that has such strings."""
    for manifest in hostile_manifests():
        manifest["accounts"] = [{"account": "210987654321", "external_id": "ab"}]
        manifest["stack_set"] = {"regions": ["us-east-1"]}
        manifest["stack"] = {"format": "yaml"}
        del manifest["external_id"]
        yield manifest


def check_hostile(suite, spotc, folder):
    readers = {"YAML 1.1": read_by_pyyaml}
    if shutil.which("fy-tool"):
        readers["YAML 1.2"] = read_by_fy_tool
    folders, done = compile_all(spotc, list(hostile_sets()), folder, "-q")
    suite.check("hostile: all compile", done.returncode and f"status {done.returncode}",
                done.stderr)
    for name, made in folders.items():
        body = (made / "template.yaml").read_text("utf-8")
        for reader, read_by in readers.items():
            properties = read_by(made / "stack-set.yaml")["Resources"]["StackSet"]["Properties"]
            suite.check(f"hostile: {name}: {reader}",
                        "" if properties["TemplateBody"] == body else "not the template")


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    with scratch_folder() as folder:
        check_hostile(suite, spotc, Path(folder))
    for form in "yaml", "json":
        pairs = list(stack_sets())
        for rolled, plain in pairs:
            plain["name"] += "-plain"
            plain["stack"] = rolled["stack"] = {"format": form}
        with scratch_folder() as folder:
            every = [manifest for pair in pairs for manifest in pair]
            folders, done = compile_all(spotc, every, Path(folder))
            suite.check(f"{form}: all compile", done.returncode and f"status {done.returncode}",
                        done.stderr)
            for rolled, plain in pairs:
                try:
                    check(rolled, plain, folders, form)
                    suite.ok(f"{form}: {rolled['name']}")
                except (Wrong, OSError, LookupError, ValueError, TypeError) as error:
                    suite.fail(f"{form}: {rolled['name']}", f"{type(error).__name__}: {error}")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
