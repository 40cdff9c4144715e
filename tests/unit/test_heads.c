// Walks over patterns by what they begin with, held against looking at every pair.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "policy/heads.h"

enum { ROUNDS = 300, MOST_PATTERNS = 40, LONGEST_PATTERN = 7, LONG = 600 };

typedef struct Patterns {
    Pattern items[MOST_PATTERNS];
    size_t count;
    Heads heads;
} Patterns;

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

// Of few letters, so that many begin alike; a variable ends a beginning as a wildcard does.
static Pattern random_pattern(Matcher *matcher, uint32_t *seed) {
    static const char *const parts[] = {"a", "a", "a", "b", "b", "*", "?", "${aws:x}"};
    StrBuf text = strbuf_new(matcher->arena);
    for (size_t length = next_random(seed) % LONGEST_PATTERN; length > 0; length--)
        strbuf_add(&text, str_of(parts[next_random(seed) % (sizeof parts / sizeof *parts)]));
    return pattern_make(matcher, strbuf_str(&text), PATTERN_VARIABLES);
}

static void make_patterns(Matcher *matcher, uint32_t *seed, Patterns *patterns) {
    *patterns = (Patterns){.count = next_random(seed) % MOST_PATTERNS};
    for (size_t i = 0; i < patterns->count; i++) {
        patterns->items[i] = random_pattern(matcher, seed);
        heads_add(matcher->arena, &patterns->heads, &patterns->items[i]);
    }
    heads_sort(&patterns->heads);
}

// How often the walk comes by each.
static void walk(const Heads *heads, const Pattern *pattern, unsigned visits[MOST_PATTERNS]) {
    HeadSearch search = heads_search(heads, pattern);
    memset(visits, 0, MOST_PATTERNS * sizeof *visits);
    for (uint32_t number = 0; heads_next(&search, &number);) {
        assert_true(number < MOST_PATTERNS);
        visits[number]++;
    }
}

static bool begin_alike(const Pattern *a, const Pattern *b) {
    size_t least = a->head < b->head ? a->head : b->head;
    return least == 0 || memcmp(a->symbols, b->symbols, least * sizeof *a->symbols) == 0;
}

static void finds_what_may_meet(void **state) {
    uint32_t seed = 1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        Matcher matcher = matcher_new(*state, UINT64_MAX);
        Patterns patterns;
        unsigned visits[MOST_PATTERNS];
        make_patterns(&matcher, &seed, &patterns);
        Pattern wanted = random_pattern(&matcher, &seed);
        walk(&patterns.heads, &wanted, visits);
        for (size_t i = 0; i < patterns.count; i++) {
            const Pattern *other = &patterns.items[i];
            assert_int_equal(visits[i], begin_alike(&wanted, other));
            if (visits[i] > 0) continue;
            assert_true(pattern_is_disjoint(&matcher, &wanted, other));
            assert_int_equal(pattern_covers(&matcher, &wanted, other), TRUTH_NO);
            assert_int_equal(pattern_covers(&matcher, other, &wanted), TRUTH_NO);
        }
    }
}

// What may match anything meets all, and is met by all.
static void finds_what_may_be_any(void **state) {
    Matcher matcher = matcher_new(*state, UINT64_MAX);
    Heads heads = {0};
    unsigned visits[MOST_PATTERNS];
    Pattern a = pattern_make(&matcher, STR("a"), PATTERN_PLAIN);
    Pattern b = pattern_make(&matcher, STR("b"), PATTERN_PLAIN);
    heads_add(*state, &heads, &a);
    heads_add(*state, &heads, NULL);
    heads_sort(&heads);
    walk(&heads, NULL, visits);
    assert_int_equal(visits[0] + visits[1], 2);
    walk(&heads, &b, visits);
    assert_int_equal(visits[0], 0);
    assert_int_equal(visits[1], 1);
}

// Of long beginnings the first part decides: more is found, never less.
static void finds_long_ones(void **state) {
    char text[LONG];
    unsigned visits[MOST_PATTERNS];
    Heads heads = {0};
    Matcher matcher = matcher_new(*state, UINT64_MAX);
    memset(text, 'a', sizeof text);
    Pattern whole = pattern_make(&matcher, (Str){text, LONG}, PATTERN_PLAIN);
    Pattern half = pattern_make(&matcher, (Str){text, LONG / 2}, PATTERN_PLAIN);
    text[0] = 'b';
    Pattern other = pattern_make(&matcher, (Str){text, LONG}, PATTERN_PLAIN);
    heads_add(*state, &heads, &half);
    heads_add(*state, &heads, &other);
    heads_sort(&heads);
    walk(&heads, &whole, visits);
    assert_int_equal(visits[0], 1);
    assert_int_equal(visits[1], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_what_may_meet, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(finds_what_may_be_any, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(finds_long_ones, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests_name("heads", tests, NULL, NULL);
}
