#include "policy/condition.h"

#include <stdlib.h>

// Tests that each other one of a statement is held against.
enum { MOST_PAIRS = 64 };

static Str lower(Arena *arena, Str text) {
    Str copy = str_copy(arena, text);
    char *bytes = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < copy.length; i++) {
        char c = copy.data[i];
        bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (Str){bytes, copy.length};
}

static bool ignores_case(const Operator *operator) {
    return operator->comparison == COMPARE_EQUALS_IGNORING_CASE ||
    operator->family == FAMILY_BOOLEAN ||
    operator->family == FAMILY_NULL;
}

static void sort_unique(StrVec *texts) {
    size_t kept = 0;
    str_sort(texts->items, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        if (kept == 0 || !str_equal(texts->items[kept - 1], texts->items[i]))
            texts->items[kept++] = texts->items[i];
    }
    texts->count = kept;
}

// Lengths keep texts apart that would run into each other.
static void add_identity(StrBuf *identity, Str text) {
    strbuf_add_format(identity, "%zu:", text.length);
    strbuf_add(identity, text);
}

static Str test_identity(Arena *arena, const Test *test, const Operator *meaning) {
    static const char *const sets[] = {[QUANTIFIER_NONE] = "",
                                       [QUANTIFIER_ALL_VALUES] = "ForAllValues:",
                                       [QUANTIFIER_ANY_VALUE] = "ForAnyValue:"};
    StrBuf identity = strbuf_new(arena);
    if (meaning != NULL) {
        strbuf_add(&identity, str_of(sets[meaning->quantifier]));
        add_identity(&identity, meaning->name);
        if (meaning->if_exists) strbuf_add(&identity, STR("IfExists"));
    } else {
        add_identity(&identity, test->operator);
    }
    add_identity(&identity, test->subject);
    unsigned how = meaning != NULL && meaning->variables ? test->variables : PATTERN_PLAIN;
    for (size_t i = 0; i < test->texts.count; i++)
        add_identity(&identity, pattern_identity(arena, test->texts.items[i], how));
    return strbuf_str(&identity);
}

// Null says whether the key is there: "true" that it is not.
static bool understand_null(Test *test) {
    bool present = false, absent = false;
    for (size_t i = 0; i < test->texts.count; i++) {
        bool is_true = str_equal(test->texts.items[i], STR("true"));
        if (!is_true && !str_equal(test->texts.items[i], STR("false"))) return false;
        absent |= is_true;
        present |= !is_true;
    }
    test->any = present;
    test->none = !present;
    test->meaning.if_exists = absent;
    return present || absent;
}

static void understand(Matcher *matcher, Test *test) {
    if (test->meaning.family == FAMILY_NULL) {
        test->understood = understand_null(test);
        return;
    }
    test->understood =
        values_make(matcher, &test->meaning, test->variables, &test->texts, &test->values);
    test->any = test->values.all && !test->meaning.negated;
    test->none = test->values.all && test->meaning.negated;
}

static Test test_make(Matcher *matcher, Str operator, Str key, unsigned variables,
                      const StrVec *texts) {
    Test test = {.operator= operator,
                 .key = key,
                 .subject = lower(matcher->arena, key),
                 .variables = variables};
    bool known = operator_parse(operator, & test.meaning);
    for (size_t i = 0; i < texts->count; i++) {
        Str text = texts->items[i];
        bool folds = known && ignores_case(&test.meaning);
        VEC_PUSH(matcher->arena, &test.texts, folds ? lower(matcher->arena, text) : text);
    }
    sort_unique(&test.texts);
    test.identity = test_identity(matcher->arena, &test, known ? &test.meaning : NULL);
    test.number = matcher_number(matcher, test.identity);
    if (known) understand(matcher, &test);
    return test;
}

// Whether the test holds for requests that lack its key.
static bool holds_when_absent(const Test *test) {
    const Operator *meaning = &test->meaning;
    if (meaning->if_exists || meaning->quantifier == QUANTIFIER_ALL_VALUES) return true;
    return meaning->negated && meaning->quantifier == QUANTIFIER_NONE;
}

static bool always_holds(const Test *test) {
    return test->understood && test->any && holds_when_absent(test);
}

static int compare_tests(const void *left, const void *right) {
    const Test *a = left, *b = right;
    return str_compare(a->identity, b->identity);
}

// Whether it holds for one text only, the case of which may count.
static bool asks_one_text(const Test *test) {
    bool plain = test->understood && test->meaning.family == FAMILY_STRING &&
                 !test->meaning.negated && test->meaning.quantifier == QUANTIFIER_NONE &&
                 !holds_when_absent(test) && test->values.texts.count == 1;
    return plain && !test->values.texts.items[0].whole.wild &&
           !test->values.texts.items[0].whole.open;
}

static bool is_only_one(const Tests *tests, const Test *test) {
    for (size_t i = 0; i < tests->items.count; i++) {
        const Test *other = &tests->items.items[i];
        if (other != test && str_equal(other->subject, test->subject)) return false;
    }
    return true;
}

