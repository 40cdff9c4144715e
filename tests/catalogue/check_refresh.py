#!/usr/bin/env python3
"""tests/catalogue/check_refresh.py SPOTC: schema/iam/refresh.py on small made-up sources of both
forms, and the tables that are kept: in the form that the script would give them, with every row
of the overlay in force, and those that the program under test says it carries.
"""

import contextlib
import functools
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "schema/iam"))

import refresh
from suite import Suite

SCRIPT = ROOT / "schema/iam/refresh.py"
TABLES = ROOT / "schema/iam/catalogue"
MADE = ("source", "services", "actions", "resources", "keys")
KEYS = ["aws:ResourceTag/${TagKey}", "shop:Region"]


def package():
    """{path: content} of an npm package with one service."""
    def used(name, required, keys):
        return {"name": name, "required": required, "conditionKeys": keys,
                "dependentActions": []}

    def action(name, level, resources=(), keys=()):
        return {"name": name, "accessLevel": level, "resourceTypes": list(resources),
                "conditionKeys": list(keys), "dependentActions": []}

    basket = "arn:${Partition}:shop:::basket/${Id}"
    return {
        "package.json": {"name": "@x/iam", "version": "1.2.3",
                         "updatedAt": "2025-01-02T03:04:05Z"},
        "data/services.json": ["shop"],
        "data/serviceNames.json": {"shop": "Example Shop"},
        "data/actions/shop.json": {
            "tagbasket": action("TagBasket", "Tagging, Write",
                                [used("basket", True, KEYS), used("item", False, KEYS[::-1]),
                                 used("Cart", False, [])], ["aws:TagKeys"]),
            "listBaskets": action("ListBaskets", "List", (), ["shop:Region"]),
            "grantaccess": action("GrantAccess", "Permissions management, Write"),
        },
        "data/resourceTypes/shop.json": {
            "item": {"key": "item", "arn": f"arn:b, {basket}"},
            "cart": {"key": "Cart", "arn": "arn:a", "conditionKeys": ["shop:Region"]},
            "basket": {"key": "basket", "arn": basket, "conditionKeys": KEYS},
        },
        "data/conditionKeys/shop.json": {
            "shop:region": {"key": "shop:Region", "description": "", "type": "String"},
            "aws:tagkeys": {"key": "aws:TagKeys", "description": "", "type": "ArrayOfString"},
            "r": {"key": KEYS[0], "description": "", "type": "String"},
        },
    }


PACKAGE_TABLES = {
    "source": ["@x/iam\t1.2.3\t2025-01-02"],
    "services": ["shop\tExample Shop"],
    "actions": ["shop\tGrantAccess\tWP\t\t",
                "shop\tListBaskets\tL\t\t:Region",
                "shop\tTagBasket\tWT\tbasket!,item=aws:ResourceTag/${TagKey},:Region;Cart"
                "\taws:TagKeys"],
    "resources": ["shop\tbasket\tarn:${Partition}:shop:::basket/${Id}"
                  "\taws:ResourceTag/${TagKey},:Region",
                  "shop\tCart\tarn:a\t:Region",
                  "shop\titem\tarn:${Partition}:shop:::basket/${Id},arn:b\t"],
    "keys": ["shop\t:Region\tString", "shop\taws:ResourceTag/${TagKey}\tString",
             "shop\taws:TagKeys\tArrayOfString"],
}


def reference():
    """{path: content} of a Service Reference with one service, its index beside it."""
    def action(name, keys=(), resources=(), **properties):
        return {"Name": name, "ActionConditionKeys": list(keys),
                "Annotations": {"Properties": properties},
                "Resources": [{"Name": resource} for resource in resources]}

    return {
        "index.json": [{"service": "shop", "url": "v1/shop.json"}],
        "v1/shop.json": {
            "Name": "shop", "Version": "v1.4",
            "Actions": [
                action("TagBasket", [*KEYS, "aws:TagKeys"], ["basket"], IsList=False,
                       IsPermissionManagement=False, IsTaggingOnly=True, IsWrite=True),
                action("ListBaskets", IsList=True, IsWrite=False),
                action("GetBasket", [KEYS[0]], ["basket"], IsList=False),
                {"Name": "Bare"},
                action("GrantAccess", IsPermissionManagement=True, IsWrite=True),
            ],
            "Resources": [{"Name": "basket", "ARNFormats": ["arn:b", "arn:a"],
                           "ConditionKeys": KEYS}],
            "ConditionKeys": [{"Name": "shop:Region", "Types": ["String"]},
                              {"Name": "aws:TagKeys", "Types": ["ArrayOfString", "Arn"]},
                              {"Name": KEYS[0], "Types": ["String"]}],
        },
    }


