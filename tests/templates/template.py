"""A CloudFormation template: reading, what refers to what, and the values of its functions."""

import json
import re
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from check_yaml import Yaml11

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
REPORT = "AWS::CUR::ReportDefinition"
REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")
PSEUDO = {"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName",
          "AWS::URLSuffix", "AWS::NotificationARNs", "AWS::NoValue"}


def read_template(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Yaml11)


def as_list(value):
    return value if isinstance(value, list) else [value]


def walk(node, path=()):
    """(path, node) of a node and all below it."""
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(
        node if isinstance(node, list) else [])
    for key, item in items:
        yield from walk(item, (*path, key))


def references(node):
    """(path, name, attribute or None) of every Ref, Fn::GetAtt and ${} of Fn::Sub below a node."""
    for path, value in walk(node):
        if not path or path[-1] not in ("Ref", "Fn::GetAtt", "Fn::Sub"):
            continue
        if path[-1] == "Ref":
            yield path, value, None
        elif path[-1] == "Fn::GetAtt":
            yield path, *(value if isinstance(value, list) else value.split(".", 1))
        else:
            for name in REFERENCE.findall(as_list(value)[0]):
                yield path, *(name.split(".", 1) if "." in name else (name, None))


def resolve(node, values):
    """A node with the values of Ref and Fn::Sub put in; what has none keeps its function."""
    if isinstance(node, list):
        return [resolve(item, values) for item in node]
    if not isinstance(node, dict):
        return node
    if list(node) == ["Ref"]:
        return values.get(node["Ref"], node)
    if list(node) == ["Fn::Sub"]:
        return REFERENCE.sub(lambda match: values.get(match[1], match[0]), node["Fn::Sub"])
    return {key: resolve(item, values) for key, item in node.items()}


def holds(assertion, values):
    """Whether the condition of a rule holds, by the two functions that are used."""
    (name, arguments), = assertion.items()
    if name == "Fn::Equals":
        first, second = resolve(arguments, values)
        return first == second
    if name == "Fn::Contains":
        several, one = resolve(arguments, values)
        return one in several
    raise ValueError(f"{name} in a rule")


def refused_by(template, values):
    """The rules that refuse a deployment with these values."""
    return [name for name, rule in template.get("Rules", {}).items()
            if not all(holds(each["Assert"], values) for each in rule["Assertions"])]


def of_type(template, kind):
    """{logical id: properties} of the resources of a type."""
    return {name: resource["Properties"] for name, resource in template["Resources"].items()
            if resource["Type"] == kind}