static void find_asks(Matcher *matcher, Tests *tests) {
    for (size_t i = 0; i < tests->items.count && i < TESTS_MOST_ASKS; i++) {
        const Test *test = &tests->items.items[i];
        if (!asks_one_text(test) || !is_only_one(tests, test)) continue;
        Str value = lower(matcher->arena, test->texts.items[0]);
        tests->asks[tests->ask_count++] =
            (Ask){matcher_number(matcher, test->subject), matcher_number(matcher, value)};
    }
}

// Sorts, drops repeats, and makes the identity of all.
static void finish(Matcher *matcher, Tests *tests) {
    Test *items = tests->items.items;
    uint32_t *numbers = ARENA_ARRAY(matcher->arena, uint32_t, tests->items.count + 1);
    size_t kept = 0;
    if (tests->items.count > 1) qsort(items, tests->items.count, sizeof *items, compare_tests);
    for (size_t i = 0; i < tests->items.count; i++) {
        if (kept > 0 && items[kept - 1].number == items[i].number) continue;
        numbers[kept] = items[i].number;
        items[kept++] = items[i];
    }
    tests->items.count = kept;
    tests->identity = (Str){(const char *)numbers, kept * sizeof *numbers};
    find_asks(matcher, tests);
}

static Test decision_test(Matcher *matcher, const Decision *decision) {
    Arena *arena = matcher->arena;
    StrBuf identity = strbuf_new(arena);
    Test test = {.operator= STR("Fn::If"), .key = decision->condition, .decision = decision};
    test.subject = str_format(arena, "Fn::If %.*s", STR_ARG(decision->condition));
    VEC_PUSH(arena, &test.texts, decision->outcome);
    add_identity(&identity, test.subject);
    add_identity(&identity, decision->outcome);
    add_identity(&identity, decision->definition);
    test.identity = strbuf_str(&identity);
    test.number = matcher_number(matcher, test.identity);
    return test;
}

// `Action` or `NotAction` with this text alone.
static Test action_test(Matcher *matcher, bool negated, Str action) {
    Arena *arena = matcher->arena;
    StrBuf identity = strbuf_new(arena);
    Test test = {.operator= negated ? STR("NotAction") : STR("Action"), .of_action = true};
    test.subject = str_format(arena, "Action %.*s", STR_ARG(action));
    VEC_PUSH(arena, &test.texts, action);
    add_identity(&identity, test.operator);
    add_identity(&identity, test.subject);
    test.identity = strbuf_str(&identity);
    test.number = matcher_number(matcher, test.identity);
    return test;
}

void tests_make(Matcher *matcher, const Document *document, const DocumentStatement *statement,
                Tests *ret_tests) {
    unsigned variables = document->has_variables ? PATTERN_VARIABLES : PATTERN_SYMBOLS;
    *ret_tests = (Tests){0};
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        StrVec texts = {0};
        for (size_t k = 0; k < condition->values.count; k++)
            VEC_PUSH(matcher->arena, &texts, condition->values.items[k].text);
        Test test =
            test_make(matcher, condition->operator.text, condition->key.text, variables, &texts);
        if (!always_holds(&test)) VEC_PUSH(matcher->arena, &ret_tests->items, test);
    }
    finish(matcher, ret_tests);
}

void tests_hold(Matcher *matcher, const Tests *tests, const Held *held, bool negated,
                Tests *ret_tests) {
    Arena *arena = matcher->arena;
    *ret_tests = (Tests){0};
    VEC_RESERVE(arena, &ret_tests->items, tests->items.count + held->actions.count + 1);
    for (size_t i = 0; i < tests->items.count; i++)
        VEC_PUSH(arena, &ret_tests->items, tests->items.items[i]);
    for (const Decision *when = held->when; when != NULL; when = when->next)
        VEC_PUSH(arena, &ret_tests->items, decision_test(matcher, when));
    for (size_t i = 0; i < held->actions.count; i++)
        VEC_PUSH(arena, &ret_tests->items, action_test(matcher, negated, held->actions.items[i]));
    finish(matcher, ret_tests);
}

const Ask *tests_ask(const Tests *tests, uint32_t subject) {
    for (size_t i = 0; i < tests->ask_count; i++) {
        if (tests->asks[i].subject == subject) return &tests->asks[i];
    }
    return NULL;
}

bool tests_are_apart(const Tests *a, const Tests *b) {
    for (size_t i = 0; i < a->ask_count; i++) {
        const Ask *other = tests_ask(b, a->asks[i].subject);
        if (other != NULL && other->value != a->asks[i].value) return true;
    }
    return false;
}

// --- implication ---

// Whether all values that `strict` accepts are accepted by `loose`.
static Truth accepts_less(Matcher *matcher, const Test *strict, const Test *loose) {
    if (strict->none || loose->any) return TRUTH_YES;
    if (strict->any || loose->none) return TRUTH_NO;
    if (!strict->meaning.negated && !loose->meaning.negated)
        return values_cover(matcher, &loose->values, &strict->values);
    if (strict->meaning.negated && loose->meaning.negated)
        return values_cover(matcher, &strict->values, &loose->values);
    if (loose->meaning.negated)
        return values_are_disjoint(matcher, &strict->values, &loose->values);
    return TRUTH_UNKNOWN; // all but some, in some
}

