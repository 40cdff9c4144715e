// What the four formats make of messages, to the byte or, for JSON, to the value.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diag.h"
#include "diag/jsonout.h"
#include "diag/render.h"
#include "diag/uri.h"

typedef struct Fixture {
    Arena arena;
    Diags diags;
    RenderOptions options;
    json_t *json; // of the latest render_to_json
} Fixture;

// A Str in a constant.
#define TEXT(literal) \
    { (literal), sizeof(literal) - 1 }

static const Source manifest = {
    .name = TEXT("accounts/prod.yaml"),
    .text = TEXT("version: 1\n"
                 "name: prod\n"
                 "products:\n"
                 "  ocaen: {integrations: [eks]}\n"
                 "\tx: [\ty]\n"),
};
enum { OCAEN = 34, TAB = 63 };

// U+202E, right-to-left override, by its bytes: compilers and linters warn of it in literals.
static const char override[] = {'\xE2', '\x80', '\xAE', '\0'};

static void no_memory(void *context) {
    (void)context;
    abort();
}

static int set_up(void **state) {
    static Fixture fixture;
    fixture = (Fixture){.options = {.version = STR("1.2.3")}};
    arena_init(&fixture.arena, no_memory, NULL);
    diags_init(&fixture.diags, &fixture.arena, 20);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    json_decref(fixture->json);
    arena_free(&fixture->arena);
    return 0;
}

static Str render(Fixture *fixture, const char *name) {
    const DiagFormat *format = diag_formats;
    while (strcmp(format->name, name) != 0) format++;
    StrBuf out = strbuf_new(&fixture->arena);
    strbuf_add(&out, STR("before|"));
    format->render(&fixture->diags, &fixture->options, &out);
    Str text = strbuf_str(&out);
    assert_true(str_starts_with(text, STR("before|"))); // renderers only append
    return str_slice(text, 7, text.length);
}

static void assert_renders(Fixture *fixture, const char *format, const char *expected) {
    Str text = render(fixture, format);
    assert_string_equal(str_to_c(&fixture->arena, text), expected);
}

static json_t *render_to_json(Fixture *fixture, const char *format) {
    Str text = render(fixture, format);
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] < 0x7F));
    assert_int_equal(text.data[text.length - 1], '\n');
    json_decref(fixture->json);
    fixture->json = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(fixture->json);
    return fixture->json;
}

// The value at a path such as "runs.0.tool".
static const json_t *at(const json_t *value, const char *path) {
    char key[64];
    while (*path != '\0') {
        size_t length = strcspn(path, ".");
        assert_true(length < sizeof key);
        memcpy(key, path, length);
        key[length] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)strtoul(key, NULL, 10))
                                     : json_object_get(value, key);
        path += length + (path[length] == '.');
    }
    return value;
}

static void assert_text_at(const json_t *value, const char *path, const char *expected) {
    const json_t *found = at(value, path);
    if (!json_is_string(found)) fail_msg("no text at %s", path);
    assert_string_equal(json_string_value(found), expected);
}

static void assert_number_at(const json_t *value, const char *path, int expected) {
    const json_t *found = at(value, path);
    if (!json_is_integer(found)) fail_msg("no number at %s", path);
    assert_int_equal(json_integer_value(found), expected);
}

static void assert_null_at(const json_t *value, const char *path) {
    if (!json_is_null(at(value, path))) fail_msg("no null at %s", path);
}

static Diagnostic *report_product(Fixture *fixture) {
    Diagnostic *d =
        diag_report(&fixture->diags, MSG_UNKNOWN_PRODUCT, (Span){&manifest, OCAEN, OCAEN + 5},
                    "no product 'ocaen'; did you mean 'ocean'?");
    diag_note(&fixture->diags, d, NO_SPAN, "products: eco, ocean (spotc list)");
    return d;
}

static void acknowledge(Fixture *fixture, MessageId id, Str reason) {
    Acknowledgement entry = {.id = id, .reason = reason};
    VEC_PUSH(&fixture->arena, &fixture->diags.acknowledgements, entry);
}

