// Checks of each principal alone: whether it can be one.
#include "base/nearest.h"
#include "base/wildcard.h"
#include "lint/check.h"
#include "lint/principals.h"
#include "lint/symbolic.h"
#include "model/embedded.h"
#include "model/partition.h"

void check_principal_kind(Lint *lint, const Unit *unit) {
    const Item *type = &unit->principal->type;
    PrincipalKind kind = principal_kind(unit->principal);
    if (kind == PRINCIPAL_CANONICAL_USER && unit->document->kind == DOCUMENT_TRUST)
        lint_report(lint, type->span, "a trust policy knows no CanonicalUser: only a bucket does");
    if (kind != PRINCIPAL_UNKNOWN || is_symbolic(type->text)) return;
    StrVec names = {0};
    principal_kind_names(lint_arena(lint), &names);
    Str near = nearest_name(type->text, names.items, names.count);
    if (near.length == 0)
        lint_report(lint, type->span, "no kind of principal is called '%.*s'; there are: %.*s",
                    STR_ARG(type->text),
                    STR_ARG(names_in_full(lint_arena(lint), names.items, names.count)));
    else
        lint_report(lint, type->span, "no kind of principal is called '%.*s'; did you mean '%.*s'?",
                    STR_ARG(type->text), STR_ARG(near));
}

static bool is_star(Str text) {
    return str_equal(text, STR("*"));
}

static void report_everyone(Lint *lint, const Unit *unit) {
    if (unit->document->kind != DOCUMENT_TRUST) return;
    Diagnostic *d = lint_report(lint, unit->principal->type.span,
                                "a trust policy does not take '*' for its Principal");
    diag_note(lint_diags(lint), d, NO_SPAN,
              "name the principals, or write {\"AWS\": \"*\"} with a condition such as "
              "aws:PrincipalOrgID that says which of them");
}

void check_principal_wildcard(Lint *lint, const Unit *unit) {
    PrincipalKind kind = principal_kind(unit->principal);
    if (kind == PRINCIPAL_EVERYONE) report_everyone(lint, unit);
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (!has_wildcard(id->text) || (kind == PRINCIPAL_AWS && is_star(id->text))) continue;
        Diagnostic *d = lint_report(lint, id->span,
                                    "'%.*s' names no principal: in one, '*' is no "
                                    "wildcard",
                                    STR_ARG(id->text));
        if (kind == PRINCIPAL_AWS)
            diag_note(lint_diags(lint), d, NO_SPAN,
                      "name each principal, or the account, and limit it by the condition "
                      "aws:PrincipalArn");
    }
}

// --- AWS ---

static bool begins(Str text, const char *prefix) {
    return str_starts_with(text, str_of(prefix)) && text.length > str_of(prefix).length;
}

static const char *problem_of_resource(const Arn *arn) {
    if (has_wildcard(arn->resource)) return NULL; // filled in later
    if (str_equal(arn->service, STR("sts"))) {
        bool fits = begins(arn->resource, "assumed-role/") ||
                    begins(arn->resource, "federated-user/") ||
                    str_equal(arn->resource, STR("self"));
        return fits ? NULL : "of sts, only sessions are: assumed-role/ROLE/SESSION";
    }
    if (begins(arn->resource, "assumed-role/")) return "a session is one of sts, not of iam";
    if (begins(arn->resource, "group/")) return "a group is none: name its users";
    bool fits = str_equal(arn->resource, STR("root")) || begins(arn->resource, "user/") ||
                begins(arn->resource, "role/");
    return fits ? NULL : "of iam, only an account's root, users and roles are";
}

static const char *problem_of_arn(const Arn *arn, DocumentKind kind) {
    Partition partition;
    if (!has_wildcard(arn->partition) && !partition_find(arn->partition, &partition))
        return "there is no such partition";
    if (!str_equal(arn->service, STR("iam")) && !str_equal(arn->service, STR("sts")))
        return has_wildcard(arn->service) ? NULL : "only those of iam and sts are";
    if (arn->region.length != 0 && !has_wildcard(arn->region))
        return "an ARN of iam or sts has no region";
    // CloudFront's own users read buckets: arn:aws:iam::cloudfront:user/….
    bool is_special = kind == DOCUMENT_RESOURCE && str_equal(arn->account, STR("cloudfront"));
    if (!has_wildcard(arn->account) && !is_account_id(arn->account) && !is_special)
        return "its account is not of 12 digits";
    return problem_of_resource(arn);
}

static bool is_service_name(Str id) {
    NODE_EACH(row, embedded_root(STR("schema/iam/partitions.tsv"))) {
        Str suffix = node_text(NODE_GET(row, "dns_suffix"));
        if (id.length > suffix.length + 1 && str_ends_with(id, suffix) &&
            id.data[id.length - suffix.length - 1] == '.')
            return true;
    }
    return false;
}

// Why it cannot be a principal of kind AWS, or NULL.
static const char *problem_of_aws(Arena *arena, Str id, DocumentKind kind) {
    Arn arn;
    if (is_account_id(id) || is_unique_id(id)) return NULL;
    if (principal_arn(arena, id, &arn)) return problem_of_arn(&arn, kind);
    if (is_symbolic(id)) return NULL;
    if (arn_is_meant(id)) return "it is not a whole ARN";
    if (is_service_name(id)) return "it is a service, for \"Service\" in place of \"AWS\"";
    return "it is neither an account of 12 digits nor an ARN";
}

