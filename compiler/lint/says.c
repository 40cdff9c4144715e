#include "lint/says.h"

#include "base/map.h"
#include "lint/addresses.h"
#include "lint/entries.h"
#include "lint/met.h"
#include "lint/principals.h"
#include "lint/symbolic.h"
#include "model/embedded.h"
#include "policy/values.h"

static Node row_of_key(Str key) {
    NODE_EACH(row, embedded_root(STR("schema/iam/trust-conditions.tsv"))) {
        if (str_equal_ignoring_case(key, node_text(NODE_GET(row, "key")))) return row;
    }
    return NO_NODE;
}

static Saying saying_of_row(Node row) {
    static const struct {
        const char *name;
        Saying saying;
    } names[] = {
#define SAYING_NAME(id, bit, name) {name, id},
        SAYINGS(SAYING_NAME)
#undef SAYING_NAME
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (node_is_string(NODE_GET(row, "says"), str_of(names[i].name))) return names[i].saying;
    }
    return SAYS_NOTHING;
}

Saying key_says(Str key) {
    return saying_of_row(row_of_key(key));
}

// --- whose a value is ---

static Str before_wildcard(Str text) {
    size_t at = 0;
    while (at < text.length && text.data[at] != '*' && text.data[at] != '?') at++;
    return str_slice(text, 0, at);
}

// Whether a policy variable stands there that AWS fills in with what the caller is, so that each
// caller has the value that it is compared with.
static bool is_of_caller(Lint *lint, const ConditionFacts *facts, Str text) {
    for (size_t open = 0; (open = str_find(text, STR("${"), open)) < text.length; open += 2) {
        size_t close = str_find_byte(text, '}', open);
        Str name = str_slice(text, open + 2, close);
        const KeyFacts *key = lint_key(lint, name);
        bool is_known = !key->is_open && key->is_global;
        if (is_known &&
            (str_equal(key->spelling, facts->key->spelling) ||
             key->global.property == KEY_OF_PRINCIPAL || key->global.property == KEY_OF_SESSION))
            return true;
    }
    return false;
}

// Whether strangers' ids can stand where this text tells an owner, whose form is `form` where that
// is known: after a whole id a wildcard only takes in what belongs to it.
static bool is_open_owner(Lint *lint, const ConditionFacts *facts, Str text, Str form) {
    if (facts->operator.variables && is_of_caller(lint, facts, text)) return true;
    if (is_symbolic(text) || !facts->operator.wildcards || !has_wildcard(text)) return false;
    return form.length == 0 || !lint_matches(lint, form, before_wildcard(text));
}

// The part of the account, or where there is none, as in a bucket's ARN, the name. An account's id
// in any other part, of a pattern that skips some, tells it as well.
static bool is_open_arn(Lint *lint, const ConditionFacts *facts, Str value) {
    enum { PARTITION = 1, REGION = 3, ACCOUNT = 4, NAME = 5 };
    Str parts[ARN_PARTS] = {{0}};
    bool is_whole = arn_divide(value, parts);
    for (size_t i = 0; i < ARN_PARTS; i++) {
        if (is_account_id(before_wildcard(parts[i]))) return false;
        if (i != PARTITION && i != REGION && is_symbolic(parts[i])) return false;
    }
    if (!is_whole) return is_open_owner(lint, facts, value, (Str){0});
    if (parts[ACCOUNT].length != 0) return is_open_owner(lint, facts, parts[ACCOUNT], (Str){0});
    return facts->operator.wildcards && before_wildcard(parts[NAME]).length == 0;
}

// "id:name of the session": sessions are named by who makes them.
static bool is_open_id(Lint *lint, const ConditionFacts *facts, Str value) {
    Str id = str_slice(value, 0, str_find_byte(value, ':', 0));
    if (has_variable(value)) return is_open_owner(lint, facts, value, (Str){0});
    return !is_unique_id(before_wildcard(id)) && is_open_owner(lint, facts, id, (Str){0});
}