// A source of one line, named x, and an error on its bytes [begin, end).
static void report_on(Fixture *fixture, Str line, uint32_t begin, uint32_t end) {
    Source *source = ARENA_NEW(&fixture->arena, Source);
    *source = (Source){.name = STR("x"), .text = line};
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){source, begin, end}, "e");
}

// --- text ---

static void text_is_gccs_form(void **state) {
    Fixture *fixture = *state;
    Diagnostic *d = report_product(fixture);
    diag_note(&fixture->diags, d, (Span){&manifest, 11, 15}, "the name is here");
    assert_renders(fixture, "text",
                   "accounts/prod.yaml:4:3: error: no product 'ocaen'; did you mean 'ocean'? "
                   "[unknown-product]\n"
                   "    4 |   ocaen: {integrations: [eks]}\n"
                   "      |   ^~~~~\n"
                   "accounts/prod.yaml:4:3: note: products: eco, ocean (spotc list)\n"
                   "accounts/prod.yaml:2:1: note: the name is here\n"
                   "    2 | name: prod\n"
                   "      | ^~~~\n");
}

static void text_without_a_place(void **state) {
    Fixture *fixture = *state;
    static const Source unread = {.name = TEXT("gone.yaml")};
    static const uint32_t lines[] = {0, 10};
    static const Source compiled_in = {.name = TEXT("ocean.yaml"), .lines = lines, .line_count = 2};
    Diagnostic *d = diag_report(&fixture->diags, MSG_CANNOT_READ, NO_SPAN, "no place");
    diag_note(&fixture->diags, d, NO_SPAN, "nor here");
    (void)diag_report(&fixture->diags, MSG_CANNOT_READ, (Span){&unread, 0, 0}, "a file");
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&compiled_in, 12, 14}, "no text");
    assert_renders(fixture, "text",
                   "spotc: error: no place [cannot-read]\n"
                   "spotc: note: nor here\n"
                   "gone.yaml: error: a file [cannot-read]\n"
                   "ocean.yaml:2:3: error: no text [syntax]\n");
}

static void text_is_empty_without_messages(void **state) {
    assert_renders(*state, "text", "");
}

static void text_sorts_by_source_place_and_report(void **state) {
    Fixture *fixture = *state;
    Diags *diags = &fixture->diags;
    static const Source b = {.name = TEXT("b")}, a = {.name = TEXT("a")};
    (void)diag_report(diags, MSG_SYNTAX, (Span){&b, 5, 6}, "1");
    (void)diag_report(diags, MSG_UNKNOWN_KEY, (Span){&a, 9, 9}, "2");
    (void)diag_report(diags, MSG_UNKNOWN_KEY, (Span){&b, 2, 3}, "3");
    (void)diag_report(diags, MSG_WRONG_TYPE, (Span){&b, 2, 3}, "4");
    (void)diag_report(diags, MSG_SYNTAX, (Span){&a, 0, 9}, "5");
    assert_renders(fixture, "text",
                   "b: error: 3 [unknown-key]\n"
                   "b: error: 4 [wrong-type]\n"
                   "b: error: 1 [syntax]\n"
                   "a: error: 5 [syntax]\n"
                   "a: error: 2 [unknown-key]\n");
}

static void text_keeps_tabs_below_tabs(void **state) {
    Fixture *fixture = *state;
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&manifest, TAB, TAB + 1}, "tab");
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&manifest, TAB + 4, TAB + 7}, "value");
    assert_int_equal(manifest.text.data[TAB], '\t');
    assert_renders(fixture, "text",
                   "accounts/prod.yaml:5:1: error: tab [syntax]\n"
                   "    5 | \tx: [\ty]\n"
                   "      | ^\n"
                   "accounts/prod.yaml:5:5: error: value [syntax]\n"
                   "    5 | \tx: [\ty]\n"
                   "      | \t   ^\t~\n");
}

