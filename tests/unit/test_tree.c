// Trees that are made, their accessors, and numbers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read/number.h"
#include "read/scalar.h"
#include "reading.h"

static void assert_text(Str text, const char *expected) {
    assert_int_equal(text.length, strlen(expected));
    if (text.length != 0) assert_memory_equal(text.data, expected, text.length);
}

// --- nodes ---

static void test_no_node(void **state) {
    (void)state;
    Node none = NO_NODE;
    assert_false(node_exists(none));
    assert_int_equal(node_kind(none), NODE_NONE);
    assert_int_equal(node_count(none), 0);
    assert_int_equal(node_text(none).length, 0);
    assert_false(node_is_true(none));
    assert_true(node_number(none) == 0);
    assert_false(node_exists(node_first(none)));
    assert_false(node_exists(node_next(none)));
    assert_false(node_exists(node_last(none)));
    assert_false(node_exists(node_key(none)));
    assert_false(node_exists(NODE_GET(none, "a")));
    assert_null(node_span(none).source);
    assert_null(node_full_span(none).source);
    assert_int_equal(tree_size(none), 0);
    assert_true(node_equal(none, none));
}

static void test_build(void **state) {
    Reading *reading = *state;
    TreeBuilder builder;
    tree_begin(&builder, &reading->arena, NULL);
    uint32_t root = tree_mapping(&builder), list = tree_sequence(&builder);
    tree_put(&builder, root, STR("name"), tree_string(&builder, STR("prod")));
    tree_put(&builder, root, STR("list"), list);
    tree_append(&builder, list, 0, tree_number(&builder, 0));
    tree_append(&builder, list, 0, tree_number(&builder, UINT64_MAX));
    Node node = {&builder.tree, root};
    assert_int_equal(node_count(node), 2);
    assert_true(node_is_string(NODE_GET(node, "name"), STR("prod")));
    assert_false(node_is_string(NODE_GET(node, "name"), STR("pro")));
    assert_text(node_key_text(node_last(node)), "list");
    assert_text(node_text(node_first(NODE_GET(node, "list"))), "0");
    assert_text(node_text(node_last(NODE_GET(node, "list"))), "18446744073709551615");
    assert_false(node_exists(NODE_GET(node, "lis")));
    assert_false(node_exists(NODE_GET(NODE_GET(node, "list"), "name")));
    assert_int_equal(tree_size(node), 5);
}

static void test_reserve(void **state) {
    Reading *reading = *state;
    TreeBuilder builder;
    tree_begin(&builder, &reading->arena, NULL);
    uint32_t root = tree_sequence(&builder);
    tree_reserve(&builder, 300);
    const NodeRecord *records = builder.tree.records;
    for (uint64_t i = 0; i < 300; i++) tree_append(&builder, root, 0, tree_number(&builder, i));
    assert_ptr_equal(builder.tree.records, records); // they had room
    tree_reserve(&builder, 0);
    tree_append(&builder, root, 0, tree_number(&builder, 300));
    assert_text(node_text(node_last((Node){&builder.tree, root})), "300");
    assert_int_equal(node_count((Node){&builder.tree, root}), 301);
}

static void test_growth(void **state) {
    Reading *reading = *state;
    TreeBuilder builder;
    tree_begin(&builder, &reading->arena, NULL);
    uint32_t root = tree_sequence(&builder);
    for (uint64_t i = 0; i < 5000; i++) tree_append(&builder, root, 0, tree_number(&builder, i));
    Node node = {&builder.tree, root};
    uint64_t expected = 0;
    NODE_EACH(item, node) {
        uint64_t value = UINT64_MAX;
        assert_true(str_to_u64(node_text(item), &value));
        assert_int_equal(value, expected++);
    }
    assert_int_equal(expected, 5000);
}

static void test_copy(void **state) {
    Reading *reading = *state;
    Node source = reading_json(reading, "{\"a\": [1, {\"b\": \"text\"}], \"c\": null}");
    TreeBuilder same, other;
    tree_begin(&same, &reading->arena, source.tree->source);
    tree_begin(&other, &reading->arena, NULL);
    Node kept = {&same.tree, tree_copy(&same, source)};
    Node moved = {&other.tree, tree_copy(&other, source)};
    assert_true(node_equal(source, kept));
    assert_true(node_equal(source, moved));
    assert_int_equal(node_span(NODE_GET(kept, "c")).begin, node_span(NODE_GET(source, "c")).begin);
    assert_int_equal(node_span(NODE_GET(moved, "c")).begin, 0);
    Node again = {&other.tree, tree_copy(&other, NODE_GET(moved, "a"))};
    assert_true(node_equal(again, NODE_GET(source, "a")));
    assert_int_equal(tree_copy(&other, NO_NODE), 0);
}

