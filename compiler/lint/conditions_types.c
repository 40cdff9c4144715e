#include <assert.h>

#include "lint/condition.h"
#include "lint/elements.h"
#include "model/arn.h"

// What each type of key may be compared as, the way to do it, and what it holds.
static const struct {
    unsigned families; // 1u << OperatorFamily
    const char *operators, *holds;
} by_type[] = {
    [KEY_ARN] = {1u << FAMILY_ARN | 1u << FAMILY_STRING, "ArnLike", "an ARN"},
    [KEY_ARRAY_OF_ARN] = {1u << FAMILY_ARN | 1u << FAMILY_STRING, "ArnLike", "ARNs"},
    [KEY_ARRAY_OF_BOOL] = {1u << FAMILY_BOOLEAN, "Bool", "booleans"},
    [KEY_ARRAY_OF_STRING] = {1u << FAMILY_STRING, "StringEquals or StringLike", "texts"},
    [KEY_BOOL] = {1u << FAMILY_BOOLEAN, "Bool", "a boolean"},
    [KEY_DATE] = {1u << FAMILY_DATE, "DateLessThan or DateGreaterThan", "a date"},
    [KEY_IP_ADDRESS] = {1u << FAMILY_IP, "IpAddress", "an IP address"},
    [KEY_NUMERIC] = {1u << FAMILY_NUMERIC, "NumericEquals", "a number"},
    [KEY_STRING] = {1u << FAMILY_STRING, "StringEquals or StringLike", "a text"},
};
static_assert(sizeof by_type / sizeof *by_type == KEY_TYPE_COUNT, "a type lacks its row");

static bool family_fits(KeyTypes types, OperatorFamily family) {
    for (unsigned type = 0; type < KEY_TYPE_COUNT; type++) {
        if ((types >> type & 1) != 0 && (by_type[type].families >> family & 1) != 0) return true;
    }
    return false;
}

static bool are_arns(const ItemVec *values) {
    for (size_t i = 0; i < values->count; i++) {
        if (!arn_is_meant(values->items[i].text)) return false;
    }
    return true;
}

static unsigned first_type(KeyTypes types) {
    unsigned type = 0;
    while (type + 1 < KEY_TYPE_COUNT && (types >> type & 1) == 0) type++;
    return type;
}

void check_operator_type(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    KeyTypes types = facts.key->types;
    if (types == 0 || family_fits(types, facts.operator.family)) return;
    // AWS documents many keys that hold ARNs as texts.
    if (facts.operator.family == FAMILY_ARN && are_arns(&c->values)) return;
    unsigned type = first_type(types);
    lint_report(lint, c->operator.span, "'%.*s' cannot compare '%.*s', which holds %s; use %s",
                STR_ARG(c->operator.text), STR_ARG(c->key.text), by_type[type].holds,
                by_type[type].operators);
}

// Whether a key that holds nothing but ARNs is compared as text by such an operator.
static bool compares_arn_as(Lint *lint, const DocumentCondition *c, Comparison comparison) {
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || facts.operator.family != FAMILY_STRING) return false;
    unsigned arns = 1u << KEY_ARN | 1u << KEY_ARRAY_OF_ARN;
    bool only_arns = facts.key->types != 0 && (facts.key->types & ~arns) == 0;
    return only_arns && (facts.operator.comparison == COMPARE_LIKE) == (comparison == COMPARE_LIKE);
}

void check_arn_pattern_as_text(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    if (!compares_arn_as(lint, c, COMPARE_LIKE)) return;
    lint_report(lint, c->operator.span,
                "'%.*s' lets a wildcard in '%.*s' pass the colons of an ARN; use %s",
                STR_ARG(c->operator.text), STR_ARG(c->key.text),
                lint_operator(lint, c->operator.text)->operator.negated ? "ArnNotLike" : "ArnLike");
}

void check_arn_as_text(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    if (!compares_arn_as(lint, c, COMPARE_EQUALS)) return;
    lint_report(lint, c->operator.span, "'%.*s' compares the ARN in '%.*s' as text; use %s",
                STR_ARG(c->operator.text), STR_ARG(c->key.text),
                lint_operator(lint, c->operator.text)->operator.negated ? "ArnNotEquals"
                                                                        : "ArnEquals");
}

static void check_value_kinds(Lint *lint, Node values) {
    if (node_kind(values) != NODE_SEQUENCE) return;
    NodeKind first = node_kind(node_first(values));
    NODE_EACH(value, values) {
        if (node_kind(value) == first) continue;
        lint_report(lint, node_span(value), "the values of '%.*s' are of different JSON types",
                    STR_ARG(node_key_text(values)));
        return;
    }
}

void check_mixed_values(Lint *lint, const Unit *unit) {
    NODE_EACH(op, NODE_GET(unit->statement->node, "Condition")) {
        if (node_kind(op) != NODE_MAPPING) continue;
        NODE_EACH(values, op) check_value_kinds(lint, values);
    }
}

void check_several_booleans(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || c->values.count < 2) return;
    OperatorFamily family = facts->operator.family;
    if (family != FAMILY_BOOLEAN && family != FAMILY_NULL) return;
    lint_report(lint, c->key.span, "'%.*s' is compared with several booleans, but takes one",
                STR_ARG(c->key.text));
}
