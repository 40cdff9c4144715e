// Random policies against a naive judge: for requests of which all is known both must say the same,
// and where something is not known an answer must hold for every way in which it can turn out.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "policy/evaluate.h"

enum { ROUNDS = 4000, MOST_STATEMENTS = 3, MOST_CONDITIONS = 2, MOST_VALUES = 2 };

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define PICK(seed, rows) (rows)[next_random(seed) % COUNT(rows)]

// The same numbers on every machine.
static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

// --- what there is -------------------------------------------------------------------------------

static const char *const keys[] = {"x:A", "x:B"};
enum { KEY_COUNT = COUNT(keys) };

// The values of a key in a request: up to two, or none.
typedef struct Values {
    const char *items[MOST_VALUES];
    size_t count;
} Values;

static const Values contexts[] = {{{NULL}, 0},     {{"a"}, 1},  {{"b"}, 1},
                                  {{"a", "b"}, 2}, {{"ab"}, 1}, {{""}, 1}};
static const char *const resources[] = {"arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:s3:::ab"};

// Of a request all is told, or -1 stands for what is not.
typedef struct Told {
    int contexts[KEY_COUNT];
    int resource;
} Told;

static const struct {
    const char *name;
    bool negated, like;
} operators[] = {{"StringEquals", false, false},
                 {"StringNotEquals", true, false},
                 {"StringLike", false, true},
                 {"StringNotLike", true, true},
                 {"Null", false, false}};
static const char *const prefixes[] = {"", "ForAllValues:", "ForAnyValue:"};
static const char *const patterns[] = {"a", "b",      "a*",           "?",
                                       "*", "${x:B}", "${x:B, 'a'}b", "${x:A}*"};
static const char *const resource_patterns[] = {"*", "arn:aws:s3:::a", "arn:aws:s3:::a*",
                                                "arn:aws:s3:::${x:A}", "arn:aws:s3:::${x:B}*"};

// A condition in the test's own words.
typedef struct Test {
    size_t operator, prefix, key, value_count;
    bool if_exists;
    const char *values[MOST_VALUES];
} Test;

typedef struct Rule {
    bool deny, not_resource;
    const char *resource;
    Test tests[MOST_CONDITIONS];
    size_t test_count;
} Rule;

static Test random_test(uint32_t *seed) {
    Test test = {.operator= next_random(seed) % COUNT(operators),
                 .prefix = next_random(seed) % COUNT(prefixes),
                 .key = next_random(seed) % KEY_COUNT,
                 .value_count = 1 + next_random(seed) % MOST_VALUES};
    bool null = strcmp(operators[test.operator].name, "Null") == 0;
    static const char *const truths[] = {"true", "false"};
    for (size_t i = 0; i < test.value_count; i++)
        test.values[i] = null ? PICK(seed, truths) : PICK(seed, patterns);
    test.if_exists = !null && next_random(seed) % 3 == 0;
    return test;
}

static Rule random_rule(uint32_t *seed) {
    Rule rule = {.deny = next_random(seed) % 3 == 0,
                 .not_resource = next_random(seed) % 5 == 0,
                 .resource = PICK(seed, resource_patterns),
                 .test_count = next_random(seed) % (MOST_CONDITIONS + 1)};
    for (size_t i = 0; i < rule.test_count; i++) rule.tests[i] = random_test(seed);
    return rule;
}

// --- the naive judge -----------------------------------------------------------------------------

// 1 and 0, or UNSAID for what AWS does not document.
enum { UNSAID = -1 };

static int and_of(int a, int b) {
    if (a == 0 || b == 0) return 0;
    return a == 1 && b == 1 ? 1 : UNSAID;
}

static int not_of(int a) {
    return a == UNSAID ? UNSAID : !a;
}

static int or_of(int a, int b) {
    return not_of(and_of(not_of(a), not_of(b)));
}

static bool like(const char *pattern, const char *text) {
    if (*pattern == '\0') return *text == '\0';
    if (*pattern == '*')
        return like(pattern + 1, text) || (*text != '\0' && like(pattern, text + 1));
    return *text != '\0' && (*pattern == '?' || *pattern == *text) && like(pattern + 1, text + 1);
}

static const Values *values_of(const Told *told, char key) {
    return &contexts[told->contexts[key - 'A']];
}

// The pattern with its one variable filled in; NULL where that has no value, and *ret_unsaid where
// it has several.
static const char *filled(Arena *arena, const char *pattern, const Told *told, bool *ret_unsaid) {
    const char *open = strstr(pattern, "${x:");
    *ret_unsaid = false;
    if (open == NULL) return pattern;
    const char *close = strchr(open, '}'), *comma = strchr(open, ',');
    const Values *values = values_of(told, open[4]);
    *ret_unsaid = values->count > 1;
    if (values->count == 0 && comma == NULL) return NULL;
    const char *value = values->count == 0 ? "a" : values->items[0];
    return str_format(arena, "%.*s%s%s", (int)(open - pattern), pattern, value, close + 1).data;
}

