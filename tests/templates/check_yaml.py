#!/usr/bin/env python3
"""tests/templates/check_yaml.py SPOTC: the YAML template says what the JSON template says.

To a YAML 1.1 reader, as CloudFormation's is (here PyYAML), and to a YAML 1.2 reader (libfyaml's
fy-tool, where it is installed), for the examples, the presets, the integrations, random
selections, and manifests whose strings either reader could take for something else.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "policies")]

from manifests import (compile_all, examples, integrations, manifest_of, presets,
                       random_manifests, scratch_folder)
from suite import Suite

RANDOM, SEED = 40, 1925

# What a reader may take for a boolean, null, number, date, time, merge key or indicator.
WORDS = """y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE null
    Null NULL nULL none .inf -.inf +.INF .nan .NaN 0 00 007 08 -0 +1 -1 1_000 0_ 0x1F 0xg 0o17 0b11
    0b2 1. .5 -.5 1.5 1e3 1E+3 1.e+1 1e 12e03 1:30 190:20:30 1:30.5 12:30:45 2001-01-01 2001-1-1
    2001-12-14T21:59:43.10-05:00 20011214 = == - -- --- ... .. . : :: a: :a a:b +a @a /a _ __ a=b
    123456789012 12345678901234567890 e3 1e400 0.1 1,2 - = /""".split()
SPACED = [" ", " a", "a ", "a  b", "a: b", "a : b", "a :b", ": a", "- a", "--- a", "a - b", "a -",
          "= a", "", "\u00e9", "\U0001d49c", "\u65e5\u672c", "\u00a0", "a\u00a0", "\u3000a",
          "a\u2028b", "\u2029", "a\u2028 b", "null ", "1 2", "a b: c:", "@ a", "/ a", ". a"]


# --- hostile manifests --------------------------------------------------------------------------

def hostile(number, **keys):
    return manifest_of(f"hostile-{number}", permissions="analyzer", **keys)


def hostile_manifests():
    """Words as tags, role names and external ids."""
    values = [word for word in WORDS if "," not in word] + SPACED
    external_ids = [word for word in WORDS if re.fullmatch(r"[\w+=,.@:/-]{2,}", word)]
    names = [word for word in WORDS if re.fullmatch(r"[\w+=,.@-]+", word)]
    for number, external_id in enumerate(external_ids):
        some = [values[(number * 7 + i) % len(values)] for i in range(7)]
        tags = {key or "empty": value for key, value in zip(some, some[::-1])}
        yield hostile(number, external_id=external_id,
                      roles={"spot": {"name": names[number % len(names)], "tags": tags}})
    for number, name in enumerate(["on", "no", "123", "0x1f", "1e3", "2001-01-01", "null"]):
        yield dict(hostile(number, external_id="ab"), name=name)


# --- reading ------------------------------------------------------------------------------------

SHORT_FORMS = {"!Ref": "Ref", "!Sub": "Fn::Sub", "!GetAtt": "Fn::GetAtt"}


def long_form(tag, value):
    """CloudFormation's reading of a tag: !GetAtt a.b.c is [a, b.c]."""
    return {SHORT_FORMS[tag]: value.split(".", 1) if tag == "!GetAtt" else value}


class Yaml11(yaml.SafeLoader):
    """PyYAML, which reads YAML 1.1, with CloudFormation's tags."""


for _tag in SHORT_FORMS:
    Yaml11.add_constructor(_tag, lambda loader, node, tag=_tag: long_form(tag, node.value))

# The core schema of YAML 1.2.
CORE = [
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), lambda text: text.encode()),
]
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "\\": "\\"}
SCALAR = re.compile(r"=VAL (?:<(?P<tag>[^>]*)> )?(?P<style>[:'\"|>])(?P<text>.*)", re.DOTALL)


