#!/usr/bin/env python3
"""tests/binary/check_hardening.py SPOTC: the released program is hardened.

Read from its ELF headers, symbols and code by binutils: position independent, nothing writable and
executable, no executable stack, relocations read-only after start, stack protector, checked string
functions, and, on x86, landing pads for indirect branches. A build with sanitizers is skipped.
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
    suite.check("stack protector", "" if "__stack_chk_fail" in symbols else "no symbol of it")
    suite.check("checked functions of libc",
                "" if re.search(r" __\w+_chk$", symbols, re.MULTILINE) else "no symbol of them")
    if re.search(r"Machine: +Advanced Micro Devices X86-64", headers):
        code = output_of("objdump", "-d", "--no-show-raw-insn", "--disassemble=options_parse",
                         spotc)
        suite.check("landing pads of CET", "" if "endbr64" in code else "no endbr64")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