static void text_marks_what_is_on_the_line(void **state) {
    Fixture *fixture = *state;
    report_on(fixture, STR("ab\ncd\n"), 1, 6); // goes on on the next line
    report_on(fixture, STR("ab\r\n"), 2, 4);   // the line break itself
    report_on(fixture, STR("ab\n"), 3, 3);     // the end of the text
    report_on(fixture, STR("ab"), 1, 1);       // nothing
    report_on(fixture, STR("\xEF\xBB\xBF\xC3\xA9\xC3\xA9"), 5, 7);
    assert_renders(fixture, "text",
                   "x:1:2: error: e [syntax]\n"
                   "    1 | ab\n"
                   "      |  ^\n"
                   "x:1:3: error: e [syntax]\n"
                   "    1 | ab\n"
                   "      |   ^\n"
                   "x:2:1: error: e [syntax]\n"
                   "    2 | \n"
                   "      | ^\n"
                   "x:1:2: error: e [syntax]\n"
                   "    1 | ab\n"
                   "      |  ^\n"
                   "x:1:2: error: e [syntax]\n"
                   "    1 | \xC3\xA9\xC3\xA9\n"
                   "      |  ^\n");
}

static void text_escapes_what_is_not_seen(void **state) {
    Fixture *fixture = *state;
    Source source = {
        .name = str_format(&fixture->arena, "a\x1b[31m\n%s.yaml", override),
        .text = str_format(&fixture->arena, "\x1b%s\xFF\xC2\x85\x7F!", override),
    };
    Diagnostic *d = diag_report(&fixture->diags, MSG_SYNTAX, (Span){&source, 4, 6}, "%s",
                                "\xE2\x81\xA6\t\x01\xC3\xA9\xC3");
    diag_note(&fixture->diags, d, NO_SPAN, "\xD8\x9C\xE2\x80\x8F\xEF\xBB\xBF");
    const char *place = "a\\x1b[31m\\x0a\\u{202e}.yaml:1:3: ";
    Str expected = str_format(&fixture->arena,
                              "%serror: \\u{2066}\\x09\\x01\xC3\xA9\\xc3 [syntax]\n"
                              "    1 | \\x1b\\u{202e}\\xff\\u{85}\\x7f!\n"
                              "      |             ^~~~~~~~~~\n"
                              "%snote: \\u{61c}\\u{200f}\\u{feff}\n",
                              place, place);
    assert_renders(fixture, "text", expected.data);
}

