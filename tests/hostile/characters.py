"""Families of characters that readers refuse, or that turn the text around them."""

from family import (CHECK, LINT, LINT_TEMPLATE, MANIFEST, OCEAN, SCHEMA, STATEMENTS, TRUST,
                    USER_BUNDLE, acme, allow, family, managed, one, policy, stack)

BAD_UTF8 = {"lone-continuation": b"\x80", "overlong": b"\xc0\xaf", "overlong-3": b"\xe0\x80\xaf",
            "surrogate": b"\xed\xa0\x80", "too-high": b"\xf4\x90\x80\x80", "five": b"\xf8\x88",
            "cut": b"\xe2\x82", "ff": b"\xff"}

# A reader: how it is reached, and the files with DATA at the end of the one that it reads.
READERS = {
    "template": (LINT_TEMPLATE, lambda data: {
        "template.yaml": stack(managed("P", one())).encode() + b"# " + data}),
    "bundle": (CHECK, lambda data: {
        **acme(""), "bundles/acme.yaml": (USER_BUNDLE + STATEMENTS).encode() + b"# " + data}),
    "trust": (CHECK, lambda data: {
        **acme(USER_BUNDLE + STATEMENTS), "bundles/trust.yaml": TRUST.encode() + b"# " + data}),
    "config": (LINT + ["--config", "lint.yaml"], lambda data: {
        "policy.json": policy([]), "lint.yaml": b"acknowledge: [] # " + data}),
    "skeleton": (CHECK + ["--templates", "templates"], lambda data: {
        "manifest.yaml": OCEAN, "templates/stack.yaml": b"Resources: {} # " + data}),
    "schema": (SCHEMA, lambda data: {
        "schema.json": b'{"title": "' + data + b'"}', "instance.json": "1"}),
    "instance": (SCHEMA, lambda data: {
        "schema.json": "true", "instance.json": b'"' + data + b'"'}),
    "manifest-json": (["check", "manifest.json"], lambda data: {
        "manifest.json": b'{"name": "' + data + b'"}'}),
}


def bad_utf8(kind, data):
    """The fault stands behind as much of what is right as fits, in YAML and in JSON."""
    @family(CHECK, 3_900_000, 50_000, says=["invalid-utf8"], name=f"utf8-{kind}-yaml")
    def _(size):
        return {"manifest.yaml": OCEAN.encode() + b"# " + b"a" * size + data}

    @family(LINT, 3_900_000, 50_000, says=["invalid-utf8"], name=f"utf8-{kind}-json")
    def _(size):
        return {"policy.json": b'{"Id": "' + b"a" * size + data + b'"}'}


def bad_utf8_read_by(reader, kind, data):
    command, make = READERS[reader]
    # Of a file that a manifest has read, no more is said.
    says = "not-a-bundle" if reader in ("bundle", "trust") else "invalid-utf8"
    family(command, 1, says=[says], name=f"utf8-{kind}-{reader}",
           fixed=f"one fault; the same after much text: utf8-{kind}-yaml, utf8-{kind}-json")(
               lambda size: make(data))


for _kind, _data in BAD_UTF8.items():
    bad_utf8(_kind, _data)
    for _reader in READERS:
        bad_utf8_read_by(_reader, _kind, _data)


# --- controls that turn text around, in each place where a name can stand -------------------------

