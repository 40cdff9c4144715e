// Places in sources, the list of messages, and the collector.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "diag/diag.h"
#include "diag/render.h"

typedef struct Fixture {
    Arena arena;
    Diags diags;
} Fixture;

static void no_memory(void *context) {
    (void)context;
    abort();
}

static int set_up(void **state) {
    static Fixture fixture;
    arena_init(&fixture.arena, no_memory, NULL);
    diags_init(&fixture.diags, &fixture.arena, 20);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    arena_free(&fixture->arena);
    return 0;
}

static Diags *diags_of(void **state) {
    Fixture *fixture = *state;
    return &fixture->diags;
}

// --- places ---

static void assert_position(const Source *source, uint32_t offset, uint32_t line, uint32_t column) {
    Position position = source_position(source, offset);
    assert_int_equal(position.line, line);
    assert_int_equal(position.column, column);
}

static void assert_line(const Source *source, uint32_t offset, const char *expected) {
    Str line = source_line(source, offset);
    assert_int_equal(line.length, strlen(expected));
    if (line.length != 0) assert_memory_equal(line.data, expected, line.length);
}

static void check_places(const Source *source) {
    // \xEF\xBB\xBF a\n | \xC3\xA9 b\r\n | c\r | d
    assert_position(source, 0, 1, 1);
    assert_position(source, 3, 1, 1);
    assert_position(source, 4, 1, 2);
    assert_position(source, 5, 2, 1);
    assert_position(source, 7, 2, 2);
    assert_position(source, 9, 2, 4); // within CRLF
    assert_position(source, 10, 3, 1);
    assert_position(source, 12, 4, 1);
    assert_position(source, 13, 4, 2);
    assert_position(source, 99, 4, 2);
    assert_line(source, 0, "a");
    assert_line(source, 4, "a");
    assert_line(source, 5,
                "\xC3\xA9"
                "b");
    assert_line(source, 9,
                "\xC3\xA9"
                "b");
    assert_line(source, 10, "c");
    assert_line(source, 99, "d");
}

static void places_count_lines_and_characters(void **state) {
    Fixture *fixture = *state;
    Source source = {.name = STR("x"),
                     .text = STR("\xEF\xBB\xBF"
                                 "a\n"
                                 "\xC3\xA9"
                                 "b\r\nc\rd")};
    check_places(&source);
    const Source *with_lines = source_with_lines(&fixture->arena, &source);
    assert_int_equal(with_lines->line_count, 4);
    check_places(with_lines);
    assert_ptr_equal(source_with_lines(&fixture->arena, with_lines), with_lines);
}

static void places_of_an_empty_text(void **state) {
    (void)state;
    Source empty = {.name = STR("x"), .text = STR("")};
    assert_position(&empty, 0, 1, 1);
    assert_line(&empty, 0, "");
    Source ended = {.name = STR("x"), .text = STR("a\n")};
    assert_position(&ended, 2, 2, 1);
    assert_line(&ended, 2, "");
}

static void places_without_the_text(void **state) {
    Fixture *fixture = *state;
    static const uint32_t lines[] = {0, 10, 11};
    Source compiled_in = {.name = STR("x"), .lines = lines, .line_count = 3};
    assert_position(&compiled_in, 0, 1, 1);
    assert_position(&compiled_in, 9, 1, 10);
    assert_position(&compiled_in, 10, 2, 1);
    assert_position(&compiled_in, 500, 3, 490);
    assert_line(&compiled_in, 10, "");
    Source unread = {.name = STR("x")};
    assert_position(&unread, 0, 0, 0);
    assert_line(&unread, 0, "");
    assert_ptr_equal(source_with_lines(&fixture->arena, &unread), &unread);
}

// --- messages ---

static bool is_kebab_case(const char *name) {
    bool after_letter = false;
    for (const char *c = name; *c != '\0'; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (!letter && (*c != '-' || !after_letter)) return false;
        after_letter = letter;
    }
    return after_letter;
}

