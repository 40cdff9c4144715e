// Blocks to Markdown, and texts to what other languages read back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/shell.h"
#include "emit/emit.h"
#include "emit/literal.h"
#include "emit/markdown.h"
#include "model/embedded.h"
#include "reading.h"

static const char *markdown(Reading *r, const char *yaml) {
    Str text = {0};
    if (!markdown_text(&r->arena, &r->diags, reading_yaml(r, yaml), &text)) return NULL;
    return str_to_c(&r->arena, text);
}

#define SHOWS(yaml, expected) assert_string_equal(markdown(*state, (yaml)), (expected))

static void blocks_are_written_apart(void **state) {
    SHOWS("[{title: One}, {section: Two}, {subsection: Three}, {text: Four}]",
          "# One\n\n## Two\n\n### Three\n\nFour\n");
    SHOWS("[{bullets: [a, b]}, {code: \"x\\n\\ny\\n\"}]", "- a\n- b\n\n```\nx\n\ny\n```\n");
    SHOWS("[{table: [[A, B], [c, {code: d}]]}]", "| A | B |\n|---|---|\n| c | `d` |\n");
}

static void steps_indent_their_blocks(void **state) {
    SHOWS("[{steps: [[{text: a}, {command: [[ls]]}], [{steps: [[{text: b}, {text: c}]]}]]}]",
          "1. a\n\n   ```sh\n   ls\n   ```\n\n2. 1. b\n\n      c\n");
    SHOWS("[{steps: [[{command: [[ls]]}]]}]", "1. ```sh\n   ls\n   ```\n");
}

static void texts_mean_themselves(void **state) {
    SHOWS("[{text: 'a*b_c`d[e](f)<g>&amp;|~#$h\\'}]",
          "a\\*b\\_c\\`d\\[e\\](f)\\<g\\>\\&amp;\\|\\~\\#\\$h\\\\\n");
    SHOWS("[{text: \"a\\nb\\rc\"}]", "a b c\n");
    SHOWS("[{text: [{strong: 'a*b'}, ' c']}]", "**a\\*b** c\n");
    SHOWS("[{text: '- a'}, {text: '+ a'}, {text: '=='}, {text: '1. a'}, {text: '12) a'}]",
          "\\- a\n\n\\+ a\n\n\\==\n\n1\\. a\n\n12\\) a\n");
    SHOWS("[{text: '1 a'}, {bullets: ['2. a']}]", "1 a\n\n- 2\\. a\n");
}

static void code_keeps_its_backticks(void **state) {
    SHOWS("[{text: [{code: 'a`b'}, ' ', {code: '`'}, ' ', {code: '``a'}]}]",
          "``a`b`` `` ` `` ``` ``a ```\n");
    SHOWS("[{table: [[{code: 'a|b'}]]}]", "| `a\\|b` |\n|---|\n");
    SHOWS("[{code: \"```\\n````\"}]", "`````\n```\n````\n`````\n");
}

static void links_are_encoded(void **state) {
    SHOWS("[{text: [{link: 'a]b', to: 'https://x/y(z) w', query: {u: 'https://b/k?v=1&w', n: a "
          "b}}]}]",
          "[a\\]b](https://x/y%28z%29%20w?u=https%3A%2F%2Fb%2Fk%3Fv%3D1%26w&n=a%20b)\n");
}

static void commands_are_quoted(void **state) {
    SHOWS("[{command: [[aws, 'a b'], [--x, \"it's\", {env: A}], [{set: T, env: B}, {to: 'o p'}],"
          " [{json: [{Key: a}]}, '']]}]",
          "```sh\naws 'a b' \\\n    --x 'it'\\''s' \"$A\" \\\n    T=\"$B\" > 'o p' \\\n"
          "    '[{\"Key\":\"a\"}]' ''\n```\n");
}

