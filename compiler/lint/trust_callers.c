// Checks of who can assume a role: whether a trust policy lets in more than it means to.
#include "base/map.h"
#include "base/nearest.h"
#include "lint/check.h"
#include "lint/principals.h"
#include "lint/says.h"
#include "lint/symbolic.h"
#include "model/operator.h"

static bool is_allow(const DocumentStatement *statement) {
    return statement->effect == EFFECT_ALLOW && !statement->not_principal;
}

// --- everybody ---

static const Item *find_everyone(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        PrincipalKind kind = principal_kind(principal);
        if (kind == PRINCIPAL_EVERYONE) return &principal->type;
        for (size_t k = 0; k < principal->ids.count && kind == PRINCIPAL_AWS; k++) {
            if (str_equal(principal->ids.items[k].text, STR("*"))) return &principal->ids.items[k];
        }
    }
    return NULL;
}

void check_anyone(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    const Item *everyone = find_everyone(statement);
    if (!is_allow(statement) || everyone == NULL || statement_demands(lint, statement, SAYS_WHO) ||
        others_are_denied(lint, unit, SAYS_WHO))
        return;
    Diagnostic *d = lint_report(
        lint, everyone->span,
        statement->conditions.count == 0
            ? "every principal of every AWS account can assume this role"
            : "principals of any AWS account can assume this role: no condition keeps strangers "
              "out");
    diag_note(lint_diags(lint), d, NO_SPAN,
              "name the principals, or add a condition that says which: aws:PrincipalOrgID, "
              "aws:PrincipalAccount or aws:PrincipalArn");
}

// --- other accounts ---

// An account that is known to be the role's own, or empty: that of its boundary and of its own
// policies. Looks at no more policies than a role can have.
static Str own_account(const RoleDocuments *role) {
    enum { POLICIES = 32 };
    Arn arn;
    if (arn_parse(role->boundary.text, &arn) && is_account_id(arn.account)) return arn.account;
    for (size_t i = 0; i < role->managed.count && i < POLICIES; i++) {
        if (arn_parse(role->managed.items[i].text, &arn) && is_account_id(arn.account))
            return arn.account;
    }
    return (Str){0};
}

// The account of a principal, or empty where it is not known.
static Str account_of(Str id) {
    Arn arn;
    if (is_account_id(id)) return id;
    return arn_parse(id, &arn) && is_account_id(arn.account) ? arn.account : (Str){0};
}

static StrVec other_accounts(Arena *arena, const Unit *unit) {
    StrVec accounts = {0};
    StrMap seen = {0};
    Str own = own_account(unit->role);
    for (size_t i = 0; i < unit->statement->principals.count; i++) {
        const Principal *principal = &unit->statement->principals.items[i];
        if (principal_kind(principal) != PRINCIPAL_AWS) continue;
        for (size_t k = 0; k < principal->ids.count; k++) {
            Str account = account_of(principal->ids.items[k].text);
            if (account.length == 0 || str_equal(account, own)) continue;
            if (strmap_set(arena, &seen, account, 0)) VEC_PUSH(arena, &accounts, account);
        }
    }
    return accounts;
}

void check_external_id(Lint *lint, const Unit *unit) {
    enum { ENOUGH = SAYS_EXTERNAL_ID | SAYS_ORGANIZATION | SAYS_HUMAN };
    const DocumentStatement *statement = unit->statement;
    if (!is_allow(statement) || statement_says(lint, statement, ENOUGH)) return;
    StrVec accounts = other_accounts(lint_arena(lint), unit);
    if (accounts.count == 0 || others_are_denied(lint, unit, ENOUGH)) return;
    Diagnostic *d = lint_report(
        lint, statement->span, "account%s %.*s can assume the role without sts:ExternalId",
        accounts.count == 1 ? "" : "s",
        STR_ARG(names_in_short(lint_arena(lint), accounts.items, accounts.count)));
    diag_note(lint_diags(lint), d, NO_SPAN,
              "a third party: add the condition sts:ExternalId with the id that it gave you; an "
              "account of your organization: add aws:PrincipalOrgID");
}

// --- services ---

// Whether an AWS service says in its requests for whom it acts: to a resource each does, to a role
// those that are known to.
static bool tells_source(DocumentKind kind, Str service) {
    Node row = service_principal_row(service);
    return kind == DOCUMENT_RESOURCE || node_is_string(NODE_GET(row, "trust_source"), STR("yes"));
}