static void text_cuts_long_lines_around_the_mark(void **state) {
    Fixture *fixture = *state;
    StrBuf line = strbuf_new(&fixture->arena);
    for (int i = 0; i < 40; i++) strbuf_add_format(&line, "%02d.\xE2\x82\xAC.....", i);
    Str text = strbuf_str(&line);
    const uint32_t cell = 11; // bytes; 9 characters, so 360 in all
    const struct {
        uint32_t begin, end;
        const char *mark; // what is marked
        bool cut_before, cut_after;
    } cases[] = {
        {0, 2, "00", false, true},
        {20 * cell, 20 * cell + 2, "20", true, true},
        {39 * cell, 39 * cell + 2, "39", true, false},
        {20 * cell, (uint32_t)text.length, "20", true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        diags_init(&fixture->diags, &fixture->arena, 20);
        report_on(fixture, text, cases[i].begin, cases[i].end);
        Str out = render(fixture, "text");
        size_t first = str_find_byte(out, '\n', 0) + 1, second = str_find_byte(out, '\n', first);
        Str shown = str_slice(out, first + 8, second);
        Str marks = str_slice(out, second + 9, out.length);
        assert_true(str_starts_with(shown, STR("\xE2\x80\xA6")) == cases[i].cut_before);
        assert_true(str_ends_with(shown, STR("\xE2\x80\xA6")) == cases[i].cut_after);
        size_t width = 0, caret = str_find_byte(marks, '^', 0), byte = 0;
        for (size_t j = 0; j < shown.length; j++) {
            if (((unsigned char)shown.data[j] & 0xC0U) == 0x80U) continue;
            if (width++ == caret) byte = j;
        }
        assert_in_range(width, 150, 160);
        assert_memory_equal(shown.data + byte, cases[i].mark, 2);
        assert_true(marks.length <= width + 1);
    }
}

static void text_shows_160_characters_whole(void **state) {
    Fixture *fixture = *state;
    char text[161];
    memset(text, 'x', sizeof text);
    report_on(fixture, (Str){text, 160}, 159, 160);
    Str out = render(fixture, "text");
    assert_int_equal(str_find(out, STR("\xE2\x80\xA6"), 0), out.length);
    report_on(fixture, (Str){text, 161}, 160, 161);
    out = render(fixture, "text");
    assert_true(str_find(out, STR("\xE2\x80\xA6"), 0) < out.length);
}

static void text_tells_of_acknowledgements(void **state) {
    Fixture *fixture = *state;
    Span span = {&manifest, 22, 30};
    (void)diag_report(&fixture->diags, MSG_CUSTOMIZED_PARTITION, span, "default only");
    acknowledge(fixture, MSG_FOREIGN_ACCOUNT, STR("shared \x1b key"));
    (void)diag_report(&fixture->diags, MSG_FOREIGN_ACCOUNT, span, "of another account");
    assert_renders(
        fixture, "text",
        "accounts/prod.yaml:3:1: error: default only [customized-partition]\n"
        "    3 | products:\n"
        "      | ^~~~~~~~\n"
        "accounts/prod.yaml:3:1: note: can be acknowledged: acknowledge: "
        "[{check: customized-partition, reason: \xE2\x80\xA6}]\n"
        "accounts/prod.yaml:3:1: note: of another account (acknowledged: shared \\x1b key) "
        "[foreign-account]\n"
        "    3 | products:\n"
        "      | ^~~~~~~~\n");
}

static void report_too_much(Fixture *fixture) {
    static const Source a = {.name = TEXT("a.yaml")}, b = {.name = TEXT("b.yaml")};
    fixture->diags.max_errors = 1;
    for (uint32_t i = 0; i < 3; i++) {
        (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&a, i, i}, "e");
        (void)diag_report(&fixture->diags, MSG_CANNOT_READ, NO_SPAN, "e%u", i);
    }
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&b, 0, 0}, "e");
    (void)diag_report(&fixture->diags, MSG_UNUSED_ROLE, (Span){&b, 0, 0}, "w");
    (void)diag_report(&fixture->diags, MSG_UNUSED_ROLE, (Span){&b, 1, 1}, "w");
}

static void text_tells_what_is_not_shown(void **state) {
    Fixture *fixture = *state;
    report_too_much(fixture);
    assert_renders(fixture, "text",
                   "a.yaml: error: e [syntax]\n"
                   "a.yaml: note: 2 more errors are not shown (--max-errors)\n"
                   "spotc: error: e0 [cannot-read]\n"
                   "spotc: note: 2 more errors are not shown (--max-errors)\n"
                   "b.yaml: error: e [syntax]\n"
                   "b.yaml: warning: w [unused-role]\n"
                   "b.yaml: note: 1 more warning is not shown (--max-errors)\n");
}

static void text_is_quiet(void **state) {
    Fixture *fixture = *state;
    fixture->options.quiet = true;
    report_too_much(fixture);
    assert_renders(fixture, "text",
                   "a.yaml: error: e [syntax]\n"
                   "a.yaml: note: 2 more errors are not shown (--max-errors)\n"
                   "spotc: error: e0 [cannot-read]\n"
                   "spotc: note: 2 more errors are not shown (--max-errors)\n"
                   "b.yaml: error: e [syntax]\n");
}

static void text_has_gccs_colours(void **state) {
    Fixture *fixture = *state;
    fixture->options.colour = true;
    Diagnostic *d = diag_report(&fixture->diags, MSG_CANNOT_READ, NO_SPAN, "e");
    diag_note(&fixture->diags, d, NO_SPAN, "n");
    (void)diag_report(&fixture->diags, MSG_UNUSED_ROLE, NO_SPAN, "w");
    assert_renders(fixture, "text",
                   "\x1b[01mspotc:\x1b[m \x1b[01;31merror:\x1b[m e [cannot-read]\n"
                   "\x1b[01mspotc:\x1b[m \x1b[01;36mnote:\x1b[m n\n"
                   "\x1b[01mspotc:\x1b[m \x1b[01;35mwarning:\x1b[m w [unused-role]\n");
}

