// Patterns and sets of actions against a naive model: every pattern by recursion on every action,
// every set an array of bool.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "policy/expand.h"

enum { RANDOM_PATTERNS = 3000, RANDOM_SETS = 300 };

// The same numbers on every machine.
static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// What IAM documents, without a thought for speed.
static bool matches(Str pattern, Str text) {
    if (pattern.length == 0) return text.length == 0;
    Str rest = str_slice(pattern, 1, pattern.length);
    if (pattern.data[0] == '*')
        return matches(rest, text) ||
               (text.length > 0 && matches(pattern, str_slice(text, 1, text.length)));
    if (text.length == 0) return false;
    return (pattern.data[0] == '?' || lower(pattern.data[0]) == lower(text.data[0])) &&
           matches(rest, str_slice(text, 1, text.length));
}

static void check_pattern(Arena *arena, Str pattern) {
    ActionSet set = action_set_new(arena);
    size_t count = action_set_add_pattern(set, pattern), expected = 0;
    for (ActionId i = 0; i < catalogue_action_count(); i++) {
        bool should = matches(pattern, action_text(i));
        expected += should;
        if (action_set_has(set, i) != should)
            fail_msg("'%.*s' matches '%.*s': should be %d", STR_ARG(pattern),
                     STR_ARG(action_text(i)), should);
    }
    assert_int_equal(count, expected);
    assert_int_equal(action_set_count(set), expected);
    assert_int_equal(catalogue_has(pattern), expected > 0);
    assert_int_equal(catalogue_access(pattern), action_set_access(set));
}

