// Conditions (IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued
// context keys"): a condition holds where any of its values does, for a negated operator where none
// does.
#include "policy/evaluate_condition.h"

#include "model/arn.h"
#include "model/operator.h"
#include "policy/value.h"

enum { ARN_COLONS = 5 };

static void note(const Judge *judge, Str name) {
    VEC_PUSH(judge->arena, judge->noted, name);
}

// The answer, with what it depends on noted.
static Truth answer(const Judge *judge, const Filled *filled, Truth truth) {
    for (size_t i = 0; truth == TRUTH_UNKNOWN && i < filled->unknown.count; i++)
        note(judge, filled->unknown.items[i]);
    return truth;
}

static size_t find_colon(const Filled *filled, size_t from) {
    while (from < filled->length && filled->symbols[from] != ':') from++;
    return from;
}

static size_t count_colons(const Filled *filled) {
    size_t count = 0, at = 0;
    while (count < ARN_COLONS && (at = find_colon(filled, at)) < filled->length) {
        count++;
        at++;
    }
    return count;
}

// Part by part, so that no wildcard reaches beyond a colon.
static Truth match_arn_parts(const Filled *filled, const Arn *arn) {
    const Str parts[] = {STR("arn"),  arn->partition, arn->service,
                         arn->region, arn->account,   arn->resource};
    Truth all = TRUTH_YES;
    for (size_t i = 0, at = 0; i <= ARN_COLONS; i++) {
        size_t end = i < ARN_COLONS ? find_colon(filled, at) : filled->length;
        Filled part = filled_slice(filled, at, end);
        all = truth_and(all, filled_matches(&part, parts[i], false));
        at = end + 1;
    }
    return all;
}

// What is no ARN matches none. A pattern that lacks parts is not documented: no more than a
// text of these wildcards can match.
static Truth match_arn(const Filled *filled, Str text) {
    Arn arn;
    if (!arn_parse(text, &arn)) return TRUTH_NO;
    if (count_colons(filled) == ARN_COLONS) return match_arn_parts(filled, &arn);
    return truth_and(TRUTH_UNKNOWN, filled_matches(filled, text, false));
}

static Truth match_text(const Filled *filled, const Operator *operator, Str text) {
    if (operator->family == FAMILY_ARN) return match_arn(filled, text);
    bool ignore_case = operator->comparison == COMPARE_EQUALS_IGNORING_CASE;
    return filled_matches(filled, text, ignore_case);
}

static bool is_text_family(OperatorFamily family) {
    return family == FAMILY_STRING || family == FAMILY_BOOLEAN || family == FAMILY_ARN;
}

// A variable whose key the request lacks matches nothing; what that does where matching is what
// rules out is not documented.
static Truth match_needed(const Judge *judge, const Filled *filled, Truth truth, bool negated) {
    if (!negated || filled->needed.length == 0 || truth != TRUTH_NO) return truth;
    note(judge, filled->needed);
    return TRUTH_UNKNOWN;
}

static Truth text_matches(const Judge *judge, const DocumentCondition *condition,
                          const Operator *operator, Str policy, Str text) {
    FillRules rules = {.wildcards = operator->wildcards, .variables = operator->variables };
    Filled filled = fill(judge->arena, policy, rules, judge->request);
    Truth truth = filled.lacks ? TRUTH_NO : match_text(&filled, operator, text);
    if (truth == TRUTH_UNKNOWN && filled.unknown.count == 0) note(judge, condition->key.text);
    truth = answer(judge, &filled, truth);
    return match_needed(judge, &filled, truth, operator->negated);
}

// One value of the policy against one of the request's, the operator's negation left aside.
static Truth value_matches(const Judge *judge, const DocumentCondition *condition,
                           const Operator *operator, Str policy, Str text) {
    if (is_text_family(operator->family))
        return text_matches(judge, condition, operator, policy, text);
    Truth truth = value_compare(judge->arena, operator, policy, text);
    if (truth == TRUTH_UNKNOWN) note(judge, condition->key.text);
    return truth;
}

// One value of the request against all of the policy's.
static Truth any_value_matches(const Judge *judge, const DocumentCondition *condition,
                               const Operator *operator, Str text) {
    Truth any = TRUTH_NO;
    for (size_t i = 0; i < condition->values.count && any != TRUTH_YES; i++)
        any = truth_or(
            any, value_matches(judge, condition, operator, condition->values.items[i].text, text));
    return operator->negated ? truth_not(any) : any;
}