TURN = "\u202e"
ONE_NAME = "one character in one name; many of them: bidirectional-long, bidirectional-sids"
SHARED = MANIFEST.replace("external_id: spotinst:aws:extid:3w72ms42i8000000\n", "")
PLACES = {
    "name": (OCEAN.replace("hostile", f"pay{TURN}nimda"), ["invalid-value"]),
    "isolate": (OCEAN.replace("hostile", "pay\u2067nimda"), ["invalid-value"]),
    "mark": (OCEAN.replace("hostile", "pay\u200fnimda"), ["invalid-value"]),
    "key": (OCEAN + f"na{TURN}me: x\n", ["unknown-key"]),
    "account": (OCEAN.replace("123456789012", f"12345678901{TURN}"), ["invalid-value"]),
    "external-id": (OCEAN.replace("3w72ms42i8000000", f"3w72{TURN}"), ["invalid-value"]),
    "partition": (OCEAN.replace("commercial", f"commercia{TURN}l"), ["invalid-value"]),
    "preset": (MANIFEST + f"permissions: defau{TURN}lt\n", ["invalid-value"]),
    "product": (OCEAN.replace("ocean", "oce\u2067an"), ["invalid-value"]),
    "integration": (OCEAN.replace("[eks]", f"[e{TURN}ks]"), ["invalid-value"]),
    "parameter": (OCEAN.replace("[eks]", f"[eks], parameters: {{log{TURN}: a}}"),
                  ["invalid-value"]),
    "role": (OCEAN + f"roles: {{sp{TURN}ot: {{}}}}\n", ["invalid-value"]),
    "role-name": (OCEAN + f"roles: {{spot: {{name: a{TURN}b}}}}\n", ["invalid-value"]),
    "role-path": (OCEAN + f"roles: {{spot: {{path: /a{TURN}b/}}}}\n", ["invalid-value"]),
    "boundary": (OCEAN + "roles: {spot: {permissions_boundary: 'arn:aws:iam::123456789012:policy/"
                 f"{TURN}b'}}}}\n", ["invalid-value"]),
    "principal": (OCEAN + f"roles: {{spot: {{principals: ['arn:aws:iam::123456789012:role/{TURN}"
                  "']}}\n", ["invalid-value"]),
    "pass-role": (OCEAN + f"roles: {{spot: {{pass_role: ['arn:aws:iam::123456789012:role/{TURN}"
                  "']}}\n", ["invalid-value"]),
    "tag": (OCEAN + f"roles: {{spot: {{tags: {{'a{TURN}b': c}}}}}}\n", ["invalid-value"]),
    "tag-value": (OCEAN + f"roles: {{spot: {{tags: {{a: 'c{TURN}d'}}}}}}\n", ["invalid-value"]),
    "stack": (OCEAN + f"stack: {{name: a{TURN}b}}\n", ["invalid-value"]),
    "template-url": (OCEAN + f"stack: {{template_url: 'https://a.example/{TURN}b'}}\n",
                     ["invalid-value"]),
    "region": (OCEAN + f"restrict: {{regions: [eu-west-1{TURN}]}}\n", ["invalid-value"]),
    "vpc": (OCEAN + f"restrict: {{vpcs: [vpc-0123456{TURN}]}}\n", ["invalid-value"]),
    "check": (OCEAN + f"acknowledge: [{{check: no-e{TURN}, reason: r}}]\n", ["invalid-value"]),
    "reason": (OCEAN + "acknowledge: [{check: customized-partition, reason: "
               f"'{TURN}r'}}]\n", []),
    "emit": (OCEAN + f"emit: [run{TURN}book]\n", ["invalid-value"]),
    "folder-of-bundles": (OCEAN + f"bundles: ['./b{TURN}']\n", ["cannot-read"]),
    "account-of-a-fleet": (OCEAN.replace('account: "123456789012"\n', "") +
                           f'accounts: [{{name: a{TURN}b, account: "123456789012"}}]\n',
                           ["invalid-value"]),
    "unit": (SHARED + f"connect: automatic\nstack_set: {{organizational_units: [ou-ab12-{TURN}], "
             "regions: [us-east-1]}\n", ["invalid-value"]),
}


def turned(place):
    text, says = PLACES[place]
    family(CHECK, 1, says=says, name=f"bidirectional-{place}", fixed=ONE_NAME)(
        lambda size: {"manifest.yaml": text})


for _place in PLACES:
    turned(_place)

BUNDLE_PLACES = {
    "bundle-product": ("product: acme", f"product: ac{TURN}me"),
    "bundle-title": ("title: Acme", f"title: 'Ac{TURN}me'"),
    "bundle-sid": ("sid: A", f"sid: 'A{TURN}'"),
    "bundle-action": ("s3:GetObject", f"s3:Get{TURN}Object"),
    "bundle-resource": ("'*'", f"'arn:aws:s3:::a{TURN}b'"),
    "bundle-role": ("role: acme", f"role: ac{TURN}me"),
}


def turned_in_bundle(place, says):
    family(CHECK, 1, says=says, name=f"bidirectional-{place}", fixed=ONE_NAME)(
        lambda size: acme((USER_BUNDLE + STATEMENTS).replace(*BUNDLE_PLACES[place])))


for _place in BUNDLE_PLACES:
    turned_in_bundle(_place, [] if _place == "bundle-title" else ["invalid-value"])


@family(CHECK, 1, says=["invalid-value"], fixed=ONE_NAME)
def look_alike_name(size):
    return {"manifest.yaml": OCEAN.replace("hostile", "p\u0430yments")}


@family(CHECK, 1_000_000, 20_000, says=["invalid-value"])
def bidirectional_long(size):
    return {"manifest.yaml": OCEAN.replace("hostile", TURN * size)}


@family(LINT, 6_000, 500, says=["invalid-sid"] * 20)
def bidirectional_sids(size):
    return {"policy.json": policy([allow("s3:GetObject", Sid=f"a{TURN}{i}") for i in range(size)])}
