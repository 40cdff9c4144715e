// What a condition lets pass: everything, nothing, or more than it seems to.
#include "lint/addresses.h"
#include "lint/condition.h"
#include "lint/entries.h"
#include "lint/met.h"
#include "lint/symbolic.h"
#include "model/arn.h"

static bool has_all(const ItemVec *values) {
    for (size_t i = 0; i < values->count; i++) {
        if (is_stars(values->items[i].text)) return true;
    }
    return false;
}

// What a comparison with '*' amounts to.
typedef enum Extent {
    EXTENT_SOME,
    EXTENT_ALWAYS,
    EXTENT_NEVER,
    EXTENT_PRESENT,
    EXTENT_ABSENT
} Extent;

// With every value matched, a positive operator asks that the key is there, a negated one that it
// is not; IfExists and ForAllValues are true without the key as well, ForAnyValue is not.
static Extent extent_of_all(const Operator *op) {
    bool true_if_absent = op->if_exists || op->quantifier == QUANTIFIER_ALL_VALUES ||
                          (op->negated && op->quantifier != QUANTIFIER_ANY_VALUE);
    if (op->negated) return true_if_absent ? EXTENT_ABSENT : EXTENT_NEVER;
    return true_if_absent ? EXTENT_ALWAYS : EXTENT_PRESENT;
}

static Extent extent_of(Lint *lint, const DocumentCondition *c) {
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || facts->operator.family != FAMILY_STRING || !facts->operator.wildcards)
        return EXTENT_SOME;
    return has_all(&c->values) ? extent_of_all(&facts->operator) : EXTENT_SOME;
}

// A resource can be asked for by requests that are not signed, and lack what others have.
void check_always_true(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    bool is_met = unit->document->kind != DOCUMENT_RESOURCE && condition_is_always_met(lint, c);
    if (extent_of(lint, c) == EXTENT_ALWAYS)
        lint_report(lint, c->key.span, "'%.*s' with '*' is true of every request; remove it",
                    STR_ARG(c->operator.text));
    else if (is_met && takes_every_address(lint, c))
        lint_report(lint, c->key.span, "these networks are every address; remove the condition");
    else if (is_met)
        lint_report(lint, c->key.span,
                    "this condition on '%.*s' is true of every request; remove it",
                    STR_ARG(c->key.text));
}

void check_never_true(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    if (extent_of(lint, c) == EXTENT_NEVER)
        lint_report(lint, c->key.span,
                    "'%.*s' with '*' is true of no request, so that the statement does nothing",
                    STR_ARG(c->operator.text));
}

void check_null_in_disguise(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    Extent extent = extent_of(lint, c);
    if (extent != EXTENT_PRESENT && extent != EXTENT_ABSENT) return;
    bool present = extent == EXTENT_PRESENT;
    lint_report(
        lint, c->key.span,
        "'%.*s' with '*' only asks whether '%.*s' is %s; write {\"Null\": {\"%.*s\": \"%s\"}}",
        STR_ARG(c->operator.text), STR_ARG(c->key.text), present ? "there" : "missing",
        STR_ARG(c->key.text), present ? "false" : "true");
}

// A variable is safe where AWS sets it and nobody can choose it, unless it is compared with itself:
// ${aws:PrincipalOrgID} for aws:ResourceOrgID.
static bool is_safe_variable(Lint *lint, const KeyFacts *compared, Str value) {
    bool is_whole =
        str_starts_with(value, STR("${")) && str_find_byte(value, '}', 0) + 1 == value.length;
    if (!is_whole) return false;
    const KeyFacts *key = lint_key(lint, str_slice(value, 2, value.length - 1));
    return key->is_global && key->global.sensitive && !is_own_variable(compared->spelling, value);
}

// "id:session": a half may be any text or none of its wildcards.
static bool is_open_half(Str value) {
    size_t colon = str_find_byte(value, ':', 0);
    Str id = str_slice(value, 0, colon);
    return colon == value.length || (has_wildcard(id) && !is_stars(id));
}