// --- json ---

static void json_has_every_field(void **state) {
    Fixture *fixture = *state;
    acknowledge(fixture, MSG_FOREIGN_ACCOUNT, STR("shared"));
    (void)report_product(fixture);
    (void)diag_report(&fixture->diags, MSG_FOREIGN_ACCOUNT, (Span){&manifest, 60, 60}, "w");
    const json_t *json = render_to_json(fixture, "json");
    assert_int_equal(json_array_size(json), 2);
    assert_text_at(json, "0.id", "unknown-product");
    assert_text_at(json, "0.severity", "error");
    assert_text_at(json, "0.message", "no product 'ocaen'; did you mean 'ocean'?");
    assert_text_at(json, "0.file", "accounts/prod.yaml");
    assert_number_at(json, "0.line", 4);
    assert_number_at(json, "0.column", 3);
    assert_number_at(json, "0.endLine", 4);
    assert_number_at(json, "0.endColumn", 8);
    assert_null_at(json, "0.acknowledged");
    assert_text_at(json, "0.notes.0.message", "products: eco, ocean (spotc list)");
    assert_number_at(json, "0.notes.0.line", 4);
    assert_text_at(json, "0.title", "no such product");
    assert_text_at(json, "1.severity", "note");
    assert_text_at(json, "1.acknowledged", "shared");
    assert_int_equal(json_array_size(at(json, "1.notes")), 0);
}

static void json_has_nulls_where_there_is_nothing(void **state) {
    Fixture *fixture = *state;
    report_too_much(fixture);
    const json_t *json = render_to_json(fixture, "json");
    assert_text_at(json, "0.file", "a.yaml");
    assert_null_at(json, "0.line");
    assert_null_at(json, "1.id");
    assert_null_at(json, "1.title");
    assert_text_at(json, "1.severity", "note");
    assert_text_at(json, "1.message", "2 more errors are not shown (--max-errors)");
    assert_null_at(json, "2.file");
    assert_null_at(json, "2.endColumn");
}

static void json_of_nothing(void **state) {
    assert_renders(*state, "json", "[]\n");
}

static void json_is_plain_ascii(void **state) {
    Fixture *fixture = *state;
    Source source = {.name = str_format(&fixture->arena, "\xFF\x7F%s.yaml", override),
                     .text = STR("")};
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&source, 0, 0}, "%s", "\x1b\xC3\xA9\xC3");
    const json_t *json = render_to_json(fixture, "json");
    Str name = str_format(&fixture->arena, "\\xff\\x7f%s.yaml", override);
    assert_text_at(json, "0.file", name.data);
    assert_text_at(json, "0.message", "\x1b\xC3\xA9\\xc3");
}

static void no_memory_but_go_on(void *context) {
    jmp_buf *back = context;
    longjmp(*back, 1);
}

// The leak checker tells where it is not.
static void json_is_released_where_memory_runs_out(void **state) {
    Fixture *fixture = *state;
    static jmp_buf back;
    static JsonOut json;
    arena_init(&fixture->arena, no_memory_but_go_on, &back);
    if (setjmp(back) == 0) {
        jsonout_begin(&json, &fixture->arena, json_array());
        jsonout_word(jsonout_object(json.root, NULL), "key", "value");
        arena_exhausted(&fixture->arena);
    }
    json = (JsonOut){0}; // so that nobody knows it
    assert_ptr_equal(fixture->arena.exhausted, no_memory_but_go_on);
}

// --- sarif ---

