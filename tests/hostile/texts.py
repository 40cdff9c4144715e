"""Families of long texts, and of much that one manifest chooses of a bundle."""

from family import (CHECK, DIFF, LINT, MANIFEST, OCEAN, USER_BUNDLE, acme, family, fleet_of, lines)

# --- a long text that many aliases share ----------------------------------------------------------

LONG = 10_000  # characters of a text
MOST = 600     # of which so many are just below what a file may have
REASON = "- {{check: customized-partition, reason: r, at: {}}}\n"


def repeated(form, size):
    return form.format("&r '" + "*a" * (LONG // 2) + "'") + form.format("*r") * (size - 1)


def acknowledged(size):
    return {"manifest.yaml": OCEAN + "acknowledge:\n" + repeated(REASON, size)}


family(CHECK, 4_000, 100, says=["too-many-nodes"], name="long-text-aliased")(
    acknowledged)
family(CHECK, MOST, 50, says=["invalid-value"], name="long-text-judged")(
    acknowledged)


@family(CHECK, 5_000, 50, says=["too-many-nodes"])
def long_text_in_fleet(size):
    text = "'" + "e" * 4 * LONG + "'"
    return {"manifest.yaml": fleet_of(size).replace(
        "spotinst:aws:extid:3w72ms42i8000000", text)}


def texts_in(element):
    values = {"Action": "'s3:GetObject'", "Resource": "'*'", element: "{}"}
    statement = "- {{Effect: Allow, " + ", ".join(f"{k}: {v}" for k, v in values.items()) + "}}\n"

    def make(size):
        text = "Version: 2012-10-17\nStatement:\n" + repeated(statement, size)
        return {"policy.yaml": text, "other.yaml": text.replace("Allow", "Deny", 1)}
    return make


for name, says in (("Sid", ["duplicate-sid", "invalid-sid"]), ("Action", ["policy-too-costly", "no-such-action"]),
                   ("Resource", ["malformed-arn"])):
    family([LINT[0], "policy.yaml"], MOST, 50, says,
           name=f"lint-long-text-{name.lower()}")(texts_in(name))
    family([DIFF[0], "policy.yaml", "other.yaml"], MOST, 50,
           name=f"diff-long-text-{name.lower()}")(texts_in(name))


# --- what one manifest chooses --------------------------------------------------------------------

PARAMETER = "parameters:\n  p: {summary: P., type: string, pattern: '^x*$', describes: x}\n"
RESTRICT = ("restrict: {regions: [us-east-1, eu-west-1], vpcs: [vpc-0123456789abcdef0], "
            "spot_managed_only: true}\n")


def chosen(statements, parameter="xx", more=""):
    files = acme(USER_BUNDLE + PARAMETER + "statements:\n" + statements,
                 f"parameters: {{p: {parameter}}}")
    return {**files, "manifest.yaml": files["manifest.yaml"] + more}


def statement_of(resources, statements=1):
    """Statements of two patterns of actions each, and of so many resources."""
    return "".join(
        f"- {{sid: S{s}, actions: ['s3:Get*', 's3:List*'], resources: [" + ", ".join(
            f"'arn:${{{{ partition }}}}:s3:::b{s}x{i}/${{{{ p }}}}'" for i in range(resources))
        + "]}\n" for s in range(statements))


@family(CHECK, 1_000, 50, says=["too-much-chosen"])
def parameter_of_much(size):
    return chosen(statement_of(1, size), "x" * 1_000_000)


@family(CHECK, 1_000, 50, says=["too-many-policies"])
def parameter_in_statements(size):
    return chosen(statement_of(1, size), "x" * 3_000)


@family(CHECK, 700, 300, says=["too-much-chosen"])
def chosen_of_one(size):
    return chosen(statement_of(100, size))


# Each of them chooses too much for one, and the first few together more than a file may.
@family(CHECK, 5_000, 1_000, says={"too-much-chosen": 2})
def chosen_by_each_of_a_fleet(size):
    files = chosen(statement_of(1_000, 80))
    shared = files["manifest.yaml"].replace('account: "123456789012"\n', "").replace(
        "name: hostile\n", "")
    return {**files, "manifest.yaml": shared + "accounts:\n" + lines(
        size, '- {{name: m{i}, account: "1234{i:08}"}}\n')}


@family(CHECK, 130, 20, says=["too-many-policies"])
def chosen_below_the_bound(size):
    return chosen(statement_of(100, size))


@family(CHECK, 25, 6, says=["too-many-policies"])
def chosen_and_restricted(size):
    return chosen(statement_of(100, size), more=RESTRICT)
