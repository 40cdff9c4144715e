#include "model/operator.h"

#include <assert.h>

#include "model/embedded.h"

static const char *const family_names[] = {
    [FAMILY_STRING] = "String",   [FAMILY_NUMERIC] = "Numeric", [FAMILY_DATE] = "Date",
    [FAMILY_BOOLEAN] = "Boolean", [FAMILY_BINARY] = "Binary",   [FAMILY_IP] = "IP",
    [FAMILY_ARN] = "ARN",         [FAMILY_NULL] = "Null",
};
static_assert(sizeof family_names / sizeof *family_names == FAMILY_COUNT, "a family lacks a name");

static const char *const comparison_names[] = {
    [COMPARE_EQUALS] = "equals",
    [COMPARE_EQUALS_IGNORING_CASE] = "equals-ignoring-case",
    [COMPARE_LIKE] = "like",
    [COMPARE_LESS] = "less",
    [COMPARE_LESS_OR_EQUALS] = "less-or-equals",
    [COMPARE_GREATER] = "greater",
    [COMPARE_GREATER_OR_EQUALS] = "greater-or-equals",
    [COMPARE_WITHIN] = "within",
    [COMPARE_ABSENT] = "absent",
};
static_assert(sizeof comparison_names / sizeof *comparison_names == COMPARISON_COUNT,
              "a comparison lacks a name");

static const struct {
    const char *prefix;
    Quantifier quantifier;
} quantifiers[] = {{"ForAllValues:", QUANTIFIER_ALL_VALUES},
                   {"ForAnyValue:", QUANTIFIER_ANY_VALUE}};

static unsigned find_name(Node cell, const char *const *names, unsigned count) {
    unsigned at = 0;
    while (at < count && !node_is_string(cell, str_of(names[at]))) at++;
    assert(at < count); // a unit test reads each row
    return at;
}

static Operator operator_of_row(Node row) {
    return (Operator){
        .name = node_text(NODE_GET(row, "operator")),
        .family = (OperatorFamily)find_name(NODE_GET(row, "family"), family_names, FAMILY_COUNT),
        .comparison =
            (Comparison)find_name(NODE_GET(row, "comparison"), comparison_names, COMPARISON_COUNT),
        .negated = node_is_string(NODE_GET(row, "negated"), STR("yes")),
        .variables = node_is_string(NODE_GET(row, "variables"), STR("yes")),
        .wildcards = node_is_string(NODE_GET(row, "wildcards"), STR("yes")),
    };
}

static bool find_row(Str name, Operator *ret_operator) {
    NODE_EACH(row, embedded_root(STR("schema/iam/operators.tsv"))) {
        if (!node_is_string(NODE_GET(row, "operator"), name)) continue;
        *ret_operator = operator_of_row(row);
        return true;
    }
    return false;
}

bool operator_parse(Str text, Operator *ret_operator) {
    Quantifier quantifier = QUANTIFIER_NONE;
    Operator found;
    for (size_t i = 0; i < sizeof quantifiers / sizeof *quantifiers; i++) {
        Str prefix = str_of(quantifiers[i].prefix);
        if (!str_starts_with(text, prefix)) continue;
        quantifier = quantifiers[i].quantifier;
        text = str_slice(text, prefix.length, text.length);
        break;
    }
    bool if_exists = str_ends_with(text, STR("IfExists"));
    if (if_exists) text = str_slice(text, 0, text.length - (sizeof "IfExists" - 1));
    if (!find_row(text, &found) || (if_exists && found.family == FAMILY_NULL)) return false;
    found.quantifier = quantifier;
    found.if_exists = if_exists;
    *ret_operator = found;
    return true;
}

void operator_names(Arena *arena, StrVec *ret_names) {
    NODE_EACH(row, embedded_root(STR("schema/iam/operators.tsv")))
    VEC_PUSH(arena, ret_names, node_text(NODE_GET(row, "operator")));
}