// The first service of a statement that tells its source, or NULL.
static const Item *find_service(const Unit *unit) {
    for (size_t i = 0; i < unit->statement->principals.count; i++) {
        const Principal *principal = &unit->statement->principals.items[i];
        if (principal_kind(principal) != PRINCIPAL_SERVICE) continue;
        for (size_t k = 0; k < principal->ids.count; k++) {
            if (tells_source(unit->document->kind, principal->ids.items[k].text))
                return &principal->ids.items[k];
        }
    }
    return NULL;
}

static void note_source(Lint *lint, Diagnostic *d) {
    diag_note(lint_diags(lint), d, NO_SPAN,
              "add a condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or "
              "aws:SourceOrgPaths");
}

void check_service_source(Lint *lint, const Unit *unit) {
    if (!is_allow(unit->statement) || unit->statement->conditions.count != 0) return;
    const Item *service = find_service(unit);
    if (service == NULL) return;
    Diagnostic *d = lint_report(lint, service->span,
                                "%.*s is allowed this for whatever account it "
                                "acts",
                                STR_ARG(service->text));
    note_source(lint, d);
}

// Keys of callers are another check's: key-not-of-services.
static bool is_of_callers(Str key) {
    return key_says(key) == SAYS_ORGANIZATION || key_says(key) == SAYS_CALLER;
}

static const Item *find_other_key(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const Item *key = &statement->conditions.items[i].key;
        if (!is_of_callers(key->text)) return key;
    }
    return NULL;
}

void check_service_source_key(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    if (!is_allow(statement) || statement->conditions.count == 0 ||
        statement_says(lint, statement, SAYS_SOURCE | SAYS_EXTERNAL_ID))
        return;
    const Item *service = find_service(unit), *key = find_other_key(statement);
    if (service == NULL || key == NULL) return;
    Diagnostic *d = lint_report(lint, key->span, "'%.*s' does not say for whom %.*s acts",
                                STR_ARG(key->text), STR_ARG(service->text));
    note_source(lint, d);
}

// Whether services are its only principals.
static bool is_for_services(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        if (principal_kind(&statement->principals.items[i]) != PRINCIPAL_SERVICE) return false;
    }
    return statement->principals.count != 0;
}

void check_service_condition(Lint *lint, const Unit *unit) {
    Operator operator;
    const DocumentCondition *condition = unit->condition;
    if (!is_allow(unit->statement) || !is_for_services(unit->statement)) return;
    if (!is_of_callers(condition->key.text)) return;
    if (!operator_parse(condition->operator.text, &operator)) return;
    if (operator.if_exists || operator.negated || operator.comparison == COMPARE_ABSENT) return;
    Diagnostic *d = lint_report(lint, condition->key.span,
                                "a service's requests have no '%.*s', so this allows nothing",
                                STR_ARG(condition->key.text));
    note_source(lint, d);
}

// --- identity providers ---

// The condition keys of a statement: their whole texts, and what stands before the last colon.
typedef struct Keys {
    StrMap whole, providers;
} Keys;

static Str lower_case(Arena *arena, Str text) {
    char *copy = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (Str){copy, text.length};
}

static Str before_last_colon(Str text) {
    size_t end = text.length;
    while (end > 0 && text.data[end - 1] != ':') end--;
    return str_slice(text, 0, end == 0 ? 0 : end - 1);
}

static Keys keys_of(Arena *arena, const DocumentStatement *statement) {
    Keys keys = {{0}, {0}};
    for (size_t i = 0; i < statement->conditions.count; i++) {
        Str key = lower_case(arena, statement->conditions.items[i].key.text);
        strmap_set(arena, &keys.whole, key, 0);
        strmap_set(arena, &keys.providers, before_last_colon(key), 0);
    }
    return keys;
}

static bool has_key(const StrMap *map, Str key) {
    uint32_t value;
    return strmap_get(map, key, &value);
}

// Whether a condition asks for something that a provider says of its identities.
static bool has_claim(Arena *arena, const Keys *keys, const Provider *provider) {
    if (provider->kind == PROVIDER_SAML) return has_key(&keys->providers, STR("saml"));
    return has_key(&keys->providers, lower_case(arena, provider->address));
}

static bool has_subject(Arena *arena, const Keys *keys, const Provider *provider) {
    Str subject = node_text(NODE_GET(provider->row, "subject"));
    if (subject.length == 0) return true;
    Str key = str_format(arena, "%.*s:%.*s", STR_ARG(provider->address), STR_ARG(subject));
    return has_key(&keys->whole, lower_case(arena, key));
}