static void sarif_is_a_log_of_one_run(void **state) {
    const json_t *json = render_to_json(*state, "sarif");
    assert_text_at(json, "version", "2.1.0");
    assert_text_at(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    assert_int_equal(json_array_size(at(json, "runs")), 1);
    assert_text_at(json, "runs.0.tool.driver.name", "spotc");
    assert_text_at(json, "runs.0.tool.driver.version", "1.2.3");
    assert_text_at(json, "runs.0.columnKind", "unicodeCodePoints");
    assert_int_equal(json_array_size(at(json, "runs.0.tool.driver.rules")), 0);
    assert_int_equal(json_array_size(at(json, "runs.0.results")), 0);
}

static void sarif_has_results(void **state) {
    Fixture *fixture = *state;
    Diagnostic *d = report_product(fixture);
    diag_note(&fixture->diags, d, (Span){&manifest, 11, 15}, "here {0}");
    (void)diag_report(&fixture->diags, MSG_CANNOT_READ, NO_SPAN, "a [b](c) \\ d");
    const json_t *run = at(render_to_json(fixture, "sarif"), "runs.0");
    assert_text_at(run, "results.0.ruleId", "unknown-product");
    assert_number_at(run, "results.0.ruleIndex", 1);
    assert_text_at(run, "results.0.level", "error");
    assert_text_at(run, "results.0.message.text",
                   "no product 'ocaen'; did you mean 'ocean'?\nproducts: eco, ocean (spotc list)");
    const json_t *place = at(run, "results.0.locations.0.physicalLocation");
    assert_text_at(place, "artifactLocation.uri", "accounts/prod.yaml");
    assert_number_at(place, "region.startLine", 4);
    assert_number_at(place, "region.startColumn", 3);
    assert_number_at(place, "region.endLine", 4);
    assert_number_at(place, "region.endColumn", 8);
    const json_t *related = at(run, "results.0.relatedLocations");
    assert_int_equal(json_array_size(related), 1);
    assert_number_at(related, "0.id", 1);
    assert_text_at(related, "0.message.text", "here {{0}}");
    assert_number_at(related, "0.physicalLocation.region.startLine", 2);
    assert_int_equal(json_array_size(at(run, "results.1.locations")), 0);
    assert_null(at(run, "results.1.relatedLocations"));
    assert_text_at(run, "results.1.message.text", "a \\[b\\](c) \\\\ d");
}

static void sarif_has_the_rules_that_are_used(void **state) {
    Fixture *fixture = *state;
    (void)report_product(fixture);
    (void)report_product(fixture);
    (void)diag_report(&fixture->diags, MSG_UNUSED_ROLE, NO_SPAN, "w");
    (void)diag_report(&fixture->diags, MSG_INVALID_UTF8, NO_SPAN, "w");
    const json_t *run = at(render_to_json(fixture, "sarif"), "runs.0");
    const json_t *rules = at(run, "tool.driver.rules");
    assert_int_equal(json_array_size(rules), 3);
    assert_text_at(rules, "0.id", "invalid-utf8");
    assert_text_at(rules, "0.name", "InvalidUtf8");
    assert_text_at(rules, "1.id", "unknown-product");
    assert_text_at(rules, "2.id", "unused-role");
    assert_text_at(rules, "2.defaultConfiguration.level", "warning");
    assert_text_at(rules, "1.shortDescription.text", "no such product");
    assert_true(json_is_string(at(rules, "1.fullDescription.text")));
    assert_number_at(run, "results.1.ruleIndex", 2);
}

static void sarif_has_suppressions(void **state) {
    Fixture *fixture = *state;
    acknowledge(fixture, MSG_CUSTOMIZED_PARTITION, STR("ticket"));
    (void)report_product(fixture);
    (void)diag_report(&fixture->diags, MSG_CUSTOMIZED_PARTITION, (Span){&manifest, 40, 41}, "x");
    const json_t *run = at(render_to_json(fixture, "sarif"), "runs.0");
    assert_true(json_is_array(at(run, "results.0.suppressions")));
    assert_int_equal(json_array_size(at(run, "results.0.suppressions")), 0);
    assert_text_at(run, "results.1.level", "warning");
    assert_text_at(run, "results.1.suppressions.0.kind", "inSource");
    assert_text_at(run, "results.1.suppressions.0.justification", "ticket");
}

static void fingerprint_of_error_at(Fixture *fixture, Str text, uint32_t begin, char *ret_value) {
    Source *source = ARENA_NEW(&fixture->arena, Source);
    *source = (Source){.name = STR("x"), .text = text};
    diags_init(&fixture->diags, &fixture->arena, 20);
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){source, begin, begin}, "e");
    const json_t *json = render_to_json(fixture, "sarif");
    const json_t *found = at(json, "runs.0.results.0.partialFingerprints.spotcMessage/v1");
    assert_int_equal(json_string_length(found), 18);
    memcpy(ret_value, json_string_value(found), 19);
}

