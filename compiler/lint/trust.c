// Checks of the elements of trust policies, and of which principals can use their actions.
#include "base/map.h"
#include "base/nearest.h"
#include "base/wildcard.h"
#include "lint/check.h"
#include "lint/principals.h"
#include "lint/size.h"
#include "lint/symbolic.h"
#include "model/embedded.h"
#include "model/quota.h"

// --- elements ---

// The first of two elements that the statement has, or no node.
static Node element(const DocumentStatement *statement, Str name, Str negated) {
    Node node = node_get(statement->node, name);
    return node_exists(node) ? node : node_get(statement->node, negated);
}

void check_principal_form(Lint *lint, const Unit *unit) {
    Node node = element(unit->statement, STR("Principal"), STR("NotPrincipal"));
    if (node_kind(node) != NODE_STRING || is_symbolic(node_text(node))) return;
    if (node_is_string(node, STR("*"))) return;
    Str kind = arn_is_meant(node_text(node)) || is_account_id(node_text(node)) ? STR("AWS")
                                                                               : STR("Service");
    lint_report(lint, node_span(node), "a principal stands under its kind: {\"%.*s\": \"%.*s\"}",
                STR_ARG(kind), STR_ARG(node_text(node)));
}

void check_principal_in_identity(Lint *lint, const Unit *unit) {
    Node node = element(unit->statement, STR("Principal"), STR("NotPrincipal"));
    if (node_exists(node))
        lint_report(lint, node_key_span(node),
                    "a policy of an identity has no %.*s: it is about whoever it is attached to",
                    STR_ARG(node_key_text(node)));
}

void check_resource_in_trust(Lint *lint, const Unit *unit) {
    Node node = element(unit->statement, STR("Resource"), STR("NotResource"));
    if (node_exists(node))
        lint_report(lint, node_key_span(node),
                    "a trust policy has no %.*s: it is about the role that has it",
                    STR_ARG(node_key_text(node)));
}

void check_not_principal_in_trust(Lint *lint, const Unit *unit) {
    Node node = NODE_GET(unit->statement->node, "NotPrincipal");
    if (node_exists(node))
        lint_report(lint, node_key_span(node),
                    "a trust policy has no NotPrincipal: name those who may assume the role");
}

void check_not_principal_allowed(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    if (!statement->not_principal || statement->effect != EFFECT_ALLOW) return;
    Diagnostic *d = lint_report(lint, statement->span,
                                "NotPrincipal allows this to everybody else, anonymous callers "
                                "too");
    diag_note(lint_diags(lint), d, NO_SPAN,
              "name in Principal those who may, or deny all others by the condition "
              "aws:PrincipalArn");
}

void check_trust_size(Lint *lint, const Unit *unit) {
    size_t characters = policy_characters(lint_arena(lint), unit->document->node);
    uint64_t most = quota(QUOTA_TRUST_POLICY_CHARACTERS);
    if (characters > most)
        lint_report(lint, unit->document->span,
                    "the trust policy has %zu characters, and %ju are allowed unless the quota "
                    "was raised",
                    characters, (uintmax_t)most);
}

// --- actions ---

static Node action_rows(void) {
    return embedded_root(STR("schema/iam/trust-actions.tsv"));
}

static bool matches(const Wildcard *pattern, Str text) {
    return text.length <= WILDCARD_LONGEST_TEXT && wildcard_matches(pattern, text);
}

// The row of the first action of trust policies that a pattern matches, or no node.
static Node row_of_action(Str pattern) {
    Wildcard wildcard;
    wildcard_init(&wildcard, pattern);
    NODE_EACH(row, action_rows()) {
        if (matches(&wildcard, node_text(NODE_GET(row, "action")))) return row;
    }
    return NO_NODE;
}

void check_trust_action(Lint *lint, const Unit *unit) {
    Str action = unit->action->text;
    if (unit->statement->not_action || is_symbolic(action) || node_exists(row_of_action(action)))
        return;
    StrVec names = {0};
    NODE_EACH(row, action_rows())
    VEC_PUSH(lint_arena(lint), &names, node_text(NODE_GET(row, "action")));
    Diagnostic *d = lint_report(lint, unit->action->span,
                                "'%.*s' is no action of a trust policy, which says who may assume "
                                "the role",
                                STR_ARG(action));
    diag_note(lint_diags(lint), d, NO_SPAN, "actions of trust policies: %.*s",
              STR_ARG(names_in_full(lint_arena(lint), names.items, names.count)));
}

