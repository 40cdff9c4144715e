#include "lint/condition.h"
#include "lint/symbolic.h"

static Str all_values = {"ForAllValues:", sizeof "ForAllValues:" - 1};
static Str any_value = {"ForAnyValue:", sizeof "ForAnyValue:" - 1};
static Str if_exists = {"IfExists", sizeof "IfExists" - 1};

// An operator without what may stand before and after it.
static Str operator_stem(Str text, Str *ret_prefix, Str *ret_suffix) {
    *ret_prefix = *ret_suffix = (Str){0};
    if (str_starts_with(text, all_values)) *ret_prefix = all_values;
    if (str_starts_with(text, any_value)) *ret_prefix = any_value;
    if (str_ends_with(text, if_exists)) *ret_suffix = if_exists;
    if (ret_prefix->length + ret_suffix->length > text.length) *ret_suffix = (Str){0};
    return str_slice(text, ret_prefix->length, text.length - ret_suffix->length);
}

static Str nearest_operator(Lint *lint, Str text) {
    Arena *arena = lint_arena(lint);
    Str prefix, suffix, stem = operator_stem(text, &prefix, &suffix);
    StrVec names = {0};
    operator_names(arena, &names);
    Str near = lint_nearest(lint, stem, &names);
    if (near.length == 0) return near;
    return str_format(arena, "%.*s%.*s%.*s", STR_ARG(prefix), STR_ARG(near), STR_ARG(suffix));
}

static bool is_null_with_if_exists(Str text) {
    Str prefix, suffix, stem = operator_stem(text, &prefix, &suffix);
    return suffix.length != 0 && str_equal(stem, STR("Null"));
}

void check_operator(Lint *lint, const Unit *unit) {
    const Item *op = &unit->condition->operator;
    Str text = op->text;
    if (is_symbolic(text) || lint_operator(lint, text)->is_known) return;
    if (is_null_with_if_exists(text)) {
        lint_report(lint, op->span,
                    "there is no 'NullIfExists': Null already asks whether the key is there");
        return;
    }
    Str near = nearest_operator(lint, text);
    if (near.length == 0)
        lint_report(lint, op->span, "'%.*s' is no condition operator", STR_ARG(text));
    else
        lint_report(lint, op->span, "'%.*s' is no condition operator; did you mean '%.*s'?",
                    STR_ARG(text), STR_ARG(near));
}

void check_null_quantifier(Lint *lint, const Unit *unit) {
    const OperatorFacts *facts = lint_operator(lint, unit->condition->operator.text);
    if (!facts->is_known || facts->operator.family != FAMILY_NULL) return;
    if (facts->operator.quantifier == QUANTIFIER_NONE) return;
    bool all = facts->operator.quantifier == QUANTIFIER_ALL_VALUES;
    lint_report(lint, unit->condition->operator.span,
                "'%.*s' is always %s, whatever the request; write 'Null'",
                STR_ARG(unit->condition->operator.text), all ? "true" : "false");
}

void check_missing_quantifier(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    KeyTypes types = facts.key->types;
    bool always_several = types != 0 && (types & ~MULTIVALUED_TYPES) == 0;
    if (facts.operator.quantifier != QUANTIFIER_NONE || !always_several) return;
    Diagnostic *d = lint_report(lint, c->operator.span,
                                "'%.*s' holds several values at once, which '%.*s' cannot compare",
                                STR_ARG(c->key.text), STR_ARG(c->operator.text));
    diag_note(
        lint_diags(lint), d, NO_SPAN,
        "'ForAnyValue:%.*s' is true where one of them matches, 'ForAllValues:%.*s' where all do",
        STR_ARG(c->operator.text), STR_ARG(c->operator.text));
}

void check_needless_quantifier(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    Quantifier quantifier = facts.operator.quantifier;
    if (quantifier == QUANTIFIER_NONE || facts.key->types == 0) return;
    if (key_is_multivalued(facts.key->types)) return;
    Str bare = str_slice(c->operator.text, str_find_byte(c->operator.text, ':', 0) + 1,
                         c->operator.text.length);
    bool all = quantifier == QUANTIFIER_ALL_VALUES;
    lint_report(lint, c->operator.span, "'%.*s' has a single value%s; write '%.*s'",
                STR_ARG(c->key.text),
                all ? ", and 'ForAllValues:' is true where a request lacks it" : "", STR_ARG(bare));
}

void check_all_values_of_nothing(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts) || !condition_compares(&facts)) return;
    if (unit->statement->effect != EFFECT_ALLOW) return;
    if (facts.operator.quantifier != QUANTIFIER_ALL_VALUES) return;
    if (!key_is_multivalued(facts.key->types)) return;
    if (lint_requires_key(lint, unit->statement, c->key.text)) return;
    Diagnostic *d =
        lint_report(lint, c->operator.span, "'%.*s' is true where a request has no '%.*s' at all",
                    STR_ARG(c->operator.text), STR_ARG(c->key.text));
    diag_note(lint_diags(lint), d, NO_SPAN,
              "to demand the key, add {\"Null\": {\"%.*s\": \"false\"}} to the conditions",
              STR_ARG(c->key.text));
}