static void faults_are_found_in_their_place(void **state) {
    static const struct {
        const char *yaml, *message;
    } faults[] = {
        {"a: b", "1:1 template-error: a list of blocks is needed here\n"},
        {"[a]", "1:2 template-error: a block has one of the keys title, section, subsection, text, "
                "bullets, steps, code, command, table\n"},
        {"[{txet: a}]", "1:3 template-error: no block 'txet'; did you mean 'text'?\n"},
        {"[{text: a, code: b}]", "1:3 template-error: a block has one of the keys title, section, "
                                 "subsection, text, bullets, steps, code, command, table\n"},
        {"[{bullets: a}]", "1:3 template-error: a list is needed here\n"},
        {"[{code: [a]}]", "1:3 template-error: a text is needed here\n"},
        {"[{text: {link: a}}]",
         "1:3 template-error: a text, code, strong or link with to is needed here\n"},
        {"[{steps: [a]}]", "1:11 template-error: a list of blocks is needed here\n"},
        {"[{command: [[{sett: a}]]}]",
         "1:14 template-error: a word is a text, env, set with env, to, or json\n"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        assert_null(markdown(*state, faults[i].yaml));
        assert_string_equal(reading_messages(*state), faults[i].message);
    }
}

static void words_of_a_shell(void **state) {
    Reading *r = *state;
    assert_true(str_equal(shell_word(&r->arena, STR("a-b_c./:@%+,=9Z")), STR("a-b_c./:@%+,=9Z")));
    assert_true(str_equal(shell_word(&r->arena, STR("a;b")), STR("'a;b'")));
    assert_true(str_equal(shell_word(&r->arena, STR("~")), STR("'~'")));
    assert_true(str_equal(shell_quoted(&r->arena, STR("a")), STR("'a'")));
}

static void literals_of_terraform(void **state) {
    static const struct {
        const char *text, *literal;
    } cases[] = {
        {"a$b%c{", "a$b%c{"},   {"${a}", "$${a}"},
        {"%{a}", "%%{a}"},      {"$${a}", "${\"$\"}$${a}"},
        {"$%{", "${\"$\"}%%{"}, {"%${", "${\"%\"}$${"},
        {"$$$", "$$$"},         {"", ""},
    };
    Reading *r = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str literal = literal_terraform(&r->arena, str_of(cases[i].text));
        assert_string_equal(str_to_c(&r->arena, literal), cases[i].literal);
    }
}

// The manifest's schema names the emitters, for editors; the table is what there is.
static void the_schema_names_what_can_be_asked_for(void **state) {
    Reading *r = *state;
    StrVec names = {0}, listed = {0};
    emitter_names(&r->arena, true, &names);
    Node schema = embedded_root(STR("schema/manifest.schema.json"));
    Node emit = NODE_GET(NODE_GET(schema, "properties"), "emit");
    NODE_EACH(name, NODE_GET(NODE_GET(emit, "items"), "enum"))
    VEC_PUSH(&r->arena, &listed, node_text(name));
    strvec_sort_unique(&names);
    strvec_sort_unique(&listed);
    assert_int_equal(names.count, listed.count);
    assert_true(names.count > 0);
    for (size_t i = 0; i < names.count; i++)
        assert_true(str_equal(names.items[i], listed.items[i]));
}

static void each_emitter_owns_what_it_is_asked_for(void **state) {
    StrVec none = {0};
    (void)state;
    assert_true(emit_owns(STR("deploy.md"), &none));
    assert_true(emit_owns(STR("main.tf.json"), &none));
    assert_false(emit_owns(STR("README.md"), &none));
    assert_false(emit_owns(STR("main.tf"), &none));
}

static void skeletons_have_names(void **state) {
    Reading *r = *state;
    StrVec names = {0};
    Library library;
    library_init(&r->arena, &library);
    templates_names(&r->arena, &library, &names);
    assert_true(names.count >= 6);
    for (size_t i = 0; i < names.count; i++)
        assert_true(node_exists(templates_find(NULL, names.items[i])));
    assert_false(node_exists(templates_find(NULL, STR("starter.yaml"))));
    assert_false(node_exists(templates_find(NULL, STR("stack"))));
}

// Which manifests can have this depends on the schema; the page takes it as it is.
static void restrictions_are_told(void **state) {
    Reading *r = *state;
    Node root = reading_yaml(r, "{restrict: {regions: [eu-west-1], vpcs: [vpc-1], "
                                "spot_managed_only: true}}");
    Manifest manifest = {.root = root, .name = STR("a"), .account = STR("123456789012")};
    Selection selection = {0};
    ArtifactVec artifacts = {0};
    size_t steps = 0;
    Emission emission = {.arena = &r->arena,
                         .diags = &r->diags,
                         .manifest = &manifest,
                         .selection = &selection,
                         .artifacts = &artifacts,
                         .steps = &steps};
    assert_true(partition_find(STR("aws"), &manifest.partition));
    VEC_PUSH(&r->arena, &artifacts,
             ((Artifact){.kind = ARTIFACT_TEMPLATE, .name = STR("template.yaml")}));
    assert_true(emit_runbook(&emission));
    const char *page = str_to_c(&r->arena, artifacts.items[1].bytes);
    assert_non_null(strstr(page, "\n- `eu-west-1`\n"));
    assert_non_null(strstr(page, "\n- `vpc-1`\n"));
    assert_non_null(strstr(page, "the instances that Spot made"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(blocks_are_written_apart),
        TEST(steps_indent_their_blocks),
        TEST(texts_mean_themselves),
        TEST(code_keeps_its_backticks),
        TEST(links_are_encoded),
        TEST(commands_are_quoted),
        TEST(faults_are_found_in_their_place),
        TEST(words_of_a_shell),
        TEST(literals_of_terraform),
        TEST(the_schema_names_what_can_be_asked_for),
        TEST(each_emitter_owns_what_it_is_asked_for),
        TEST(skeletons_have_names),
        TEST(restrictions_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
