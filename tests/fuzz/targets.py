"""The fuzz targets: what each is fed with. A row of TARGETS is a file fuzz_NAME.c."""

import hashlib
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORPUS = HERE / "corpus"

# Where inputs of a kind stand in the repository. Seeds are small, so that each change matters.
CASES_YAML = ["tests/cases/**/*.y*ml", "examples/**/*.yaml"]
CASES_JSON = ["tests/cases/**/*.json", "tests/published/**/*.json"]
LARGEST_SEED = 6000


class Target(NamedTuple):
    """DICTIONARIES are files *.dict here; of the files that match PATTERNS those are seeds whose
    text holds WORD."""
    dictionaries: tuple
    patterns: tuple = ()
    word: str = ""
    longest: int = 4096


TARGETS = {
    "yaml": Target(("yaml",), (*CASES_YAML, "bundles/**/*.yaml")),
    "json": Target(("json",), tuple(CASES_JSON)),
    "emit": Target(("yaml", "json"), (*CASES_YAML, *CASES_JSON)),
    "schema": Target(("yaml", "schema")),
    "skeleton": Target(("yaml", "skeleton")),
    "manifest": Target(("yaml", "manifest"), tuple(CASES_YAML), "name:", 8192),
    "bundle": Target(("yaml", "bundle", "policy"),
                     ("bundles/**/*.yaml", "tests/cases/**/*.yaml"), "statements:", 8192),
    "policy": Target(("json", "policy"), tuple(CASES_JSON), '"Statement"'),
    "template": Target(("yaml", "json", "template", "policy"), (*CASES_YAML, *CASES_JSON),
                       "Resource", 8192),
    "pattern": Target(("pattern",)),
    "statements": Target(("pattern",)),
}


# Source files by their names in debug information; generated ones stand in the build's folder.
EMBEDDED = "generated/embedded.c"
# What a source file names of what is embedded, up to what is filled in: "schema/%.*s.schema.json".
DATA = re.compile(r'"((?:bundles|schema|templates)/[^"%]*)')
UNIT = re.compile(r"DW_AT_name.*?[: /]((?:compiler|tests|generated)/\S+\.c)$", re.MULTILINE)


def units_of(program):
    """The source files that a program was linked from, but who calls its target."""
    text = subprocess.run(["readelf", "--debug-dump=info", "--dwarf-depth=1", program],
                          capture_output=True, text=True, check=True).stdout
    return set(UNIT.findall(text)) - {"tests/fuzz/replay.c"}


def headers_of(build, unit):
    """The project's headers that a source file includes, as the compiler noted them."""
    name = unit.removeprefix("generated/").removesuffix(".c")
    text = (build / "obj" / f"{name}.d").read_text(encoding="utf-8")
    return {name for name in re.findall(r"[^\s:]+\.h\b", text) if not Path(name).is_absolute()}


def data_of(units):
    """The bundles, schemas, skeletons and tables that are named in source files, or folders of them,
    with what makes them part of a program."""
    named = {name for unit in units if not unit.startswith("generated/")
             for name in DATA.findall((ROOT / unit).read_text(encoding="utf-8"))}
    files = [path.relative_to(ROOT).as_posix() for folder in ("bundles", "schema", "templates")
             for path in (ROOT / folder).rglob("*") if path.is_file()]
    makers = [path.relative_to(ROOT).as_posix() for path in (ROOT / "compiler/embed").glob("*.[ch]")]
    return {file for file in files if file.startswith(tuple(named))} | set(makers)


def code_of(program):
    """Twelve digits for what the files hold that a target's program, BUILD/tests/fuzz/fuzz_NAME, was
    made of: those of spotc's source files that are linked, the headers that these include, the data
    that they name, and the catalogue."""
    build, units = program.parents[2], units_of(program)
    headers = set().union(*(headers_of(build, unit) for unit in units))
    data = data_of(units) if EMBEDDED in units else set()
    digest = hashlib.sha256()
    for name in sorted((units | headers | data) - {EMBEDDED}):
        folder = build if name.startswith("generated/") else ROOT
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    return digest.hexdigest()[:12]


def write_dictionary(name, path):
    """One file of all that the target's dictionaries have; AFL++ and libFuzzer read it alike."""
    texts = [(HERE / f"{part}.dict").read_text(encoding="utf-8")
             for part in TARGETS[name].dictionaries]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(texts), encoding="utf-8")


def seeds_of(name):
    """The files that a campaign starts from beside the corpus."""
    target = TARGETS[name]
    found = [path for pattern in target.patterns for path in sorted(ROOT.glob(pattern))]
    found += sorted((HERE / "seeds" / name).glob("*"))
    for path in found:
        if path.is_file() and path.stat().st_size <= LARGEST_SEED:
            data = path.read_bytes()
            if target.word.encode() in data:
                yield data


def write_inputs(folder, inputs):
    """Each input once, named by its SHA-1 as libFuzzer names them."""
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