static Truth test_implies(Matcher *matcher, const Test *strict, const Test *loose) {
    if (strict->number == loose->number) return TRUTH_YES;
    if (!strict->understood || !loose->understood) return TRUTH_UNKNOWN;
    bool is_null = strict->meaning.family == FAMILY_NULL || loose->meaning.family == FAMILY_NULL;
    if (strict->meaning.quantifier != loose->meaning.quantifier && !is_null) return TRUTH_UNKNOWN;
    if (holds_when_absent(strict) && !holds_when_absent(loose)) return TRUTH_NO;
    return accepts_less(matcher, strict, loose);
}

// Whether one of the tests, which are sorted, is the same.
static bool has_test(const Tests *tests, const Test *test) {
    if (tests->items.count == 0) return false;
    return bsearch(test, tests->items.items, tests->items.count, sizeof *test, compare_tests) !=
           NULL;
}

// Whether one of the tests implies it; where several speak of its key, they could do so together.
static Truth tests_imply_one(Matcher *matcher, const Tests *strict, const Test *loose) {
    Truth best = TRUTH_NO;
    size_t same_key = 0;
    if (loose->of_action) return has_test(strict, loose) ? TRUTH_YES : TRUTH_UNKNOWN;
    for (size_t i = 0; i < strict->items.count && best != TRUTH_YES; i++) {
        const Test *test = &strict->items.items[i];
        if (matcher->steps == 0) return TRUTH_UNKNOWN;
        matcher->steps--;
        if (!str_equal(test->subject, loose->subject)) continue;
        same_key++;
        best = truth_or(best, test_implies(matcher, test, loose));
    }
    if (same_key == 0 && !loose->understood) return TRUTH_UNKNOWN;
    return same_key > 1 ? truth_or(best, TRUTH_UNKNOWN) : best;
}

Truth tests_imply(Matcher *matcher, const Tests *strict, const Tests *loose) {
    Truth all = TRUTH_YES;
    if (str_equal(strict->identity, loose->identity)) return TRUTH_YES;
    for (size_t i = 0; i < loose->items.count && all != TRUTH_NO; i++)
        all = truth_and(all, tests_imply_one(matcher, strict, &loose->items.items[i]));
    return all;
}

// --- division ---

bool test_is_divisible(const Test *test) {
    return test->understood && !test->divided && test->texts.count > 1 && !test->meaning.negated &&
           test->meaning.quantifier != QUANTIFIER_ALL_VALUES && test->meaning.family != FAMILY_NULL;
}

void tests_narrow(Matcher *matcher, const Tests *tests, size_t index, const StrVec *values,
                  Tests *ret_tests) {
    const Test *narrowed = &tests->items.items[index];
    *ret_tests = (Tests){0};
    for (size_t i = 0; i < tests->items.count; i++) {
        Test test = i == index ? test_make(matcher, narrowed->operator, narrowed->key,
                                           narrowed->variables, values)
                               : tests->items.items[i];
        test.divided |= i == index;
        VEC_PUSH(matcher->arena, &ret_tests->items, test);
    }
    finish(matcher, ret_tests);
}

// Numbers, dates and addresses, of which a request has one, and none of which both hold.
static bool exclude_each_other(const Test *a, const Test *b) {
    bool plain = a->understood && b->understood && !a->meaning.negated && !b->meaning.negated &&
                 a->meaning.quantifier == QUANTIFIER_NONE &&
                 b->meaning.quantifier == QUANTIFIER_NONE && !holds_when_absent(a) &&
                 !holds_when_absent(b);
    return plain && a->meaning.family == b->meaning.family && a->values.ranges.count > 0 &&
           b->values.ranges.count > 0 && str_equal(a->subject, b->subject) &&
           ranges_are_disjoint(&a->values.ranges, &b->values.ranges);
}

bool tests_exclude(const Tests *tests) {
    for (size_t i = 0; i < tests->items.count; i++) {
        const Test *test = &tests->items.items[i];
        bool is_never = test->understood && test->none && !holds_when_absent(test) &&
                        test->meaning.family != FAMILY_NULL;
        if (is_never) return true;
        for (size_t k = 0; k < i && k < MOST_PAIRS; k++) {
            if (exclude_each_other(&tests->items.items[k], test)) return true;
        }
    }
    return false;
}

bool tests_complement(const Tests *tests) {
    for (size_t i = 0; i < tests->items.count; i++) {
        const Test *test = &tests->items.items[i];
        bool plain = test->understood && !holds_when_absent(test) && !test->meaning.negated &&
                     test->meaning.comparison != COMPARE_ABSENT &&
                     test->meaning.family != FAMILY_BOOLEAN &&
                     test->meaning.family != FAMILY_NUMERIC &&
                     test->meaning.family != FAMILY_DATE && test->meaning.family != FAMILY_IP;
        if (!plain) return true;
    }
    return false;
}
