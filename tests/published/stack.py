"""A CloudFormation template as facts {path: value}, so that two that mean the same are equal.

Names that bind nothing outside the stack do not count: the role is `Role`, its policies are
`Policy`. Parameters have the values that the user gives, so what they are for shows where they are
used. Of DependsOn, Ref and Fn::GetAtt together counts what each resource waits for. Descriptions
do not count, nor do the policies' statements, which compare.py looks at.
"""

import json
import re

from compare import as_list

# What the templates are compared with: a stack in the commercial partition.
PSEUDO = {"AWS::Partition": "aws",
          "AWS::StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/spot/0a1b2c3d-4e5f"}
NAMED = {"AWS::IAM::Role": "Role", "AWS::IAM::ManagedPolicy": "Policy"}
REFERENCE = re.compile(r"\$\{([\w:]+)((?:\.\w+)?)\}")
SETS = ("AWS", "Service", "ManagedPolicyArns", "Action", "Resource", "AdditionalArtifacts",
        "AdditionalSchemaElements")


class Stack:
    """A template, with values for those of its parameters that are not secret."""

    def __init__(self, template, values):
        self.template = template
        self.values = {**PSEUDO, **values}
        self.names = {logical_id: NAMED.get(resource["Type"], logical_id)
                      for logical_id, resource in template["Resources"].items()}

    # --- values ---------------------------------------------------------------------------------

    def reference(self, name, attribute=""):
        """What ${Name} or ${Name.Attribute} is: a value, or the same with the resource's name."""
        if name in self.values and not attribute:
            return self.values[name]
        return f"${{{self.names.get(name, name)}{attribute}}}"

    def text(self, pattern, more=()):
        """A text for Fn::Sub."""
        known = {key: self.value(value) for key, value in dict(more).items()}
        return REFERENCE.sub(lambda match: known.get(match[1]) or self.reference(*match.groups()),
                             pattern)

    def intrinsic(self, name, argument):
        if name == "Ref":
            return self.reference(argument)
        if name == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else argument
            return self.reference(parts[0], "." + parts[1])
        if name == "Fn::Sub":
            return self.text(*as_list(argument))
        if name == "Fn::Join":
            return argument[0].join(map(self.value, argument[1]))
        if name == "Fn::Split":
            return self.value(argument[1]).split(argument[0])
        if name == "Fn::Select":
            return self.value(argument[1])[int(argument[0])]
        return None

    def value(self, node):
        """A node without intrinsic functions; lists whose order means nothing are sorted."""
        if isinstance(node, list):
            return [self.value(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            resolved = self.intrinsic(*next(iter(node.items())))
            if resolved is not None:
                return resolved
        return {key: sorted(map(str, as_list(self.value(item)))) if key in SETS
                else self.value(item) for key, item in node.items() if key != "Description"}

    # --- order ----------------------------------------------------------------------------------

    def mentions(self, node):
        """The resources that a node refers to."""
        if isinstance(node, list):
            return set().union(*map(self.mentions, node))
        if not isinstance(node, dict):
            return set()
        found = set().union(*(self.mentions(item) for item in node.values()))
        for name in ("Ref", "Fn::GetAtt", "Fn::Sub"):
            text = as_list(node.get(name, ""))[0]
            words = [match[0] for match in REFERENCE.findall(text)] + [text.split(".")[0]]
            found |= set(words) & set(self.names)
        return found

    def waits_for(self, logical_id):
        """All resources that must be there before this one is made."""
        seen, ahead = set(), [logical_id]
        while ahead:
            resource = self.template["Resources"][ahead.pop()]
            direct = set(as_list(resource.get("DependsOn", []))) | self.mentions(resource)
            ahead += direct - seen
            seen |= direct
        return sorted({self.names[other] for other in seen} - {self.names[logical_id]})

    # --- facts ----------------------------------------------------------------------------------

    def resource_facts(self, logical_id):
        """The facts of one resource, without what compare.py looks at."""
        resource = dict(self.template["Resources"][logical_id], waits=self.waits_for(logical_id))
        resource.pop("DependsOn", None)
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            resource["Properties"] = {key: value for key, value in resource["Properties"].items()
                                      if key != "PolicyDocument"}
        if resource["Type"] == "AWS::IAM::Role":
            arns = map(self.value, resource["Properties"]["ManagedPolicyArns"])
            resource["Properties"] = {**resource["Properties"],
                                      "ManagedPolicyArns": sorted(set(arns))}
        path = f"Resources.{self.names[logical_id]}"
        if self.names[logical_id] != logical_id:
            yield f"{path}.logical ids", [logical_id]
        yield from leaves(path, self.value(resource))

    def facts(self):
        found = {}
        for part in ("Parameters", "Rules", "Outputs"):
            found.update(leaves(part, self.value(self.template.get(part, {}))))
        for logical_id in self.template["Resources"]:
            for path, value in self.resource_facts(logical_id):
                several = path.endswith("logical ids") and found.get(path, [])
                found[path] = several + value if several else value
        return found


def leaves(path, value):
    """(path, value) of everything below a value; a statement is named by its Sid."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(f"{path}.{key}", item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield from leaves(f"{path}.{item.get('Sid', number)}", item)
    elif value != {}:
        yield path, value


# --- differences --------------------------------------------------------------------------------

def below(facts, path):
    """The value at a path, put together again from the facts below it, or None."""
    if path in facts:
        return facts[path]
    inside = {key[len(path) + 1:]: value for key, value in facts.items()
              if key.startswith(path + ".")}
    return inside or None


def highest(path, other):
    """The shortest beginning of a path below which the other side has nothing: a whole parameter,
    output, rule or resource, a property of one, or a part of a property."""
    words = path.split(".")
    starts = (".".join(words[:length]) for length in (2, *range(4, len(words)), len(words)))
    return next(start for start in starts if start == path or below(other, start) is None)


def differences(published, here):
    """{path: (published, here)}, None on the side that has nothing there."""
    paths = {highest(path, here if path in published else published) if
             (path in published) != (path in here) else path
             for path in {*published, *here} if published.get(path) != here.get(path)}
    return {path: (below(published, path), below(here, path)) for path in sorted(paths)}


def shown(value):
    """A value in one line."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
