#include "lint/met.h"

#include "lint/addresses.h"
#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"
#include "policy/date.h"
#include "policy/match.h"
#include "policy/values.h"

bool operator_passes_absent(const Operator *operator) {
    if (operator->family == FAMILY_NULL) return false;
    return operator->if_exists || operator->quantifier ==
        QUANTIFIER_ALL_VALUES ||(operator->negated && operator->quantifier != QUANTIFIER_ANY_VALUE);
}

static bool has_rule(const KeyFacts *key, KeyRuleKind kind) {
    return key->rules.of[kind].key.length != 0;
}

bool key_is_always_there(const KeyFacts *key) {
    return has_rule(key, KEY_RULE_ALWAYS);
}

// Whoever is asked for an address can come with one.
static bool is_chosen_address(const ConditionFacts *facts) {
    return facts->operator.family == FAMILY_IP && has_rule(facts->key, KEY_RULE_CHOSEN);
}

// --- what values take in ---

bool is_own_variable(Str key, Str value) {
    return value.length == key.length + 3 && str_starts_with(value, STR("${")) &&
           str_ends_with(value, STR("}")) &&
           str_equal_ignoring_case(str_slice(value, 2, value.length - 1), key);
}

// "*", or for operators of ARNs one whose parts all are.
static bool is_every_value(const Operator *operator, Str value) {
    Str parts[ARN_PARTS];
    if (!operator->wildcards) return false;
    if (is_stars(value)) return true;
    if (operator->family != FAMILY_ARN || !arn_divide(value, parts)) return false;
    for (size_t i = 1; i < ARN_PARTS; i++) {
        if (!is_stars(parts[i])) return false;
    }
    return true;
}

static bool takes_every_value(Lint *lint, const ConditionFacts *facts,
                              const DocumentCondition *condition) {
    if (facts->operator.family == FAMILY_IP) return takes_every_address(lint, condition);
    for (size_t i = 0; i < condition->values.count; i++) {
        Str value = condition->values.items[i].text;
        if (facts->operator.variables && is_own_variable(condition->key.text, value)) return true;
        if (is_every_value(&facts->operator, value)) return true;
    }
    return false;
}

static bool is_after_the_past(const ConditionFacts *facts, const DocumentCondition *condition) {
    Comparison comparison = facts->operator.comparison;
    Date date, known;
    if (comparison != COMPARE_GREATER && comparison != COMPARE_GREATER_OR_EQUALS) return false;
    if ((facts->key->types & 1U << KEY_DATE) == 0 || !date_parse(catalogue_date(), &known))
        return false;
    for (size_t i = 0; i < condition->values.count; i++) {
        if (date_parse(condition->values.items[i].text, &date) && date_compare(&date, &known) < 0)
            return true;
    }
    return false;
}

// {"Null": {key: `answer`}}
static bool asks_absent(const ConditionFacts *facts, const DocumentCondition *condition,
                        Str answer) {
    return facts->operator.family == FAMILY_NULL && condition->values.count == 1 &&
        str_equal_ignoring_case(condition->values.items[0].text, answer);
}

static bool is_always_met(Lint *lint, const ConditionFacts *facts,
                          const DocumentCondition *condition) {
    bool always = key_is_always_there(facts->key);
    if (facts->operator.family == FAMILY_NULL)
        return always && asks_absent(facts, condition, STR("false"));
    if (facts->operator.negated) return false;
    bool is_there = always || operator_passes_absent(&facts->operator) || is_chosen_address(facts);
    return is_there &&
           (takes_every_value(lint, facts, condition) || is_after_the_past(facts, condition));
}

bool condition_is_always_met(Lint *lint, const DocumentCondition *condition) {
    ConditionFacts facts;
    return lint_condition(lint, condition, &facts) && is_always_met(lint, &facts, condition);
}

// --- what the holder of a role meets ---

// Whether requests for the action never have the key, as far as the catalogue tells of keys at all.
static bool lacks_key(Lint *lint, const KeyFacts *key, ActionId action) {
    bool any_request = key->is_global && key->global.property == KEY_OF_SESSION;
    if (key->ids.count == 0 || any_request || has_rule(key, KEY_RULE_RESOURCE_TAG)) return false;
    ActionId first = 0;
    ActionSet with = lint_key_actions(lint, key);
    return action_set_next(with, &first) && !action_set_has(with, action);
}

// Whether a pattern matches all that `rule` does, ARNs part by part and in any partition.
static bool covers_values_of_holder(Arena *arena, Str pattern, Str rule) {
    Str parts[ARN_PARTS], wanted[ARN_PARTS];
    if (!arn_divide(pattern, parts) || !arn_divide(rule, wanted))
        return action_covers(arena, pattern, rule);
    for (size_t i = 0; i < ARN_PARTS; i++) {
        if (i != 1 && !action_covers(arena, parts[i], wanted[i])) return false;
    }
    return true;
}

static bool takes_every_holder(Lint *lint, const ConditionFacts *facts,
                               const DocumentCondition *condition) {
    if (is_chosen_address(facts)) return takes_addresses_of_many(lint, condition);
    Str rule = facts->key->rules.of[KEY_RULE_HOLDER].value;
    if (rule.length == 0 || !facts->operator.wildcards) return false;
    for (size_t i = 0; i < condition->values.count; i++) {
        if (covers_values_of_holder(lint_arena(lint), condition->values.items[i].text, rule))
            return true;
    }
    return false;
}

// A test that forbids single values of what the caller chooses: it takes another.
static bool can_be_avoided(Lint *lint, const ConditionFacts *facts,
                           const DocumentCondition *condition) {
    if (!has_rule(facts->key, KEY_RULE_CHOSEN) || takes_every_address(lint, condition))
        return false;
    for (size_t i = 0; i < condition->values.count; i++) {
        Str value = condition->values.items[i].text;
        bool is_pattern = facts->operator.wildcards && has_wildcard(value);
        if (is_pattern || is_symbolic(value) || has_variable(value)) return false;
    }
    return true;
}

static bool holder_meets(Lint *lint, const ConditionFacts *facts,
                         const DocumentCondition *condition, ActionId action) {
    const Operator *operator= & facts->operator;
    if (is_always_met(lint, facts, condition)) return true;
    if (lacks_key(lint, facts->key, action))
        return operator_passes_absent(operator) || asks_absent(facts, condition, STR("true"));
    if (operator->family == FAMILY_NULL) return false;
    if (operator->negated)
        return operator_passes_absent(operator) && can_be_avoided(lint, facts, condition);
    bool is_there = key_is_always_there(facts->key) || operator_passes_absent(operator) ||
                    is_chosen_address(facts);
    return is_there && takes_every_holder(lint, facts, condition);
}

bool condition_narrows(Lint *lint, const DocumentCondition *condition, ActionId action) {
    ConditionFacts facts;
    if (!lint_spend(lint, 1 + condition->values.count)) return true;
    return !lint_condition(lint, condition, &facts) ||
           !holder_meets(lint, &facts, condition, action);
}

bool statement_is_narrowed(Lint *lint, const DocumentStatement *statement, ActionId action) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        if (condition_narrows(lint, &statement->conditions.items[i], action)) return true;
    }
    return false;
}

bool key_is_narrowed(Lint *lint, const DocumentStatement *statement, Str key, ActionId action) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        if (str_equal_ignoring_case(condition->key.text, key) &&
            condition_narrows(lint, condition, action))
            return true;
    }
    return false;
}