static bool is_open_value(Lint *lint, const ConditionFacts *facts, Str owner, Str value) {
    bool is_any = facts->operator.wildcards && is_stars(value);
    if (is_any || is_own_variable(facts->key->spelling, value)) return true;
    if (str_equal(owner, STR("arn"))) return is_open_arn(lint, facts, value);
    if (str_equal(owner, STR("id"))) return is_open_id(lint, facts, value);
    if (str_equal(owner, STR("path")))
        value = str_slice(value, 0, str_find_byte(value, '/', 0));
    else if (!str_equal(owner, STR("whole")))
        return false;
    return is_open_owner(lint, facts, value, facts->key->rules.of[KEY_RULE_FORM].value);
}

// Whether strangers have some of the condition's values.
static bool is_open(Lint *lint, const ConditionFacts *facts, const DocumentCondition *condition) {
    Str owner = node_text(NODE_GET(row_of_key(condition->key.text), "owner"));
    if (takes_addresses_of_many(lint, condition)) return true;
    for (size_t i = 0; i < condition->values.count; i++) {
        if (is_open_value(lint, facts, owner, condition->values.items[i].text)) return true;
    }
    return false;
}

// --- in an Allow ---

static bool passes_without_key(Lint *lint, const ConditionFacts *facts,
                               const DocumentStatement *statement) {
    return operator_passes_absent(&facts->operator) && !key_is_always_there(facts->key) &&
           !lint_requires_key(lint, statement, facts->key->spelling);
}

static bool says(Lint *lint, const DocumentStatement *statement, unsigned sayings, bool demands) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        ConditionFacts facts;
        if (((unsigned)key_says(condition->key.text) & sayings) == 0 ||
            !lint_condition(lint, condition, &facts) || !condition_compares(&facts) ||
            facts.operator.negated || is_open(lint, &facts, condition))
            continue;
        if (!demands || !passes_without_key(lint, &facts, statement)) return true;
    }
    return false;
}

bool statement_says(Lint *lint, const DocumentStatement *statement, unsigned sayings) {
    return says(lint, statement, sayings, false);
}

bool statement_demands(Lint *lint, const DocumentStatement *statement, unsigned sayings) {
    return says(lint, statement, sayings, true);
}

// --- in a Deny ---

static bool lets_everybody(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        PrincipalKind kind = principal_kind(principal);
        if (kind == PRINCIPAL_EVERYONE) return true;
        for (size_t k = 0; k < principal->ids.count && kind == PRINCIPAL_AWS; k++) {
            if (str_equal(principal->ids.items[k].text, STR("*"))) return true;
        }
    }
    return false;
}

static void add_ids(Arena *arena, const DocumentStatement *statement, StrMap *ids) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        for (size_t k = 0; k < principal->ids.count; k++)
            strmap_set(arena, ids, principal->ids.items[k].text, 0);
    }
}

// Whether the Deny is about each principal that the Allow names.
static bool meets_principals(Lint *lint, const DocumentStatement *deny,
                             const DocumentStatement *allow) {
    StrMap ids = {0};
    uint32_t ignored;
    if (deny->not_principal || lets_everybody(deny)) return true;
    if (lets_everybody(allow)) return false;
    add_ids(lint_arena(lint), deny, &ids);
    for (size_t i = 0; i < allow->principals.count; i++) {
        const Principal *principal = &allow->principals.items[i];
        for (size_t k = 0; k < principal->ids.count; k++) {
            if (!strmap_get(&ids, principal->ids.items[k].text, &ignored)) return false;
        }
    }
    return true;
}

static bool is_about(Lint *lint, const DocumentStatement *statement, Str action) {
    return (entry_for_action(lint_arena(lint), statement, action) != NULL) != statement->not_action;
}

