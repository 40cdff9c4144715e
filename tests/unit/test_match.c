// Patterns of actions against an exhaustive search over short patterns and short actions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "model/arn.h"
#include "policy/match.h"

// Patterns are of two letters and the wildcards; a third letter stands for all that they lack.
enum { LONGEST_PATTERN = 4, LONGEST_TEXT = 6, MOST_TEXTS = 1200, MOST_PATTERNS = 400 };

static const char pattern_letters[] = "ab*?", text_letters[] = "abc";

// All words over `letters` up to a length, the shortest first; returns how many.
static size_t all_words(Arena *arena, const char *letters, size_t longest, Str *words) {
    size_t count = 1, base = strlen(letters);
    words[0] = STR("");
    for (size_t i = 0; i < count; i++) {
        if (words[i].length == longest) break;
        for (size_t k = 0; k < base; k++)
            words[count++] = str_format(arena, "%.*s%c", STR_ARG(words[i]), letters[k]);
    }
    return count;
}

// What IAM documents, without a thought for speed.
static bool matches(const char *pattern, const char *text) {
    if (*pattern == '\0') return *text == '\0';
    if (*pattern == '*')
        return matches(pattern + 1, text) || (*text != '\0' && matches(pattern, text + 1));
    return *text != '\0' && (*pattern == '?' || *pattern == *text) &&
           matches(pattern + 1, text + 1);
}

// Which of the texts a pattern matches.
static void match_all(Str pattern, const Str *texts, size_t count, bool *ret_matches) {
    for (size_t i = 0; i < count; i++) ret_matches[i] = matches(pattern.data, texts[i].data);
}

static bool is_subset(const bool *part, const bool *whole, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (part[i] && !whole[i]) return false;
    }
    return true;
}

// Where the answer must be exact: against an action without wildcards, and where the pattern has no
// question mark. Elsewhere "no" may mean that it is not known (`?*` does cover `*a`).
static bool must_be_exact(Str pattern, Str other) {
    return !has_wildcard(other) || str_find_byte(pattern, '?', 0) == pattern.length;
}

static void check_pair(Arena *arena, Str pattern, Str other, bool is_covered) {
    bool says = action_covers(arena, pattern, other);
    if (says != is_covered && (says || must_be_exact(pattern, other)))
        fail_msg("'%s' covers '%s': should be %d", pattern.data, other.data, is_covered);
}

// Texts of six letters tell any two patterns of four symbols apart where they differ.
static void covers_what_every_text_shows(void **state) {
    Str *patterns = ARENA_ARRAY(*state, Str, MOST_PATTERNS);
    Str *texts = ARENA_ARRAY(*state, Str, MOST_TEXTS);
    size_t pattern_count = all_words(*state, pattern_letters, LONGEST_PATTERN, patterns);
    size_t text_count = all_words(*state, text_letters, LONGEST_TEXT, texts);
    bool *matched = ARENA_ARRAY(*state, bool, pattern_count *text_count);
    assert_true(pattern_count <= MOST_PATTERNS && text_count <= MOST_TEXTS);
    for (size_t i = 0; i < pattern_count; i++)
        match_all(patterns[i], texts, text_count, matched + i * text_count);
    for (size_t i = 0; i < pattern_count; i++) {
        for (size_t k = 0; k < pattern_count; k++)
            check_pair(*state, patterns[i], patterns[k],
                       is_subset(matched + k * text_count, matched + i * text_count, text_count));
    }
}

static void covers_actions(void **state) {
    static const struct {
        const char *pattern, *other;
        bool covers;
    } rows[] = {
        {"ec2:Describe*", "ec2:DescribeInstances", true},
        {"ec2:Describe*", "ec2:Describe*", true},
        {"ec2:Describe*", "ec2:Describe", true},
        {"ec2:Describe*", "ec2:*", false},
        {"ec2:DescribeInstances", "ec2:Describe*", false},
        {"EC2:describe*", "ec2:DescribeInstances", true},
        {"ec2:describeinstances", "EC2:DescribeInstances", true},
        {"ec2:DescribeInstances", "ec2:DescribeInstance", false},
        {"ec2:DescribeInstance?", "ec2:DescribeInstances", true},
        {"ec2:DescribeInstance?", "ec2:DescribeInstance", false},
        {"ec2:*Instances", "ec2:RunInstances", true},
        {"ec2:*Instances", "ec2:RunInstancesX", false},
        {"*", "ec2:Describe*", true},
        {"*:*", "ec2:Describe*", true},
        {"*:*", "*", false},
        {"**", "*", true},
        {"*?", "?*", true},
        {"?*?", "??*", true},
        {"s3:Get*Acl*", "s3:Get*BucketAcl", true},
        {"s3:Get*Acl*", "s3:GetBucket*", false},
        {"a*b*c", "aXbXbXc", true},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (action_covers(*state, str_of(rows[i].pattern), str_of(rows[i].other)) != rows[i].covers)
            fail_msg("'%s' covers '%s': should be %d", rows[i].pattern, rows[i].other,
                     rows[i].covers);
    }
}

// A pattern made to be slow ends all the same: at most pattern x other steps.
static void is_never_slow(void **state) {
    enum { LENGTH = 4000 };
    StrBuf pattern = strbuf_new(*state), text = strbuf_new(*state);
    for (size_t i = 0; i < LENGTH; i++) {
        strbuf_add(&pattern, STR("*a"));
        strbuf_add(&text, STR("a"));
    }
    strbuf_add(&pattern, STR("b"));
    assert_false(action_covers(*state, strbuf_str(&pattern), strbuf_str(&text)));
    strbuf_add(&text, STR("b"));
    assert_true(action_covers(*state, strbuf_str(&pattern), strbuf_str(&text)));
}

static void knows_wildcards(void **state) {
    (void)state;
    assert_true(has_wildcard(STR("ec2:*")));
    assert_true(has_wildcard(STR("ec2:Describe?")));
    assert_false(has_wildcard(STR("ec2:DescribeInstances")));
    assert_false(has_wildcard(STR("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(covers_what_every_text_shows, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(covers_actions, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(is_never_slow, memory_set_up, memory_tear_down),
        cmocka_unit_test(knows_wildcards),
    };
    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
