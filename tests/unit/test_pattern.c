// Regular expressions in ECMAScript's dialect.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "reading.h"
#include "validate/pattern.h"

static PatternResult match(Reading *reading, const char *pattern, Str subject) {
    uint64_t steps = 1000000;
    Patterns *patterns = patterns_new(&reading->arena);
    Str problem = patterns_problem(patterns, str_of(pattern));
    if (problem.length > 0) fail_msg("%s: %.*s", pattern, STR_ARG(problem));
    return patterns_match(patterns, str_of(pattern), subject, &steps);
}

// The words of `subjects` are matched, those of `others` are not; between spaces.
static void assert_words(Reading *reading, const char *pattern, const char *words,
                         PatternResult expected) {
    Str all = str_of(words);
    for (size_t at = 0; at < all.length;) {
        size_t end = str_find_byte(all, ' ', at);
        Str word = str_slice(all, at, end);
        if (match(reading, pattern, word) != expected)
            fail_msg("%s is judged wrongly by %s", str_to_c(&reading->arena, word), pattern);
        at = end + 1;
    }
}

static void test_plain(void **state) {
    static const struct {
        const char *pattern, *words, *others;
    } cases[] = {
        {"abc", "abc xabcx", "ab acb"},
        {"^abc$", "abc", "xabc abcx"},
        {"a|b|", "a xb z", ""},
        {"^(a|bc)*$", "a bc abca", "b ac abb"},
        {"^(?:ab?)+$", "a ab aab abab", "b abb"},
        {"^a{3}$", "aaa", "aa aaaa"},
        {"^a{2,}$", "aa aaaaa", "a"},
        {"^a{0,2}$", "a aa", "aaa"},
        {"^(ab){1,2}$", "ab abab", "a ababab"},
        {"^(?:a|b){2,3}c$", "abc babc", "ac ababc"},
        {"^(ab){0}c$", "c", "abc"},
        {"^a+?b*?$", "a aab", "b"},
        {"^[a-cx-]+$", "abc-x", "d y"},
        {"^[^a-c]$", "d -", "a b"},
        {"^\\d\\w\\D\\W$", "1a-- 1_x.", "1axx aa--"},
        {"^[\\d.]+$", "1.2", "1a"},
        {"^\\x41\\.\\-\\/$", "A.-/", "A--/"},
        {"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", "a a-b 0", "-a a- A"},
        {"^.$", "a .", "ab"},
        {"[+*?{}()|^$\\]\\\\/]", "+ x] \\", "abc"},
    };
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_words(reading, cases[i].pattern, cases[i].words, PATTERN_MATCHES);
        assert_words(reading, cases[i].pattern, cases[i].others, PATTERN_DIFFERS);
    }
    assert_int_equal(match(reading, "^a?$", (Str){0}), PATTERN_MATCHES);
    assert_int_equal(match(reading, "^a$", (Str){0}), PATTERN_DIFFERS);
    assert_int_equal(match(reading, "^\\s$", STR("\v")), PATTERN_MATCHES);
    assert_int_equal(match(reading, "^.$", STR("\n")), PATTERN_DIFFERS);
    assert_int_equal(match(reading, "^a$", STR("a\n")), PATTERN_DIFFERS);
    assert_int_equal(match(reading, "a", STR("\0a")), PATTERN_MATCHES);
}

