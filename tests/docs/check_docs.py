#!/usr/bin/env python3
"""tests/docs/check_docs.py SPOTC: what the documents show is what happens, and is complete.

A fenced block in README.md or docs/*.md is bound to a golden case by the comment before it:

    <!-- test: NAME/FILE -->  the block is tests/cases/NAME/FILE
    <!-- test: NAME -->       a session: each `$ command` is a line of the case's cmd, and what
                              follows it stands in its stdout or stderr

A line that is only `…` stands for any lines. The cases themselves are run by tests/run.py. Beside
that: relative links lead somewhere, ids of messages in brackets exist, every key of a manifest,
every check that can be acknowledged, every command and every option is explained, the rooms know each other as docs/architecture.md
says, and the starter manifest is one that can be compiled.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from suite import Suite  # noqa: E402  (the path must be set first)

CASES = ROOT / "tests/cases"
BLOCK = re.compile(r"^<!-- test: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"^<!-- test:", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
ID = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)+)\](?!\()")
MESSAGE = re.compile(r'^MESSAGE\(\w+, "([a-z0-9-]+)"', re.MULTILINE)
ACKNOWLEDGEABLE = re.compile(r'^MESSAGE\(\w+, "([a-z0-9-]+)", \w+, true', re.MULTILINE)
ACKNOWLEDGED = re.compile(r"^These can be acknowledged: (.*?) \(warnings\)\.", re.MULTILINE)
ROOM = re.compile(r"^\| `(compiler[/\w]*)` \|[^|]*\|([^|]*?) ?\|$", re.MULTILINE)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
OPTION = re.compile(r'^OPTION\(.*?, "([a-z-]+)"', re.MULTILINE)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def find_lines(wanted, lines):
    """Whether the stretches of WANTED between `…` stand in LINES, in their order."""
    at, stretch = 0, []
    for line in wanted + ["…"]:
        if line.strip() != "…":
            stretch.append(line)
            continue
        places = [i for i in range(at, len(lines) - len(stretch) + 1)
                  if lines[i:i + len(stretch)] == stretch]
        if not places:
            return False
        at, stretch = places[0] + len(stretch), []
    return True


def read(path):
    return path.read_text(encoding="utf-8")


def read_lines(path):
    return read(path).splitlines() if path.exists() else []


def check_file_block(path, lines):
    if not path.is_file():
        return f"there is no {path.relative_to(ROOT)}"
    actual = read_lines(path)
    is_whole = "…" not in (line.strip() for line in lines)
    if (lines != actual) if is_whole else not find_lines(lines, actual):
        return f"the block is not {path.relative_to(ROOT)}"
    return ""


def check_session(case, lines):
    commands = read_lines(case / "cmd")
    outputs = [read_lines(case / "stdout"), read_lines(case / "stderr")]
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")] + [len(lines)]
    if starts[0] != 0:
        return "a session begins with a command"
    for start, end in zip(starts, starts[1:]):
        command, shown = lines[start][2:], lines[start + 1:end]
        if command not in commands:
            return f"no line of {case.relative_to(ROOT)}/cmd: {command}"
        if shown and not any(find_lines(shown, output) for output in outputs):
            return f"this is not what is printed by: {command}"
    return ""


def check_blocks(suite, document):
    text, name = read(document), document.relative_to(ROOT)
    blocks = BLOCK.findall(text)
    if len(blocks) != len(MARKER.findall(text)):
        suite.fail(f"{name}, blocks", "a test comment stands before no fenced block")
    for number, (target, body) in enumerate(blocks, 1):
        path, lines = CASES / target, body.splitlines()
        reason = check_session(path, lines) if path.is_dir() else check_file_block(path, lines)
        suite.check(f"{name}, block {number} ({target})", reason)


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def check_links(suite, document):
    text, broken = FENCED.sub("", read(document)), []
    for path, fragment in LINK.findall(text):
        if re.match(r"[a-z]+:", path):
            continue
        target = (document.parent / path).resolve() if path else document
        anchors = {anchor(heading) for heading in HEADING.findall(read(target))} \
            if fragment and target.is_file() else set()
        if not target.exists() or (fragment and fragment not in anchors):
            broken.append(f"{path}#{fragment}" if fragment else path)
    reason = f"links lead nowhere: {' '.join(broken)}" if broken else ""
    suite.check(f"{document.relative_to(ROOT)}, links", reason)


def check_ids(suite, document, ids):
    unknown = sorted(set(ID.findall(CODE.sub("", FENCED.sub("", read(document))))) - ids)
    reason = f"there are no messages {' '.join(unknown)}" if unknown else ""
    suite.check(f"{document.relative_to(ROOT)}, ids", reason)


def schema_keys(schema, definitions, prefix=""):
    """Yields the path of each key; a name that the user chooses is `<…>`."""
    schema = definitions.get(schema.get("$ref", "").removeprefix("#/$defs/"), schema)
    if "items" in schema:
        yield from schema_keys(schema["items"], definitions, prefix)
    for key, value in schema.get("properties", {}).items():
        if value.get("$ref", "").startswith("#/properties/"):
            continue  # a key of the top again
        yield prefix + key
        yield from schema_keys(value, definitions, prefix + key + ".")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from schema_keys(schema["additionalProperties"], definitions, prefix + "<…>.")


def check_missing(suite, name, wanted, text):
    missing = [word for word in wanted if f"`{word}`" not in text]
    suite.check(name, f"not explained: {' '.join(missing)}" if missing else "")


def check_manifest_reference(suite):
    schema = json.loads(read(ROOT / "schema/manifest.schema.json"))
    text = re.sub(r"<\w+>", "<…>", read(ROOT / "docs/manifest-reference.md"))
    check_missing(suite, "every key of a manifest", schema_keys(schema, schema["$defs"]), text)


def check_acknowledgeable(suite):
    listed = ACKNOWLEDGED.findall(read(ROOT / "docs/manifest-reference.md"))
    told = set(ID.findall("".join(listed)))
    true = set(ACKNOWLEDGEABLE.findall(read(ROOT / "compiler/diag/messages.def")))
    wrong = sorted(told ^ true)
    suite.check("what can be acknowledged", f"not as in messages.def: {' '.join(wrong)}" if wrong
                else "")


def check_rooms(suite):
    text = read(ROOT / "docs/architecture.md")
    knows = {Path(room).name: {name for name in known.strip().split(", ") if name}
             for room, known in ROOM.findall(text)}
    faults = []
    for path in sorted(ROOT.glob("compiler/**/*.[chd]*")):
        room = path.parent.name
        for name in INCLUDE.findall(read(path)):
            target = Path("compiler", name).parent.name
            if target != room and target not in knows.get(room, set()):
                faults.append(f"{path.relative_to(ROOT)} includes {name}")
    suite.check("the rooms", "a room knows what it should not" if faults else "",
                "\n".join(faults))


def check_help(suite, spotc, readme):
    done = subprocess.run([spotc, "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  ([a-z]+)  ", done.stdout, re.MULTILINE)
    missing = [name for name in commands if not re.search(rf"^\| `spotc \[?{name}\b", readme,
                                                          re.MULTILINE)]
    suite.check("every command", f"not in the README: {' '.join(missing)}" if missing else "")
    options = OPTION.findall(read(ROOT / "compiler/command/options.def"))
    words = set(re.findall(r"[a-z-]+", read(ROOT / "docs/spotc.1").replace("\\-", "-")))
    names = commands + [f"--{name}" for name in options]
    names += re.findall(r'^    \[PASS_\w+\] = \{"(\w+)"', read(ROOT / "compiler/pipeline.c"),
                        re.MULTILINE)
    missing = [word for word in names if word not in words]
    suite.check("the manual page", f"it lacks {' '.join(missing)}" if missing else "")


def check_starter(suite, spotc):
    starter = subprocess.run([spotc, "init"], capture_output=True, check=True).stdout
    done = subprocess.run([spotc, "check", "-", "--werror"], input=starter, capture_output=True,
                          check=False)
    suite.check("the starter manifest", "" if done.returncode == 0 else "it is not valid",
                done.stderr.decode(errors="replace"))


def main():
    suite, spotc = Suite(), str(Path(sys.argv[1]).resolve())
    readme = ROOT / "README.md"
    ids = set(MESSAGE.findall(read(ROOT / "compiler/diag/messages.def")))
    for document in [readme, *sorted((ROOT / "docs").glob("*.md"))]:
        check_blocks(suite, document)
        check_links(suite, document)
        check_ids(suite, document, ids)
    check_manifest_reference(suite)
    check_acknowledgeable(suite)
    check_rooms(suite)
    check_help(suite, spotc, read(readme))
    check_starter(suite, spotc)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