// Whether the Deny is about each action of the Allow that makes a session; the others only go with
// one.
static bool meets_actions(Lint *lint, const DocumentStatement *deny,
                          const DocumentStatement *allow) {
    NODE_EACH(row, embedded_root(STR("schema/iam/trust-actions.tsv"))) {
        Str action = node_text(NODE_GET(row, "action"));
        if (node_is_string(NODE_GET(row, "session"), STR("yes")) && is_about(lint, allow, action) &&
            !is_about(lint, deny, action))
            return false;
    }
    return true;
}

// {"Bool": {key: "false"}}: of who has not what the key asks.
static bool asks_for_false(const ConditionFacts *facts, const DocumentCondition *condition) {
    return facts->operator.family == FAMILY_BOOLEAN && condition->values.count == 1 &&
           str_equal_ignoring_case(condition->values.items[0].text, STR("false")) &&
           (facts->operator.if_exists || key_is_always_there(facts->key));
}

// Whether all whom a key's values do not name meet a condition of a Deny, whatever the others; and
// what that key says.
static bool strangers_meet(Lint *lint, const DocumentCondition *condition, unsigned *said) {
    ConditionFacts facts;
    if (condition_is_always_met(lint, condition)) return true;
    if (!lint_condition(lint, condition, &facts)) return false;
    Saying saying = key_says(condition->key.text);
    bool excepts = facts.operator.negated && operator_passes_absent(&facts.operator) &&
                   !is_open(lint, &facts, condition);
    if (saying == SAYS_NOTHING || !(excepts || asks_for_false(&facts, condition))) return false;
    *said |= (unsigned)saying;
    return true;
}

// Whether what hangs on `when` is there wherever the Allow is.
static bool goes_with(Arena *arena, const DocumentStatement *allow, const Decision *when) {
    if (when == NULL) return true;
    return str_equal(decisions_identity(arena, decisions_join(arena, allow->when, when)),
                     decisions_identity(arena, allow->when));
}

static bool all_go_with(Arena *arena, const DocumentStatement *allow, const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++) {
        if (!goes_with(arena, allow, items->items[i].when)) return false;
    }
    return true;
}

// Whether the Deny is the same in each deployment that has the Allow.
static bool is_certain(Arena *arena, const DocumentStatement *deny,
                       const DocumentStatement *allow) {
    for (size_t i = 0; i < deny->principals.count; i++) {
        if (!all_go_with(arena, allow, &deny->principals.items[i].ids)) return false;
    }
    return goes_with(arena, allow, deny->when) && all_go_with(arena, allow, &deny->actions);
}

static bool denies_others(Lint *lint, const DocumentStatement *deny, const DocumentStatement *allow,
                          unsigned sayings) {
    unsigned said = deny->not_principal ? SAYS_CALLER : SAYS_NOTHING;
    if (deny->not_principal && lets_everybody(deny)) return false; // it denies nobody
    for (size_t i = 0; i < deny->conditions.count; i++) {
        if (!strangers_meet(lint, &deny->conditions.items[i], &said)) return false;
    }
    bool denies_all = deny->conditions.count == 0 && !deny->not_principal;
    return (denies_all || (said & sayings) != 0) && is_certain(lint_arena(lint), deny, allow) &&
           meets_actions(lint, deny, allow) && meets_principals(lint, deny, allow);
}

static size_t cost_of(const DocumentStatement *statement) {
    size_t cost = 1 + statement->conditions.count + statement->actions.count;
    for (size_t i = 0; i < statement->principals.count; i++)
        cost += 1 + statement->principals.items[i].ids.count;
    return cost;
}

bool others_are_denied(Lint *lint, const Unit *unit, unsigned sayings) {
    size_t own = cost_of(unit->statement);
    for (size_t i = 0; i < unit->document->statements.count; i++) {
        const DocumentStatement *deny = &unit->document->statements.items[i];
        if (!lint_spend(lint, 1)) return true;
        if (deny->effect != EFFECT_DENY) continue;
        if (!lint_spend(lint, own + cost_of(deny)) ||
            denies_others(lint, deny, unit->statement, sayings))
            return true; // or too costly to find out
    }
    return false;
}
