#!/usr/bin/env python3
"""tests/binary/check_hardening.py SPOTC: the released program is hardened.

Read from its ELF headers, symbols and code by binutils: position independent, nothing writable and
executable, no executable stack, relocations read-only after start, stack protector, checked string
functions, a stack that is touched page by page, and landing pads for indirect branches. The code is
that of functions of spotc's own, since the libraries in the program are hardened by those who built
them. A build with sanitizers is skipped.
"""

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
    ("checked functions of libc", "str_vformat", r"snprintf_chk", None),
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
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
