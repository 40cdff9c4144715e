#include <assert.h>
#include <string.h>

#include "lint/condition.h"
#include "lint/symbolic.h"
#include "model/arn.h"
#include "model/embedded.h"
#include "model/partition.h"
#include "policy/date.h"
#include "policy/network.h"
#include "read/number.h"

// Whether all of a value is there: neither a template nor a request fills anything in.
static bool is_literal(Str value) {
    return !is_symbolic(value) && !has_variable(value);
}

static bool is_boolean(Str value) {
    return str_equal_ignoring_case(value, STR("true")) ||
           str_equal_ignoring_case(value, STR("false"));
}

static bool is_number(Str value) {
    Number number;
    return number_parse(value, &number);
}

static bool is_date(Str value) {
    Date date;
    return date_parse(value, &date);
}

static bool is_base64(Str value) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = value.length;
    while (length > 0 && value.length - length < 2 && value.data[length - 1] == '=') length--;
    for (size_t i = 0; i < length; i++) {
        if (value.data[i] == '\0' || strchr(digits, value.data[i]) == NULL) return false;
    }
    return length % 4 != 1 && (length == value.length || value.length % 4 == 0);
}

// A pattern that begins with a wildcard can match one.
static bool is_arn(Str value) {
    Arn arn;
    return arn_parse(value, &arn) || (value.length > 0 && has_wildcard(str_slice(value, 0, 1)));
}

// What the values of each family look like. Texts are anything; addresses have a check of their
// own.
static const struct {
    bool (*fits)(Str value);
    const char *form;
} by_family[FAMILY_COUNT] = {
    [FAMILY_NUMERIC] = {is_number, "a number"},
    [FAMILY_DATE] = {is_date, "a date such as 2026-01-31 or 2026-01-31T23:59:59Z"},
    [FAMILY_BOOLEAN] = {is_boolean, "'true' or 'false'"},
    [FAMILY_BINARY] = {is_base64, "base64"},
    [FAMILY_ARN] = {is_arn, "an ARN"},
    [FAMILY_NULL] = {is_boolean, "'true' or 'false'"},
};

void check_value_of_operator(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || by_family[facts->operator.family].fits == NULL) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!is_literal(value->text) || by_family[facts->operator.family].fits(value->text))
            continue;
        lint_report(lint, value->span, "'%.*s' is no value for '%.*s': it takes %s",
                    STR_ARG(value->text), STR_ARG(c->operator.text),
                    by_family[facts->operator.family].form);
    }
}

void check_ip_range(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    Network network;
    if (!facts->is_known || facts->operator.family != FAMILY_IP) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!is_literal(value->text) || network_parse(value->text, &network)) continue;
        lint_report(lint, value->span,
                    "'%.*s' is no IP address or range; write it as 203.0.113.0/24 or 2001:db8::/32",
                    STR_ARG(value->text));
    }
}

// Seconds since 1970; four digits are a year.
static bool is_epoch(Str value) {
    size_t digits = 0;
    while (digits < value.length && value.data[digits] >= '0' && value.data[digits] <= '9')
        digits++;
    bool is_whole = digits == value.length || value.data[digits] == '.';
    return is_whole && digits != 0 && digits != 4 && is_date(value);
}

void check_epoch_date(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || facts->operator.family != FAMILY_DATE) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!is_epoch(value->text)) continue;
        lint_report(lint, value->span,
                    "'%.*s' counts seconds since 1970; write a date such as 2026-01-31T23:59:59Z",
                    STR_ARG(value->text));
    }
}

void check_value_form(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    const KeyRule *rule = &facts.key->rules.of[KEY_RULE_FORM];
    if (rule->key.length == 0) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!is_literal(value->text) || has_wildcard(value->text)) continue;
        if (lint_matches(lint, rule->value, value->text)) continue;
        lint_report(lint, value->span, "'%.*s' is no value of '%.*s', which holds %.*s",
                    STR_ARG(value->text), STR_ARG(c->key.text), STR_ARG(rule->form));
    }
}

// The steps of lint_spend that listing some hundred names takes.
enum { LISTING = 1000 };

