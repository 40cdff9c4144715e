"""What a manifest grants by the words of the bundles alone.

Written from docs/bundle-reference.md and the contract of the manifest; shares no code with spotc,
neither for reading YAML nor for choosing, filling in or covering.
"""

import functools
import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PARTITIONS = {"commercial": "aws", "govcloud": "aws-us-gov", "china": "aws-cn"}
KINDS = ("product", "preset", "trust", "rules")
ARN_ACCOUNT = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):")
PLACEHOLDER = re.compile(r"\$\{\{ *([a-z0-9_]+) *\}\}")


# --- reading ------------------------------------------------------------------------------------

class Reader(yaml.BaseLoader):
    """YAML 1.2: of the plain words only true, false, null and whole numbers are not strings."""


def _resolve(tag, pattern, first, construct):
    Reader.add_implicit_resolver(tag, re.compile(pattern), first)
    Reader.add_constructor(tag, lambda loader, node: construct(node.value))


_resolve("!boolean", "^(?:true|false)$", ["t", "f"], lambda text: text == "true")
_resolve("!null", "^(?:null|~|)$", ["n", "~", ""], lambda text: None)
_resolve("!integer", "^(?:0|-?[1-9][0-9]*)$", list("-0123456789"), int)


def read_documents(path):
    return list(yaml.load_all(path.read_text(encoding="utf-8"), Reader))


@functools.cache
def read_folder(folder):
    return [bundle for path in sorted(folder.rglob("*.yaml")) for bundle in read_documents(path)]


@functools.cache
def services_of_partitions():
    """{service: {partition: "yes", "no" or "unknown"}}, by schema/iam/service-partitions.tsv."""
    path = ROOT / "schema/iam/service-partitions.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")]
    return {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}


class Library:
    """All bundles of some folders, by kind and name; mappings keep the order of the files."""

    def __init__(self, *folders):
        self.bundles = {kind: {} for kind in KINDS}
        for bundle in (bundle for folder in folders for bundle in read_folder(folder)):
            kind, = (kind for kind in KINDS if kind in bundle)
            self.bundles[kind][bundle[kind]] = bundle

    def __getitem__(self, kind):
        return self.bundles[kind]

    def offered(self):
        """The names of the products that a manifest may choose."""
        return sorted(name for name, product in self["product"].items()
                      if not product.get("shared"))


# --- choosing -----------------------------------------------------------------------------------

class Pick:
    """What is chosen of a product."""

    def __init__(self, product):
        self.product, self.integrations, self.parameters = product, set(), {}

    def parts(self):
        """The product itself and its chosen integrations, in the order of the file."""
        return [self.product] + [part for name, part in
                                 self.product.get("integrations", {}).items()
                                 if name in self.integrations]

    def enabled(self, items):
        return [item for item in items or [] if
                self.integrations.issuperset(item.get("with", [])) and
                self.integrations.isdisjoint(item.get("without", []))]


def pick_products(library, products, picks):
    for name, entry in (products or {}).items():
        pick = picks.setdefault(name, Pick(library["product"][name]))
        entry, offered = entry or {}, pick.product.get("integrations", {})
        named = entry.get("integrations", [])
        if named == "all":
            named = [integration for integration, part in offered.items() if part.get("all")]
        pick.integrations.update(named)
        pick.parameters.update(entry.get("parameters", {}))
        pick_products(library, dict.fromkeys(pick.product.get("requires", [])), picks)


def preset_of(library, manifest):
    name = manifest.get("permissions")
    if name is None and "products" not in manifest:
        name = next(rules["default_preset"] for rules in library["rules"].values()
                    if "default_preset" in rules)
    return library["preset"].get(name, {})


def pick_all(library, manifest):
    """Everything that is chosen, by the name of the product."""
    picks = {}
    pick_products(library, preset_of(library, manifest).get("products"), picks)
    pick_products(library, manifest.get("products"), picks)
    for pick in picks.values():
        choice = pick.product.get("choose_one")
        if choice and not pick.integrations.intersection(choice["integrations"]):
            pick.integrations.add(choice["default"])
    return dict(sorted(picks.items()))


def parameters_used(statement):
    text = json.dumps([statement["resources"], statement.get("conditions")])
    return set(PLACEHOLDER.findall(text)) - {"partition", "account"}


def parameters_wanted(pick):
    """The parameters that what is picked uses or needs."""
    wanted = {name for part in pick.parts() for name in part.get("needs", [])}
    for part in pick.parts():
        for statement in pick.enabled(part.get("statements")):
            wanted |= parameters_used(statement)
    return wanted


# --- filling in ---------------------------------------------------------------------------------

def fill(text, values):
    """The strings that one string of a bundle stands for."""
    whole = PLACEHOLDER.fullmatch(text)
    if whole and isinstance(values[whole[1]], list):
        return values[whole[1]]
    return [PLACEHOLDER.sub(lambda match: values[match[1]], text)]


def fill_all(texts, values):
    texts = texts if isinstance(texts, list) else [texts]
    return sorted({filled for text in texts for filled in fill(text, values)})


def covering(pattern):
    """Matches the actions, patterns or not, that `pattern` covers."""
    words = {"*": ".*", "?": "[^*]"}
    return re.compile("".join(words.get(c) or re.escape(c) for c in pattern), re.IGNORECASE)


def without_covered(actions):
    wild = [(action, covering(action)) for action in actions if re.search(r"[*?]", action)]
    return sorted(action for action in set(actions)
                  if not any(other != action and match.fullmatch(action) for other, match in wild))


