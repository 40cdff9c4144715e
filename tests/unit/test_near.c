// Walks over statements that may speak of one request, held against looking at every pair.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/import.h"
#include "policy/near.h"
#include "reading.h"

enum { ROUNDS = 200, MOST = 24 };

typedef struct Sort {
    Scope resource, principal;
    Tests tests;
} Sort;

static const char *const resources[] = {
    "a", "a", "ab*", "b?", "a${aws:username}", "b*", "*", "a${AWS::Region}"};

static const char *const principals[] = {
    "AWS: '111111111111'",
    "AWS: 'arn:aws:iam::111111111111:root'",
    "AWS: 'arn:aws:iam::111111111111:role/a'",
    "AWS: 'arn:aws-cn:iam::111111111111:role/a'",
    "AWS: 'arn:aws:iam::222222222222:role/a'",
    "AWS: 'arn:aws:iam::222222222222:role/${Name}'",
    "AWS: 'arn:${AWS::Partition}:iam::222222222222:root'",
    "AWS: 'arn:aws:iam::${AWS::AccountId}:role/a'",
    "AWS: '${Someone}'",
    "AWS: AIDAEXAMPLE",
    "AWS: '*'",
    "Service: ec2.amazonaws.com",
    "Service: '${Service}'",
    "Federated: cognito-identity.amazonaws.com",
};

static const char *const conditions[] = {
    "",
    "StringEquals: {k: a}",
    "StringEquals: {K: b}",
    "StringEquals: {j: a}",
    "StringEquals: {k: [a, b]}",
    "StringEquals: {k: b, j: b}",
    "StringEqualsIgnoreCase: {k: A}",
    "StringLike: {k: b}",
    "StringLike: {k: a*}",
    "StringEquals: {k: '${aws:x}'}",
    "StringEqualsIfExists: {k: a}",
    "StringNotEquals: {k: a}",
    "'ForAnyValue:StringEquals': {k: a}",
    "StringEquals: {k: a}, StringLike: {k: '*b'}",
};

#define ONE_OF(TEXTS, SEED) ((TEXTS)[next_random(SEED) % (sizeof(TEXTS) / sizeof *(TEXTS))])

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

static void make_sort(Reading *reading, Matcher *matcher, const char *resource,
                      const char *principal, const char *condition, Sort *sort) {
    Document document = {0};
    Node bad = NO_NODE;
    ScopeVec scopes = {0}, others = {0};
    Str text = str_format(&reading->arena,
                          "{Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: 's3:*', "
                          "Resource: '%s', Principal: {%s}, Condition: {%s}}]}",
                          resource, principal, condition);
    if (!document_from_tree(&reading->arena, reading_yaml(reading, text.data), DOCUMENT_RESOURCE,
                            &document, &bad))
        fail_msg("not a policy: %s", text.data);
    const DocumentStatement *statement = &document.statements.items[0];
    scopes_of_resources(matcher, &document, statement, &scopes);
    scopes_of_principals(matcher, &document, statement, &others);
    sort->resource = scopes.items[0];
    sort->principal = others.items[0];
    tests_make(matcher, &document, statement, &sort->tests);
}

static void random_sort(Reading *reading, Matcher *matcher, uint32_t *seed, Sort *sort) {
    const char *resource = ONE_OF(resources, seed), *principal = ONE_OF(principals, seed);
    make_sort(reading, matcher, resource, principal, ONE_OF(conditions, seed), sort);
}

// Whether one may have all of another.
static bool may_cover(Matcher *matcher, const Sort *whole, const Sort *part) {
    return scope_covers(matcher, &whole->resource, &part->resource) != TRUTH_NO &&
           scope_covers(matcher, &whole->principal, &part->principal) != TRUTH_NO &&
           tests_imply(matcher, &part->tests, &whole->tests) != TRUTH_NO;
}

static void must_be_apart(Matcher *matcher, const Sort *a, const Sort *b) {
    bool apart = scope_is_disjoint(matcher, &a->resource, &b->resource) ||
                 scope_is_disjoint(matcher, &a->principal, &b->principal) ||
                 tests_are_apart(&a->tests, &b->tests);
    assert_true(apart);
    assert_false(may_cover(matcher, a, b));
    assert_false(may_cover(matcher, b, a));
}

