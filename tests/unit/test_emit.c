// Trees to YAML and JSON, and texts to what a template needs.
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json_string.h"
#include "base/utf8.h"
#include "emit/document.h"
#include "emit/emit.h"
#include "emit/json.h"
#include "emit/yaml.h"
#include "memory.h"
#include "read/read.h"

static Node tree_of_json(Arena *arena, const char *text) {
    static Diags diags;
    diags_init(&diags, arena, 20);
    Source *source = ARENA_NEW(arena, Source);
    *source = (Source){.name = STR("test.json"), .text = str_of(text)};
    Node root = NO_NODE;
    assert_true(read_json(arena, &diags, source, &root));
    return root;
}

static Node tree_of_yaml(Arena *arena, Str text) {
    static Diags diags;
    diags_init(&diags, arena, 20);
    Source *source = ARENA_NEW(arena, Source);
    *source = (Source){.name = STR("test.yaml"), .text = text};
    NodeVec roots = {0};
    assert_true(read_yaml(arena, &diags, source, &roots));
    assert_int_equal(roots.count, 1);
    return roots.items[0];
}

// --- plain texts in YAML ---

// What YAML 1.1's types (yaml.org/type) take a plain text for, if not for a string.
static const char yaml_11_types[] =
    "^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
    "|~|null|Null|NULL|"
    "|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
    "|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"
    "|[-+]?([0-9][0-9_]*)?\\.[0-9_.]*([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*([eE][-+]?[0-9]+)"
    "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
    "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|<<|=)$";

// Symbols that mean something somewhere, and some that do not.
static const char symbols[] = "aenyN019.:-+=~_,?*#x/ <&!|%@'\"{[]";

enum { SYMBOLS = sizeof symbols - 1, MOST_TEXTS = 1 + SYMBOLS * (1 + SYMBOLS * (1 + SYMBOLS)) };

// All texts of up to three symbols; returns how many.
static size_t all_texts(Arena *arena, Str *texts) {
    size_t count = 1;
    texts[0] = STR("");
    for (size_t i = 0; texts[i].length < 3; i++) {
        for (size_t k = 0; k < SYMBOLS; k++)
            texts[count++] = str_format(arena, "%.*s%c", STR_ARG(texts[i]), symbols[k]);
    }
    assert_int_equal(count, MOST_TEXTS);
    return count;
}

static void no_plain_text_is_of_another_type(void **state) {
    regex_t types;
    assert_int_equal(regcomp(&types, yaml_11_types, REG_EXTENDED | REG_NOSUB), 0);
    Str *texts = ARENA_ARRAY(*state, Str, MOST_TEXTS);
    size_t count = all_texts(*state, texts), plain = 0;
    for (size_t i = 0; i < count; i++) {
        if (!yaml_is_plain(texts[i])) continue;
        plain++;
        if (regexec(&types, texts[i].data, 0, NULL, 0) == 0)
            fail_msg("'%s' is no string in YAML 1.1", texts[i].data);
    }
    regfree(&types);
    assert_true(plain > 1000); // that the test looks at something
}

static void plain_where_it_can_be(void **state) {
    static const char *const plain[] = {"ec2:Describe*",
                                        "s3:*",
                                        "AWS::IAM::Role",
                                        "arn:aws:s3:::a",
                                        "What Spot may do, part 1 of 2",
                                        "a",
                                        "Spot",
                                        "nope"};
    static const char *const quoted[] = {
        "",   "y",          "No",           "oFF",  "NULL",     "True",  "-a",  "*",
        "1a", "a ",         " a",           "a: b", "a:",       "a #b",  "~",   "=",
        "<<", "2012-10-17", "123456789012", "a\nb", "\xC3\xA9", "[\\w]", "'a'", "a\t"};
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_true(yaml_is_plain(str_of(plain[i])));
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        assert_false(yaml_is_plain(str_of(quoted[i])));
    assert_false(yaml_is_plain((Str){"a\0b", 3}));
}

// --- YAML ---

static void assert_yaml(Arena *arena, const char *json, const char *expected) {
    Str text = yaml_text(arena, tree_of_json(arena, json));
    assert_string_equal(str_to_c(arena, text), expected);
}

