// Conditions that the statement's actions never meet, because their requests lack the key.
#include "base/nearest.h"
#include "lint/condition.h"

enum { SHOWN = 5 };

static Str names_of(Arena *arena, ActionSet set) {
    StrVec names = {0};
    for (ActionId a = 0; names.count < SHOWN && action_set_next(set, &a); a++)
        VEC_PUSH(arena, &names, action_text(a));
    return names_in_short(arena, names.items, names.count);
}

static bool is_empty(ActionSet set) {
    ActionId first = 0;
    return !action_set_next(set, &first);
}

// In a set for a moment, the actions of the statement whose requests never have a key: of those
// that it names, or all where it is there for none. What a wildcard adds is not held against it.
// None where the catalogue does not tell of any action that has the key.
static ActionSet actions_without(Lint *lint, const DocumentStatement *statement,
                                 const KeyFacts *key) {
    ActionSet all = lint_actions(lint, statement), with = lint_key_actions(lint, key);
    ActionSet set = lint_scratch_actions(lint);
    action_set_clear(set);
    if (is_empty(with)) return set;
    action_set_unite(set, all);
    action_set_subtract(set, with);
    bool is_for_none = action_set_equal(set, all);
    if (statement->not_action && !is_for_none) action_set_clear(set);
    if (!statement->not_action && !is_for_none)
        action_set_intersect(set, lint_named_actions(lint, statement));
    return set;
}

static bool is_resource_tag(const KeyFacts *key) {
    return key->rules.of[KEY_RULE_RESOURCE_TAG].key.length != 0;
}

// Keys that any request may have are in no action's list.
static bool is_listed_by_action(const KeyFacts *key) {
    return key->ids.count != 0 && !(key->is_global && key->global.property == KEY_OF_SESSION);
}

void check_key_of_actions(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const DocumentStatement *statement = unit->statement;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    if (facts.operator.if_exists || !is_listed_by_action(facts.key)) return;
    if (is_resource_tag(facts.key) || statement->actions.count == 0) return;
    ActionSet without = actions_without(lint, statement, facts.key);
    // All actions of a trust policy are of one call, which has the keys of each of them.
    bool is_call = unit->document->kind == DOCUMENT_TRUST;
    if (is_empty(without) || (is_call && !action_set_equal(without, lint_actions(lint, statement))))
        return;
    lint_report(lint, c->key.span, "requests of %.*s never have '%.*s'",
                STR_ARG(names_of(lint_arena(lint), without)), STR_ARG(c->key.text));
}

// A condition on the resource's tag that holds only where there is one.
static bool wants_tag(Lint *lint, const Unit *unit, Effect effect, ConditionFacts *ret_facts) {
    if (unit->statement->effect != effect || unit->statement->actions.count == 0) return false;
    if (!lint_condition(lint, unit->condition, ret_facts)) return false;
    const Operator *op = &ret_facts->operator;
    return condition_compares(ret_facts) && is_resource_tag(ret_facts->key) &&
           ret_facts->key->ids.count != 0 && !op->negated && !op->if_exists &&
           op->quantifier != QUANTIFIER_ALL_VALUES;
}

static void check_tag(Lint *lint, const Unit *unit, Effect effect, const char *done) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!wants_tag(lint, unit, effect, &facts)) return;
    if (unit->statement->not_action) {
        lint_report(
            lint, c->key.span,
            "NotAction includes actions whose requests never have '%.*s'; they are never %s",
            STR_ARG(c->key.text), done);
        return;
    }
    ActionSet without = actions_without(lint, unit->statement, facts.key);
    if (is_empty(without)) return;
    lint_report(lint, c->key.span, "requests of %.*s never have '%.*s', so that they are never %s",
                STR_ARG(names_of(lint_arena(lint), without)), STR_ARG(c->key.text), done);
}

void check_tag_allows(Lint *lint, const Unit *unit) {
    check_tag(lint, unit, EFFECT_ALLOW, "allowed");
}

void check_tag_denies(Lint *lint, const Unit *unit) {
    check_tag(lint, unit, EFFECT_DENY, "denied");
}

// A trust policy that lets a role be assumed, and nothing of other services.
static bool assumes(Lint *lint, const DocumentStatement *statement, Str companion) {
    ActionSet actions = lint_actions(lint, statement);
    ActionId action = 0;
    return !statement->not_action && action_set_next(actions, &action) &&
           catalogue_find_action(companion, &action) && !action_set_has(actions, action);
}

void check_companion_action(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    const KeyRule *rule = &facts.key->rules.of[KEY_RULE_COMPANION];
    if (rule->key.length == 0 || !assumes(lint, unit->statement, rule->value)) return;
    lint_report(lint, c->key.span, "'%.*s' can only be set where %.*s is allowed as well",
                STR_ARG(c->key.text), STR_ARG(rule->value));
}