// Several values of a variable could each be meant, or none: only what no text could match is sure.
static int unsaid_match(Arena *arena, const char *pattern, const char *text) {
    const char *open = strstr(pattern, "${");
    Str wide = str_format(arena, "%.*s*%s", (int)(open - pattern), pattern, strchr(open, '}') + 1);
    return like(wide.data, text) ? UNSAID : 0;
}

static int value_matches(Arena *arena, const Test *test, const char *pattern, const char *text,
                         const Told *told) {
    bool unsaid = false, wild = operators[test->operator].like;
    const char *whole = filled(arena, pattern, told, &unsaid);
    if (whole == NULL) return operators[test->operator].negated ? UNSAID : 0;
    if (!unsaid) return wild ? like(whole, text) : strcmp(whole, text) == 0;
    if (wild) return unsaid_match(arena, pattern, text);
    // Without wildcards the rest must stand there as it is.
    const char *open = strstr(pattern, "${"), *rest = strchr(open, '}') + 1;
    size_t before = (size_t)(open - pattern), behind = strlen(rest), length = strlen(text);
    bool can = length >= before + behind && strncmp(pattern, text, before) == 0 &&
               strcmp(text + length - behind, rest) == 0;
    return can ? UNSAID : 0;
}

static int null_holds(const Test *test, const Values *values) {
    bool asks[2] = {false, false}, absent = values->count == 0;
    for (size_t i = 0; i < test->value_count; i++)
        asks[strcmp(test->values[i], "true") == 0] = true;
    if (asks[0] && asks[1]) return 1;
    if (values->count == 1 && values->items[0][0] == '\0') return UNSAID;
    return asks[absent];
}

static int one_holds(Arena *arena, const Test *test, const char *text, const Told *told) {
    int any = 0;
    for (size_t i = 0; i < test->value_count; i++)
        any = or_of(any, value_matches(arena, test, test->values[i], text, told));
    return operators[test->operator].negated ? not_of(any) : any;
}

static int test_holds(Arena *arena, const Test *test, const Told *told) {
    const Values *values = values_of(told, keys[test->key][2]);
    bool all_values = test->prefix == 1, any_value = test->prefix == 2;
    if (strcmp(operators[test->operator].name, "Null") == 0) return null_holds(test, values);
    if (values->count == 0 && test->if_exists) return 1;
    if (values->count == 0 && test->prefix == 0) return operators[test->operator].negated;
    bool is_empty = values->count == 0 || (values->count == 1 && values->items[0][0] == '\0');
    if (test->prefix != 0 && is_empty) return all_values;
    int all = 1, any = 0;
    for (size_t i = 0; i < values->count; i++) {
        int one = one_holds(arena, test, values->items[i], told);
        all = and_of(all, one);
        any = or_of(any, one);
    }
    if (all_values) return all;
    if (any_value) return any;
    return all == any ? all : UNSAID;
}

static int resource_fits(Arena *arena, const Rule *rule, const Told *told) {
    bool unsaid = false;
    const char *pattern = filled(arena, rule->resource, told, &unsaid);
    const char *resource = resources[told->resource];
    if (pattern == NULL) return rule->not_resource ? UNSAID : 0;
    int fits = unsaid ? unsaid_match(arena, rule->resource, resource) : like(pattern, resource);
    return rule->not_resource ? not_of(fits) : fits;
}

static int rule_applies(Arena *arena, const Rule *rule, const Told *told) {
    int all = resource_fits(arena, rule, told);
    for (size_t i = 0; i < rule->test_count; i++)
        all = and_of(all, test_holds(arena, &rule->tests[i], told));
    return all;
}

static int naive(Arena *arena, const Rule *rules, size_t count, const Told *told) {
    int allow = 0, deny = 0;
    for (size_t i = 0; i < count; i++) {
        int applies = rule_applies(arena, &rules[i], told);
        if (rules[i].deny)
            deny = or_of(deny, applies);
        else
            allow = or_of(allow, applies);
    }
    return and_of(allow, not_of(deny));
}

// --- the same for evaluate -----------------------------------------------------------------------

static DocumentStatement statement_of(Arena *arena, const Rule *rule) {
    DocumentStatement s = {.effect = rule->deny ? EFFECT_DENY : EFFECT_ALLOW,
                           .not_resource = rule->not_resource};
    VEC_PUSH(arena, &s.actions, ((Item){.text = STR("s3:Get*")}));
    VEC_PUSH(arena, &s.resources, ((Item){.text = str_of(rule->resource)}));
    for (size_t i = 0; i < rule->test_count; i++) {
        const Test *test = &rule->tests[i];
        DocumentCondition condition = {.key.text = str_of(keys[test->key])};
        condition.operator.text =
            str_format(arena, "%s%s%s", prefixes[test->prefix], operators[test->operator].name,
                       test->if_exists ? "IfExists" : "");
        for (size_t k = 0; k < test->value_count; k++)
            VEC_PUSH(arena, &condition.values, ((Item){.text = str_of(test->values[k])}));
        VEC_PUSH(arena, &s.conditions, condition);
    }
    return s;
}