static void writes_blocks(void **state) {
    assert_yaml(*state, "{\"a\": {\"b\": [1, true, null, \"null\", {\"c\": \"d\"}], \"e\": {}}}",
                "a:\n  b:\n  - 1\n  - true\n  - null\n  - 'null'\n  - c: d\n  e: {}\n");
    assert_yaml(*state, "[]", "[]\n");
    assert_yaml(*state, "[[], [\"\"]]", "- []\n- - ''\n");
}

// Lines stand as they are where no reader could lose or add anything.
static void lines_stand_as_a_block(void **state) {
    static const char *const blocks[] = {"b\nc\n", "b: 'c'\n  - d\n", "b\n\nc\n", "#b\n"};
    static const char *const quoted[] = {"b\nc",     "b\n\n",         " b\n",
                                         "\nb\n",    "b \nc\n",       "b\tc\n",
                                         "b\r\nc\n", "b\xC2\x85 c\n", "b\xE2\x80\xA8\n"};
    assert_yaml(*state, "{\"a\": \"b\\nc\\n\"}", "a: |\n  b\n  c\n");
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        assert_true(yaml_is_block(str_of(blocks[i])));
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        assert_false(yaml_is_block(str_of(quoted[i])));
}

static void writes_short_forms(void **state) {
    assert_yaml(*state, "{\"a\": {\"Ref\": \"AWS::AccountId\"}}", "a: !Ref AWS::AccountId\n");
    assert_yaml(*state, "[{\"Fn::Sub\": \"arn:${AWS::Partition}:s3:::a\"}]",
                "- !Sub 'arn:${AWS::Partition}:s3:::a'\n");
    assert_yaml(*state, "{\"a\": {\"Fn::GetAtt\": [\"Role\", \"Arn\"]}}", "a: !GetAtt Role.Arn\n");
    assert_yaml(*state, "{\"Fn::Equals\": [{\"Ref\": \"a\"}, \"1\"]}",
                "Fn::Equals:\n- !Ref a\n- '1'\n");
}

static void keeps_long_forms_that_have_no_short_one(void **state) {
    assert_yaml(*state, "{\"Fn::Sub\": [\"${a}\", {\"a\": \"b\"}]}",
                "Fn::Sub:\n- '${a}'\n- a: b\n");
    assert_yaml(*state, "{\"Fn::GetAtt\": [\"Role\", {\"Ref\": \"a\"}]}",
                "Fn::GetAtt:\n- Role\n- !Ref a\n");
    assert_yaml(*state, "{\"Ref\": \"a\", \"b\": \"c\"}", "Ref: a\nb: c\n");
}

static void check_read_back(Arena *arena, Node node) {
    Str text = yaml_text(arena, node);
    if (!node_equal(tree_of_yaml(arena, text), node)) fail_msg("changed:\n%.*s", STR_ARG(text));
}

// Each text as an item, a key and a value, a thousand in a document.
static void every_text_reads_as_itself(void **state) {
    Str *texts = ARENA_ARRAY(*state, Str, MOST_TEXTS);
    size_t count = all_texts(*state, texts);
    for (size_t from = 0; from < count; from += 1000) {
        TreeBuilder items, members;
        tree_begin(&items, *state, NULL);
        tree_begin(&members, *state, NULL);
        uint32_t list = tree_sequence(&items), mapping = tree_mapping(&members);
        for (size_t i = from; i < count && i < from + 1000; i++) {
            tree_append(&items, list, 0, tree_string(&items, texts[i]));
            tree_put(&members, mapping, texts[i], tree_string(&members, texts[i]));
        }
        check_read_back(*state, (Node){&items.tree, list});
        check_read_back(*state, (Node){&members.tree, mapping});
    }
}

static void every_character_reads_as_itself(void **state) {
    static const char *const texts[] = {"a\nb",
                                        "a\n",
                                        "\n",
                                        "\n\na",
                                        "a\n \nb",
                                        "\ta",
                                        "a\t",
                                        "a\rb",
                                        "\x01",
                                        "\x1B[0m",
                                        "\x7F",
                                        "\xC2\x85",
                                        "\xC2\xA0",
                                        "\xE2\x80\xA8",
                                        "a\xE2\x80\xA9",
                                        "\xEF\xBB\xBF",
                                        "\xC3\xA9",
                                        "\xE6\x97\xA5\xE6\x9C\xAC",
                                        "\xF0\x9F\x98\x80",
                                        "\xEF\xB7\xBA",
                                        "\\",
                                        "\"",
                                        "a\\n",
                                        "'",
                                        "a''b"};
    TreeBuilder builder;
    tree_begin(&builder, *state, NULL);
    uint32_t list = tree_sequence(&builder);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        tree_append(&builder, list, 0, tree_string(&builder, str_of(texts[i])));
    check_read_back(*state, (Node){&builder.tree, list});
}