static void test_dialect(void **state) {
    static const struct {
        const char *pattern, *words, *others;
    } cases[] = {
        {"^a|b", "ax xb", "xa"},
        {"\\bfoo\\b", "foo a-foo", "foobar"},
        {"^(?!aws)[a-z]+$", "owner", "aws awsx"},
        {"^(?<!x)y(?=z)", "yz", "y"},
        {"^(a|b)\\1$", "aa bb", "ab"},
        {"^(?<x>a|b)\\k<x>$", "aa", "ab"},
        {"^(a)?\\1b$", "b aab", "ab"},
        {"^\\p{Letter}+$", "abc \xCF\x80", "1 a1"},
        {"^\\p{Lu}\\P{Lu}$", "Ab A1", "ab AB"},
        {"^[\\p{gc=Decimal_Number}x]+$", "1x \xE0\xA7\xAA", "y"},
        {"^\\p{Script=Greek}$", "\xCF\x80", "p"},
        {"^\\w$", "a _", "\xC3\xA9"},
        {"^\\d$", "1", "\xE0\xA7\xAA"},
        {"^\\S\\s?$", "a a\xC2\xA0 a\xE3\x80\x80", "\xC2\xA0 \xEF\xBB\xBF"},
        {"^[\\S]$", "a \xE2\x80\x93", "\xC2\xA0"},
        {"^.$", "\xC3\xA9 \xF0\x9F\x98\x80", "\xE2\x80\xA8"},
        {"^\\u00e9\\u{1F600}$", "\xC3\xA9\xF0\x9F\x98\x80", "u00e9"},
        {"^[[:alpha:]]$", "a] :] []", "b"},
        {"^a{,2}$", "a{,2}", "a aa"},
        {"^x[]?[^]$", "xy", "x"},
    };
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_words(reading, cases[i].pattern, cases[i].words, PATTERN_MATCHES);
        assert_words(reading, cases[i].pattern, cases[i].others, PATTERN_DIFFERS);
    }
    assert_int_equal(match(reading, "^\\v\\0\\cC$", STR("\v\0\3")), PATTERN_MATCHES);
    assert_int_equal(match(reading, "^\\b$|\\B\\t", STR("\t")), PATTERN_MATCHES);
    assert_int_equal(match(reading, "^é$", STR("é\n")), PATTERN_DIFFERS);
}

static void test_refused(void **state) {
    static const struct {
        const char *pattern, *problem;
    } cases[] = {
        {"a\\Z", "'\\Z' has no meaning in ECMAScript"},
        {"\\A", "'\\A' has no meaning in ECMAScript"},
        {"\\Qa\\E", "'\\Q' has no meaning in ECMAScript"},
        {"\\h", "'\\h' has no meaning in ECMAScript"},
        {"(?i)a", "'(?i' has no meaning in ECMAScript"},
        {"(?>a)", "'(?>' has no meaning in ECMAScript"},
        {"(?P<n>a)", "'(?P' has no meaning in ECMAScript"},
        {"(*UCP)a", "'(*U' has no meaning in ECMAScript"},
        {"a++", "'+' has no meaning in ECMAScript"},
        {"a{2}+", "'+' has no meaning in ECMAScript"},
        {"\\12", "'\\1' has no meaning in ECMAScript"},
        {"\\00", "'\\0' has no meaning in ECMAScript"},
        {"[\\1]", "'\\1' has no meaning in ECMAScript"},
        {"\\pL", "'\\p' has no meaning in ECMAScript"},
        {"\\p{Nothing}", "unknown property after \\P or \\p"},
        {"(", "missing closing parenthesis"},
        {"a**", "quantifier does not follow a repeatable item"},
        {"[b-a]", "range out of order in character class"},
        {"\\", "\\ at end of pattern"},
        {"(?<=a+)b", "lookbehind assertion is not fixed length"},
    };
    Reading *reading = *state;
    Patterns *patterns = patterns_new(&reading->arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str problem = patterns_problem(patterns, str_of(cases[i].pattern));
        assert_string_equal(str_to_c(&reading->arena, problem), cases[i].problem);
    }
}

static Str long_text(Reading *reading, const char *part, size_t times, const char *end) {
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < times; i++) strbuf_add(&out, str_of(part));
    strbuf_add(&out, str_of(end));
    return strbuf_str(&out);
}

static void test_limits(void **state) {
    Reading *reading = *state;
    // What would take for ever ends early; what is honest does not.
    assert_int_equal(match(reading, "\\b(a+)+$", long_text(reading, "a", 40, "!")),
                     PATTERN_TOO_COSTLY);
    assert_int_equal(match(reading, "^(\\w+,)*\\w+\\b$", long_text(reading, "name,", 2000, "x")),
                     PATTERN_MATCHES);
    assert_int_equal(match(reading, "^(?:[\\w-]+\\.)+\\p{L}{2,}$",
                           long_text(reading, "some-part.", 1000, "example")),
                     PATTERN_MATCHES);
    uint64_t steps = 9;
    Patterns *patterns = patterns_new(&reading->arena);
    assert_int_equal(patterns_match(patterns, STR("^b*?b*?[cd]$"), STR("bbbbbb"), &steps),
                     PATTERN_TOO_COSTLY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_plain),
        TEST(test_dialect),
        TEST(test_refused),
        TEST(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