def canonical(conditions):
    """One text for each meaning of a statement's conditions."""
    as_list = lambda values: values if isinstance(values, list) else [values]
    return json.dumps({operator: {key: sorted(as_list(values)) for key, values in keys.items()}
                       for operator, keys in (conditions or {}).items()}, sort_keys=True)


class Granted:
    """A statement of a bundle, filled in."""

    def __init__(self, statement, values):
        self.sid = statement["sid"]
        self.effect = statement.get("effect", "Allow")
        self.actions = without_covered(statement["actions"])
        self.resources = fill_all(statement["resources"], values)
        if "*" in self.resources:
            self.resources = ["*"]
        conditions = {operator: {key: fill_all(texts, values) for key, texts in keys.items()}
                      for operator, keys in (statement.get("conditions") or {}).items()}
        self.conditions = conditions
        self.body = body(self.effect, self.actions, self.resources, conditions)
        self.grants = elements([self.body])

    def as_iam(self):
        """The statement as IAM writes it, its lists as lists but for one value of a condition."""
        conditions = {operator: {key: values[0] if len(values) == 1 else values
                                 for key, values in keys.items()}
                      for operator, keys in self.conditions.items()}
        return {"Sid": self.sid, "Effect": self.effect, "Action": self.actions,
                "Resource": self.resources, **({"Condition": conditions} if conditions else {})}


def body(effect, actions, resources, conditions):
    """All of a statement but its Sid."""
    return effect, tuple(actions), tuple(resources), canonical(conditions)


def elements(bodies):
    """The set of (effect, action, resource, conditions) of statements."""
    return {(effect, action, resource, conditions)
            for effect, actions, resources, conditions in bodies
            for action in actions for resource in resources}


class Role:
    """What one role gets, and who may assume it."""

    def __init__(self):
        self.granted, self.managed, self.principals, self.external_id = [], [], [], None
        self.has_trust_file = True

    def grant(self, statements, managed, values):
        """Takes statements, but none that says what another one says."""
        for statement in statements or []:
            granted = Granted(statement, values)
            if granted.body not in [other.body for other in self.granted]:
                self.granted.append(granted)
        for policy in managed or []:
            if policy["name"] not in self.managed:
                self.managed.append(policy["name"])


class Expected:
    """What must come out of a manifest: its roles by id, and the messages that it deserves."""

    def __init__(self, library, manifest):
        self.library, self.manifest = library, manifest
        self.partition = PARTITIONS.get(manifest["partition"], manifest["partition"])
        self.constants = {"partition": self.partition, "account": manifest["account"]}
        self.roles, self.messages = {}, set()
        preset = preset_of(library, manifest)
        if "role" in preset:
            self.role(preset["role"]).grant(preset.get("statements"),
                                            preset.get("managed_policies"), self.constants)
        for pick in pick_all(library, manifest).values():
            self.take(pick)
        for name, role in self.roles.items():
            self.settle_trust(name, role)
        self.expect_customized()
        self.expect_foreign()
        self.expect_absent_services()
        stack_set = manifest.get("stack_set", {})
        if "organizational_units" in stack_set and stack_set.get("call_as", "self") == "self":
            self.messages.add("stack-set-management-account")

    def role(self, name):
        return self.roles.setdefault(name, Role())

    def take(self, pick):
        values = {**self.constants, **pick.parameters}
        if any(value == ["*"] for value in pick.parameters.values()):
            self.messages.add("wildcard-parameter")
        for part in pick.parts():
            statements = pick.enabled(part.get("statements"))
            given = [s for s in statements if parameters_used(s) <= set(pick.parameters)]
            if given != statements:
                self.messages.add("parameter-not-given")
            managed = pick.enabled(part.get("managed_policies"))
            if given or managed:
                self.role(pick.product["role"]).grant(given, managed, values)

    def settle_trust(self, name, role):
        trust = self.library["trust"][name]
        settings = self.manifest.get("roles", {}).get(name, {})
        profile = trust["profiles"][settings.get("trust", trust["default_profile"])]
        role.principals = settings.get("principals") or [
            principal for row in profile if row["partition"] == self.partition
            for text in row["principals"] for principal in fill(text, self.constants)]
        role.principals = [f"arn:{self.partition}:iam::{text}:root" if text.isdigit() else text
                           for text in role.principals]
        top = self.manifest.get("external_id") if trust.get("primary") else None
        role.external_id = settings.get("external_id", top)
        if trust.get("primary") and self.manifest.get("connect") == "automatic":
            role.external_id = {"Ref": f"{name.capitalize()}ExternalId"}  # the stack makes it
            role.has_trust_file = False
        if role.external_id is None:
            self.messages.add("no-external-id")

    def expect_customized(self):
        for rules in self.library["rules"].values():
            for row in rules.get("partitions", []):
                preset = self.manifest.get("permissions", row["permissions"][0])
                if row["partition"] == self.partition and (
                        "products" in self.manifest or preset not in row["permissions"]):
                    self.messages.add("customized-partition")

    def expect_absent_services(self):
        """Services that the partition does not have."""
        services = {action.split(":")[0].lower() for role in self.roles.values()
                    for granted in role.granted for action in granted.actions}
        if any(services_of_partitions().get(service, {}).get(self.partition) == "no"
               for service in services):
            self.messages.add("service-not-in-partition")

    def expect_foreign(self):
        """ARNs of other accounts, but for those of principals."""
        products = (self.manifest.get("products") or {}).values()
        given = [(product or {}).get("parameters") for product in products]
        given += [role.get("permissions_boundary") for role in
                  self.manifest.get("roles", {}).values()]
        if set(ARN_ACCOUNT.findall(json.dumps(given))) - {self.manifest["account"]}:
            self.messages.add("foreign-account")
