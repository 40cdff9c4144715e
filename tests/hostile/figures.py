"""tests/hostile/figures.tsv: what the families cost when they were last measured (--record), and why
some have no ratio."""

from pathlib import Path

PATH = Path(__file__).resolve().parent / "figures.tsv"
COLUMNS = ["family", "seconds", "MiB", "ratio", "above", "no ratio because"]
# What the project promises of each family: seconds, MiB, and times the instructions for twice the
# input.
PROMISED = {"seconds": 1.0, "MiB": 64.0, "ratio": 2.3}


def read():
    if not PATH.exists():
        return {}
    rows = [line.split("\t") for line in PATH.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: dict(zip(COLUMNS[1:4], row[1:4])) for row in rows}


def above(figures):
    """The columns in which a family is above what is promised."""
    return " ".join(name for name, most in PROMISED.items()
                    if figures.get(name) and float(figures[name]) > most)


def record(measured, known):
    """Adds what was MEASURED, family to column to value; families that are not KNOWN go."""
    rows = read()
    for name, figures in measured.items():
        rows.setdefault(name, {}).update(figures)
    text = ["\t".join(COLUMNS)]
    for name in sorted(set(rows) & set(known)):
        cells = [rows[name].get(column, "") for column in COLUMNS[1:4]]
        text.append("\t".join([name, *cells, above(rows[name]), known[name].fixed]))
    PATH.write_text("\n".join(text) + "\n", encoding="utf-8")


def missing(known):
    """The KNOWN families that the table does not have in full: a ratio, or why there is none."""
    rows = read()
    return [name for name, family in known.items()
            if not all(rows.get(name, {}).get(column) for column in COLUMNS[1:3])
            or bool(rows[name]["ratio"]) == bool(family.fixed)]