def scalar(event):
    """The value of an event such as `=VAL <!Ref> :AWS::AccountId`."""
    parts = SCALAR.fullmatch(event)
    text = re.sub(r"\\(.)", lambda match: ESCAPES[match[1]], parts["text"])
    if parts["tag"]:
        return long_form(parts["tag"], text)
    if parts["style"] == ":":
        for pattern, convert in CORE:
            if pattern.fullmatch(text):
                return convert(text)
    return text


END = object()  # of a sequence or mapping


def value_of(events):
    """Builds the next value from events of the YAML test suite's form."""
    event = next(events)
    if event.startswith("=VAL "):
        return scalar(event)
    if event in ("-SEQ", "-MAP"):
        return END
    items = list(iter(lambda: value_of(events), END))
    if event in ("+SEQ", "+SEQ []"):
        return items
    assert event in ("+MAP", "+MAP {}") and len(set(items[::2])) * 2 == len(items), event
    return dict(zip(items[::2], items[1::2]))


def events_of(text):
    """The events of the only document."""
    lines = text.split("\n")
    assert lines[:2] == ["+STR", "+DOC"] and lines[-3:] == ["-DOC", "-STR", ""], lines[:2]
    return iter(lines[2:-3])


def read_by_fy_tool(path):
    done = subprocess.run(["fy-tool", "--testsuite", str(path)], capture_output=True, check=True,
                          text=True, encoding="utf-8", timeout=20, stdin=subprocess.DEVNULL)
    return value_of(events_of(done.stdout))


def read_by_pyyaml(path):
    return yaml.load(path.read_text(encoding="utf-8"), Yaml11)


# --- comparing ----------------------------------------------------------------------------------

def difference(read, meant, path="template"):
    """Where two values differ first, in type too; None where they do not."""
    if type(read) is not type(meant) or not isinstance(meant, (dict, list)):
        return None if read == meant and type(read) is type(meant) else (
            f"{path} is {read!r} and should be {meant!r}")
    if isinstance(meant, dict):
        if list(read) != list(meant):
            return f"{path} has the keys {list(read)} and should have {list(meant)}"
        pairs = [(read[key], meant[key], f"{path}.{key}") for key in meant]
    else:
        if len(read) != len(meant):
            return f"{path} has {len(read)} items and should have {len(meant)}"
        pairs = [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(read, meant))]
    return next(filter(None, (difference(*pair) for pair in pairs)), None)


def check(suite, readers, name, in_yaml, in_json):
    meant = json.loads(in_json.read_text(encoding="utf-8"))
    for reader, read in readers.items():
        try:
            problem = difference(read(in_yaml), meant)
        except (yaml.YAMLError, subprocess.SubprocessError, OSError, ValueError, LookupError,
                AssertionError, AttributeError, StopIteration) as error:
            problem = f"{type(error).__name__}: {error}".replace("\n", " ")
        suite.check(f"{name}: {reader}", problem)


def compile_as(spotc, form, manifests, folder):
    folder.mkdir()
    for manifest in manifests:
        manifest["stack"]["format"] = form
    folders, done = compile_all(spotc, manifests, folder, "-q")
    if done.returncode != 0:
        raise SystemExit(f"spotc ends with {done.returncode}\n{done.stderr}")
    return {name: path / f"template.{form}" for name, path in folders.items()}


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    manifests = [*examples(), *presets(), *integrations(), *random_manifests(RANDOM, SEED),
                 *hostile_manifests()]
    readers = {"YAML 1.1": read_by_pyyaml}
    if shutil.which("fy-tool"):
        readers["YAML 1.2"] = read_by_fy_tool
    else:
        suite.skip("YAML 1.2", "fy-tool is not installed (libfyaml-utils)")
    with scratch_folder() as name:
        in_yaml = compile_as(spotc, "yaml", manifests, Path(name) / "yaml")
        in_json = compile_as(spotc, "json", manifests, Path(name) / "json")
        for manifest, path in in_yaml.items():
            check(suite, readers, manifest, path, in_json[manifest])
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