// What is not come by is apart for certain, and nothing is come by twice.
static void finds_what_may_meet(void **state) {
    uint32_t seed = 1;
    size_t left_out = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        Matcher matcher = matcher_new(&((Reading *)*state)->arena, UINT64_MAX);
        Sort sorts[MOST];
        unsigned visits[MOST] = {0};
        Near near = {0};
        for (size_t i = 0; i < MOST; i++) {
            random_sort(*state, &matcher, &seed, &sorts[i]);
            near_add(matcher.arena, &near, &sorts[i].resource, &sorts[i].principal,
                     &sorts[i].tests);
        }
        near_sort(&near);
        const Sort *one = &sorts[next_random(&seed) % MOST];
        NearSearch search = near_search(&near, &one->resource, &one->principal, &one->tests);
        for (uint32_t number = 0; near_next(&search, &number);) visits[number]++;
        assert_int_equal(visits[one - sorts], 1);
        for (size_t i = 0; i < MOST; i++) {
            assert_true(visits[i] <= 1);
            if (visits[i] == 0) must_be_apart(&matcher, one, &sorts[i]);
            left_out += visits[i] == 0;
        }
    }
    assert_true(left_out > (size_t)ROUNDS * MOST / 3);
}

// Whether two sets of conditions are known never to hold for one request.
static bool are_apart(Reading *reading, const char *condition, const char *other) {
    Matcher matcher = matcher_new(&reading->arena, UINT64_MAX);
    Sort a, b;
    make_sort(reading, &matcher, "*", "AWS: '*'", condition, &a);
    make_sort(reading, &matcher, "*", "AWS: '*'", other, &b);
    assert_int_equal(tests_are_apart(&a.tests, &b.tests), tests_are_apart(&b.tests, &a.tests));
    return tests_are_apart(&a.tests, &b.tests);
}

static void tells_values_apart(void **state) {
    const char *one = "StringEquals: {k: a}";
    assert_true(are_apart(*state, one, "StringEquals: {k: b}"));
    assert_true(are_apart(*state, one, "StringEquals: {K: b}"));
    assert_true(are_apart(*state, one, "StringLike: {k: b}"));
    assert_true(are_apart(*state, one, "StringEqualsIgnoreCase: {k: B}, Bool: {m: 'true'}"));
    assert_false(are_apart(*state, one, one));
    assert_false(are_apart(*state, one, "StringEqualsIgnoreCase: {k: A}"));
    assert_false(are_apart(*state, one, "StringEquals: {j: b}"));
}

// A request may lack the key, have several values, or one that is not known.
static void tells_nothing_of_others(void **state) {
    const char *one = "StringEquals: {k: a}";
    assert_false(are_apart(*state, one, "StringEqualsIfExists: {k: b}"));
    assert_false(are_apart(*state, one, "'ForAnyValue:StringEquals': {k: b}"));
    assert_false(are_apart(*state, one, "'ForAllValues:StringEquals': {k: b}"));
    assert_false(are_apart(*state, one, "StringNotEquals: {k: b}"));
    assert_false(are_apart(*state, one, "StringLike: {k: b*}"));
    assert_false(are_apart(*state, one, "StringEquals: {k: '${aws:x}'}"));
    assert_false(are_apart(*state, one, "StringEquals: {k: [b, a]}"));
}

// One that meets only its own kind is found by what tells it apart best.
static void takes_the_shortest_way(void **state) {
    Matcher matcher = matcher_new(&((Reading *)*state)->arena, UINT64_MAX);
    const char *const last[] = {"b", "AWS: '222222222222'", "StringEquals: {k: b}"};
    for (size_t way = 0; way < 3; way++) {
        Near near = {0};
        uint32_t number = 0;
        Sort sort;
        for (size_t i = 0; i < MOST; i++) {
            bool own = i == 7;
            make_sort(*state, &matcher, own && way == 0 ? last[0] : "a",
                      own && way == 1 ? last[1] : "AWS: '111111111111'",
                      own && way == 2 ? last[2] : "StringEquals: {k: a}", &sort);
            near_add(matcher.arena, &near, &sort.resource, &sort.principal, &sort.tests);
        }
        near_sort(&near);
        make_sort(*state, &matcher, way == 0 ? last[0] : "a",
                  way == 1 ? last[1] : "AWS: '111111111111'",
                  way == 2 ? last[2] : "StringEquals: {k: a}", &sort);
        NearSearch search = near_search(&near, &sort.resource, &sort.principal, &sort.tests);
        assert_true(near_next(&search, &number));
        assert_int_equal(number, 7);
        assert_false(near_next(&search, &number));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_what_may_meet, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(tells_values_apart, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(tells_nothing_of_others, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(takes_the_shortest_way, reading_set_up, reading_tear_down),
    };
    return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