// An empty text counts as no value where sets are compared.
static bool is_empty_set(const ContextKey *found) {
    return found->values.count == 0 ||
           (found->values.count == 1 && found->values.items[0].length == 0);
}

static Truth for_absent(const Operator *operator) {
    if (operator->if_exists || operator->quantifier == QUANTIFIER_ALL_VALUES) return TRUTH_YES;
    return truth_of(operator->negated && operator->quantifier == QUANTIFIER_NONE);
}

static Truth for_values(const Judge *judge, const DocumentCondition *condition,
                        const Operator *operator, const StrVec * values) {
    Truth all = TRUTH_YES, any = TRUTH_NO;
    for (size_t i = 0; i < values->count; i++) {
        Truth one = any_value_matches(judge, condition, operator, values->items[i]);
        all = truth_and(all, one);
        any = truth_or(any, one);
    }
    if (operator->quantifier == QUANTIFIER_ALL_VALUES) return all;
    if (operator->quantifier == QUANTIFIER_ANY_VALUE) return any;
    // Several values without a set operator: only what holds for all of them, or for none, is sure.
    if (all == any) return all;
    note(judge, condition->key.text);
    return TRUTH_UNKNOWN;
}

static Truth holds(const Judge *judge, const DocumentCondition *condition,
                   const Operator *operator) {
    const ContextKey *found = context_find(judge->request, condition->key.text);
    if (found == NULL && !judge->request->complete) {
        note(judge, condition->key.text);
        return TRUTH_UNKNOWN;
    }
    if (found == NULL || found->values.count == 0) return for_absent(operator);
    if (operator->quantifier != QUANTIFIER_NONE && is_empty_set(found))
        return truth_of(operator->quantifier == QUANTIFIER_ALL_VALUES);
    return for_values(judge, condition, operator, & found->values);
}

// Null: "true" asks that the key is absent, "false" that it is there. Whether an empty text is a
// value is not documented.
static Truth null_holds(const Judge *judge, const DocumentCondition *condition) {
    const ContextKey *found = context_find(judge->request, condition->key.text);
    bool known =
        found != NULL ? !is_empty_set(found) || found->values.count == 0 : judge->request->complete;
    bool absent = found == NULL || found->values.count == 0, asks[2] = {false, false};
    for (size_t i = 0; i < condition->values.count; i++) {
        asks[0] |= str_equal_ignoring_case(condition->values.items[i].text, STR("false"));
        asks[1] |= str_equal_ignoring_case(condition->values.items[i].text, STR("true"));
    }
    if (asks[0] == asks[1]) return truth_of(asks[0]);
    if (known) return truth_of(asks[absent]);
    note(judge, condition->key.text);
    return TRUTH_UNKNOWN;
}

Truth condition_holds(const Judge *judge, const DocumentCondition *condition) {
    Operator operator;
    size_t mark = judge->noted->count;
    Truth truth = TRUTH_UNKNOWN;
    if (!operator_parse(condition->operator.text, &operator))
        note(judge, condition->key.text);
    else if (operator.family == FAMILY_NULL)
        truth = null_holds(judge, condition);
    else
        truth = holds(judge, condition, &operator);
    if (truth != TRUTH_UNKNOWN) judge->noted->count = mark;
    return truth;
}

// Adds `:*` for each part that an ARN lacks.
static Str complete_arn(Arena *arena, Str pattern) {
    size_t colons = 0;
    if (!arn_is_meant(pattern)) return pattern;
    for (size_t i = 0; i < pattern.length; i++) colons += pattern.data[i] == ':';
    if (colons >= ARN_COLONS) return pattern;
    StrBuf whole = strbuf_new(arena);
    strbuf_add(&whole, pattern);
    for (; colons < ARN_COLONS; colons++) strbuf_add(&whole, STR(":*"));
    return strbuf_str(&whole);
}

Truth resource_matches(const Judge *judge, Str pattern, bool negated) {
    if (str_equal(pattern, STR("*"))) return TRUTH_YES;
    Str resource = judge->request->resource;
    FillRules rules = {.wildcards = true, .variables = true};
    Filled filled = fill(judge->arena, complete_arn(judge->arena, pattern), rules, judge->request);
    Truth truth = TRUTH_NO;
    if (!filled.lacks && resource.length != 0)
        truth = answer(judge, &filled, filled_matches(&filled, resource, false));
    else if (!filled.lacks)
        truth = filled_matches_all(&filled) ? TRUTH_YES : TRUTH_UNKNOWN;
    return match_needed(judge, &filled, truth, negated);
}
