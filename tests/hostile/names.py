"""Families of names, which something has or nothing: parameters in placeholders and manifests,
integrations in guards, presets and manifests."""

from family import CHECK, OCEAN, STATEMENTS, TRUST, USER_BUNDLE, acme, family, lines

LIST = ["list", "--bundles", "bundles"]


def parameters(count, more=""):
    return "parameters:\n" + lines(count, "  p{i}: {{summary: s, type: string" + more + "}}\n")


def integrations(count, more=""):
    return "integrations:\n" + lines(
        count, "  i{i}: {{title: T, summary: s, managed_policies: [{{name: A, source: s}}]" + more +
        "}}\n")


def with_text(text):
    return STATEMENTS + f"  conditions: {{StringEquals: {{'aws:ResourceTag/t': '{text}'}}}}\n"


# What a long text is filled with, and what of it is too much for one policy.
@family(CHECK, 90_000, 3_000, says=["statement-too-large"])
def bundle_placeholders(size):
    return acme(USER_BUNDLE + parameters(1) + with_text("${{ p0 }}" * size), "parameters: {p0: a}")


@family(LIST, 30_000, 500)
def bundle_placeholders_known(size):
    names = "".join(f"${{{{p{i * 7 % (size // 2)}}}}}" for i in range(3 * size))
    return {"bundles/acme.yaml": USER_BUNDLE + parameters(size // 2) + with_text(names),
            "bundles/trust.yaml": TRUST}


@family(LIST, 30_000, 500, says={"unknown-placeholder": 20})
def bundle_placeholders_unknown(size):
    return {"bundles/acme.yaml": USER_BUNDLE + parameters(size // 2) +
            with_text(lines(size, "${{{{ q{i} }}}}")), "bundles/trust.yaml": TRUST}


@family(LIST, 100_000, 2_000, says=["unknown-placeholder"])
def bundle_placeholders_unknown_again(size):
    return {"bundles/acme.yaml": USER_BUNDLE + parameters(size // 8) + with_text("${{p}}" * size),
            "bundles/trust.yaml": TRUST}


# Names as long as any that is offered, and near each other.
@family(LIST, 15_000, 500, says={"unknown-placeholder": 20})
def bundle_placeholders_long(size):
    near = "p" * 55
    return {"bundles/acme.yaml": USER_BUNDLE + parameters(size).replace("  p", "  p" + near) +
            with_text(lines(size, "${{{{ q" + near + "{i} }}}}")), "bundles/trust.yaml": TRUST}


# A list has at most 1,000 items.
@family(CHECK, 1_000, 50)
def bundle_list_parameter(size):
    return acme(USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: list}\n"
                "statements:\n- sid: A\n  actions: [s3:GetObject]\n  resources: ['${{ p }}']\n",
                "parameters: {p: [" + lines(size, "'arn:aws:s3:::b{i}', ") + "]}")


@family(CHECK, 20_000, 500, says=["too-much-chosen"])
def bundle_list_parameter_again(size):
    return acme(USER_BUNDLE + "parameters:\n  p: {summary: It is p., type: list}\n" + STATEMENTS +
                "  conditions:\n    StringEquals:\n" + lines(
                    size, "      aws:ResourceTag/t{i}: '${{{{ p }}}}'\n"),
                "parameters: {p: [" + lines(1_000, "b{i}, ") + "]}")


@family(CHECK, 8_000, 300)
def bundle_integrations(size):
    return acme(USER_BUNDLE + STATEMENTS + integrations(size), "integrations: [" +
                lines(size, "i{i}, ") + "]")


@family(CHECK, 8_000, 300)
def bundle_with(size):
    return acme(USER_BUNDLE + STATEMENTS + "  with: [" + lines(size, "i{i}, ") + "]\n" +
                integrations(size), "integrations: [" + lines(size, "i{i}, ") + "]")


@family(LIST, 20_000, 500, says={"bundle-reference": 20})
def bundle_with_unknown(size):
    return {"bundles/acme.yaml": USER_BUNDLE + STATEMENTS + "  with: [" + lines(size, "z{i}, ") +
            "]\n" + integrations(size // 3), "bundles/trust.yaml": TRUST}


@family(LIST, 10_000, 500, says={"bundle-reference": 20})
def bundle_preset_unknown(size):
    return {"bundles/acme.yaml": USER_BUNDLE + STATEMENTS + integrations(size),
            "bundles/trust.yaml": TRUST, "bundles/preset.yaml":
            "preset: p\ntitle: T\nsummary: s\nsource: s\nproducts:\n  acme: {integrations: [" +
            lines(2 * size, "z{i}, ") + "]}\n"}


@family(CHECK, 15_000, 500, says={"missing-parameter": 20})
def bundle_needs(size):
    return acme(USER_BUNDLE + parameters(size) + STATEMENTS +
                integrations(1, ", needs: [" + lines(size, "p{i}, ") + "]"), "integrations: [i0]")


@family(CHECK, 10_000, 500, says={"unknown-integration": 20})
def bundle_integrations_unknown(size):
    return acme(USER_BUNDLE + STATEMENTS + integrations(size), "integrations: [" +
                lines(2 * size, "z{i}, ") + "]")


@family(CHECK, 15_000, 500)
def bundle_parameters_unused(size):
    return acme(USER_BUNDLE + parameters(size) + STATEMENTS, "parameters: {" +
                lines(size, "p{i}: a, ") + "}")


@family(CHECK, 15_000, 500, says={"unknown-parameter": 20})
def bundle_parameters_unknown(size):
    return acme(USER_BUNDLE + parameters(size) + STATEMENTS, "parameters: {" +
                lines(size, "z{i}: a, ") + "}")


# Names of one bundle for many manifests.
@family(CHECK, 1_500, 50, says={"unknown-integration": 3})
def fleet_of_unknown_integrations(size):
    files = acme(USER_BUNDLE + STATEMENTS + integrations(8_000),
                 "integrations: [i0000, i0001, i0002]")
    manifest = files["manifest.yaml"].replace('account: "123456789012"\n', "")
    return {**files, "manifest.yaml": manifest + "accounts:\n" + lines(
        size, '- {{name: m{i}, account: "1234{i:08}"}}\n')}


@family(CHECK, 30_000, 500, says={"unknown-check": 20})
def acknowledgements_unknown(size):
    return {"manifest.yaml": OCEAN + "acknowledge:\n" +
            lines(size, "- {{check: customized-partitio{i}, reason: r}}\n")}