void check_aws_principal(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_AWS) return;
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (has_wildcard(id->text)) continue; // principal-wildcard says more
        const char *problem = problem_of_aws(lint_arena(lint), id->text, unit->document->kind);
        if (problem != NULL)
            lint_report(lint, id->span, "'%.*s' cannot be a principal: %s", STR_ARG(id->text),
                        problem);
    }
}

void check_unique_id_principal(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_AWS) return;
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (!is_unique_id(id->text)) continue;
        bool is_role = str_starts_with(id->text, STR("AROA"));
        Diagnostic *d = lint_report(lint, id->span,
                                    "'%.*s' is the id of one certain %s, which "
                                    "has probably been deleted",
                                    STR_ARG(id->text), is_role ? "role" : "user");
        diag_note(lint_diags(lint), d, NO_SPAN, "name the %s by its ARN",
                  is_role ? "role" : "user");
    }
}

// --- services ---

static bool is_host_name(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_inner = c == '-' || (c == '.' && text.data[i - (i > 0)] != '.');
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    (i > 0 && is_inner);
        if (!fits) return false;
    }
    return text.length != 0;
}

// The partition of a role, as far as the ARNs beside it say; an empty text where they do not.
static Str partition_of_role(const RoleDocuments *role) {
    Arn arn;
    Partition partition;
    if (arn_parse(role->boundary.text, &arn) && partition_find(arn.partition, &partition))
        return partition.id;
    for (size_t i = 0; i < role->managed.count && i < 1; i++) {
        if (arn_parse(role->managed.items[i].text, &arn) &&
            partition_find(arn.partition, &partition))
            return partition.id;
    }
    return (Str){0};
}

// In every partition services may have the name that they have in the first one.
static bool is_service_of(Str id, Str partition_id) {
    Node first = node_first(embedded_root(STR("schema/iam/partitions.tsv")));
    Partition partition;
    if (str_ends_with(id, node_text(NODE_GET(first, "dns_suffix")))) return true;
    if (partition_id.length == 0 || !partition_find(partition_id, &partition)) return true;
    return str_ends_with(id, node_text(NODE_GET(partition.row, "dns_suffix")));
}

static void report_service(Lint *lint, const Item *id) {
    size_t dot = str_find_byte(id->text, '.', 0);
    Str name = str_slice(id->text, 0, dot);
    Node first = node_first(embedded_root(STR("schema/iam/partitions.tsv")));
    Str suffix = node_text(NODE_GET(first, "dns_suffix"));
    if (is_host_name(name))
        lint_report(lint, id->span, "'%.*s' is no name of a service; did you mean '%.*s.%.*s'?",
                    STR_ARG(id->text), STR_ARG(name), STR_ARG(suffix));
    else
        lint_report(lint, id->span, "'%.*s' is no name of a service, such as 'ec2.%.*s'",
                    STR_ARG(id->text), STR_ARG(suffix));
}

void check_service_principal(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_SERVICE) return;
    Str partition = partition_of_role(unit->role);
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (is_symbolic(id->text) || has_wildcard(id->text)) continue;
        if (!is_service_name(id->text) || !is_host_name(id->text))
            report_service(lint, id);
        else if (!is_service_of(id->text, partition))
            lint_report(lint, id->span, "'%.*s' is a service of another partition than '%.*s'",
                        STR_ARG(id->text), STR_ARG(partition));
    }
}

// --- identity providers ---

void check_provider_form(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_FEDERATED) return;
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (has_wildcard(id->text)) continue;
        if (provider_of(lint_arena(lint), id->text).kind == PROVIDER_NONE)
            lint_report(lint, id->span,
                        "'%.*s' is no identity provider: neither the ARN of a saml-provider or "
                        "oidc-provider nor a domain",
                        STR_ARG(id->text));
    }
}

static Str built_in_providers(Arena *arena) {
    StrVec names = {0};
    NODE_EACH(row, embedded_root(STR("schema/iam/identity-providers.tsv"))) {
        if (node_is_string(NODE_GET(row, "built_in"), STR("yes")))
            VEC_PUSH(arena, &names, node_text(NODE_GET(row, "provider")));
    }
    return names_in_full(arena, names.items, names.count);
}

void check_provider_known(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_FEDERATED) return;
    for (size_t i = 0; i < unit->principal->ids.count; i++) {
        const Item *id = &unit->principal->ids.items[i];
        if (provider_of(lint_arena(lint), id->text).kind != PROVIDER_DOMAIN) continue;
        Diagnostic *d = lint_report(
            lint, id->span, "IAM has no identity provider '%.*s' of its own", STR_ARG(id->text));
        diag_note(lint_diags(lint), d, NO_SPAN,
                  "name a provider of the account's by ARN: "
                  "arn:aws:iam::ACCOUNT:oidc-provider/%.*s; of its own IAM has: %.*s",
                  STR_ARG(id->text), STR_ARG(built_in_providers(lint_arena(lint))));
    }
}

void check_provider_place(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) == PRINCIPAL_FEDERATED)
        lint_report(lint, unit->principal->type.span,
                    "an identity provider is a principal of trust policies alone");
}