REFERENCE_TABLES = {
    "source": ["AWS Service Reference\tv1.4\t2025-06-07"],
    "services": ["shop\tshop"],
    "actions": ["shop\tBare\tR\t\t",
                "shop\tGetBasket\tR\tbasket=aws:ResourceTag/${TagKey}\taws:ResourceTag/${TagKey}",
                "shop\tGrantAccess\tWP\t\t",
                "shop\tListBaskets\tL\t\t",
                "shop\tTagBasket\tWT\tbasket=aws:ResourceTag/${TagKey},:Region"
                "\taws:ResourceTag/${TagKey},aws:TagKeys,:Region"],
    "resources": ["shop\tbasket\tarn:a,arn:b\taws:ResourceTag/${TagKey},:Region"],
    "keys": ["shop\t:Region\tString", "shop\taws:ResourceTag/${TagKey}\tString",
             "shop\taws:TagKeys\tARN,ArrayOfString"],
}


def write(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content), encoding="utf-8")


def run(files, overlay, *options, source="source"):
    """Runs the script on a source, which is the last option, or a folder of these files; returns
    its exit status, errors, and {table: rows}."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "output")
        output.mkdir()
        place = [Path(scratch, source)] if source else []
        write(Path(scratch, "source"), files)
        if overlay:
            header = "\t".join(refresh.COLUMNS["overlay"])
            (output / "overlay.tsv").write_text("\n".join([header, *overlay]) + "\n")
        done = subprocess.run([sys.executable, SCRIPT, *options, *place, "--output", output],
                              capture_output=True, text=True)
        tables = {name: (output / f"{name}.tsv").read_text().splitlines() for name in MADE
                  if (output / f"{name}.tsv").exists()}
    return done.returncode, done.stderr, tables


def rows_are(files, expected, *options, overlay=()):
    """What is wrong with the tables of a source, or nothing."""
    return wrong_tables(run(files, overlay, *options), expected)


def wrong_tables(result, expected):
    status, errors, tables = result
    if status != 0:
        return f"exit status {status}: {errors}"
    for name in MADE:
        if tables[name][0].split("\t") != list(refresh.COLUMNS[name]):
            return f"{name}: header {tables[name][0]!r}"
        if not tables[name][1].startswith(f"# {expected['source'][0].split(chr(9))[0]} "):
            return f"{name}: the second line does not name the source: {tables[name][1]!r}"
        if tables[name][2:] != expected[name]:
            return f"{name}: {tables[name][2:]}"
    return ""


def refuses(words, files, *options, overlay=()):
    """What is wrong where a source should be refused with these words and nothing written."""
    return wrong_refusal(run(files, overlay, *options), words)


def wrong_refusal(result, words):
    status, errors, tables = result
    if status == 0 or words not in errors:
        return f"exit status {status}, not {words!r}: {errors!r}"
    if "Traceback" in errors:
        return errors
    return f"wrote {', '.join(tables)}" if tables else ""


def check_sources(suite):
    suite.check("npm package", rows_are(package(), PACKAGE_TABLES, "--package"))
    dated = ("--date", "2025-06-07", "--reference")
    suite.check("service reference", rows_are(reference(), REFERENCE_TABLES, *dated))
    foreign = "shop\tGrantAccess\taccess\tR\tW\tof the npm package"
    suite.check("service reference, the package's overlay",
                rows_are(reference(), REFERENCE_TABLES, *dated, overlay=[foreign]))
    suite.check("service reference, no date", refuses("date", reference(), "--reference"))


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """Serves a folder on this machine; gives the address of its root."""
    handler = functools.partial(QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def fetched(files, change=None, index="index.json"):
    """Runs the script on the address of a source; returns as run does. `change(files, address)`
    may alter what is served."""
    with tempfile.TemporaryDirectory() as scratch, served(scratch) as address:
        if change:
            change(files, address)
        write(Path(scratch), files)
        return run({}, (), "--date", "2025-06-07", "--reference", address + index, source=None)


def check_index(suite):
    """An address: the index names the services' files, as AWS does by whole addresses."""
    def whole(files, address):
        files["index.json"][0]["url"] = address + files["index.json"][0]["url"]

    for name, change in (("relative", None), ("whole addresses", whole)):
        result = fetched(reference(), change)
        suite.check(f"service reference by its index, {name}",
                    wrong_tables(result, REFERENCE_TABLES))

    def missing(files, _):
        del files["v1/shop.json"]

    def mapping(files, _):
        files["index.json"] = {"service": "shop", "url": "v1/shop.json"}

    def nameless(files, _):
        files["index.json"] = [{"service": "shop"}]

    def empty(files, _):
        files["index.json"] = []

    def text(files, _):
        files["v1/shop.json"] = "shop"

    for change, words in ((missing, "404"), (mapping, "not the index"), (nameless, "not the index"),
                          (empty, "no file of the Service Reference"),
                          (text, "not a Service Reference file")):
        suite.check(f"service reference by its index, {change.__name__}",
                    wrong_refusal(fetched(reference(), change), words))
    suite.check("service reference, no index", wrong_refusal(fetched({}), "404"))
    suite.check("service reference, not JSON",
                wrong_refusal(fetched({}, index=""), "Expecting value"))
    suite.check("service reference, empty folder",
                refuses("no file of the Service Reference", {}, "--reference"))