// Many aliases of one long text must not take its room each.
static void test_copies_share_text(void **state) {
    Reading *reading = *state;
    TreeBuilder builder;
    tree_begin(&builder, &reading->arena, NULL);
    uint32_t list = tree_sequence(&builder), text = tree_string(&builder, STR("a long text"));
    tree_append(&builder, list, 0, text);
    uint32_t before = builder.tree.pool_length;
    uint32_t copy = tree_copy(&builder, (Node){&builder.tree, list});
    assert_int_equal(builder.tree.pool_length, before);
    assert_text(node_text(node_first((Node){&builder.tree, copy})), "a long text");
}

static void test_spans(void **state) {
    Reading *reading = *state;
    Node root = reading_json(reading, "{\"key\": [true, 12]}");
    Node list = NODE_GET(root, "key");
    assert_int_equal(node_span(list).begin, 8);
    assert_int_equal(node_span(list).end, 18);
    assert_int_equal(node_key_span(list).begin, 1);
    assert_int_equal(node_key_span(list).end, 6);
    assert_int_equal(node_full_span(list).begin, 1);
    assert_int_equal(node_full_span(list).end, 18);
    assert_int_equal(node_key_span(node_first(list)).begin, 9);
}

static void test_scalars(void **state) {
    Reading *reading = *state;
    Node root = reading_yaml(reading, "[true, FALSE, True, -1.5e1, 0x1f, null, ~, text]");
    Node item = node_first(root);
    assert_true(node_is_true(item));
    item = node_next(item);
    assert_false(node_is_true(item));
    item = node_next(item);
    assert_true(node_is_true(item));
    item = node_next(item);
    assert_true(node_number(item) == -15);
    item = node_next(item);
    assert_true(node_number(item) == 31);
    item = node_next(item);
    assert_int_equal(node_kind(item), NODE_NULL);
}

static void test_based_numbers(void **state) {
    static const char *const numbers[] = {"0x1f", "0xAbC", "0o17"};
    static const char *const texts[] = {"0x", "0o", "0o8", "0xg", "0x1-", "0X1f", "0b1"};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_int_equal(scalar_kind(str_of(numbers[i])), NODE_NUMBER);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(scalar_kind(str_of(texts[i])), NODE_STRING);
}

static bool equal(Reading *reading, const char *a, const char *b) {
    bool forth = node_equal(reading_json(reading, a), reading_json(reading, b));
    bool back = node_equal(reading_json(reading, b), reading_json(reading, a));
    assert_int_equal(forth, back);
    return forth;
}

static void test_equal(void **state) {
    assert_true(equal(*state, "1", "1.0"));
    assert_true(equal(*state, "100", "1e2"));
    assert_true(equal(*state, "0", "-0.0"));
    assert_false(equal(*state, "9007199254740993", "9007199254740992"));
    assert_false(equal(*state, "0", "false"));
    assert_false(equal(*state, "1", "\"1\""));
    assert_false(equal(*state, "null", "false"));
    assert_true(equal(*state, "\"\\u00e9\"", "\"é\""));
    assert_true(equal(*state, "[1, [2]]", "[1, [2.0]]"));
    assert_false(equal(*state, "[1, 2]", "[2, 1]"));
    assert_false(equal(*state, "[1]", "[1, 1]"));
    assert_true(equal(*state, "{\"a\": 1, \"b\": {\"c\": []}}", "{\"b\": {\"c\": []}, \"a\": 1}"));
    assert_false(equal(*state, "{\"a\": 1}", "{\"b\": 1}"));
    assert_false(equal(*state, "{\"a\": 1}", "{\"a\": 2}"));
    assert_false(equal(*state, "[]", "{}"));
}

// --- numbers ---

static Number number(const char *text) {
    Number result = {0};
    if (!number_parse(str_of(text), &result)) fail_msg("%s is a number", text);
    return result;
}

