// The template within a stack set's template: the same bytes, and none that a set cannot take.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit/emit.h"
#include "emit/yaml.h"
#include "memory.h"
#include "read/read.h"

typedef struct Fixture {
    Arena *arena;
    Diags diags;
    Manifest manifest;
    Selection selection;
    ArtifactVec artifacts;
    size_t steps;
} Fixture;

static Node tree_of(Fixture *f, Str text) {
    Source *source = ARENA_NEW(f->arena, Source);
    *source = (Source){.name = STR("test.yaml"), .text = text};
    const YamlTag short_forms[] = {
        {STR("!Ref"), STR("Ref")},
        {STR("!GetAtt"), STR("Fn::GetAtt")},
    };
    YamlTags tags = {short_forms, sizeof short_forms / sizeof *short_forms};
    NodeVec roots = {0};
    assert_true(read_yaml_tagged(f->arena, &f->diags, source, &tags, &roots));
    assert_int_equal(roots.count, 1);
    return roots.items[0];
}

static Fixture *fixture_of(Arena *arena, const char *stack_set) {
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    diags_init(&f->diags, arena, 20);
    Node settings = tree_of(f, str_of(stack_set));
    f->manifest = (Manifest){
        .root = settings,
        .name = STR("test"),
        .account = STR("123456789012"),
        .stack_name = STR("test"),
        .stack_set = {.settings = settings,
                      .service_managed = node_exists(NODE_GET(settings, "organizational_units")),
                      .spans_accounts = true}};
    return f;
}

static bool emit(Fixture *f, Str bytes, Node root) {
    Emission emission = {.arena = f->arena,
                         .diags = &f->diags,
                         .manifest = &f->manifest,
                         .selection = &f->selection,
                         .artifacts = &f->artifacts,
                         .steps = &f->steps};
    VEC_PUSH(f->arena, &f->artifacts,
             ((Artifact){.kind = ARTIFACT_TEMPLATE, .bytes = bytes, .root = root}));
    return emit_stack_set(&emission);
}

static const char units[] = "{organizational_units: [ou-ab12-cdefgh34], regions: [us-east-1]}";
static const char accounts[] = "{regions: [us-east-1]}";

// --- the same bytes ---

static Node properties_of(Fixture *f) {
    const Artifact *artifact = &f->artifacts.items[1];
    assert_int_equal(artifact->kind, ARTIFACT_STACK_SET);
    Node resources = NODE_GET(tree_of(f, artifact->bytes), "Resources");
    return NODE_GET(NODE_GET(resources, "StackSet"), "Properties");
}

static void assert_carried(Arena *arena, Str bytes) {
    Fixture *f = fixture_of(arena, units);
    Node root = tree_of(f, STR("{Description: d}"));
    assert_true(emit(f, bytes, root));
    assert_true(node_is_string(NODE_GET(properties_of(f), "TemplateBody"), bytes));
}