static bool is_too_open(Lint *lint, const ConditionFacts *facts, Str value) {
    bool wildcards = facts->operator.wildcards && has_wildcard(value);
    if (facts->key->is_global && facts->key->global.sensitive)
        return wildcards || (has_variable(value) && !is_safe_variable(lint, facts->key, value));
    bool has_halves = facts->key->rules.of[KEY_RULE_HALVES].key.length != 0;
    return has_halves && wildcards && is_open_half(value);
}

void check_too_open(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    if (!condition_opens(&facts, unit->statement)) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (is_symbolic(value->text) || !is_too_open(lint, &facts, value->text)) continue;
        lint_report(lint, value->span,
                    "'%.*s' tells who or what may pass, and '%.*s' leaves that open",
                    STR_ARG(c->key.text), STR_ARG(value->text));
    }
}

static bool has_boolean(const ItemVec *values, Str boolean) {
    for (size_t i = 0; i < values->count; i++) {
        if (str_equal_ignoring_case(values->items[i].text, boolean)) return true;
    }
    return false;
}

// What is wrong with asking for MFA so, or NULL. The key is missing where long-term access keys
// sign.
static const char *mfa_fault(const Operator *op, Effect effect, const ItemVec *values) {
    bool is_false = has_boolean(values, STR("false")), is_true = has_boolean(values, STR("true"));
    if (op->family == FAMILY_NULL)
        return effect == EFFECT_ALLOW && is_false
                   ? "asks whether it is known if MFA was used, not that it was"
                   : NULL;
    if (op->family != FAMILY_BOOLEAN) return NULL;
    if (effect == EFFECT_ALLOW && is_false) return "allows requests without MFA";
    if (effect == EFFECT_ALLOW && is_true && op->if_exists)
        return "allows requests that are signed by access keys, without MFA";
    if (effect == EFFECT_DENY && is_false && !op->if_exists)
        return "does not deny requests that are signed by access keys, without MFA";
    return NULL;
}

void check_mfa(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts)) return;
    if (facts.key->rules.of[KEY_RULE_MFA].key.length == 0) return;
    const char *fault = mfa_fault(&facts.operator, unit->statement->effect, &c->values);
    if (fault == NULL) return;
    Diagnostic *d = lint_report(lint, c->operator.span, "this condition on '%.*s' %s",
                                STR_ARG(c->key.text), fault);
    diag_note(lint_diags(lint), d, NO_SPAN,
              "to demand MFA, allow with {\"Bool\": {\"%.*s\": \"true\"}}, or deny with "
              "{\"BoolIfExists\": {\"%.*s\": \"false\"}}",
              STR_ARG(c->key.text), STR_ARG(c->key.text));
}

void check_excluded_prefix(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || facts.operator.family != FAMILY_STRING) return;
    if (facts.key->rules.of[KEY_RULE_PREFIX].key.length == 0) return;
    if (condition_opens(&facts, unit->statement)) return;
    lint_report(lint, c->operator.span,
                "a request for a shorter '%.*s' passes, and lists what this is to hide; list what "
                "may be seen instead",
                STR_ARG(c->key.text));
}

// Keys that say who asks: without them an Allow is open to others.
static bool guards(const KeyFacts *key) {
    bool says_who =
        key->is_global && key->global.sensitive && key->global.property != KEY_OF_NETWORK;
    return says_who || key->rules.of[KEY_RULE_GUARD].key.length != 0;
}

void check_if_exists(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    if (unit->statement->effect != EFFECT_ALLOW || facts.operator.negated) return;
    if (!facts.operator.if_exists || !guards(facts.key)) return;
    if (lint_requires_key(lint, unit->statement, c->key.text)) return;
    Str bare = str_slice(c->operator.text, 0, c->operator.text.length - sizeof "IfExists" + 1);
    lint_report(lint, c->operator.span, "a request without '%.*s' passes; write '%.*s'",
                STR_ARG(c->key.text), STR_ARG(bare));
}