static void messages_have_names_of_their_own(void **state) {
    (void)state;
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) {
        const Message *row = message_get((MessageId)id);
        if (!is_kebab_case(row->name)) fail_msg("'%s' is not kebab-case", row->name);
        if (message_find(str_of(row->name)) != (MessageId)id)
            fail_msg("there are two messages '%s'", row->name);
    }
    assert_int_equal(message_find(STR("no-such-message")), MESSAGE_COUNT);
    assert_int_equal(message_find(STR("")), MESSAGE_COUNT);
}

static void messages_are_documented(void **state) {
    (void)state;
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) {
        const Message *row = message_get((MessageId)id);
        size_t length = strlen(row->documentation);
        if (row->title[0] == '\0') fail_msg("'%s' has no title", row->name);
        if (length < 100) fail_msg("'%s' is not documented", row->name);
        if (row->documentation[length - 1] != '.' || strchr(row->documentation, '\n') != NULL)
            fail_msg("the documentation of '%s' is not one paragraph", row->name);
    }
}

// Those that are checks of lint, or those that are not, stand behind `begin` in their order.
static void section_is_in_order(Fixture *fixture, Str text, bool checks, Str begin) {
    MessageId ids[MESSAGE_COUNT];
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) ids[id] = (MessageId)id;
    messages_sort(ids, MESSAGE_COUNT);
    size_t at = str_find(text, begin, 0);
    for (unsigned i = 0; i < MESSAGE_COUNT; i++) {
        const Message *row = message_get(ids[i]);
        if (message_is_check(row) != checks) continue;
        Str heading = str_format(&fixture->arena, "\n## %s\n\n**", row->name);
        at = str_find(text, heading, at);
        if (at == text.length) fail_msg("'%s' is missing or out of order", row->name);
        assert_int_equal(str_find(text, heading, at + 1), text.length);
        assert_true(str_find(text, str_of(row->documentation), at) < text.length);
    }
}

static void reference_has_every_message_once_in_order(void **state) {
    Fixture *fixture = *state;
    StrBuf out = strbuf_new(&fixture->arena);
    diag_write_reference(&out);
    Str text = strbuf_str(&out);
    section_is_in_order(fixture, text, false, STR("\n## Exit status\n"));
    section_is_in_order(fixture, text, true, STR("\n# Checks of lint\n"));
    assert_int_equal(text.data[text.length - 1], '\n');
    assert_int_equal(utf8_first_invalid(text), text.length);
}

// --- the collector ---

// What is longer than anybody could read ends behind a whole character, with a mark.
static void collector_cuts_long_texts(void **state) {
    enum { LONGEST = 4096 };
    Fixture *fixture = *state;
    for (size_t before = 0; before < 3; before++) {
        StrBuf text = strbuf_new(&fixture->arena);
        for (size_t i = 0; i < before; i++) strbuf_add_byte(&text, 'a');
        for (size_t i = 0; i < LONGEST; i++) strbuf_add(&text, STR("\xE2\x82\xAC"));
        Diagnostic *d = diag_report(&fixture->diags, MSG_UNKNOWN_KEY, NO_SPAN, "%.*s",
                                    STR_ARG(strbuf_str(&text)));
        assert_true(d->text.length <= LONGEST + 3 && d->text.length > LONGEST);
        assert_int_equal(utf8_first_invalid(d->text), d->text.length);
        assert_true(str_ends_with(d->text, STR("\xE2\x82\xAC\xE2\x80\xA6")));
    }
}

static void collector_drops_repeats(void **state) {
    Diags *diags = diags_of(state);
    Source a = {.name = STR("a"), .text = STR("abc")};
    Source b = {.name = STR("b"), .text = STR("abc")};
    assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 0, 1}, "one"));
    assert_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 0, 1}, "one"));
    assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 0, 1}, "another text"));
    assert_non_null(diag_report(diags, MSG_WRONG_TYPE, (Span){&a, 0, 1}, "another id"));
    assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 0, 2}, "another span"));
    assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&b, 0, 1}, "another source"));
    assert_non_null(diag_report(diags, MSG_CANNOT_READ, NO_SPAN, "no place: a"));
    assert_non_null(diag_report(diags, MSG_CANNOT_READ, NO_SPAN, "no place: b"));
    assert_null(diag_report(diags, MSG_CANNOT_READ, NO_SPAN, "no place: b"));
    assert_int_equal(diags->items.count, 7);
    assert_int_equal(diags_errors(diags), 9); // a rise tells of an error, shown or not
    diag_note(diags, NULL, NO_SPAN, "%s", "goes nowhere");
}

