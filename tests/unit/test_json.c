// JSON and tab separated tables: what they become, and what is refused where.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read/read.h"
#include "reading.h"

// "kind text@begin-end" of each node, keys before their values.
static void write_nodes(StrBuf *out, Node node) {
    static const char *const kinds[] = {"none", "null", "bool", "num", "str", "seq", "map"};
    Span span = node_span(node);
    Str text = node_text(node);
    strbuf_add_format(out, "%s %.*s@%u-%u\n", kinds[node_kind(node)], STR_ARG(text), span.begin,
                      span.end);
    NODE_EACH(child, node) {
        if (node_exists(node_key(child))) write_nodes(out, node_key(child));
        write_nodes(out, child);
    }
}

static void assert_nodes(Reading *reading, Node root, const char *expected) {
    StrBuf out = strbuf_new(&reading->arena);
    write_nodes(&out, root);
    assert_string_equal(str_to_c(&reading->arena, strbuf_str(&out)), expected);
}

static void test_values(void **state) {
    Reading *reading = *state;
    assert_nodes(reading, reading_json(reading, " {\"a\" : [1.50, -0, 1E5], \"\":\"x\\n\"} "),
                 "map @1-34\n"
                 "str a@2-5\n"
                 "seq @8-23\n"
                 "num 1.50@9-13\n"
                 "num -0@15-17\n"
                 "num 1E5@19-22\n"
                 "str @25-27\n"
                 "str x\n@28-33\n");
    assert_nodes(reading, reading_json(reading, "[true,false,null,{},[]]"),
                 "seq @0-23\n"
                 "bool true@1-5\n"
                 "bool false@6-11\n"
                 "null null@12-16\n"
                 "map @17-19\n"
                 "seq @20-22\n");
    assert_nodes(reading, reading_json(reading, "\xEF\xBB\xBF\"\\u00e9\\ud83d\\ude00\""),
                 "str é😀@3-23\n");
}

static void test_long_numbers(void **state) {
    Reading *reading = *state;
    Node root = reading_json(reading, "[123456789012345678901234567890, 1e308, -1.0]");
    assert_true(str_equal(node_text(node_first(root)), STR("123456789012345678901234567890")));
    assert_true(str_equal(node_text(node_last(root)), STR("-1.0")));
}

static void test_nul_in_string(void **state) {
    Reading *reading = *state;
    Node root = reading_json(reading, "\"a\\u0000b\"");
    assert_int_equal(node_text(root).length, 3);
    assert_memory_equal(node_text(root).data, "a\0b", 3);
}

static void assert_refused(Reading *reading, Str text, const char *expected) {
    Node root = NO_NODE;
    const Source *source = reading_source(reading, "test.json", text);
    assert_false(read_json(&reading->arena, &reading->diags, source, &root));
    assert_false(node_exists(root));
    assert_string_equal(reading_messages(reading), expected);
}

static void test_syntax(void **state) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "1:1 syntax: the text ends where a value is expected\n"},
        {"{\"a\" 1}", "1:6 syntax: expected ':' after the key, not '1'\n"},
        {"{a: 1}", "1:2 syntax: expected a key in double quotes, not 'a'\n"},
        {"[1\n 2]", "2:2 syntax: expected ',' or ']', not '2'\n"},
        {"[1,", "1:4 syntax: the text ends where a value is expected\n"},
        {"{\"é\": 1,}", "1:8 syntax: JSON allows no comma after the last one\n"},
        {"[1] x", "1:5 syntax: expected nothing more after the value, not 'x'\n"},
        {"[\"abc\n\"]", "1:6 syntax: expected an escape in place of a control character, not the "
                        "character U+000A\n"},
        {"[\"abc", "1:2 syntax: the text ends inside this string\n"},
        {"[\"\\q\"]", "1:4 syntax: expected one of \"\\/bfnrtu after the backslash, not 'q'\n"},
        {"\"\\u12g4\"", "1:6 syntax: expected four hexadecimal digits after \\u, not 'g'\n"},
        {"[\"a\\ud800b\"]", "1:4 syntax: half of a surrogate pair, which is not a character\n"},
        {"\"\\udc00\"", "1:2 syntax: half of a surrogate pair, which is not a character\n"},
        {"[01]", "1:2 syntax: a number does not begin with 0\n"},
        {"[1.]", "1:4 syntax: expected a digit, not ']'\n"},
        {"[-]", "1:3 syntax: expected a digit, not ']'\n"},
        {"[1e+]", "1:5 syntax: expected a digit, not ']'\n"},
        {"[1, 1e999]", "1:5 syntax: the number is too large\n"},
        {"{\"x\": nope}", "1:7 syntax: not a JSON value; text stands in double quotes\n"},
        {"[.5]", "1:2 syntax: expected a value, not '.'\n"},
        {"{\"a\\u0000\": 1}", "1:2 syntax: a key must not hold the character U+0000\n"},
        {"{\"a\": 1,\n \"b\": 2, \"a\": 3}",
         "2:10 duplicate-key: the key \"a\" stands here twice\n"},
        {"{\"k\": {\"a\": 1, \"\\u0061\": 2}}",
         "1:16 duplicate-key: the key \"\\u0061\" stands here twice\n"},
        {"[\"a\xFF\"]", "1:4 invalid-utf8: byte 0xFF is not valid UTF-8\n"},
        {"\"\xED\xA0\x80\"", "1:2 invalid-utf8: byte 0xED is not valid UTF-8\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(*state, str_of(cases[i].text), cases[i].message);
    assert_refused(*state, STR("[1,\0 2]"),
                   "1:4 syntax: expected a value, not the character U+0000\n");
}