// A provider that is looked at, and the place that names it.
typedef void LookAtProvider(Lint *lint, const Keys *keys, const Provider *provider, const Item *id);

static void each_provider(Lint *lint, const DocumentStatement *statement, LookAtProvider *look) {
    if (!is_allow(statement)) return;
    Keys keys = keys_of(lint_arena(lint), statement);
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        if (principal_kind(principal) != PRINCIPAL_FEDERATED) continue;
        for (size_t k = 0; k < principal->ids.count; k++) {
            Provider provider = provider_of(lint_arena(lint), principal->ids.items[k].text);
            if (provider.kind == PROVIDER_NONE || provider.kind == PROVIDER_SYMBOLIC) continue;
            // What is filled in later may be said by a condition in other words.
            if (is_symbolic(provider.address)) continue;
            look(lint, &keys, &provider, &principal->ids.items[k]);
        }
    }
}

static void look_for_claim(Lint *lint, const Keys *keys, const Provider *provider, const Item *id) {
    if (has_claim(lint_arena(lint), keys, provider)) return;
    Diagnostic *d = lint_report(lint, id->span, "whoever '%.*s' vouches for can assume the role",
                                STR_ARG(id->text));
    if (provider->kind == PROVIDER_SAML)
        diag_note(lint_diags(lint), d, NO_SPAN, "add a condition on SAML:aud");
    else
        diag_note(lint_diags(lint), d, NO_SPAN, "add conditions on %.*s:aud and %.*s:sub",
                  STR_ARG(provider->address), STR_ARG(provider->address));
}

void check_provider_condition(Lint *lint, const Unit *unit) {
    each_provider(lint, unit->statement, look_for_claim);
}

static void look_for_subject(Lint *lint, const Keys *keys, const Provider *provider,
                             const Item *id) {
    if (has_subject(lint_arena(lint), keys, provider)) return;
    Str subject = node_text(NODE_GET(provider->row, "subject"));
    lint_report(lint, id->span,
                "identities of others that '%.*s' vouches for can assume the role: no condition is "
                "on %.*s:%.*s",
                STR_ARG(id->text), STR_ARG(provider->address), STR_ARG(subject));
}

void check_provider_subject(Lint *lint, const Unit *unit) {
    each_provider(lint, unit->statement, look_for_subject);
}

// The row of the provider whose subject a condition is on, or no node.
static Node row_of_subject(Arena *arena, Str key) {
    Provider provider = provider_of(arena, before_last_colon(key));
    Str subject = node_text(NODE_GET(provider.row, "subject"));
    Str claim = str_slice(key, key.length - subject.length, key.length);
    bool is_it = node_exists(provider.row) && str_equal_ignoring_case(claim, subject);
    return is_it ? provider.row : NO_NODE;
}

void check_provider_any_subject(Lint *lint, const Unit *unit) {
    Operator operator;
    const DocumentCondition *condition = unit->condition;
    if (!is_allow(unit->statement) || !operator_parse(condition->operator.text, &operator)) return;
    if (!operator.wildcards || operator.negated) return;
    Node row = row_of_subject(lint_arena(lint), condition->key.text);
    Str form = node_text(NODE_GET(row, "subject_form"));
    if (!node_exists(row)) return;
    for (size_t i = 0; i < condition->values.count; i++) {
        const Item *value = &condition->values.items[i];
        if (!has_wildcard(value->text)) continue;
        Diagnostic *d = lint_report(lint, value->span, "'%.*s' takes in more identities than one",
                                    STR_ARG(value->text));
        if (form.length != 0)
            diag_note(lint_diags(lint), d, NO_SPAN, "name each in full: %.*s", STR_ARG(form));
    }
}

void check_audience_operator(Lint *lint, const Unit *unit) {
    Operator operator;
    const DocumentCondition *condition = unit->condition;
    if (!operator_parse(condition->operator.text, &operator)) return;
    if (operator.quantifier == QUANTIFIER_NONE) return;
    Str key = lower_case(lint_arena(lint), condition->key.text);
    if (!str_ends_with(key, STR(":aud"))) return;
    Diagnostic *d = lint_report(lint, condition->operator.span,
                                "a token names one audience, so '%.*s' is not for a set of them",
                                STR_ARG(condition->key.text));
    diag_note(lint_diags(lint), d, NO_SPAN,
              "write %.*s, unless the tokens of your provider name several",
              STR_ARG(operator.name));
}