// What a principal is for the table of actions, as a set.
enum { FOR_AWS = 1, FOR_SERVICE = 2, FOR_SAML = 4, FOR_OIDC = 8, FOR_ALL = 15 };

static const struct {
    const char *name;
    unsigned set;
} users[] = {{"AWS", FOR_AWS}, {"Service", FOR_SERVICE}, {"SAML", FOR_SAML}, {"OIDC", FOR_OIDC}};

static unsigned users_of_row(Node row) {
    Str names = node_text(NODE_GET(row, "principals"));
    unsigned set = 0;
    for (size_t at = 0; at < names.length;) {
        size_t comma = str_find_byte(names, ',', at);
        for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
            if (str_equal(str_slice(names, at, comma), str_of(users[i].name))) set |= users[i].set;
        }
        at = comma + 1;
    }
    return set;
}

// Who can use an entry of Action; an entry that is none of a trust policy's is not judged.
static unsigned users_of_action(Str pattern) {
    Wildcard wildcard;
    unsigned set = 0;
    if (is_symbolic(pattern)) return FOR_ALL;
    wildcard_init(&wildcard, pattern);
    NODE_EACH(row, action_rows()) {
        if (matches(&wildcard, node_text(NODE_GET(row, "action")))) set |= users_of_row(row);
    }
    return set == 0 ? FOR_ALL : set;
}

static unsigned set_of_provider(Arena *arena, Str id) {
    switch (provider_of(arena, id).kind) {
    case PROVIDER_SAML:
        return FOR_SAML;
    case PROVIDER_OIDC:
    case PROVIDER_BUILT_IN:
    case PROVIDER_DOMAIN:
        return FOR_OIDC;
    case PROVIDER_SYMBOLIC:
        return FOR_SAML | FOR_OIDC;
    case PROVIDER_NONE:
        break;
    }
    return FOR_ALL;
}

static unsigned set_of_principal(Arena *arena, PrincipalKind kind, Str id) {
    switch (kind) {
    case PRINCIPAL_AWS:
        return FOR_AWS;
    case PRINCIPAL_SERVICE:
        return FOR_SERVICE;
    case PRINCIPAL_FEDERATED:
        return set_of_provider(arena, id);
    default:
        return FOR_ALL;
    }
}

// The action that a principal of `set` is to use: the first of the table for it.
static Str action_for(unsigned set) {
    NODE_EACH(row, action_rows()) {
        if ((users_of_row(row) & set) != 0) return node_text(NODE_GET(row, "action"));
    }
    return (Str){0};
}

// Reports the principals that can use none of the actions, and returns what all principals are.
static unsigned check_principal_users(Lint *lint, const DocumentStatement *s, unsigned usable) {
    unsigned all = 0;
    for (size_t i = 0; i < s->principals.count; i++) {
        const Principal *principal = &s->principals.items[i];
        PrincipalKind kind = principal_kind(principal);
        if (principal->ids.count == 0) all = FOR_ALL;
        for (size_t k = 0; k < principal->ids.count; k++) {
            const Item *id = &principal->ids.items[k];
            unsigned set = set_of_principal(lint_arena(lint), kind, id->text);
            all |= set;
            if ((set & usable) == 0)
                lint_report(lint, id->span,
                            "'%.*s' can use none of these actions: it assumes a role by %.*s",
                            STR_ARG(id->text), STR_ARG(action_for(set)));
        }
    }
    return all;
}

void check_action_for_principal(Lint *lint, const Unit *unit) {
    const DocumentStatement *s = unit->statement;
    unsigned usable = 0;
    if (s->effect != EFFECT_ALLOW || s->not_action || s->not_principal || s->actions.count == 0)
        return;
    for (size_t i = 0; i < s->actions.count; i++)
        usable |= users_of_action(s->actions.items[i].text);
    unsigned all = check_principal_users(lint, s, usable);
    if ((all & usable) == 0) return; // nobody can use any: said already
    for (size_t i = 0; i < s->actions.count; i++) {
        const Item *action = &s->actions.items[i];
        if ((users_of_action(action->text) & all) == 0)
            lint_report(lint, action->span, "none of these principals can use '%.*s'",
                        STR_ARG(action->text));
    }
}