def check_overlay(suite):
    mended = dict(PACKAGE_TABLES)
    mended["actions"] = [PACKAGE_TABLES["actions"][0].replace("WP\t", "WP\tbasket"),
                         "shop\tLeave\tW\t\t", *PACKAGE_TABLES["actions"][1:]]
    mended["services"] = ["shop\tShop"]
    mended["actions"] = sorted(mended["actions"], key=str.lower)
    overlay = ["shop\tGrantAccess\tresources\t\tbasket\tit is about baskets",
               "shop\tLeave\taccess\t\tW\tthe source lacks it",
               "shop\t\tname\tExample Shop\tShop\tshorter"]
    suite.check("overlay", rows_are(package(), mended, "--package", overlay=overlay))
    for name, row, words in (
            ("outdated", "shop\tGrantAccess\taccess\tR\tW\tx", "look at this row again"),
            ("no column", "shop\tGrantAccess\tcolour\t\tred\tx", "no column"),
            ("no type", "shop\tGrantAccess\tresources\t\tsofa\tx", "no resource type"),
            ("no service", "sofa\tSit\taccess\t\tW\tx", "no such service"),
            ("cells missing", "shop\tGrantAccess", "not 6 cells")):
        suite.check(f"overlay, {name}", refuses(words, package(), "--package", overlay=[row]))
    two = [f"shop\t{action}\taccess\tR\tW\tx" for action in ("GrantAccess", "ListBaskets")]
    status, errors, _ = run(package(), two, "--package")
    suite.check("overlay, every outdated row is named",
                "" if status and errors.count("look at this row again") == 2 else errors)


def check_refusals(suite):
    def level(files):
        files["data/actions/shop.json"]["tagbasket"]["accessLevel"] = "Baking"

    def twice(files):
        rows = files["data/actions/shop.json"]
        rows["again"] = dict(rows["tagbasket"], name="TAGBASKET")

    def lost(files):
        del files["data/resourceTypes/shop.json"]["item"]

    def tab(files):
        files["data/serviceNames.json"]["shop"] = "a\tb"

    def kind(files):
        files["data/conditionKeys/shop.json"]["r"]["type"] = "Colour"

    def undeclared(files):
        files["data/actions/shop.json"]["tagbasket"]["conditionKeys"] = ["shop:Colour"]

    def undeclared_of_type(files):
        files["data/resourceTypes/shop.json"]["cart"]["conditionKeys"] = ["shop:Colour"]

    def absent(files):
        del files["data/actions/shop.json"]

    for change, words in ((level, "no access level"), (twice, "twice"), (lost, "no resource type"),
                          (tab, "cannot hold"), (kind, "no type"), (absent, "shop.json"),
                          (undeclared, "no condition key"),
                          (undeclared_of_type, "no condition key")):
        files = package()
        change(files)
        suite.check(f"npm package, {change.__name__}", refuses(words, files, "--package"))
    files = reference()
    del files["v1/shop.json"]["Name"]
    suite.check("service reference, no name",
                refuses("not a Service Reference file", files, "--reference"))


def check_kept(suite, spotc):
    """The tables in the repository."""
    tables = {name: refresh.read_table(TABLES / f"{name}.tsv", name) for name in MADE}
    overlay = refresh.read_table(TABLES / "overlay.tsv", "overlay")
    texts = {name: (TABLES / f"{name}.tsv").read_text(encoding="utf-8") for name in MADE}
    with tempfile.TemporaryDirectory() as scratch:
        source, version, date = tables["source"][0]
        refresh.check(tables)
        refresh.write_tables(Path(scratch), tables, f"{source} {version}, {date}")
        different = [name for name in MADE
                     if Path(scratch, f"{name}.tsv").read_text(encoding="utf-8") != texts[name]]
    suite.check("kept tables, form", f"not as written: {different}" if different else "")
    cells = {(row[0], row[1]): dict(zip(refresh.COLUMNS["actions"], row))
             for row in tables["actions"]}
    lost = [row for row in overlay if row[2] != "name"
            and cells.get((row[0], row[1]), {}).get(row[2]) != row[4]]
    suite.check("kept tables, overlay", f"not in force: {lost}" if lost else "")
    suite.check("kept tables, reasons", "" if all(row[5] for row in overlay) else "missing")
    says = subprocess.run([spotc, "--version"], capture_output=True, text=True).stdout
    words = f"{len(tables['actions']):,} actions of {len(tables['services'])} services; " \
            f"{source} {version}, {date}"
    suite.check("spotc --version", "" if words in says else f"{says!r} without {words!r}")


def main():
    suite = Suite()
    check_sources(suite)
    check_index(suite)
    check_overlay(suite)
    check_refusals(suite)
    check_kept(suite, Path(sys.argv[1]).resolve())
    sys.exit(suite.finish())


if __name__ == "__main__":
    main()