static void the_template_is_carried_byte_by_byte(void **state) {
    static const char *const texts[] = {"a: b\n",
                                        "a: b",
                                        "a: b\n\n",
                                        "a:\n- b\n- c: 'd'\n",
                                        " a: b\n",
                                        "\na: b\n",
                                        "a: b \nc: d\n",
                                        "a: |\n  b\n\n  c\n",
                                        "# a\n---\na: b\n...\n",
                                        "a: \"\xC3\xA9 \xE6\x97\xA5\"\n",
                                        "a: \xC2\x85\xE2\x80\xA8 b\n",
                                        "a: \xF0\x9F\x98\x80\n",
                                        "a:\tb\n",
                                        "a: b\r\nc: d\r\n",
                                        "{\n  \"a\": \"\\u0000${b}\"\n}\n",
                                        "\xEF\xBB\xBF# a\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_carried(*state, str_of(texts[i]));
}

static void a_template_stands_as_it_is(void **state) {
    Fixture *f = fixture_of(*state, units);
    assert_true(emit(f, STR("a: b\nc:\n- d\n"), tree_of(f, STR("{Description: d}"))));
    Str written = f->artifacts.items[1].bytes;
    Str block = STR("      TemplateBody: |\n        a: b\n        c:\n        - d\n");
    assert_true(str_find(written, block, 0) < written.length);
}

// --- as large as it may be ---

static Str bytes_of_length(Arena *arena, size_t length) {
    StrBuf text = strbuf_new(arena);
    while (strbuf_str(&text).length + 4 < length) strbuf_add(&text, STR("a-b\n"));
    while (strbuf_str(&text).length + 1 < length) strbuf_add_byte(&text, 'x');
    strbuf_add_byte(&text, '\n');
    return strbuf_str(&text);
}

static void the_limit_decides_how_it_is_carried(void **state) {
    static const struct {
        size_t length;
        bool has_url, carried, named;
    } rows[] = {{51200, false, true, false},
                {51200, true, true, false},
                {51201, true, false, true},
                {51201, false, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture *f = fixture_of(*state, units);
        if (rows[i].has_url) f->manifest.template_url = STR("https://a.example/t.yaml");
        Node root = tree_of(f, STR("{Description: d}"));
        bool made = emit(f, bytes_of_length(*state, rows[i].length), root);
        assert_int_equal(made, rows[i].carried || rows[i].named);
        if (!made) continue;
        assert_int_equal(node_exists(NODE_GET(properties_of(f), "TemplateBody")), rows[i].carried);
        assert_int_equal(node_exists(NODE_GET(properties_of(f), "TemplateURL")), rows[i].named);
    }
}

// --- what it cannot take along ---

static void assert_errors(Arena *arena, const char *stack_set, const char *template,
                          size_t expected) {
    Fixture *f = fixture_of(arena, stack_set);
    bool made = emit(f, str_of(template), tree_of(f, str_of(template)));
    assert_int_equal(made, expected == 0);
    assert_int_equal(diags_errors(&f->diags), expected);
    for (size_t i = 0; i < f->diags.items.count; i++)
        assert_int_equal(f->diags.items.items[i]->id, MSG_STACK_SET_TEMPLATE);
}

static void transforms_and_stacks_stay_behind(void **state) {
    static const char plain[] = "{Description: d, Resources: {A: {Type: AWS::IAM::Role}}}";
    static const char macro[] = "{Description: d, Transform: AWS::LanguageExtensions}";
    static const char inner[] =
        "{Description: d, Resources: {A: {Properties: [{'Fn::Transform': {Name: B}}]}}}";
    static const char stack[] =
        "{Description: d, Resources: {A: {Type: AWS::CloudFormation::Stack}}}";
    static const char set[] =
        "{Description: d, Resources: {A: {Type: AWS::CloudFormation::StackSet}}}";
    assert_errors(*state, units, plain, 0);
    assert_errors(*state, units, macro, 1);
    assert_errors(*state, units, inner, 1);
    assert_errors(*state, accounts, macro, 0);
    assert_errors(*state, units, stack, 1);
    assert_errors(*state, accounts, stack, 1);
    assert_errors(*state, accounts, set, 1);
}

static void transforms_need_a_capability(void **state) {
    Fixture *f = fixture_of(*state, accounts);
    Str template = STR("{Description: d, Transform: AWS::LanguageExtensions}\n");
    assert_true(emit(f, template, tree_of(f, template)));
    Node capabilities = NODE_GET(properties_of(f), "Capabilities");
    assert_true(node_is_string(node_first(capabilities), STR("CAPABILITY_IAM")));
    assert_true(node_is_string(node_last(capabilities), STR("CAPABILITY_AUTO_EXPAND")));
}

static void nothing_without_a_set_or_a_template(void **state) {
    Fixture *f = fixture_of(*state, accounts);
    Emission emission = {.arena = f->arena,
                         .diags = &f->diags,
                         .manifest = &f->manifest,
                         .selection = &f->selection,
                         .artifacts = &f->artifacts,
                         .steps = &f->steps};
    assert_true(emit_stack_set(&emission));
    assert_int_equal(f->artifacts.count, 0);
    f->manifest.stack_set = (StackSet){0};
    assert_true(emit(f, STR("a: b\n"), tree_of(f, STR("{Description: d}"))));
    assert_int_equal(f->artifacts.count, 1);
}

// --- how many accounts ---

// What is reported of a set of so many accounts, each with an external id.
static const Diagnostic *report_of_accounts(Arena *arena, size_t count) {
    Fixture *f = fixture_of(arena, accounts);
    StrBuf list = strbuf_new(arena);
    strbuf_add(&list, STR("accounts:\n"));
    for (size_t i = 0; i < count; i++)
        strbuf_add_format(&list, "- {account: \"2%011zu\", external_id: \"spot-%05zu\"}\n", i, i);
    f->manifest.stack_set.accounts = NODE_GET(tree_of(f, strbuf_str(&list)), "accounts");
    VEC_PUSH(arena, &f->selection.roles,
             ((Role){.id = STR("spot"), .external_id_by_account = true}));
    Str text = STR("Resources: {}\n");
    bool emitted = emit(f, text, tree_of(f, text));
    assert_int_equal(emitted, diags_errors(&f->diags) == 0);
    for (size_t i = 0; i < f->diags.items.count; i++) {
        if (f->diags.items.items[i]->severity == SEVERITY_ERROR) return f->diags.items.items[i];
    }
    return NULL;
}

// What certainly is too large is not even made, and said where the accounts are.
static void accounts_may_be_too_many(void **state) {
    Arena *arena = *state;
    assert_null(report_of_accounts(arena, 1000));
    const Diagnostic *made = report_of_accounts(arena, 6600);
    assert_int_equal(made->id, MSG_TEMPLATE_LIMIT);
    assert_non_null(strstr(str_to_c(arena, made->text), "the stack set's template has "));
    const Diagnostic *many = report_of_accounts(arena, 20000);
    assert_int_equal(many->id, MSG_TEMPLATE_LIMIT);
    assert_string_equal(str_to_c(arena, many->text),
                        "the stack set's template would have at least 3000000 bytes, more than "
                        "CloudFormation's 1000000");
    assert_int_equal(many->span.begin, 0);
    assert_int_equal(many->span.end, strlen("accounts"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, memory_set_up, memory_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_template_is_carried_byte_by_byte),
        TEST(a_template_stands_as_it_is),
        TEST(the_limit_decides_how_it_is_carried),
        TEST(transforms_and_stacks_stay_behind),
        TEST(transforms_need_a_capability),
        TEST(nothing_without_a_set_or_a_template),
        TEST(accounts_may_be_too_many),
    };
    return cmocka_run_group_tests_name("stack set", tests, NULL, NULL);
}