// --- services that need several actions ---

static bool names_service(const DocumentStatement *statement, Str service) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        if (principal_kind(principal) != PRINCIPAL_SERVICE) continue;
        for (size_t k = 0; k < principal->ids.count; k++) {
            if (str_equal_ignoring_case(principal->ids.items[k].text, service)) return true;
        }
    }
    return false;
}

static bool lists_action(const DocumentStatement *statement, Str action) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        Str pattern = statement->actions.items[i].text;
        Wildcard wildcard;
        wildcard_init(&wildcard, pattern);
        if (is_symbolic(pattern) || matches(&wildcard, action)) return true;
    }
    return false;
}

static bool is_allowed(const DocumentStatement *statement, Str service, Str action) {
    return statement->effect == EFFECT_ALLOW && names_service(statement, service) &&
           lists_action(statement, action) != statement->not_action;
}

static bool any_allows(const Document *document, Str service, Str action) {
    for (size_t i = 0; i < document->statements.count; i++) {
        if (is_allowed(&document->statements.items[i], service, action)) return true;
    }
    return false;
}

// The first Allow that names the service, or NULL.
static const DocumentStatement *statement_of(const Document *document, Str service) {
    for (size_t i = 0; i < document->statements.count; i++) {
        const DocumentStatement *statement = &document->statements.items[i];
        if (statement->effect == EFFECT_ALLOW && names_service(statement, service))
            return statement;
    }
    return NULL;
}

static void check_service(Lint *lint, const Document *document, Node row) {
    Str service = node_text(NODE_GET(row, "principal"));
    Str actions = node_text(NODE_GET(row, "actions"));
    const DocumentStatement *statement = NULL;
    if (actions.length != 0) statement = statement_of(document, service);
    if (statement == NULL) return;
    StrVec missing = {0};
    for (size_t at = 0; at < actions.length;) {
        size_t comma = str_find_byte(actions, ',', at);
        Str action = str_slice(actions, at, comma);
        if (!any_allows(document, service, action)) VEC_PUSH(lint_arena(lint), &missing, action);
        at = comma + 1;
    }
    if (missing.count != 0)
        lint_report_in(lint, statement, statement->span, "%.*s cannot assume the role without %.*s",
                       STR_ARG(service),
                       STR_ARG(names_in_full(lint_arena(lint), missing.items, missing.count)));
}

void check_service_actions(Lint *lint, const Unit *unit) {
    NODE_EACH(row, embedded_root(STR("schema/iam/service-principals.tsv")))
    check_service(lint, unit->document, row);
}

// --- what says nothing more ---

// The ARN of the role whose session an ARN names, or empty.
static Str role_of_session(Arena *arena, Str id) {
    static const Str session = {"assumed-role/", sizeof "assumed-role/" - 1};
    Arn arn;
    if (!arn_parse(id, &arn) || !str_starts_with(arn.resource, session)) return (Str){0};
    Str name = str_slice(arn.resource, session.length, arn.resource.length);
    name = str_slice(name, 0, str_find_byte(name, '/', 0));
    return str_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", STR_ARG(arn.partition),
                      STR_ARG(arn.account), STR_ARG(name));
}

static void check_redundant_ids(Lint *lint, const Principal *principal) {
    StrMap seen = {0};
    uint32_t index;
    for (size_t i = 0; i < principal->ids.count; i++) {
        const Item *id = &principal->ids.items[i];
        if (!strmap_set(lint_arena(lint), &seen, id->text, 0))
            lint_report(lint, id->span, "'%.*s' stands here twice", STR_ARG(id->text));
    }
    for (size_t i = 0; i < principal->ids.count; i++) {
        const Item *id = &principal->ids.items[i];
        Str role = role_of_session(lint_arena(lint), id->text);
        if (role.length != 0 && strmap_get(&seen, role, &index))
            lint_report(lint, id->span, "'%.*s' is a session of '%.*s', which stands here too",
                        STR_ARG(id->text), STR_ARG(role));
    }
}

void check_redundant_principal(Lint *lint, const Unit *unit) {
    if (principal_kind(unit->principal) != PRINCIPAL_EVERYONE)
        check_redundant_ids(lint, unit->principal);
}
