"""What gcov counted of a build: lines with their functions, and branches."""

import collections
import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Counts:
    """How often each line and each branch of compiler/ was passed; headers are in many objects."""

    def __init__(self):
        self.lines = collections.Counter()  # (file, line number) to count
        self.branches = collections.Counter()  # (file, line number, which) to count
        self.functions = {}  # (file, line number) to the function's name

    def add(self, report):
        for file in report["files"]:
            source = file["file"]
            for line in file["lines"] if source.startswith("compiler/") else []:
                at = (source, line["line_number"])
                self.lines[at] += line["count"]
                self.functions.setdefault(at, line.get("function_name", ""))
                for index, branch in enumerate(line.get("branches", [])):
                    self.branches[(*at, index)] += branch["count"]

    def uncovered(self):
        """Maps (file, function) to its blocks: line numbers with no covered line in between."""
        blocks, last = collections.defaultdict(list), None
        for at, count in sorted(self.lines.items()):
            place = (at[0], self.functions[at])
            if count == 0 and last == place:
                blocks[place][-1].append(at[1])
            elif count == 0:
                blocks[place].append([at[1]])
            last = place if count == 0 else None
        return blocks


def read(build, others):
    """Counts of BUILD, and of what processes left in OTHERS, a folder that mirrors the root of
    the file system (GCOV_PREFIX)."""
    notes = [str(path) for path in sorted((ROOT / build / "obj/compiler").rglob("*.gcno"))]
    for data in sorted(Path(others).rglob("compiler/**/*.gcda")):
        note = data.with_suffix(".gcno")
        shutil.copy(Path("/") / note.relative_to(others), note)
        notes.append(str(note))
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes],
                          cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    counts = Counts()
    for report in done.stdout.splitlines():
        if report.strip():
            counts.add(json.loads(report))
    return counts
