// References as RFC 3986 resolves them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading.h"
#include "validate/uri.h"

static void assert_resolves(Reading *reading, const char *base, const char *reference,
                            const char *expected) {
    Str found = uri_resolve(&reading->arena, str_of(base), str_of(reference));
    assert_string_equal(str_to_c(&reading->arena, found), expected);
}

// Sections 5.4.1 and 5.4.2, without those that have a fragment.
static void as_the_examples_of_the_rfc(void **state) {
    static const char *const rows[][2] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"http:g", "http:g"}, // strict
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_resolves(*state, "http://a/b/c/d;p?q", rows[i][0], rows[i][1]);
}

static void against_what_lacks_parts(void **state) {
    assert_resolves(*state, "https://example.org", "g", "https://example.org/g");
    assert_resolves(*state, "https://example.org?q", "g", "https://example.org/g");
    assert_resolves(*state, "", "g/h", "g/h");
    assert_resolves(*state, "", "", "");
    assert_resolves(*state, "a/b", "c", "a/c");
    assert_resolves(*state, "urn:example:thing", "", "urn:example:thing");
    assert_resolves(*state, "1a:b", "c", "c");
}

static void fragments_stand_behind(void **state) {
    (void)state;
    assert_true(str_equal(uri_without_fragment(STR("a#b#c")), STR("a")));
    assert_true(str_equal(uri_fragment(STR("a#b#c")), STR("b#c")));
    assert_true(str_equal(uri_without_fragment(STR("a")), STR("a")));
    assert_int_equal(uri_fragment(STR("a")).length, 0);
}

static void percents_are_decoded(void **state) {
    static const char *const bad[] = {"%", "a%4", "%g0", "%0g", "100% "};
    Reading *reading = *state;
    Str decoded;
    assert_true(uri_decode(&reading->arena, STR("a%2Fb%7e%C3%a9"), &decoded));
    assert_true(str_equal(decoded, STR("a/b~\xC3\xA9")));
    assert_true(uri_decode(&reading->arena, STR("plain"), &decoded));
    assert_true(str_equal(decoded, STR("plain")));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(uri_decode(&reading->arena, str_of(bad[i]), &decoded));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(as_the_examples_of_the_rfc),
        TEST(against_what_lacks_parts),
        TEST(fragments_stand_behind),
        TEST(percents_are_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