static void sarif_fingerprints_do_not_know_lines(void **state) {
    Fixture *fixture = *state;
    char before[19], after[19];
    fingerprint_of_error_at(fixture, STR("ab"), 1, before);
    fingerprint_of_error_at(fixture, STR("new\nab"), 5, after);
    assert_string_equal(before, after);
    assert_string_equal(before + 16, ":1");

    report_on(fixture, STR("ab"), 0, 0); // alike, in another source of that name
    const json_t *results = at(render_to_json(fixture, "sarif"), "runs.0.results");
    assert_text_at(results, "0.partialFingerprints.spotcMessage/v1", before);
    before[17] = '2';
    assert_text_at(results, "1.partialFingerprints.spotcMessage/v1", before);
}

static void sarif_tells_what_is_not_shown(void **state) {
    Fixture *fixture = *state;
    report_too_much(fixture);
    const json_t *run = at(render_to_json(fixture, "sarif"), "runs.0");
    assert_int_equal(json_array_size(at(run, "results")), 4);
    const json_t *said = at(run, "invocations.0.toolExecutionNotifications");
    assert_int_equal(json_array_size(said), 3);
    assert_text_at(said, "0.message.text", "2 more errors are not shown (--max-errors)");
    assert_text_at(said, "0.level", "note");
    assert_text_at(said, "0.locations.0.physicalLocation.artifactLocation.uri", "a.yaml");
    assert_null(at(said, "0.locations.0.physicalLocation.region"));
}