// Of the form of the regions of a partition: one that is new is not known yet.
static bool is_region(Lint *lint, Str value) {
    NODE_EACH(row, embedded_root(STR("schema/iam/partitions.tsv"))) {
        if (lint_matches(lint, node_text(NODE_GET(row, "region_regex")), value)) return true;
    }
    return false;
}

static Str nearest_region(Lint *lint, Str value) {
    Arena *arena = lint_arena(lint);
    if (!lint_spend(lint, LISTING)) return STR("");
    StrVec ids = {0}, regions = {0};
    partition_names(arena, &ids);
    for (size_t i = 0; i < ids.count; i++) {
        Partition partition;
        if (partition_find(ids.items[i], &partition))
            partition_regions(arena, &partition, &regions);
    }
    return lint_nearest(lint, value, &regions);
}

void check_region_value(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    if (facts.key->rules.of[KEY_RULE_REGION].key.length == 0) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!is_literal(value->text) || has_wildcard(value->text)) continue;
        if (is_region(lint, value->text)) continue;
        Str near = nearest_region(lint, value->text);
        if (near.length == 0)
            lint_report(lint, value->span, "'%.*s' is no region", STR_ARG(value->text));
        else
            lint_report(lint, value->span, "'%.*s' is no region; did you mean '%.*s'?",
                        STR_ARG(value->text), STR_ARG(near));
    }
}

// Whether `*` or `?` stands outside of `${...}`.
static bool has_bare_wildcard(Str value) {
    for (size_t at = 0; at < value.length;) {
        size_t open = str_find(value, STR("${"), at);
        if (has_wildcard(str_slice(value, at, open))) return true;
        at = str_find_byte(value, '}', open);
        if (at < value.length) at++;
    }
    return false;
}

// The operator with wildcards that was meant: for a key that holds ARNs, that of ARNs.
static const char *like_operator(Lint *lint, const DocumentCondition *c, bool negated) {
    unsigned arns = 1u << KEY_ARN | 1u << KEY_ARRAY_OF_ARN;
    bool holds_arns = (lint_key(lint, c->key.text)->types & arns) != 0;
    if (holds_arns) return negated ? "ArnNotLike" : "ArnLike";
    return negated ? "StringNotLike" : "StringLike";
}

void check_wildcard_without_like(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || facts->operator.family != FAMILY_STRING || facts->operator.wildcards)
        return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        if (!has_bare_wildcard(value->text)) continue;
        lint_report(lint, value->span,
                    "'%.*s' takes the wildcard in '%.*s' for a plain character; use %s",
                    STR_ARG(c->operator.text), STR_ARG(value->text),
                    like_operator(lint, c, facts->operator.negated));
    }
}

// Negative, 0 or positive in *ret_order, of two numbers or dates.
static bool order_values(OperatorFamily family, Str a, Str b, int *ret_order) {
    Number x, y;
    Date d, e;
    if (family == FAMILY_NUMERIC && number_parse(a, &x) && number_parse(b, &y))
        *ret_order = number_compare(&x, &y);
    else if (family == FAMILY_DATE && date_parse(a, &d) && date_parse(b, &e))
        *ret_order = date_compare(&d, &e);
    else
        return false;
    return true;
}

// One of several values is enough where the operator has an end: the widest.
void check_redundant_values(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    Comparison comparison = facts->operator.comparison;
    bool is_less = comparison == COMPARE_LESS || comparison == COMPARE_LESS_OR_EQUALS;
    bool is_greater = comparison == COMPARE_GREATER || comparison == COMPARE_GREATER_OR_EQUALS;
    if (!facts->is_known || c->values.count < 2 || !(is_less || is_greater)) return;
    Str widest = c->values.items[0].text;
    for (size_t i = 1; i < c->values.count; i++) {
        int order;
        Str value = c->values.items[i].text;
        if (!order_values(facts->operator.family, value, widest, &order)) return;
        if (is_less ? order > 0 : order < 0) widest = value;
    }
    lint_report(lint, c->key.span, "of the values of '%.*s' only the %s counts: '%.*s'",
                STR_ARG(c->key.text), is_less ? "greatest" : "least", STR_ARG(widest));
}