static int compare(const char *a, const char *b) {
    Number x = number(a), y = number(b);
    int order = number_compare(&x, &y);
    return (order > 0) - (order < 0);
}

static void test_number_forms(void **state) {
    static const char *const good[] = {"0", "-1", "+1", "1.", ".5", "1e5", "1E+5", "007", "1.5e-3"};
    static const char *const bad[] = {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x1", "1 ", "a"};
    (void)state;
    Number ignored;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(number_parse(str_of(good[i]), &ignored));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(number_parse(str_of(bad[i]), &ignored));
}

static void test_number_compare(void **state) {
    (void)state;
    assert_int_equal(compare("1", "1.000"), 0);
    assert_int_equal(compare("12.5", "1.25e1"), 0);
    assert_int_equal(compare("0.001", "1e-3"), 0);
    assert_int_equal(compare("-0", "0"), 0);
    assert_int_equal(compare("2", "10"), -1);
    assert_int_equal(compare("-2", "-10"), 1);
    assert_int_equal(compare("-1", "0"), -1);
    assert_int_equal(compare("0.1", "0"), 1);
    assert_int_equal(compare("0.09", "0.1"), -1);
    assert_int_equal(compare("1e100", "1"), 1);
    assert_int_equal(compare("123456789012345678901234567890", "123456789012345678901234567891"),
                     -1);
    assert_int_equal(compare("1.1", "1.10000000000000000000000000001"), -1);
}

static bool is_multiple(const char *a, const char *b) {
    Number value = number(a), divisor = number(b);
    assert_true(number_is_divisor(&divisor));
    return number_is_multiple(&value, &divisor);
}

static void test_number_multiples(void **state) {
    (void)state;
    assert_true(is_multiple("10", "2"));
    assert_false(is_multiple("7", "2"));
    assert_true(is_multiple("0", "3"));
    assert_true(is_multiple("-4.5", "1.5"));
    assert_false(is_multiple("35", "1.5"));
    assert_true(is_multiple("0.0075", "0.0001"));
    assert_false(is_multiple("0.00751", "0.0001"));
    assert_true(is_multiple("1e308", "0.5"));
    assert_false(is_multiple("1e308", "0.123456789"));
    assert_false(is_multiple("1e20", "1.5"));
    assert_true(is_multiple("12391239123", "1e-8"));
    assert_true(is_multiple("18446744073709551614", "9223372036854775807e-18"));
    Number zero = number("0"), negative = number("-1"), long_one = number("1.2345678901234567891");
    assert_false(number_is_divisor(&zero));
    assert_false(number_is_divisor(&negative));
    assert_false(number_is_divisor(&long_one));
}

static void test_number_values(void **state) {
    (void)state;
    Number a = number("1.0"), b = number("1.5"), c = number("1e400"), d = number("-3");
    assert_true(number_is_integer(&a));
    assert_false(number_is_integer(&b));
    assert_true(number_is_integer(&c));
    assert_int_equal(number_to_u64(&b), 1);
    assert_int_equal(number_to_u64(&d), 0);
    assert_true(number_to_u64(&c) == UINT64_MAX);
    Number e = number("18446744073709551615"), f = number("18446744073709551616");
    assert_true(number_to_u64(&e) == UINT64_MAX);
    assert_true(number_to_u64(&f) == UINT64_MAX);
    Number g = number("120"), h = number("0.1"), i = number("-123456789.125");
    assert_int_equal(number_to_u64(&g), 120);
    assert_true(number_to_double(&h) == 0.1);
    assert_true(number_to_double(&i) == -123456789.125);
}

static void test_number_canonical(void **state) {
    static const char *const same[] = {"1200", "1.2e3", "0.12e4", "+1200.00", "12e2"};
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Number value = number(same[i]);
        StrBuf out = strbuf_new(&reading->arena);
        number_write_canonical(&value, &out);
        assert_text(strbuf_str(&out), "12e2");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_no_node),
        TEST(test_build),
        TEST(test_reserve),
        TEST(test_growth),
        TEST(test_copy),
        TEST(test_copies_share_text),
        TEST(test_spans),
        TEST(test_scalars),
        TEST(test_based_numbers),
        TEST(test_equal),
        TEST(test_number_forms),
        TEST(test_number_compare),
        TEST(test_number_multiples),
        TEST(test_number_values),
        TEST(test_number_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
