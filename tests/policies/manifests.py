"""Manifests for the tests to compile: the examples, every preset, every integration, and random
selections, which are the same on every run."""

import json
import os
import random
import subprocess
import tempfile

from bundles import PARTITIONS, ROOT, Expected, Library, parameters_wanted, pick_all, read_documents

ACCOUNT = "123456789012"
EXTERNAL_ID = "spotinst:aws:extid:3w72ms42i8000000"
BUILT_IN = Library(ROOT / "bundles")


# --- one manifest -------------------------------------------------------------------------------

def key_arn(partition, number):
    region = {"aws": "eu-west-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}[partition]
    return f"arn:{partition}:kms:{region}:{ACCOUNT}:key/{number:08d}-ab12-cd34-ef56-1234567890ab"


def sample(parameter, partition, dice=None):
    """A value for a parameter; one of several where there are dice."""
    bucket = f"acme-{parameter.replace('_', '-')}"
    if parameter != "key_arns":
        return dice.choice([bucket, bucket + "-2"]) if dice else bucket
    arns = [key_arn(partition, number) for number in range(9)]
    return dice.choice([["*"], dice.sample(arns, dice.randint(1, 9))]) if dice else arns[:2]


def complete(manifest, dice=None):
    """Adds what else the selection needs: parameters, external id, principals, acknowledgements."""
    partition = PARTITIONS[manifest["partition"]]
    for name, pick in pick_all(BUILT_IN, manifest).items():
        entry = (manifest.get("products") or {}).get(name)
        for parameter in sorted(parameters_wanted(pick) if entry is not None else []):
            optional = pick.product["parameters"][parameter].get("optional")
            needed = any(parameter in part.get("needs", []) for part in pick.parts())
            if needed or not optional or (dice is None or dice.random() < 0.7):
                entry.setdefault("parameters", {}).setdefault(
                    parameter, sample(parameter, partition, dice))
    expected = Expected(BUILT_IN, manifest)
    for name, role in expected.roles.items():
        if BUILT_IN["trust"][name].get("primary"):
            manifest["external_id"] = EXTERNAL_ID
        if not role.principals:
            manifest.setdefault("roles", {}).setdefault(name, {})["principals"] = [
                f"arn:{partition}:iam::111122223333:root"]
    if "customized-partition" in expected.messages:
        manifest["acknowledge"] = [{"check": "customized-partition", "reason": "a test"}]
    return manifest


def manifest_of(name, partition="commercial", **keys):
    return {"name": name, "account": ACCOUNT, "partition": partition,
            "stack": {"format": "json"}, **keys}


# --- many ---------------------------------------------------------------------------------------

def entries(manifest):
    """A fleet's manifests: what an entry has takes the place of the shared key as a whole."""
    if "stack_set" in manifest:
        return [manifest]  # there accounts are those of the set
    shared = {key: value for key, value in manifest.items() if key != "accounts"}
    return [{**shared, **entry} for entry in manifest.get("accounts", [{}])]


def examples():
    """The manifests of examples/, with templates as JSON, and with the file in their names."""
    for path in sorted(ROOT.glob("examples/*.yaml")):
        for manifest in (entry for document in read_documents(path) for entry in entries(document)):
            manifest["name"] = f"{path.stem}-{manifest['name']}"
            manifest["stack"] = {**manifest.get("stack", {}), "format": "json"}
            if "bundles" in manifest:
                manifest["bundles"] = [str(path.parent / folder) for folder in manifest["bundles"]]
            yield manifest


def presets():
    for partition in PARTITIONS:
        for preset in BUILT_IN["preset"]:
            yield complete(manifest_of(f"preset-{preset}-{partition}", partition,
                                       permissions=preset))


def integrations():
    """Each product by itself, and with each of its integrations."""
    for name in BUILT_IN.offered():
        yield complete(manifest_of(f"product-{name}", products={name: {}}))
        for integration in BUILT_IN["product"][name].get("integrations", {}):
            yield complete(manifest_of(f"integration-{name}-{integration}",
                                       products={name: {"integrations": [integration]}}))


def large():
    """Keys by the hundred, so that statements must be cut."""
    for number, partition in ((20, "commercial"), (70, "china"), (110, "govcloud"),
                              (140, "commercial")):
        arns = [key_arn(PARTITIONS[partition], i) for i in range(number)]
        products = {"ocean": {"integrations": ["eks", "kms"], "parameters": {"key_arns": arns}},
                    "elastigroup": {"integrations": ["kms"], "parameters": {"key_arns": arns[3:]}}}
        yield complete(manifest_of(f"large-{number}", partition, permissions="default",
                                   products=products))


UNITS = ["ou-ab12-cdefgh34", "r-ab12"]
REGIONS = {"commercial": "us-east-1", "govcloud": "us-gov-west-1", "china": "cn-northwest-1"}
SELF_MANAGED = [
    {},
    {"permission_model": "self-managed", "execution_role": "Execution", "name": "by-hand",
     "operation_preferences": {"max_concurrent_count": 3, "failure_tolerance_count": 2}},
    {"administration_role": "arn:{partition}:iam::123456789012:role/stacks/Administration",
     "tags": {"owner": "platform", "cost centre": "\u65e5 12"}},
]
SERVICE_MANAGED = [
    {},
    {"auto_deployment": {"enabled": False}, "call_as": "delegated-admin"},
    {"permission_model": "service-managed", "auto_deployment": {"enabled": True,
                                                                "retain_stacks": True},
     "operation_preferences": {"max_concurrent_percentage": 50, "concurrency_mode": "soft",
                               "failure_tolerance_percentage": 0}},
]


def stack_set_of(manifest, settings, accounts, connect):
    """The manifest, rolled out over accounts; what it is without that is its `plain`."""
    partition = PARTITIONS[manifest["partition"]]
    text = json.dumps(settings).replace("{partition}", partition)
    rolled = {**manifest, "stack_set": {**json.loads(text),
                                        "regions": [REGIONS[manifest["partition"]]]}}
    external_id = rolled.pop("external_id", None)
    if connect:
        rolled["connect"] = "automatic"
    if accounts:
        by_hand = external_id and not connect
        rolled["accounts"] = [{"account": account, **(
            {"external_id": f"{EXTERNAL_ID}{number}"} if by_hand else {})}
            for number, account in enumerate(accounts)]
    return rolled


def stack_sets():
    """(manifest, the same without a stack set): in each partition, of each form."""
    others = ["210987654321", "345678901234", "077777777777"]
    for partition in REGIONS:
        for number, settings in enumerate([*SELF_MANAGED, *SERVICE_MANAGED]):
            service_managed = number >= len(SELF_MANAGED)
            plain = complete(manifest_of(f"set-{partition}-{number}", partition,
                                         permissions="default"))
            role = plain.setdefault("roles", {}).setdefault("spot", {})
            role["permissions_boundary"] = (
                f"arn:{PARTITIONS[partition]}:iam::{ACCOUNT}:policy/Boundary")
            if number % 2:
                role["name"] = "SpotRole"
            if service_managed:
                settings = {**settings, "organizational_units": UNITS}
            connect = partition == "commercial" and service_managed
            listed = [] if connect and number != 4 else others
            if settings.get("auto_deployment", {}).get("enabled") and listed:
                settings = {**settings, "auto_deployment": {"enabled": False}}
            plain["connect"] = "automatic" if connect else "manual"
            if connect:
                del plain["external_id"]
            yield stack_set_of(plain, settings, listed, connect), plain


def random_integrations(dice, product):
    names = list(product.get("integrations", {}))
    exclusive = product.get("choose_one", {}).get("integrations", [])
    if not exclusive and dice.random() < 0.2:
        return "all"
    chosen = [name for name in names if name not in exclusive and dice.random() < 0.5]
    if exclusive and dice.random() < 0.8:
        chosen.append(dice.choice(exclusive))
    return dice.sample(chosen, len(chosen))


def random_products(dice):
    names = [name for name in BUILT_IN.offered() if dice.random() < 0.5]
    return {name: {"integrations": random_integrations(dice, BUILT_IN["product"][name])}
            for name in dice.sample(names, len(names))}


def exists_in(partition, product, integration):
    known = BUILT_IN["product"][product]["integrations"].get(integration, {})
    return PARTITIONS[partition] in known.get("partitions", PARTITIONS.values())


def without_absent(products, partition):
    """The selection without integrations that the partition does not have."""
    for product, entry in products.items():
        if isinstance(entry["integrations"], list):
            entry["integrations"] = [name for name in entry["integrations"]
                                     if exists_in(partition, product, name)]
    return products


def random_manifest(dice, name, partition):
    keys = {"products": without_absent(random_products(dice), partition)}
    if not keys["products"] or dice.random() < 0.5:
        keys["permissions"] = dice.choice(sorted(BUILT_IN["preset"]))
    if not keys["products"] and dice.random() < 0.5:
        del keys["products"]
    manifest = complete(manifest_of(name, partition, **keys), dice)
    if "finops" in Expected(BUILT_IN, manifest).roles:
        settings = manifest.setdefault("roles", {}).setdefault("finops", {})
        if dice.random() < 0.5:
            settings["external_id"] = "acme-finops-3w72ms42"
        if partition == "commercial" and dice.random() < 0.5:
            settings["trust"] = "limited"
        if not settings:
            del manifest["roles"]["finops"]
    return manifest


def random_manifests(count, seed, partitions=tuple(PARTITIONS)):
    dice = random.Random(seed)
    for number in range(count):
        yield random_manifest(dice, f"random-{number}", dice.choice(partitions))


# --- compiling ----------------------------------------------------------------------------------

def scratch_folder():
    """A temporary folder, in memory where there is such a place: it gets thousands of files."""
    memory = "/dev/shm"
    is_there = "TMPDIR" not in os.environ and os.access(memory, os.W_OK)
    return tempfile.TemporaryDirectory(dir=memory if is_there else None)


def write_manifest(folder, manifest):
    """Writes it as JSON, which is YAML too but for two line breaks, and returns the path."""
    path = folder / f"{manifest['name']}.yaml"
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    path.write_text(text, encoding="utf-8")
    return path


def compile_all(spotc, manifests, folder, *options, **more):
    """Compiles manifests in one run into FOLDER/out: {name: folder}, and what spotc says."""
    (folder / "in").mkdir(exist_ok=True)
    paths = [str(write_manifest(folder / "in", manifest)) for manifest in manifests]
    done = subprocess.run([spotc, "compile", *options, *paths, "-o", str(folder / "out")],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True,
                          encoding="utf-8", timeout=120, **more)
    return {manifest["name"]: folder / "out" / manifest["name"] for manifest in manifests}, done
