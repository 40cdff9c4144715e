#include "policy/values.h"

static bool is_range_family(OperatorFamily family) {
    return family == FAMILY_NUMERIC || family == FAMILY_DATE || family == FAMILY_IP;
}

bool arn_divide(Str text, Str parts[ARN_PARTS]) {
    size_t begin = 0, part = 0;
    for (size_t at = 0; at < text.length && part < ARN_PARTS - 1; at++) {
        if (text.data[at] == '$' && at + 1 < text.length && text.data[at + 1] == '{') {
            at = str_find_byte(text, '}', at);
        } else if (text.data[at] == ':') {
            parts[part++] = str_slice(text, begin, at);
            begin = at + 1;
        }
    }
    parts[part] = str_slice(text, begin, text.length);
    return part == ARN_PARTS - 1;
}

static bool has_letters(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    }
    return false;
}

// Texts that take `*` for itself can be divided as well: they are one ARN each.
static void add_parts(Matcher *matcher, Str text, unsigned how, Value *value) {
    Str parts[ARN_PARTS];
    if (!arn_divide(text, parts)) return;
    value->has_parts = true;
    for (size_t i = 0; i < ARN_PARTS; i++) value->parts[i] = pattern_make(matcher, parts[i], how);
}

static void add_text(Matcher *matcher, const Operator *operator, unsigned variables, Str text,
                     ValueSet *values) {
    Value value = {.by_parts = operator->family == FAMILY_ARN };
    bool folds = operator->comparison == COMPARE_EQUALS_IGNORING_CASE;
    unsigned how = (operator->wildcards ? PATTERN_PLAIN : PATTERN_LITERAL) |
                   (operator->variables ? variables : PATTERN_SYMBOLS);
    value.any_case = folds && has_letters(text);
    value.whole = pattern_make(matcher, text, how);
    value.folded = pattern_make(matcher, text, how | PATTERN_FOLD);
    if (value.by_parts || (!value.whole.wild && !value.any_case))
        add_parts(matcher, text, how, &value);
    values->all |= !value.by_parts && value.whole.wild && value.whole.count == 1 &&
                   str_find_byte(text, '*', 0) < text.length;
    VEC_PUSH(matcher->arena, &values->texts, value);
}

bool values_make(Matcher *matcher, const Operator *operator, unsigned variables,
                 const StrVec *texts, ValueSet *ret_values) {
    ValueSet values = {.family = operator->family };
    for (size_t i = 0; i < texts->count; i++) {
        Range range;
        if (!is_range_family(operator->family)) {
            add_text(matcher, operator, variables, texts->items[i], &values);
        } else if (range_parse(operator, texts->items[i], &range)) {
            VEC_PUSH(matcher->arena, &values.ranges, range);
        } else {
            return false;
        }
    }
    ranges_normalise(&values.ranges);
    *ret_values = values;
    return texts->count > 0;
}

static Truth parts_cover(Matcher *matcher, const Value *whole, const Value *part) {
    Truth truth = TRUTH_YES;
    if (!whole->has_parts || !part->has_parts) return TRUTH_UNKNOWN;
    for (size_t i = 0; i < ARN_PARTS && truth != TRUTH_NO; i++)
        truth = truth_and(truth, pattern_covers(matcher, &whole->parts[i], &part->parts[i]));
    return truth;
}

static Truth value_covers(Matcher *matcher, const Value *whole, const Value *part) {
    if (whole->by_parts) return parts_cover(matcher, whole, part);
    bool folds = whole->any_case;
    Truth truth = folds ? pattern_covers(matcher, &whole->folded, &part->folded)
                        : pattern_covers(matcher, &whole->whole, &part->whole);
    // What compares by parts, or without case, matches fewer or more texts than its pattern.
    if (truth == TRUTH_YES && part->any_case && !folds) return TRUTH_UNKNOWN;
    if (truth == TRUTH_NO && part->by_parts) return TRUTH_UNKNOWN;
    return truth;
}

static Truth value_is_disjoint(Matcher *matcher, const Value *a, const Value *b) {
    bool folds = a->any_case || b->any_case;
    if (pattern_is_disjoint(matcher, folds ? &a->folded : &a->whole,
                            folds ? &b->folded : &b->whole))
        return TRUTH_YES;
    for (size_t i = 0; a->has_parts && b->has_parts && i < ARN_PARTS; i++) {
        if (pattern_is_disjoint(matcher, &a->parts[i], &b->parts[i])) return TRUTH_YES;
    }
    if (value_covers(matcher, a, b) == TRUTH_YES || value_covers(matcher, b, a) == TRUTH_YES)
        return TRUTH_NO;
    return TRUTH_UNKNOWN;
}

// Texts are compared with texts, numbers with numbers: what is of another family tells nothing.
static bool are_comparable(const ValueSet *a, const ValueSet *b) {
    bool text = !is_range_family(a->family) && !is_range_family(b->family);
    bool binary = a->family == FAMILY_BINARY || b->family == FAMILY_BINARY;
    return a->family == b->family || (text && !binary);
}

Truth values_cover(Matcher *matcher, const ValueSet *whole, const ValueSet *part) {
    if (whole->all) return TRUTH_YES;
    if (!are_comparable(whole, part)) return TRUTH_UNKNOWN;
    if (is_range_family(whole->family))
        return truth_of(ranges_cover(&whole->ranges, &part->ranges));
    Truth all = TRUTH_YES;
    for (size_t i = 0; i < part->texts.count && all != TRUTH_NO; i++) {
        Truth best = TRUTH_NO;
        if (matcher->steps == 0) return TRUTH_UNKNOWN;
        for (size_t k = 0; k < whole->texts.count && best != TRUTH_YES && matcher->steps > 0; k++)
            best = truth_or(best,
                            value_covers(matcher, &whole->texts.items[k], &part->texts.items[i]));
        all = truth_and(all, best);
    }
    return matcher->steps == 0 ? TRUTH_UNKNOWN : all;
}

Truth values_are_disjoint(Matcher *matcher, const ValueSet *a, const ValueSet *b) {
    if (a->all || b->all) return TRUTH_NO;
    if (!are_comparable(a, b)) return TRUTH_UNKNOWN;
    if (is_range_family(a->family)) return truth_of(ranges_are_disjoint(&a->ranges, &b->ranges));
    Truth all = TRUTH_YES;
    for (size_t i = 0; i < a->texts.count && all != TRUTH_NO; i++) {
        if (matcher->steps == 0) return TRUTH_UNKNOWN;
        for (size_t k = 0; k < b->texts.count && all != TRUTH_NO && matcher->steps > 0; k++)
            all =
                truth_and(all, value_is_disjoint(matcher, &a->texts.items[i], &b->texts.items[k]));
    }
    return all;
}