static Truth judge(Arena *arena, const DocumentVec *documents, const Told *told) {
    Request request = {.action = STR("s3:GetObject")};
    if (told->resource >= 0) request.resource = str_of(resources[told->resource]);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (told->contexts[i] < 0) continue;
        const Values *values = &contexts[told->contexts[i]];
        ContextKey key = {.key = str_of(keys[i])};
        for (size_t k = 0; k < values->count; k++)
            VEC_PUSH(arena, &key.values, str_of(values->items[k]));
        VEC_PUSH(arena, &request.context, key);
    }
    return evaluate(arena, documents, &request).allowed;
}

// --- the properties ------------------------------------------------------------------------------

enum { WHOLE_COUNT = COUNT(contexts) * COUNT(contexts) * COUNT(resources) };

static Told whole_request(size_t number) {
    return (Told){
        {(int)(number % COUNT(contexts)), (int)(number / COUNT(contexts) % COUNT(contexts))},
        (int)(number / (COUNT(contexts) * COUNT(contexts)))};
}

static bool agrees(const Told *part, const Told *whole) {
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (part->contexts[i] >= 0 && part->contexts[i] != whole->contexts[i]) return false;
    }
    return part->resource < 0 || part->resource == whole->resource;
}

static Told random_part(uint32_t *seed) {
    Told part;
    for (size_t i = 0; i < KEY_COUNT; i++)
        part.contexts[i] = next_random(seed) % 2 ? -1 : (int)(next_random(seed) % COUNT(contexts));
    part.resource = next_random(seed) % 2 ? -1 : (int)(next_random(seed) % COUNT(resources));
    return part;
}

typedef struct Counts {
    size_t answers[3]; // by Truth
    size_t narrowed;   // answers other than that it depends, where something was not known
} Counts;

static void fail_policy(Arena *arena, const Rule *rules, size_t count, const Told *told,
                        Truth truth) {
    for (size_t i = 0; i < count; i++) {
        print_message("%s%s %s applies: %d\n", rules[i].deny ? "Deny" : "Allow",
                      rules[i].not_resource ? " not" : "", rules[i].resource,
                      rule_applies(arena, &rules[i], told));
        for (size_t k = 0; k < rules[i].test_count; k++) {
            const Test *test = &rules[i].tests[k];
            print_message("  %s%s%s %s '%s' '%s' holds: %d\n", prefixes[test->prefix],
                          operators[test->operator].name, test->if_exists ? "IfExists" : "",
                          keys[test->key], test->values[0],
                          test->value_count > 1 ? test->values[1] : "",
                          test_holds(arena, test, told));
        }
    }
    fail_msg("A %d, B %d, resource %s: %d", told->contexts[0], told->contexts[1],
             resources[told->resource], truth);
}

static void check_policy(Arena *arena, uint32_t *seed, Counts *counts) {
    static const int naive_of[] = {[TRUTH_NO] = 0, [TRUTH_UNKNOWN] = UNSAID, [TRUTH_YES] = 1};
    Rule rules[MOST_STATEMENTS];
    size_t count = 1 + next_random(seed) % MOST_STATEMENTS;
    Document document = {.kind = DOCUMENT_IDENTITY};
    DocumentVec documents = {0};
    for (size_t i = 0; i < count; i++) {
        rules[i] = random_rule(seed);
        VEC_PUSH(arena, &document.statements, statement_of(arena, &rules[i]));
    }
    VEC_PUSH(arena, &documents, document);
    Told part = random_part(seed);
    Truth guess = judge(arena, &documents, &part);
    counts->narrowed += guess != TRUTH_UNKNOWN && (part.resource < 0 || part.contexts[0] < 0);
    for (size_t i = 0; i < WHOLE_COUNT; i++) {
        Told whole = whole_request(i);
        Truth truth = judge(arena, &documents, &whole);
        counts->answers[truth]++;
        if (naive_of[truth] != naive(arena, rules, count, &whole))
            fail_policy(arena, rules, count, &whole, truth);
        if (guess != TRUTH_UNKNOWN && guess != truth && agrees(&part, &whole)) {
            print_message("guessed %d of A %d, B %d, resource %d\n", guess, part.contexts[0],
                          part.contexts[1], part.resource);
            fail_policy(arena, rules, count, &whole, truth);
        }
    }
}

static void judges_as_documented(void **state) {
    Counts counts = {0};
    uint32_t seed = 20261123;
    for (size_t i = 0; i < ROUNDS; i++) {
        check_policy(*state, &seed, &counts);
        arena_free(*state);
    }
    // Each kind of answer was met often enough to mean something.
    for (size_t i = 0; i < COUNT(counts.answers); i++) assert_true(counts.answers[i] > ROUNDS);
    assert_true(counts.narrowed > ROUNDS / 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(judges_as_documented, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests_name("evaluate, random", tests, NULL, NULL);
}