static void long_lines_are_not_folded(void **state) {
    StrBuf text = strbuf_new(*state);
    for (size_t i = 0; i < 400; i++) strbuf_add_format(&text, "%zu word ", i);
    TreeBuilder builder;
    tree_begin(&builder, *state, NULL);
    Node node = {&builder.tree, tree_string(&builder, strbuf_str(&text))};
    check_read_back(*state, node);
    Str written = yaml_text(*state, node);
    assert_int_equal(str_find_byte(written, '\n', 0), written.length - 1);
}

// --- JSON ---

static void writes_pretty_json(void **state) {
    Node node = tree_of_json(*state, "{\"b\":[\"x\",{\"c\":1}],\"a\":{},\"d\":[],\"e\":null}");
    assert_string_equal(str_to_c(*state, json_pretty(*state, node)),
                        "{\n  \"b\": [\n    \"x\",\n    {\n      \"c\": 1\n    }\n  ],\n"
                        "  \"a\": {},\n  \"d\": [],\n  \"e\": null\n}\n");
    assert_int_equal(json_minified_characters(*state, node),
                     strlen("{\"b\":[\"x\",{\"c\":1}],\"a\":{},\"d\":[],\"e\":null}"));
}

static void counts_characters_not_bytes(void **state) {
    Node node = tree_of_json(*state, "[\"\\u00e9\\ud83d\\ude00\\n\\u0001\"]");
    assert_int_equal(json_minified_characters(*state, node), strlen("[\"..\\n\\u0001\"]"));
}

static void assert_as_jansson(Arena *arena, Str text) {
    StrBuf ours = strbuf_new(arena);
    json_add_string(&ours, text);
    json_t *value = json_stringn(text.data, text.length);
    char *theirs = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    assert_string_equal(str_to_c(arena, strbuf_str(&ours)), theirs);
    TreeBuilder builder;
    tree_begin(&builder, arena, NULL);
    Node node = {&builder.tree, tree_string(&builder, text)};
    assert_int_equal(json_minified_characters(arena, node), utf8_count(str_of(theirs)));
    free(theirs);
    json_decref(value);
}

static void no_number_is_lost(void **state) {
    Node node = tree_of_yaml(*state, STR("[1e999, -1e999, {a: 1e999}, 1.5, 18446744073709551616]"));
    assert_string_equal(str_to_c(*state, json_pretty(*state, node)),
                        "[\n  \"1e999\",\n  \"-1e999\",\n  {\n    \"a\": \"1e999\"\n  },\n"
                        "  1.5,\n  1.8446744073709552e19\n]\n");
}

