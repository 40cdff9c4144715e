#!/usr/bin/env python3
"""tests/diagnostics/check_sarif.py SPOTC: the forms of messages that machines read.

Checks every bad manifest of tests/cases, and some that warn: what --format sarif prints is SARIF
2.1.0 (its properties, their types, and what the standard says of them beyond a schema), --format
json and github parse, all three say what the text says, and their places lie within the file.
A finding keeps its fingerprint where lines are added above it.
"""

import functools
import json
import re
import shutil
import subprocess
import sys
import urllib.parse
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from suite import Suite

PATTERNS = ("bad-*", "acknowledge-*", "warn-*", "max-errors", "check-good")
TEXT = re.compile(r"^(?:(?P<file>[^\n]+?)(?::(?P<line>\d+):(?P<column>\d+))?: )?"
                  r"(?P<severity>error|warning|note): .* \[(?P<id>[a-z0-9-]+)\]$", re.MULTILINE)
COMMAND = re.compile(r"::(?P<severity>error|warning|notice)(?: (?P<properties>[^:]+))?::.+")
PROPERTY = re.compile(r"(file|line|endLine|col|endColumn|title)=([^:,\r\n]+)")
LEVELS = ("none", "note", "warning", "error")

# SARIF's objects, as far as spotc uses them: property -> its type, with * where it is required.
# A type is a Python type, the name of an object, a list of one of these, a tuple of words, or
# {str: type} for any keys.
SHAPES = {
    "log": {"$schema": str, "version*": ("2.1.0",), "runs*": ["run"]},
    "run": {"tool*": "tool", "invocations": ["invocation"], "results": ["result"],
            "columnKind": ("utf16CodeUnits", "unicodeCodePoints")},
    "tool": {"driver*": "driver"},
    "driver": {"name*": str, "version": str, "semanticVersion": str, "informationUri": str,
               "rules": ["rule"]},
    "rule": {"id*": str, "name": str, "shortDescription": "message", "fullDescription": "message",
             "helpUri": str, "help": "message", "defaultConfiguration": "configuration"},
    "configuration": {"level": LEVELS},
    "invocation": {"executionSuccessful*": bool, "exitCode": int,
                   "toolExecutionNotifications": ["notification"]},
    "notification": {"message*": "message", "level": LEVELS, "locations": ["location"]},
    "result": {"ruleId": str, "ruleIndex": int, "level": LEVELS, "message*": "message",
               "locations": ["location"], "relatedLocations": ["location"],
               "partialFingerprints": {str: str}, "suppressions": ["suppression"]},
    "suppression": {"kind*": ("inSource", "external"), "justification": str},
    "location": {"id": int, "physicalLocation": "physical", "message": "message"},
    "physical": {"artifactLocation*": "artifact", "region": "region"},
    "artifact": {"uri*": str},
    "region": {"startLine*": int, "startColumn": int, "endLine": int, "endColumn": int},
    "message": {"text*": str},
}


def unquoted(uri):
    return uri if uri is None else urllib.parse.unquote(uri)


def fits(value, wanted):
    """Whether a scalar is of a type, or one of some words; True is no number."""
    if isinstance(wanted, tuple):
        return value in wanted
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def shape_problems(value, wanted, path="$"):
    if isinstance(wanted, list):
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        return [problem for index, item in enumerate(value)
                for problem in shape_problems(item, wanted[0], f"{path}[{index}]")]
    if not isinstance(wanted, (str, dict)):
        return [] if fits(value, wanted) else [f"{path}: {value!r}"]
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    if isinstance(wanted, dict):
        return [f"{path}.{key}: {item!r}"
                for key, item in value.items() if not fits(item, wanted[str])]
    shape = SHAPES[wanted]
    required = [key[:-1] for key in shape if key[-1] == "*"]
    problems = [f"{path}: no {key}" for key in required if key not in value]
    for key, item in value.items():
        kind = shape.get(key, shape.get(key + "*"))
        if kind is None:
            problems.append(f"{path}: a {wanted} has no {key}")
        else:
            problems += shape_problems(item, kind, f"{path}.{key}")
    return problems


@functools.cache
def lines_of(path):
    """The lines of a file without their ends, a byte that is not UTF-8 as one character."""
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return re.split(r"\r\n|\r|\n", text)


def region_problems(folder, name, begin, end):
    """`begin` and `end` are (line, column); a file that is built in is not looked at."""
    path = folder / name
    if begin > end:
        return [f"{name}: a region from {begin} to {end}"]
    if not path.is_file():
        return []
    lines = lines_of(path)
    for line, column in (begin, end):
        # One column behind the last: where something is missing, or the end of a region.
        if not 1 <= line <= len(lines) or not 1 <= column <= len(lines[line - 1]) + 2:
            return [f"{name}:{line}:{column} is not in the file"]
    return []


def locations_of(result):
    return result["locations"] + result.get("relatedLocations", [])


def location_problems(folder, location):
    physical = location["physicalLocation"]
    region, uri = physical.get("region"), physical["artifactLocation"]["uri"]
    if "\\" in uri or " " in uri:
        return [f"not a URI: {uri}"]
    if region is None:
        return []
    return region_problems(folder, uri, (region["startLine"], region["startColumn"]),
                           (region["endLine"], region["endColumn"]))


def result_problems(folder, result, rules):
    problems = []
    index = result["ruleIndex"]
    if not 0 <= index < len(rules) or rules[index]["id"] != result["ruleId"]:
        problems.append(f"ruleIndex {index} is not {result['ruleId']}")
    if not result["message"]["text"] or not result["partialFingerprints"]:
        problems.append("a result without text or fingerprint")
    if re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", result["message"]["text"]):
        problems.append("a brace that is not doubled is a placeholder")
    ids = [location["id"] for location in result.get("relatedLocations", [])]
    if len(ids) != len(set(ids)):
        problems.append("two related locations of one id")
    for location in locations_of(result):
        problems += location_problems(folder, location)
    return problems