static void expands_patterns(void **state) {
    static const char *const patterns[] = {"*",
                                           "**",
                                           "?*",
                                           "*:*",
                                           "*?:?*",
                                           "",
                                           ":",
                                           "ec2:",
                                           "ec2",
                                           "ec2*",
                                           "ec2:*",
                                           "EC2:*",
                                           "e?2:*",
                                           "ec2:Describe*",
                                           "ec2:describeINSTANCES",
                                           "ec2:DescribeInstance?",
                                           "ec2:*Instances",
                                           "ec2:Run*s",
                                           "ec2:?unInstances",
                                           "ec2:**",
                                           "ec2:*?",
                                           "ec2:RunInstances*",
                                           "ec2:Zzz*",
                                           "*:Describe*",
                                           "*:RunInstances",
                                           "s3:Get*Acl*",
                                           "iam:*",
                                           "iam:**Role**",
                                           "zzz:*",
                                           "a:b",
                                           "ec2::RunInstances",
                                           "ec2:Run Instances",
                                           "*Tag*",
                                           "????",
                                           "sts:*",
                                           "xray:*",
                                           "a2c:*",
                                           "zonal*",
                                           "aws-portal:View*",
                                           "ec2:RunInstances\xC3\xA9"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        check_pattern(*state, str_of(patterns[i]));
}

// Actions with letters replaced by wildcards, doubled, dropped or in the other case.
static Str random_pattern(Arena *arena, uint32_t *seed) {
    StrBuf pattern = strbuf_new(arena);
    Str text = action_text(next_random(seed) % (uint32_t)catalogue_action_count());
    for (size_t i = 0; i < text.length; i++) {
        uint32_t dice = next_random(seed) % 40;
        if (dice == 0) {
            strbuf_add_byte(&pattern, '?');
        } else if (dice == 1) {
            strbuf_add_byte(&pattern, '*');
            i += next_random(seed) % 12;
        } else if (dice == 2) {
            strbuf_add_byte(&pattern, lower(text.data[i]));
        } else if (dice != 3 || next_random(seed) % 8 != 0) {
            strbuf_add_byte(&pattern, text.data[i]);
        }
    }
    return strbuf_str(&pattern);
}

static void expands_random_patterns(void **state) {
    uint32_t seed = 20251123;
    for (size_t i = 0; i < RANDOM_PATTERNS / 10; i++)
        check_pattern(*state, random_pattern(*state, &seed));
}

// Whatever the pattern, the spelling means the same, and is the spelling of itself.
static void spells_without_changing_the_meaning(void **state) {
    uint32_t seed = 1;
    for (size_t i = 0; i < RANDOM_PATTERNS; i++) {
        Str pattern = random_pattern(*state, &seed);
        Str spelled = catalogue_spelling(*state, pattern);
        assert_true(str_equal_ignoring_case(pattern, spelled));
        assert_true(str_equal(spelled, catalogue_spelling(*state, spelled)));
    }
}

static void spells_as_the_catalogue(void **state) {
    static const char *const rows[][2] = {
        {"EC2:runinstances", "ec2:RunInstances"},
        {"logs:createLogGroup", "logs:CreateLogGroup"},
        {"logs:create*", "logs:Create*"},
        {"EC2:DESCRIBE*INSTANCES", "ec2:Describe*Instances"},
        {"ec2:*instances", "ec2:*Instances"},
        {"ec2:*", "ec2:*"},
        {"*", "*"},
        {"ec2:NoSuchAction", "ec2:NoSuchAction"},
        {"*:runinstances", "*:RunInstances"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str spelled = catalogue_spelling(*state, str_of(rows[i][0]));
        if (!str_equal(spelled, str_of(rows[i][1])))
            fail_msg("'%s' becomes '%.*s'", rows[i][0], STR_ARG(spelled));
    }
}

typedef struct Model {
    ActionSet set;
    bool *has;
} Model;

static Model random_model(Arena *arena, uint32_t *seed) {
    size_t count = catalogue_action_count();
    Model model = {action_set_new(arena), ARENA_ARRAY(arena, bool, count)};
    for (uint32_t runs = next_random(seed) % 6; runs > 0; runs--) {
        size_t from = next_random(seed) % count, length = next_random(seed) % 300;
        for (size_t i = from; i < count && i < from + length; i++) {
            model.has[i] = true;
            action_set_add(model.set, (ActionId)i);
        }
    }
    return model;
}

static void check_model(const Model *model) {
    size_t count = 0;
    AccessLevels levels = 0;
    ActionId walked = 0;
    for (ActionId i = 0; i < catalogue_action_count(); i++) {
        assert_int_equal(action_set_has(model->set, i), model->has[i]);
        if (!model->has[i]) continue;
        assert_true(action_set_next(model->set, &walked));
        assert_int_equal(walked++, i);
        count++;
        levels |= action_access(i);
    }
    assert_false(action_set_next(model->set, &walked));
    assert_int_equal(action_set_count(model->set), count);
    assert_int_equal(action_set_access(model->set), levels);
}

static void check_bounds(const Model *model) {
    ActionId first = 0, last = 0;
    if (!action_set_bounds(model->set, &first, &last)) {
        assert_true(action_set_is_empty(model->set));
        return;
    }
    assert_true(model->has[first] && model->has[last]);
    ActionId walked = last + 1;
    assert_false(last + 1 < catalogue_action_count() && action_set_next(model->set, &walked));
    walked = 0;
    assert_true(action_set_next(model->set, &walked));
    assert_int_equal(walked, first);
    ActionSet between = action_set_between(model->set, first, last);
    assert_int_equal(action_set_count(between), action_set_count(model->set));
}

static void check_operations(Arena *arena, const Model *a, const Model *b) {
    size_t count = catalogue_action_count();
    Model both[3];
    ActionSet once = action_set_copy(arena, a->set), twice = action_set_new(arena);
    bool subset = true;
    for (size_t k = 0; k < 3; k++)
        both[k] = (Model){action_set_copy(arena, a->set), ARENA_ARRAY(arena, bool, count)};
    action_set_unite(both[0].set, b->set);
    action_set_intersect(both[1].set, b->set);
    action_set_subtract(both[2].set, b->set);
    for (size_t i = 0; i < count; i++) {
        both[0].has[i] = a->has[i] || b->has[i];
        both[1].has[i] = a->has[i] && b->has[i];
        both[2].has[i] = a->has[i] && !b->has[i];
        subset = subset && (!a->has[i] || b->has[i]);
    }
    for (size_t k = 0; k < 3; k++) check_model(&both[k]);
    action_set_tally(once, twice, b->set);
    assert_true(action_set_equal(once, both[0].set));
    assert_true(action_set_equal(twice, both[1].set));
    check_bounds(a);
    assert_int_equal(action_set_is_subset(a->set, b->set), subset);
    assert_true(action_set_is_subset(both[1].set, b->set));
    assert_true(action_set_is_subset(a->set, both[0].set));
    assert_int_equal(action_set_equal(a->set, b->set),
                     memcmp(a->has, b->has, count * sizeof *a->has) == 0);
}

static void computes_with_sets(void **state) {
    uint32_t seed = 7;
    for (size_t i = 0; i < RANDOM_SETS; i++) {
        Model a = random_model(*state, &seed), b = random_model(*state, &seed);
        check_operations(*state, &a, &b);
        check_operations(*state, &a, &a);
        arena_free(*state); // which may be used again
    }
}

static void unites_patterns(void **state) {
    StrVec patterns = {0};
    VEC_PUSH(*state, &patterns, STR("ec2:Describe*"));
    VEC_PUSH(*state, &patterns, STR("ec2:DescribeInstances"));
    VEC_PUSH(*state, &patterns, STR("iam:PassRole"));
    ActionSet set = action_set_of_patterns(*state, &patterns), one = action_set_new(*state);
    size_t described = action_set_add_pattern(one, STR("ec2:Describe*"));
    assert_int_equal(action_set_count(set), described + 1);
    assert_true(action_set_is_subset(one, set));
    assert_false(action_set_is_subset(set, one));
}

// Patterns made to be slow end all the same.
static void is_never_slow(void **state) {
    static const char *const units[] = {"*a", "*?", "**", "?", "*e*"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        StrBuf pattern = strbuf_new(*state);
        strbuf_add(&pattern, STR("*"));
        for (size_t k = 0; k < 100000; k++) strbuf_add(&pattern, str_of(units[i]));
        strbuf_add(&pattern, STR("b"));
        (void)catalogue_access(strbuf_str(&pattern));
    }
    for (size_t length = 1; length < 40; length++) {
        StrBuf pattern = strbuf_new(*state);
        for (size_t k = 0; k < length; k++) strbuf_add(&pattern, STR("*a"));
        strbuf_add(&pattern, STR("*b"));
        (void)catalogue_access(strbuf_str(&pattern));
    }
}

// What was meant, for messages.
static void offers_what_is_near(void **state) {
    static const char *const rows[][2] = {
        {"ec2:RunInstance", "ec2:RunInstances"},
        {"ec2:RunInstnaces", "ec2:RunInstances"},
        {"ec3:RunInstances", "ec2:RunInstances"},
        {"cloudformation:DescribeStackEvent", "cloudformation:DescribeStackEvents"},
        {"s3:Gettobject", "s3:GetObject"},
        {"nosuchservice:Get", ""},
        {"ec2:Xyzzyxyzzy", ""},
        {"", ""},
        {"autoscaling", ""},
        {"ec2:Descrive*", "ec2:Describe*"},
        {"ec2:*Xyzzy", ""},
        {"lambdas:Invoke*", "lambda:Invoke*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str near = catalogue_nearest(*state, str_of(rows[i][0]));
        if (!str_equal(near, str_of(rows[i][1])))
            fail_msg("near '%s' is '%.*s'", rows[i][0], STR_ARG(near));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(expands_patterns, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(expands_random_patterns, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(spells_without_changing_the_meaning, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(spells_as_the_catalogue, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(computes_with_sets, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(unites_patterns, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(is_never_slow, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(offers_what_is_near, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests_name("expand", tests, NULL, NULL);
}