static void files_become_uris(void **state) {
    Fixture *fixture = *state;
    static const struct {
        const char *name, *uri;
    } cases[] = {
        {"<stdin>", "stdin"},
        {"a/b.yaml", "a/b.yaml"},
        {"././a.yaml", "a.yaml"},
        {"../a.yaml", "../a.yaml"},
        {"/a b.yaml", "file:///a%20b.yaml"},
        {"c:100%\xC3\xA9#?.yaml", "c%3A100%25%C3%A9%23%3F.yaml"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str uri = uri_of_file(&fixture->arena, str_of(cases[i].name));
        assert_string_equal(str_to_c(&fixture->arena, uri), cases[i].uri);
    }
}

// --- github ---

static void github_writes_commands(void **state) {
    Fixture *fixture = *state;
    Diagnostic *d = report_product(fixture);
    diag_note(&fixture->diags, d, (Span){&manifest, 11, 15}, "here");
    acknowledge(fixture, MSG_FOREIGN_ACCOUNT, STR("100%"));
    (void)diag_report(&fixture->diags, MSG_FOREIGN_ACCOUNT, (Span){&manifest, 60, 64}, "n");
    (void)diag_report(&fixture->diags, MSG_UNUSED_ROLE, NO_SPAN, "w");
    assert_renders(
        fixture, "github",
        "::error file=accounts/prod.yaml,line=4,endLine=4,col=3,endColumn=8,title=unknown-product"
        "::no product 'ocaen'; did you mean 'ocean'?%0Anote: products: eco, ocean (spotc list)"
        "%0Aaccounts/prod.yaml:2:1: note: here\n"
        "::notice file=accounts/prod.yaml,line=4,endLine=5,col=29,endColumn=2,title=foreign-account"
        "::n (acknowledged: 100%25)\n"
        "::warning title=unused-role::w\n");
}

static void github_escapes_what_ends_a_command(void **state) {
    Fixture *fixture = *state;
    Source source = {.name = STR("a:b,c%\r\n\x1b.yaml")};
    (void)diag_report(&fixture->diags, MSG_SYNTAX, (Span){&source, 0, 0},
                      "x:y,z%%\r\n::error::%s\x1b", override);
    assert_renders(fixture, "github",
                   "::error file=a%3Ab%2Cc%25%0D%0A\\x1b.yaml,title=syntax"
                   "::x:y,z%25%0D%0A::error::\\u{202e}\\x1b\n");
}

static void github_tells_what_is_not_shown(void **state) {
    Fixture *fixture = *state;
    report_too_much(fixture);
    assert_renders(fixture, "github",
                   "::error file=a.yaml,title=syntax::e\n"
                   "::notice file=a.yaml::2 more errors are not shown (--max-errors)\n"
                   "::error title=cannot-read::e0\n"
                   "::notice::2 more errors are not shown (--max-errors)\n"
                   "::error file=b.yaml,title=syntax::e\n"
                   "::warning file=b.yaml,title=unused-role::w\n"
                   "::notice file=b.yaml::1 more warning is not shown (--max-errors)\n");
}

// --- all ---

static void formats_give_the_same_bytes_again(void **state) {
    Fixture *fixture = *state;
    (void)report_product(fixture);
    report_too_much(fixture);
    for (const DiagFormat *format = diag_formats; format->name != NULL; format++)
        assert_true(str_equal(render(fixture, format->name), render(fixture, format->name)));
}

// Quadratic work would take minutes here.
static void formats_bear_many_messages(void **state) {
    enum { MANY = 60000 };
    Fixture *fixture = *state;
    Str text = {arena_alloc(&fixture->arena, MANY), MANY};
    Source source = {.name = STR("x"), .text = text};
    char *bytes = arena_alloc(&fixture->arena, MANY);
    for (size_t i = 0; i < MANY; i++) bytes[i] = i % 10 == 9 ? '\n' : 'x';
    source.text.data = bytes;
    fixture->diags.max_errors = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t place = (i * 7919) % MANY;
        Span span = {&source, place, place + 1};
        (void)diag_report(&fixture->diags, MSG_SYNTAX, span, "e");
        (void)diag_report(&fixture->diags, MSG_SYNTAX, span, "e");
    }
    assert_int_equal(fixture->diags.items.count, MANY);
    for (const DiagFormat *format = diag_formats; format->name != NULL; format++)
        assert_true(render(fixture, format->name).length > MANY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(text_is_gccs_form),
        TEST(text_without_a_place),
        TEST(text_is_empty_without_messages),
        TEST(text_sorts_by_source_place_and_report),
        TEST(text_keeps_tabs_below_tabs),
        TEST(text_marks_what_is_on_the_line),
        TEST(text_escapes_what_is_not_seen),
        TEST(text_cuts_long_lines_around_the_mark),
        TEST(text_shows_160_characters_whole),
        TEST(text_tells_of_acknowledgements),
        TEST(text_tells_what_is_not_shown),
        TEST(text_is_quiet),
        TEST(text_has_gccs_colours),
        TEST(json_has_every_field),
        TEST(json_has_nulls_where_there_is_nothing),
        TEST(json_of_nothing),
        TEST(json_is_plain_ascii),
        TEST(json_is_released_where_memory_runs_out),
        TEST(sarif_is_a_log_of_one_run),
        TEST(sarif_has_results),
        TEST(sarif_has_the_rules_that_are_used),
        TEST(sarif_has_suppressions),
        TEST(sarif_fingerprints_do_not_know_lines),
        TEST(sarif_tells_what_is_not_shown),
        TEST(files_become_uris),
        TEST(github_writes_commands),
        TEST(github_escapes_what_ends_a_command),
        TEST(github_tells_what_is_not_shown),
        TEST(formats_give_the_same_bytes_again),
        TEST(formats_bear_many_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