def sarif_problems(folder, log):
    problems = shape_problems(log, "log")
    if problems:
        return problems
    run = log["runs"][0]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    ids = [rule["id"] for rule in rules]
    if len(ids) != len(set(ids)) or set(ids) != {result["ruleId"] for result in results}:
        problems.append("the rules are not those of the results, each once")
    prints = [tuple(result["partialFingerprints"].items()) for result in results]
    if len(prints) != len(set(prints)):
        problems.append("two results of one fingerprint")
    for result in results:
        problems += result_problems(folder, result, rules)
    return problems


def json_problems(folder, entries):
    keys = {"id", "severity", "message", "file", "line", "column", "endLine", "endColumn",
            "acknowledged", "notes", "title"}
    problems = []
    for entry in entries:
        if entry.keys() != keys or entry["severity"] not in LEVELS or not entry["message"]:
            problems.append(f"not an entry: {entry}")
        for place in (entry, *entry["notes"]):
            if place["line"] is not None:
                problems += region_problems(folder, place["file"], (place["line"], place["column"]),
                                            (place["endLine"], place["endColumn"]))
    return problems


# What each form says: (id, severity, file, line, column) of each message, and whether it was
# acknowledged.

def said_by_text(text):
    return [(m["id"], m["severity"], None if m["file"] == "spotc" else m["file"],
             int(m["line"] or 0), int(m["column"] or 0)) for m in TEXT.finditer(text)]


def said_by_json(entries):
    return [(e["id"], e["severity"], e["file"], e["line"] or 0, e["column"] or 0)
            for e in entries if e["id"] is not None]


def said_by_sarif(log):
    said = []
    for result in log["runs"][0]["results"]:
        physical = result["locations"][0]["physicalLocation"] if result["locations"] else {}
        region = physical.get("region", {})
        said.append((result["ruleId"], result["level"],
                     unquoted(physical.get("artifactLocation", {}).get("uri")),
                     region.get("startLine", 0), region.get("startColumn", 0)))
    return said


def said_by_github(text):
    """Raises ValueError for what is no workflow command."""
    said = []
    for line in text.splitlines():
        command = COMMAND.fullmatch(line)
        properties = (command["properties"] or "").split(",") if command else []
        if not command or not all(PROPERTY.fullmatch(one) for one in properties if one):
            raise ValueError(f"not a workflow command: {line}")
        given = dict(PROPERTY.fullmatch(one).groups() for one in properties if one)
        if "title" not in given:
            continue  # a remark on what is not shown
        severity = command["severity"].replace("notice", "note")
        said.append((given["title"], severity, given.get("file"), int(given.get("line", 0)),
                     int(given.get("col", 0))))
    return said


class Spotc:
    def __init__(self, path):
        self.path = str(Path(path).resolve())

    def check(self, folder, form):
        done = subprocess.run([self.path, "check", "manifest.yaml", "--format", form], cwd=folder,
                              capture_output=True, check=False, timeout=20)
        return done.stderr.decode()


def problems_of(spotc, folder):
    """What is wrong with what the forms say of FOLDER/manifest.yaml."""
    outputs = {form: spotc.check(folder, form) for form in ("text", "json", "sarif", "github")}
    entries, log = json.loads(outputs["json"]), json.loads(outputs["sarif"])
    problems = sarif_problems(folder, log) + json_problems(folder, entries)
    said = said_by_text(outputs["text"])
    others = {"json": said_by_json(entries), "sarif": said_by_sarif(log),
              "github": said_by_github(outputs["github"])}
    problems += [f"{form} says\n{other}\nand the text\n{said}"
                 for form, other in others.items() if other != said]
    acknowledged = [bool(entry["acknowledged"]) for entry in entries if entry["id"]]
    if acknowledged != [bool(result["suppressions"]) for result in log["runs"][0]["results"]]:
        problems.append("suppressions are not what was acknowledged")
    return problems


def identity(log):
    """(fingerprints, line) of each result."""
    return [(result["partialFingerprints"],
             result["locations"][0]["physicalLocation"]["region"]["startLine"])
            for result in log["runs"][0]["results"]]


def shift_problem(spotc, folder, added=3):
    """Adds lines above: the fingerprints stay, the lines move."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "case"
        shutil.copytree(folder, copy, symlinks=True)
        before = identity(json.loads(spotc.check(copy, "sarif")))
        manifest = copy / "manifest.yaml"
        manifest.write_bytes(b"# added\n" * added + manifest.read_bytes())
        after = identity(json.loads(spotc.check(copy, "sarif")))
    if after == [(prints, line + added) for prints, line in before]:
        return ""
    return f"before: {before}\nafter: {after}"


def find_folders():
    folders = {path for pattern in PATTERNS for path in (ROOT / "tests/cases").glob(pattern)}
    return sorted(path for path in folders if (path / "manifest.yaml").is_file())


def main():
    suite, spotc = Suite(), Spotc(sys.argv[1])
    for folder in find_folders():
        try:
            details = "\n".join(problems_of(spotc, folder))
        except (ValueError, KeyError) as error:
            details = f"{type(error).__name__}: {error}"
        suite.check(folder.name, "not what machines read" if details else "", details)
    for name in ("bad-unknown-product", "bad-duplicate-key", "bad-missing-key-name",
                 "bad-wrong-partition-principal", "acknowledge-at", "max-errors"):
        details = shift_problem(spotc, ROOT / "tests/cases" / name)
        suite.check(f"{name}, lines above", "not the same findings" if details else "", details)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