static void collector_caps_each_source_and_severity(void **state) {
    Diags *diags = diags_of(state);
    diags->max_errors = 3;
    Source a = {.name = STR("a"), .text = STR("abcdefgh")};
    Source b = {.name = STR("b"), .text = STR("abcdefgh")};
    for (uint32_t i = 0; i < 5; i++) {
        Diagnostic *error = diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, i, i}, "error");
        assert_int_equal(error != NULL, i < 3);
        Diagnostic *warning = diag_report(diags, MSG_UNUSED_ROLE, (Span){&a, i, i}, "warning");
        assert_int_equal(warning != NULL, i < 3);
    }
    assert_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 4, 4}, "error"));
    assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&b, 0, 0}, "other source"));
    assert_int_equal(diags_errors(diags), 7);
    assert_int_equal(diags_warnings(diags), 5);
    assert_int_equal(diags->counts.count, 2);
    assert_int_equal(diags->counts.items[0].hidden[COUNT_ERRORS], 2);
    assert_int_equal(diags->counts.items[0].hidden[COUNT_WARNINGS], 2);
    assert_int_equal(diags->counts.items[1].hidden[COUNT_ERRORS], 0);
}

static void collector_has_no_cap_at_zero(void **state) {
    Diags *diags = diags_of(state);
    diags->max_errors = 0;
    Source a = {.name = STR("a"), .text = STR("a")};
    for (uint32_t i = 0; i < 100; i++)
        assert_non_null(diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, i, i}, "error"));
}

static void acknowledge(Diags *diags, Acknowledgement entry) {
    VEC_PUSH(diags->arena, &diags->acknowledgements, entry);
}

static void acknowledgements_lower_the_severity(void **state) {
    Diags *diags = diags_of(state);
    Source a = {.name = STR("a"), .text = STR("0123456789")};
    Source b = {.name = STR("b"), .text = STR("0123456789")};
    Span inside = {&a, 3, 5};
    acknowledge(diags, (Acknowledgement){.id = MSG_CUSTOMIZED_PARTITION,
                                         .where = {&a, 2, 6},
                                         .reason = STR("ticket")});
    acknowledge(diags, (Acknowledgement){.id = MSG_FOREIGN_ACCOUNT, .reason = STR("shared")});
    acknowledge(diags, (Acknowledgement){.id = MSG_FOREIGN_ACCOUNT, .reason = STR("again")});
    acknowledge(diags, (Acknowledgement){.id = MSG_UNKNOWN_KEY, .reason = STR("not possible")});
    acknowledge(diags, (Acknowledgement){.id = MSG_WILDCARD_PARAMETER});
    const Acknowledgement *entries = diags->acknowledgements.items;

    Diagnostic *error = diag_report(diags, MSG_CUSTOMIZED_PARTITION, inside, "x");
    assert_int_equal(error->severity, SEVERITY_WARNING);
    assert_int_equal(error->acknowledged.length, 6);
    assert_true(entries[0].used);
    Diagnostic *warning = diag_report(diags, MSG_FOREIGN_ACCOUNT, (Span){&b, 0, 1}, "x");
    assert_int_equal(warning->severity, SEVERITY_NOTE);
    assert_true(entries[1].used);
    assert_false(entries[2].used); // the first covers it
    Diagnostic *fixed = diag_report(diags, MSG_UNKNOWN_KEY, inside, "x");
    assert_int_equal(fixed->severity, SEVERITY_ERROR);
    assert_false(entries[3].used);
    Diagnostic *no_reason = diag_report(diags, MSG_WILDCARD_PARAMETER, inside, "x");
    assert_int_equal(no_reason->severity, SEVERITY_WARNING);
    assert_int_equal(no_reason->acknowledged.length, 0);
    assert_false(entries[4].used);

    const Span outside[] = {{&a, 1, 5}, {&a, 3, 7}, {&b, 3, 5}, NO_SPAN};
    for (size_t i = 0; i < 4; i++) {
        Diagnostic *other = diag_report(diags, MSG_CUSTOMIZED_PARTITION, outside[i], "x");
        assert_int_equal(other->severity, SEVERITY_ERROR);
    }
    assert_int_equal(diags_errors(diags), 5);
    assert_int_equal(diags_warnings(diags), 1); // acknowledged ones do not count
}

