#!/usr/bin/env python3
"""tests/policies/check_layouts.py SPOTC: `layout: compact` and `wildcards: exact`.

Every manifest of tests/published, the manifests of tests/policies/manifests.py with large
statements, and random selections are compiled in each of the four forms. What the forms grant is
expanded by tests/policies/catalogue.py and must be the same; a form must not take more policies or
characters than the one it improves on. Of a compact policy no two statements may be left that
could be one. A wildcard that was made begins as a whole word of an action that the bundles name,
and the message future-actions lists just these.
"""

import itertools
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundles import ROOT, Expected, Library, read_documents
from catalogue import canonical, difference, meaning, statements_of
from manifests import compile_all, large, random_manifests, scratch_folder
from suite import Suite

RANDOM, SEED = 150, 20251124
FORMS = [{"layout": layout, "wildcards": wildcards}
         for layout in ("by-bundle", "compact") for wildcards in ("keep", "exact")]
PLAIN, EXACT, COMPACT, BOTH = range(4)
BETTER = [(EXACT, PLAIN), (COMPACT, PLAIN), (BOTH, COMPACT), (BOTH, EXACT)]
BUILT_IN = Library(ROOT / "bundles")
WORD = re.compile(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def published():
    """The manifests of tests/published, each under a name of its own."""
    for number, path in enumerate(sorted(ROOT.glob("tests/published/*/manifest.yaml"))):
        manifest, = read_documents(path)
        yield {**manifest, "name": f"published-{number}"}


def selections():
    return [*published(), *large(), *random_manifests(RANDOM, SEED)]


def characters(folder, role):
    """Of each policy of a role."""
    return [len(json.dumps(json.loads(path.read_text(encoding="utf-8")), separators=(",", ":"),
                           ensure_ascii=False))
            for path in sorted(folder.glob(f"{role}-policy*.json"))]


# --- what must hold -----------------------------------------------------------------------------

def check_sizes(folders, role):
    sizes = [characters(folder, role) for folder in folders]
    for better, worse in BETTER:
        if len(sizes[better]) > len(sizes[worse]):
            return f"{FORMS[better]} takes {sizes[better]}, {FORMS[worse]} {sizes[worse]}"
        if sum(sizes[better]) > sum(sizes[worse]):
            return f"{FORMS[better]} takes {sizes[better]}, {FORMS[worse]} {sizes[worse]}"
    return ""


def check_merged(folder, role):
    """Statements that could be one are so, but where that one was cut to fit."""
    policies = characters(folder, role)
    statements = statements_of(folder, role)
    for a, b in itertools.combinations(statements, 2):
        same_head = (a[0], canonical(a[3])) == (b[0], canonical(b[3]))
        if same_head and (a[2] == b[2] or a[1] == b[1]) and len(policies) == 1:
            return f"two statements for {a[0]} {a[2]}"
    return ""


def words_before(name, length):
    """Whether the first LENGTH characters of a name are whole words."""
    ends = {0} | {match.end() for match in WORD.finditer(name)}
    return length in ends


def is_of_words(wildcard, actions):
    service, head = wildcard[:-1].split(":")
    return any(action.split(":")[0] == service and action.split(":")[1].startswith(head)
               and words_before(action.split(":")[1], len(head)) for action in actions)


def check_wildcards(role, before, after, noted):
    """What is wrong with the wildcards of a role that one form has and the other has not."""
    kept = {action for _, actions, _, _ in before for action in actions}
    made = {action for _, actions, _, _ in after for action in actions} - kept
    given = {action for granted in role.granted for action in granted.actions}
    if not made <= noted:
        return f"not noted: {sorted(made - noted)}"
    odd = [wildcard for wildcard in made
           if not wildcard.endswith("*") or not is_of_words(wildcard, given)]
    return f"not made of words: {odd}" if odd else ""


def check_role(role, name, folders, noted):
    statements = [statements_of(folder, name) for folder in folders]
    plain = meaning(statements[PLAIN])
    problems = [difference(plain, meaning(statements[form])) for form in (EXACT, COMPACT, BOTH)]
    problems += [check_sizes(folders, name)]
    problems += [check_merged(folders[form], name) for form in (COMPACT, BOTH)]
    problems += [check_wildcards(role, statements[PLAIN], statements[EXACT], noted[EXACT]),
                 check_wildcards(role, statements[COMPACT], statements[BOTH], noted[BOTH])]
    return problems


def check_noted(name, folders, roles, noted):
    """Each wildcard that is noted was made; the notes of a manifest are those of all its roles."""
    for form in (EXACT, BOTH):
        written = {action for role in roles for _, actions, _, _ in
                   statements_of(folders[form], role) for action in actions}
        if not noted[form] <= written:
            return f"{name}: noted and not made: {sorted(noted[form] - written)}"
    return f"{name}: noted without need" if noted[PLAIN] or noted[COMPACT] else ""


def check_self(suite):
    """That the checks of wildcards notice something."""
    actions = {"rds:DescribeDBInstances", "ec2:GetIpamPools", "iot:ListOTAUpdates", "x:ListDBs"}
    words = ["rds:*", "rds:Describe*", "rds:DescribeDB*", "rds:DescribeDBInstances*", "iot:ListOTA*"]
    parts = ["rds:Desc*", "rds:DescribeD*", "rds:DescribeDBInstance*", "ec2:Describe*", "x:ListDB*",
             "iot:ListO*", "iot:ListOTAU*"]
    wrong = [text for text in words if not is_of_words(text, actions)]
    wrong += [text for text in parts if is_of_words(text, actions)]
    suite.check("whole words are told from parts", wrong and f"taken for the other: {wrong}")


# --- the suite ----------------------------------------------------------------------------------

def noted_wildcards(done):
    """{name of the manifest: wildcards} of the messages future-actions."""
    noted = {}
    for message in json.loads(done.stderr or "[]"):
        if message["id"] == "future-actions":
            texts = [text for note in message["notes"] for text in note["message"].split(", ")]
            noted.setdefault(Path(message["file"]).stem, set()).update(texts)
    return noted


def compile_form(suite, spotc, form, folder):
    folder.mkdir()
    manifests = [{**manifest, **form} for manifest in selections()]
    folders, done = compile_all(spotc, manifests, folder, "--format", "json")
    suite.check(f"{' and '.join(form.values())}: all {len(manifests)} compile",
                done.returncode and f"status {done.returncode}", done.stderr[:2000])
    return folders, noted_wildcards(done)


def main():
    spotc, suite = str(Path(sys.argv[1]).resolve()), Suite()
    check_self(suite)
    with scratch_folder() as scratch:
        compiled = [compile_form(suite, spotc, form, Path(scratch) / str(number))
                    for number, form in enumerate(FORMS)]
        for manifest in selections():
            name = manifest["name"]
            folders = [folders[name] for folders, _ in compiled]
            noted = [noted.get(name, set()) for _, noted in compiled]
            roles = Expected(BUILT_IN, manifest).roles
            problems = [problem for role in roles
                        for problem in check_role(roles[role], role, folders, noted)]
            problems.append(check_noted(name, folders, roles, noted))
            suite.check(name, "; ".join(filter(None, problems)), json.dumps(manifest))
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
