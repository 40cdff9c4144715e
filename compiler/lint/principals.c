#include "lint/principals.h"

#include "base/wildcard.h"
#include "lint/symbolic.h"
#include "model/embedded.h"

static const struct {
    const char *name;
    PrincipalKind kind;
} kinds[] = {{"AWS", PRINCIPAL_AWS},
             {"Service", PRINCIPAL_SERVICE},
             {"Federated", PRINCIPAL_FEDERATED},
             {"CanonicalUser", PRINCIPAL_CANONICAL_USER}};

PrincipalKind principal_kind(const Principal *principal) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_equal(principal->type.text, str_of(kinds[i].name))) return kinds[i].kind;
    }
    return str_equal(principal->type.text, STR("*")) ? PRINCIPAL_EVERYONE : PRINCIPAL_UNKNOWN;
}

void principal_kind_names(Arena *arena, StrVec *ret_names) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        VEC_PUSH(arena, ret_names, str_of(kinds[i].name));
}

bool principal_arn(Arena *arena, Str id, Arn *ret_arn) {
    return arn_parse(symbolic_pattern(arena, id), ret_arn);
}

bool is_unique_id(Str id) {
    if (id.length < 16 || id.length > 128) return false;
    if (!str_starts_with(id, STR("AROA")) && !str_starts_with(id, STR("AIDA"))) return false;
    for (size_t i = 0; i < id.length; i++) {
        char c = id.data[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}

// --- identity providers ---

static bool is_domain(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    (i > 0 && (c == '-' || c == '.'));
        if (!fits) return false;
    }
    return str_find_byte(text, '.', 0) < text.length;
}

static Node provider_row(Str address) {
    NODE_EACH(row, embedded_root(STR("schema/iam/identity-providers.tsv"))) {
        Wildcard wildcard;
        wildcard_init(&wildcard, node_text(NODE_GET(row, "provider")));
        if (address.length <= WILDCARD_LONGEST_TEXT && wildcard_matches(&wildcard, address))
            return row;
    }
    return NO_NODE;
}

static bool is_symbol(Str text) {
    return str_equal(text, STR("*"));
}

static Provider provider_of_arn(Str id, Str resource) {
    static const Str oidc = {"oidc-provider/", sizeof "oidc-provider/" - 1};
    if (is_symbol(resource)) return (Provider){.kind = PROVIDER_SYMBOLIC};
    if (str_starts_with(resource, STR("saml-provider/"))) return (Provider){.kind = PROVIDER_SAML};
    if (!str_starts_with(resource, oidc)) return (Provider){.kind = PROVIDER_NONE};
    Provider provider = {.kind = PROVIDER_OIDC};
    // As it is written, where some of it is filled in later.
    size_t at = str_find(id, oidc, 0);
    if (at < id.length) provider.address = str_slice(id, at + oidc.length, id.length);
    provider.row = provider_row(provider.address);
    return provider;
}

Provider provider_of(Arena *arena, Str id) {
    Arn arn;
    if (is_wholly_symbolic(id)) return (Provider){.kind = PROVIDER_SYMBOLIC};
    if (principal_arn(arena, id, &arn)) {
        bool fits = str_equal(arn.service, STR("iam")) &&
                    (is_account_id(arn.account) || (is_symbol(arn.account) && is_symbolic(id)));
        return fits ? provider_of_arn(id, arn.resource) : (Provider){.kind = PROVIDER_NONE};
    }
    Provider provider = {.kind = PROVIDER_NONE, .address = id, .row = provider_row(id)};
    if (node_is_string(NODE_GET(provider.row, "built_in"), STR("yes")))
        provider.kind = PROVIDER_BUILT_IN;
    else if (is_symbolic(id))
        provider.kind = PROVIDER_SYMBOLIC;
    else if (is_domain(id))
        provider.kind = PROVIDER_DOMAIN;
    return provider;
}

Node service_principal_row(Str id) {
    NODE_EACH(row, embedded_root(STR("schema/iam/service-principals.tsv"))) {
        if (str_equal_ignoring_case(id, node_text(NODE_GET(row, "principal")))) return row;
    }
    return NO_NODE;
}