// Manifests that share a place may differ in what they acknowledge.
static void acknowledged_message_does_not_hide_the_error(void **state) {
    Diags *diags = diags_of(state);
    Source a = {.name = STR("a"), .text = STR("0123456789")};
    acknowledge(diags, (Acknowledgement){.id = MSG_CUSTOMIZED_PARTITION, .reason = STR("ticket")});
    assert_non_null(diag_report(diags, MSG_CUSTOMIZED_PARTITION, (Span){&a, 0, 1}, "x"));
    assert_null(diag_report(diags, MSG_CUSTOMIZED_PARTITION, (Span){&a, 0, 1}, "x"));
    diags->acknowledgements.count = 0;
    assert_non_null(diag_report(diags, MSG_CUSTOMIZED_PARTITION, (Span){&a, 0, 1}, "x"));
    assert_int_equal(diags_errors(diags), 1);
}

static void promotion_makes_warnings_errors(void **state) {
    Diags *diags = diags_of(state);
    diags->max_errors = 2;
    Source a = {.name = STR("a"), .text = STR("0123456789")};
    acknowledge(diags, (Acknowledgement){.id = MSG_CUSTOMIZED_PARTITION, .reason = STR("r")});
    (void)diag_report(diags, MSG_UNUSED_ROLE, (Span){&a, 0, 0}, "w0");
    (void)diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 1, 1}, "e1");
    (void)diag_report(diags, MSG_UNUSED_ROLE, (Span){&a, 2, 2}, "w2");
    (void)diag_report(diags, MSG_UNUSED_ROLE, (Span){&a, 3, 3}, "w3, hidden");
    (void)diag_report(diags, MSG_CUSTOMIZED_PARTITION, (Span){&a, 4, 4}, "acknowledged");
    diags_promote_warnings(diags);
    assert_int_equal(diags_errors(diags), 4);
    assert_int_equal(diags_warnings(diags), 0);
    assert_int_equal(diags->items.count, 3); // of two promoted warnings only one finds room
    assert_int_equal(diags->items.items[0]->severity, SEVERITY_ERROR);
    assert_int_equal(diags->items.items[1]->severity, SEVERITY_ERROR);
    assert_int_equal(diags->items.items[2]->severity, SEVERITY_WARNING);
    const SourceCount *count = &diags->counts.items[0];
    assert_int_equal(count->shown[COUNT_ERRORS], 2);
    assert_int_equal(count->hidden[COUNT_ERRORS], 2);
    assert_int_equal(count->hidden[COUNT_WARNINGS], 0);
}

static void promotion_of_nothing_changes_nothing(void **state) {
    Diags *diags = diags_of(state);
    diags_promote_warnings(diags);
    assert_int_equal(diags_errors(diags), 0);
    assert_int_equal(diags->items.count, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(places_count_lines_and_characters),
        TEST(places_of_an_empty_text),
        TEST(places_without_the_text),
        TEST(messages_have_names_of_their_own),
        TEST(messages_are_documented),
        TEST(reference_has_every_message_once_in_order),
        TEST(collector_drops_repeats),
        TEST(collector_cuts_long_texts),
        TEST(collector_caps_each_source_and_severity),
        TEST(collector_has_no_cap_at_zero),
        TEST(acknowledgements_lower_the_severity),
        TEST(acknowledged_message_does_not_hide_the_error),
        TEST(promotion_makes_warnings_errors),
        TEST(promotion_of_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