static Str repeated(Reading *reading, const char *part, size_t times) {
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < times; i++) strbuf_add(&out, str_of(part));
    return strbuf_str(&out);
}

static void test_bounds(void **state) {
    Reading *reading = *state;
    Str deep = repeated(reading, "[", 64), end = repeated(reading, "]", 64);
    Str fits = str_format(&reading->arena, "%.*s%.*s", STR_ARG(deep), STR_ARG(end));
    (void)reading_json(reading, str_to_c(&reading->arena, fits));
    assert_refused(reading, repeated(reading, "[", 100000),
                   "1:65 too-deep: nested more than 64 levels deep\n");
    Str items = repeated(reading, "0,", READ_MAX_NODES);
    assert_refused(reading, str_format(&reading->arena, "[%.*s0]", STR_ARG(items)),
                   "1:400000 too-many-nodes: more than 200000 nodes\n");
    assert_refused(reading, repeated(reading, "        ", READ_MAX_BYTES / 8 + 1),
                   "1:1 too-large: the file is larger than the 4 MiB that spotc reads\n");
}

// --- tables ---

static bool read_table(Reading *reading, const char *text, Node *ret_root) {
    const Source *source = reading_source(reading, "test.tsv", str_of(text));
    return read_tsv(&reading->arena, &reading->diags, source, ret_root);
}

static void test_table(void **state) {
    Reading *reading = *state;
    Node root = NO_NODE;
    assert_true(read_table(reading, "# facts\nname\tsize\r\n\na\t1\r\n# more\n\t\nb c\t", &root));
    assert_nodes(reading, root,
                 "seq @0-38\n"
                 "map @20-23\n"
                 "str name@8-12\nstr a@20-21\n"
                 "str size@13-17\nstr 1@22-23\n"
                 "map @32-33\n"
                 "str name@8-12\nstr @32-32\n"
                 "str size@13-17\nstr @33-33\n"
                 "map @34-38\n"
                 "str name@8-12\nstr b c@34-37\n"
                 "str size@13-17\nstr @38-38\n");
}

static void test_table_faults(void **state) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a\tb\n1\n", "2:1 syntax: this row has 1 cells, and the header has 2\n"},
        {"a\n1\t2\n", "2:1 syntax: this row has 2 cells, and the header has 1\n"},
        {"a\tb\ta\n", "1:5 duplicate-key: the column 'a' stands here twice\n"},
        {"a\t\tc\n", "1:3 invalid-key: a column of the header has no name\n"},
        {"# nothing\n\n", "1:1 empty-document: a table begins with a row of column names\n"},
        {"a\nx\xC3\n", "2:2 invalid-utf8: byte 0xC3 is not valid UTF-8\n"},
    };
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Node root = NO_NODE;
        assert_false(read_table(reading, cases[i].text, &root));
        assert_string_equal(reading_messages(reading), cases[i].message);
    }
}

static void test_table_bounds(void **state) {
    Reading *reading = *state;
    Node root = NO_NODE;
    // A row is a mapping with one text.
    Str rows = repeated(reading, "1\n", READ_MAX_NODES / 2);
    const Source *source =
        reading_source(reading, "test.tsv", str_format(&reading->arena, "a\n%.*s", STR_ARG(rows)));
    assert_false(read_tsv(&reading->arena, &reading->diags, source, &root));
    assert_string_equal(reading_messages(reading),
                        "100000:1 too-many-nodes: more than 200000 nodes\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_values),       TEST(test_long_numbers), TEST(test_nul_in_string),
        TEST(test_syntax),       TEST(test_bounds),       TEST(test_table),
        TEST(test_table_faults), TEST(test_table_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
