#!/usr/bin/env python3
"""tests/binary/check_hardening.py SPOTC: the released program is hardened.

Read from its ELF headers, symbols and code by binutils: position independent, nothing writable and
executable, no executable stack, relocations read-only after start, stack protector, checked string
functions, a stack that is touched page by page, and landing pads for indirect branches. The code is
that of functions of spotc's own, since the libraries in the program are hardened by those who built
them. A build with sanitizers is skipped.

The landing pads are switched on for a program whose every part says that it has them, in a note:
each object of spotc's own does, and the program does unless a library that is linked does not. Which
ones do not is shown.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from suite import Suite


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def segments(headers):
    """(type, flags) of each program header."""
    return re.findall(r"^  ([A-Z_]+)(?: +0x[0-9a-f]+){5} ([R ][W ][E ]) ", headers, re.MULTILINE)


# Functions of spotc's own, and what hardening puts into each on every machine, or on one.
CODE = (
    ("stack protector", "file_error", "<__stack_chk_fail", None),
    ("checked functions of libc", "apply_plan", r"snprintf_chk", None),
    ("a stack that is touched page by page", "compare_bytes", r"or[lq] +\$0x0,", "X86-64"),
    ("landing pads of CET", "options_parse", "endbr64", "X86-64"),
    ("landing pads and signed returns", "options_parse", r"paciasp|bti|hint", "AArch64"),
)


def check_code(suite, spotc, headers):
    for what, function, wanted, machine in CODE:
        if machine and machine not in headers:
            continue
        code = output_of("objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}", spotc)
        found = f"<{function}>:" in code and re.search(wanted, code)
        suite.check(what, "" if found else f"nothing of it in {function}")


# What the note of an object with landing pads says, by machine.
LANDING = {"X86-64": "x86 feature: IBT, SHSTK", "AArch64": "AArch64 feature: BTI, PAC"}
# All that is linked beside spotc's own objects.
LINKED = ("libyaml.a", "libjansson.a", "libpcre2-8.a", "libc.a", "libgcc.a", "rcrt1.o", "crti.o")


def landing_pads(path, note):
    """Of the objects in PATH, how many say that they have landing pads, and how many there are."""
    text = output_of("readelf", "-nW", path)
    return text.count(note), max(1, text.count("\nFile: "))


def own_objects(build):
    return [path for path in sorted((build / "obj").rglob("*.o"))
            if path.parent == build / "obj" or path.is_relative_to(build / "obj/compiler")]


def linked_libraries():
    """Paths of what there is of LINKED; the compiler says a name as it is where it has none."""
    compiler = os.environ.get("CC", "gcc").split()
    paths = [output_of(*compiler, f"-print-file-name={name}").strip() for name in LINKED]
    return [path for path in paths if Path(path).is_absolute()]


def check_landing_pads(suite, spotc, note):
    objects = own_objects(Path(spotc).resolve().parent)
    without = [path.name for path in objects if landing_pads(path, note)[0] == 0]
    suite.check(f"each of {len(objects)} objects of spotc's own says {note}",
                ", ".join(without) if objects else "there are no objects")
    counts = {Path(path).name: landing_pads(path, note) for path in linked_libraries()}
    lacking = [name for name, (have, there_are) in counts.items() if have < there_are]
    none = [name for name, (have, _) in counts.items() if have == 0]
    has = landing_pads(spotc, note)[0] > 0
    reason = f"it has the note, but {none[0]} has none" if has and none else ""
    if not has and not lacking:
        reason = "it has no note, though all that is linked has"
    suite.check("the program says so if all that is linked does", reason)
    suite.note(f"landing pads are switched {'on' if has else 'off'}"
               + (f": no note in {', '.join(lacking)}" if lacking else ""))


def main():
    suite, spotc = Suite(), sys.argv[1]
    symbols = output_of("nm", spotc)
    if "__asan_init" in symbols:
        suite.skip("the released program", "this build has sanitizers")
        return suite.finish()
    headers = output_of("readelf", "-hlW", spotc)
    dynamic = output_of("readelf", "-dW", spotc)
    found = segments(headers)
    suite.check("the headers are read", "" if len(found) > 5 else headers)
    suite.check("position independent", "" if re.search(r"Type: +DYN", headers) else "it is not")
    suite.check("one file, without a loader",
                "it asks for a loader" if ("INTERP" in dict(found)) or "NEEDED" in dynamic else "")
    stack = dict(found).get("GNU_STACK", "none")
    suite.check("no executable stack", "" if stack == "RW " else f"flags of GNU_STACK: {stack}")
    both = [kind for kind, flags in found if "W" in flags and "E" in flags]
    suite.check("nothing writable and executable", ", ".join(both))
    suite.check("relocations are read-only after start",
                "" if "GNU_RELRO" in dict(found) and "BIND_NOW" in dynamic else "no full RELRO")
    suite.check("no relocations in code", "TEXTREL" if "TEXTREL" in dynamic else "")
    suite.check("no search path for libraries", "it has one" if "PATH)" in dynamic else "")
    check_code(suite, spotc, headers)
    for machine, note in LANDING.items():
        if machine in headers:
            check_landing_pads(suite, spotc, note)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
