// YAML with tags of the caller's own, as CloudFormation's short forms are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/read.h"
#include "reading.h"

static const YamlTag rows[] = {{{"!Sub", 4}, {"Fn::Sub", 7}}, {{"!Ref", 4}, {"Ref", 3}}};
static const YamlTags tags = {rows, sizeof rows / sizeof *rows};

static bool read_tagged(Reading *reading, Str text, Node *ret_root) {
    NodeVec roots = {0};
    const Source *source = reading_source(reading, "t.yaml", text);
    if (!read_yaml_tagged(&reading->arena, &reading->diags, source, &tags, &roots)) return false;
    *ret_root = roots.items[0];
    return true;
}

static void test_too_large(void **state) {
    Reading *reading = *state;
    Node root = NO_NODE;
    StrBuf text = strbuf_new(&reading->arena);
    while (text.length <= READ_MAX_BYTES) strbuf_add(&text, STR("# nothing but this\n"));
    assert_false(read_tagged(reading, strbuf_str(&text), &root));
    assert_string_equal(reading_messages(reading),
                        "1:1 too-large: the file is larger than the 4 MiB that spotc reads\n");
}

static Node root_of(Reading *reading, const char *text) {
    Node root = NO_NODE;
    if (!read_tagged(reading, str_of(text), &root)) fail_msg("%s", reading_messages(reading));
    return root;
}

// A short form is its long form, whatever stands around it.
static void test_long_forms(void **state) {
    static const struct {
        const char *shortened, *full;
    } pairs[] = {
        {"a: !Ref B", "a: {Ref: B}"},
        {"!Ref B", "{Ref: B}"},
        {"[!Ref B, !Ref C]", "[{Ref: B}, {Ref: C}]"},
        {"- !Sub '${A}'\n- !Sub |\n  text\n", "[{'Fn::Sub': '${A}'}, {'Fn::Sub': \"text\\n\"}]"},
        {"a: !Sub\n- x\n- {y: !Ref Z}\nb: 1\n", "{a: {'Fn::Sub': [x, {y: {Ref: Z}}]}, b: 1}"},
        {"a: !Sub # why\n  # and why\n  b: 1\n  c: 2\n", "{a: {'Fn::Sub': {b: 1, c: 2}}}"},
        {"a: !Sub [!Sub [!Ref B]]", "{a: {'Fn::Sub': [{'Fn::Sub': [{Ref: B}]}]}}"},
        // What a short form holds is a text, unless it is tagged or nested.
        {"[!Ref 12, !Ref true, !Ref null, !Ref '', !Ref ]",
         "[{Ref: '12'}, {Ref: 'true'}, {Ref: 'null'}, {Ref: ''}, {Ref: ''}]"},
        {"!Sub [12, true]", "{'Fn::Sub': [12, true]}"},
        // An anchor is one of the whole, on either side of the tag.
        {"[&x !Ref B, *x]", "[{Ref: B}, {Ref: B}]"},
        {"[!Sub &x [b], *x]", "[{'Fn::Sub': [b]}, {'Fn::Sub': [b]}]"},
        // Core tags mean what they mean elsewhere.
        {"[!!str 12, ! 13, !!int '14']", "['12', '13', 14]"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Node tagged = root_of(*state, pairs[i].shortened);
        assert_true(node_equal(tagged, reading_yaml(*state, pairs[i].full)));
    }
}

static const char *written(Reading *reading, Span span) {
    return str_to_c(&reading->arena, str_slice(span.source->text, span.begin, span.end));
}

static void test_places(void **state) {
    Reading *reading = *state;
    Node root = root_of(reading, "a: !Ref B\nb: &x !Sub  # why\n  - 'é'\n  - 1\nc: [!Sub &y z]\n");
    Node a = NODE_GET(root, "a"), b = NODE_GET(root, "b"), c = node_first(NODE_GET(root, "c"));
    assert_string_equal(written(reading, node_span(a)), "!Ref B");
    assert_string_equal(written(reading, node_key_span(node_first(a))), "!Ref");
    assert_string_equal(written(reading, node_span(node_first(a))), "B");
    assert_string_equal(written(reading, node_span(b)), "&x !Sub  # why\n  - 'é'\n  - 1");
    assert_string_equal(written(reading, node_key_span(node_first(b))), "!Sub");
    assert_string_equal(written(reading, node_span(node_first(b))), "- 'é'\n  - 1");
    assert_string_equal(written(reading, node_span(c)), "!Sub &y z");
    assert_string_equal(written(reading, node_span(node_first(c))), "z");
}

static void assert_refused(void **state, const char *text, const char *messages) {
    Node root = NO_NODE;
    assert_false(read_tagged(*state, str_of(text), &root));
    assert_string_equal(reading_messages(*state), messages);
}

static void test_refused(void **state) {
    assert_refused(state, "a: !GetAtt B",
                   "1:4 unknown-tag: the tag '!GetAtt' has no meaning here; leave it out\n");
    assert_refused(state, "!Ref a: b",
                   "1:1 invalid-key: a key must be a plain text, not a list or mapping\n");
    assert_refused(state, "a: !Sub {<<: {}}",
                   "1:10 merge-key: YAML 1.2 has no merge key '<<'\n"
                   "    note: write the keys out, or give the whole value an anchor and use its "
                   "alias\n");
    assert_refused(state, "a: &x !Sub [*x]",
                   "1:13 undefined-alias: no anchor '&x' stands before this alias\n");
}

// Without the caller's list, such a tag is refused as ever.
static void test_not_without_list(void **state) {
    Reading *reading = *state;
    NodeVec roots = {0};
    const Source *source = reading_source(reading, "t.yaml", STR("a: !Ref B"));
    assert_false(read_yaml(&reading->arena, &reading->diags, source, &roots));
    assert_string_equal(reading_messages(reading),
                        "1:4 unknown-tag: the tag '!Ref' has no meaning here; leave it out\n");
}

// The mapping of a tag counts as a level, and as nodes.
static void test_bounds(void **state) {
    Reading *reading = *state;
    for (int levels = 31; levels <= 33; levels++) {
        Node root = NO_NODE;
        StrBuf text = strbuf_new(&reading->arena);
        for (int i = 0; i < levels; i++) strbuf_add(&text, STR("!Sub ["));
        for (int i = 0; i < levels; i++) strbuf_add_byte(&text, ']');
        assert_int_equal(read_tagged(reading, strbuf_str(&text), &root), levels <= 32);
    }
    assert_non_null(strstr(reading_messages(reading), "too-deep: nested more than 64 levels"));
    StrBuf text = strbuf_new(&reading->arena);
    Node root = NO_NODE;
    for (int i = 0; i < 70000; i++) strbuf_add(&text, STR("- !Ref x\n"));
    assert_false(read_tagged(reading, strbuf_str(&text), &root));
    assert_non_null(strstr(reading_messages(reading), "too-many-nodes: more than 200000 nodes"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_long_forms), TEST(test_places),
                                       TEST(test_refused),    TEST(test_not_without_list),
                                       TEST(test_bounds),     TEST(test_too_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
