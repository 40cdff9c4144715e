// Template skeletons that loop: each ends, with a message where it would take too long.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit/skeleton.h"
#include "reading.h"

enum { LEVELS = 8 };

static uint32_t fill(Reading *reading, Str skeleton, const char *context) {
    static TreeBuilder builder;
    Node from = reading_yaml(reading, str_to_c(&reading->arena, skeleton));
    size_t steps = 0;
    tree_begin(&builder, &reading->arena, NULL);
    return skeleton_fill(&builder, &reading->diags, from, reading_yaml(reading, context), &steps);
}

// A loop within a loop, `levels` of them, around `inner`.
static Str loops(Reading *reading, size_t levels, const char *inner) {
    StrBuf text = strbuf_new(&reading->arena);
    for (size_t i = 0; i < levels; i++) strbuf_add_format(&text, "{'${{ each x%zu in xs }}': ", i);
    strbuf_add(&text, str_of(inner));
    for (size_t i = 0; i < levels; i++) strbuf_add_byte(&text, '}');
    return strbuf_str(&text);
}

static void assert_bounded(Reading *reading, Str skeleton) {
    static const char context[] = "{xs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], none: ''}";
    assert_int_equal(fill(reading, skeleton, context), 0);
    if (strstr(reading_messages(reading), "grows without bounds") == NULL)
        fail_msg("%.*s is not said to be too much", STR_ARG(skeleton));
}

static void loops_are_carried_out(void **state) {
    Reading *reading = *state;
    Str skeleton = loops(reading, 2, "{'k${{ x0 }}${{ x1 }}': 1}");
    assert_int_not_equal(fill(reading, skeleton, "xs: [1, 2, 3]"), 0);
    assert_string_equal(reading_messages(reading), "");
}

static void loops_without_result_end(void **state) {
    assert_bounded(*state, loops(*state, LEVELS, "{}"));
}

static void loops_that_make_ever_more_end(void **state) {
    assert_bounded(
        *state, loops(*state, 6, "{'k${{ x0 }}${{ x1 }}${{ x2 }}${{ x3 }}${{ x4 }}${{ x5 }}': 1}"));
    assert_bounded(*state, STR("[{'${{ each a in xs }}': [{'${{ each b in xs }}': "
                               "[{'${{ each c in xs }}': [{'${{ each d in xs }}': "
                               "[{'${{ each e in xs }}': ['${{ xs }}', '${{ xs }}']}]}]}]}]}]"));
}

static void skeletons_that_are_wrong_are_refused(void **state) {
    static const struct {
        const char *skeleton, *message;
    } rows[] = {
        {"{'${{ each a in name }}': {b: 1}}", "1:2 template-error: not a list: 'name'\n"},
        {"{'${{ each a in none }}': {b: 1}}", "1:2 template-error: there is no 'none'\n"},
        {"{'${{ each a }}': {b: 1}}",
         "1:2 template-error: not 'each x in xs', 'if x' or 'if not x': 'each a'\n"},
        {"{a: 'is ${{ xs }}'}", "1:5 template-error: there is no text 'xs'\n"},
        {"{a: '${{ none }}'}", "1:5 template-error: there is no 'none'\n"},
        {"{a: 1, '${{ letter }}': 2}", "1:8 template-error: two members of one name: 'a'\n"},
        {"{'${{ if name }}': text}", "1:20 template-error: a mapping is needed here, not 'text'\n"},
        {"[{'${{ if name }}': [1], b: 2}]",
         "1:26 template-error: a directive is needed beside the others, not 'b'\n"},
    };
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t made =
            fill(reading, str_of(rows[i].skeleton), "{xs: [1, 2], name: prod, letter: a}");
        assert_int_equal(made, 0);
        assert_string_equal(reading_messages(reading), rows[i].message);
    }
}

// What gives nothing costs too: conditions that do not hold, and placeholders of empty texts.
static void much_that_gives_nothing_ends(void **state) {
    Reading *reading = *state;
    StrBuf conditions = strbuf_new(&reading->arena), text = strbuf_new(&reading->arena);
    strbuf_add_byte(&conditions, '{');
    for (int i = 0; i < 5000; i++) strbuf_add_format(&conditions, "'${{ if no%d }}': {}, ", i);
    strbuf_add_byte(&conditions, '}');
    strbuf_add(&text, STR("['"));
    for (int i = 0; i < 5000; i++) strbuf_add(&text, STR("${{ none }}"));
    strbuf_add(&text, STR("']"));
    assert_bounded(reading, loops(reading, 4, str_to_c(&reading->arena, strbuf_str(&conditions))));
    Str list = str_format(&reading->arena,
                          "[{'${{ each a in xs }}': [{'${{ each b in xs }}': "
                          "[{'${{ each c in xs }}': %.*s}]}]}]",
                          STR_ARG(strbuf_str(&text)));
    assert_bounded(reading, list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(skeletons_that_are_wrong_are_refused, reading_set_up,
                                        reading_tear_down),
        cmocka_unit_test_setup_teardown(loops_are_carried_out, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(much_that_gives_nothing_ends, reading_set_up,
                                        reading_tear_down),
        cmocka_unit_test_setup_teardown(loops_without_result_end, reading_set_up,
                                        reading_tear_down),
        cmocka_unit_test_setup_teardown(loops_that_make_ever_more_end, reading_set_up,
                                        reading_tear_down),
    };
    return cmocka_run_group_tests_name("skeleton", tests, NULL, NULL);
}