// Policies are measured by our own writer of strings and written by jansson: they must agree.
static void strings_are_as_jansson_writes_them(void **state) {
    for (unsigned c = 0; c < 0x80; c++) {
        char text[] = {'a', (char)c, 'b'};
        assert_as_jansson(*state, (Str){text, sizeof text});
    }
    static const char *const texts[] = {"",
                                        "\xC2\x80",
                                        "\xC3\xA9",
                                        "\xE2\x80\xA8",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x9F\x98\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "</script>",
                                        "\\\""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_as_jansson(*state, str_of(texts[i]));
}

// --- texts of policies ---

static void arns_of_the_partition_become_subs(void **state) {
    static const struct {
        const char *text, *partition, *json; // as in a template
    } rows[] = {
        {"arn:aws:s3:::a/*", "aws", "{\"Fn::Sub\":\"arn:${AWS::Partition}:s3:::a/*\"}"},
        {"arn:aws-cn:s3:::a", "aws-cn", "{\"Fn::Sub\":\"arn:${AWS::Partition}:s3:::a\"}"},
        {"arn:aws:iam::123456789012:role/aws:x", "aws",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:iam::123456789012:role/aws:x\"}"},
        {"arn:aws:s3:::${aws:username}/${a}", "aws",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:s3:::${!aws:username}/${!a}\"}"},
        {"arn:aws:s3:::$x${", "aws", "{\"Fn::Sub\":\"arn:${AWS::Partition}:s3:::$x${!\"}"},
        {"arn:aws-cn:s3:::a", "aws", "\"arn:aws-cn:s3:::a\""},
        {"arn:aws:s3:::a", "aws-cn", "\"arn:aws:s3:::a\""},
        {"arn:aws:s3", "aws", "\"arn:aws:s3\""},
        {"*", "aws", "\"*\""},
        {"s3:Get*", "aws", "\"s3:Get*\""},
        {"${aws:username}", "aws", "\"${aws:username}\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TreeBuilder builder;
        tree_begin(&builder, *state, NULL);
        DocumentStyle style = {.partition = str_of(rows[i].partition), .in_template = true};
        Node node = {&builder.tree, document_text(&builder, str_of(rows[i].text), &style)};
        assert_true(node_equal(node, tree_of_json(*state, rows[i].json)));
        style.in_template = false;
        node.id = document_text(&builder, str_of(rows[i].text), &style);
        assert_true(node_is_string(node, str_of(rows[i].text)));
    }
}

// In a template for several accounts.
static void the_own_account_becomes_the_stacks(void **state) {
    static const struct {
        const char *text, *json;
    } rows[] = {
        {"arn:aws:iam::123456789012:role/a",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a\"}"},
        {"arn:aws:iam:${a}:123456789012:role/${aws:username}",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:iam:${!a}:${AWS::AccountId}:role/"
         "${!aws:username}\"}"},
        {"arn:aws:iam::210987654321:role/a",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:iam::210987654321:role/a\"}"},
        {"arn:aws:s3:::logs-123456789012",
         "{\"Fn::Sub\":\"arn:${AWS::Partition}:s3:::logs-123456789012\"}"},
        {"arn:aws-cn:iam::123456789012:role/a", "\"arn:aws-cn:iam::123456789012:role/a\""},
        {"123456789012", "{\"Ref\":\"AWS::AccountId\"}"},
        {"210987654321", "\"210987654321\""},
        {"", "\"\""},
    };
    DocumentStyle style = {.partition = STR("aws"), .own_account = STR("123456789012")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TreeBuilder builder;
        tree_begin(&builder, *state, NULL);
        style.in_template = true;
        Node node = {&builder.tree, document_text(&builder, str_of(rows[i].text), &style)};
        assert_true(node_equal(node, tree_of_json(*state, rows[i].json)));
        style.in_template = false;
        node.id = document_text(&builder, str_of(rows[i].text), &style);
        assert_true(node_is_string(node, str_of(rows[i].text)));
    }
}

// A sixteenth of the bytes: of what is asked for all, of the others what 32 KiB do not hold; and
// the steps beyond 16,384.
static void writing_counts_as_work(void **state) {
    static const struct {
        size_t policy, template, stack_set, terraform, runbook, steps, work;
    } rows[] = {
        {0, 0, 0, 0, 0, 0, 0},
        {8192, 8192, 16384, 0, 0, 16384, 0},
        {8192, 8192, 16384 + 160, 0, 0, 0, 10},
        {8192, 8192, 0, 1600, 320, 0, 120},
        {8192, 32768, 0, 1600, 320, 16384 + 100, 732},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t sizes[] = {rows[i].policy, rows[i].template, rows[i].stack_set,
                                rows[i].terraform, rows[i].runbook};
        static const ArtifactKind kinds[] = {ARTIFACT_POLICY, ARTIFACT_TEMPLATE, ARTIFACT_STACK_SET,
                                             ARTIFACT_TERRAFORM, ARTIFACT_RUNBOOK};
        ArtifactVec artifacts = {0};
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            VEC_PUSH(*state, &artifacts,
                     ((Artifact){.kind = kinds[k], .bytes = {.length = sizes[k]}}));
        assert_int_equal(emit_work(&artifacts, rows[i].steps), rows[i].work);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, memory_set_up, memory_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(no_plain_text_is_of_another_type),
        TEST(plain_where_it_can_be),
        TEST(writes_blocks),
        TEST(lines_stand_as_a_block),
        TEST(writes_short_forms),
        TEST(keeps_long_forms_that_have_no_short_one),
        TEST(every_text_reads_as_itself),
        TEST(every_character_reads_as_itself),
        TEST(long_lines_are_not_folded),
        TEST(writes_pretty_json),
        TEST(counts_characters_not_bytes),
        TEST(no_number_is_lost),
        TEST(strings_are_as_jansson_writes_them),
        TEST(arns_of_the_partition_become_subs),
        TEST(the_own_account_becomes_the_stacks),
        TEST(writing_counts_as_work),
    };
    return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
