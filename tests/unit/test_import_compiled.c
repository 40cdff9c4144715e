// What spotc writes, read back: the template in either format and the output folder say what the
// compilation grants.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "importing.h"
#include "pipeline.h"
#include "read/load.h"
#include "reading.h"

// --- what is granted, without names ---

static void add_documents(StrBuf *out, const RoleDocuments *role, DocumentKind kind) {
    for (size_t i = 0; i < role->documents.count; i++) {
        const Document *document = &role->documents.items[i];
        assert_false(node_exists(document->bad));
        for (size_t k = 0; document->kind == kind && k < document->statements.count; k++) {
            importing_add_statement(out, &document->statements.items[k]);
            strbuf_add_byte(out, '\n');
        }
    }
}

static Str granted(Arena *arena, const RoleDocuments *role) {
    StrBuf out = strbuf_new(arena);
    for (size_t i = 0; i < role->managed.count; i++)
        strbuf_add_format(&out, "managed %.*s\n", STR_ARG(role->managed.items[i].text));
    strbuf_add_format(&out, "boundary %.*s\n", STR_ARG(role->boundary.text));
    add_documents(&out, role, DOCUMENT_IDENTITY);
    add_documents(&out, role, DOCUMENT_TRUST);
    return strbuf_str(&out);
}

static Str replace(Arena *arena, Str text, Str from, Str to) {
    StrBuf out = strbuf_new(arena);
    for (size_t at = 0; at < text.length;) {
        size_t found = str_find(text, from, at);
        strbuf_add(&out, str_slice(text, at, found));
        if (found < text.length) strbuf_add(&out, to);
        at = found + from.length;
    }
    return strbuf_str(&out);
}

// What a template leaves open, filled in from the manifest.
static Str deployed(Arena *arena, const Compilation *c, const Role *role, Str text) {
    text = replace(arena, text, STR("${AWS::Partition}"), c->manifest.partition.id);
    if (c->manifest.stack_set.spans_accounts)
        text = replace(arena, text, STR("${AWS::AccountId}"), c->manifest.account);
    if (role->external_id.length == 0) return text; // none, or the stack makes it
    Str parameter = str_format(arena, "${%c%.*sExternalId}", role->id.data[0] - 'a' + 'A',
                               STR_ARG(str_slice(role->id, 1, role->id.length)));
    return replace(arena, text, parameter, role->external_id);
}

static void assert_equal(Reading *reading, const char *what, Str actual, Str expected) {
    if (!str_equal(actual, expected))
        fail_msg("%s\n--- is\n%s--- should be\n%s", what, str_to_c(&reading->arena, actual),
                 str_to_c(&reading->arena, expected));
}

// The role `id`, which a template calls SpotRole where it is "spot".
static const RoleDocuments *find_role(Arena *arena, const Imported *imported, Str id) {
    Str logical = str_format(arena, "%.*sRole", STR_ARG(id));
    for (size_t i = 0; i < imported->roles.count; i++) {
        const RoleDocuments *role = &imported->roles.items[i];
        if (str_equal(role->id, id) || str_equal_ignoring_case(role->id, logical)) return role;
    }
    fail_msg("no role %s", str_to_c(arena, id));
    return NULL;
}

static void compare(Reading *reading, const char *what, const Compilation *c,
                    const Imported *imported) {
    Arena *arena = &reading->arena;
    Imported compiled = {0};
    import_selection(arena, &c->manifest, &c->selection, &compiled);
    assert_int_equal(compiled.roles.count, c->selection.roles.count);
    for (size_t i = 0; i < compiled.roles.count; i++) {
        const Role *role = &c->selection.roles.items[i];
        Str expected = granted(arena, &compiled.roles.items[i]);
        Str actual = granted(arena, find_role(arena, imported, role->id));
        assert_true(expected.length > 100);
        assert_equal(reading, what, deployed(arena, c, role, actual), expected);
    }
}

// --- compiling ---

static const Artifact *template_of(const Compilation *c) {
    for (size_t i = 0; i < c->artifacts.count; i++) {
        if (c->artifacts.items[i].kind == ARTIFACT_TEMPLATE) return &c->artifacts.items[i];
    }
    fail_msg("no template");
    return NULL;
}

static void compare_template(Reading *reading, Compilation *c, bool json) {
    c->manifest.json_template = json;
    c->artifacts.count = 0;
    if (!pipeline_run(c, PASS_EMIT, PASS_EMIT)) fail_msg("%s", reading_messages(reading));
    const Artifact *artifact = template_of(c);
    assert_string_equal(str_to_c(&reading->arena, artifact->name),
                        json ? "template.json" : "template.yaml");
    Imported imported = {0};
    const Source *source =
        reading_source(reading, str_to_c(&reading->arena, artifact->name), artifact->bytes);
    if (!import_source(&reading->arena, &reading->diags, source, &imported))
        fail_msg("%s", reading_messages(reading));
    assert_int_equal(imported.remarks.count, 0);
    compare(reading, str_to_c(&reading->arena, c->manifest.name), c, &imported);
}

static const Library *library_for(Reading *reading, Node root) {
    Library *library = ARENA_NEW(&reading->arena, Library);
    BundlesRead read = {0};
    library_init(&reading->arena, library);
    NODE_EACH(folder, NODE_GET(root, "bundles")) {
        Str path = file_join(&reading->arena, STR("examples"), node_text(folder));
        assert_true(
            library_add_folder(&reading->arena, &reading->diags, &read, library, path, NO_SPAN));
    }
    return library;
}

static void compile(Reading *reading, Node root, Compilation *ret_compilation) {
    *ret_compilation = (Compilation){.arena = &reading->arena,
                                     .diags = &reading->diags,
                                     .library = library_for(reading, root),
                                     .document = root};
    if (!pipeline_run(ret_compilation, PASS_READ, PASS_LAYOUT))
        fail_msg("%s", reading_messages(reading));
}

static void read_manifests(Reading *reading, Str path, NodeVec *ret_roots) {
    const Source *source = NULL;
    NodeVec documents = {0};
    LoadResult loaded = source_load(&reading->arena, &reading->diags, path, NO_SPAN, &source);
    assert_int_equal(loaded, LOAD_DONE);
    assert_true(read_yaml(&reading->arena, &reading->diags, source, &documents));
    for (size_t i = 0; i < documents.count; i++)
        assert_true(
            pipeline_documents(&reading->arena, &reading->diags, documents.items[i], ret_roots));
}

// The one manifest of a file; no node where there are others.
static Node read_manifest(Reading *reading, Str path) {
    NodeVec roots = {0};
    read_manifests(reading, path, &roots);
    return roots.count == 1 ? roots.items[0] : NO_NODE;
}

static void list(Reading *reading, const char *folder, StrVec *ret_names) {
    int error = 0;
    assert_int_equal(file_list(&reading->arena, str_of(folder), ret_names, &error), FILE_DONE);
}

// --- tests ---

static void test_published(void **state) {
    Reading *reading = *state;
    StrVec names = {0};
    size_t seen = 0;
    list(reading, "tests/published", &names);
    for (size_t i = 0; i < names.count; i++) {
        Str name = names.items[i];
        if (str_find_byte(name, '.', 0) < name.length || str_starts_with(name, STR("_"))) continue;
        Compilation c;
        Str path = str_format(&reading->arena, "tests/published/%.*s/manifest.yaml", STR_ARG(name));
        compile(reading, read_manifest(reading, path), &c);
        compare_template(reading, &c, false);
        compare_template(reading, &c, true);
        seen++;
    }
    assert_int_equal(seen, 15); // the default policy and 14 templates
}

static void compare_folder(Reading *reading, const Compilation *c, Str example) {
    Imported imported = {0};
    Str path = str_format(&reading->arena, "tests/examples/%.*s/expected/%.*s", STR_ARG(example),
                          STR_ARG(c->manifest.name));
    if (import_folder(&reading->arena, &reading->diags, path, NO_SPAN, &imported) != IMPORT_DONE)
        fail_msg("%s", reading_messages(reading));
    assert_int_equal(imported.roles.count, c->selection.roles.count);
    for (size_t i = 0; i < imported.roles.count; i++)
        assert_true(str_equal(imported.roles.items[i].id, c->selection.roles.items[i].id));
    compare(reading, str_to_c(&reading->arena, path), c, &imported);
}

static void test_examples(void **state) {
    Reading *reading = *state;
    StrVec names = {0};
    size_t seen = 0;
    list(reading, "examples", &names);
    for (size_t i = 0; i < names.count; i++) {
        NodeVec roots = {0};
        Str name = names.items[i];
        if (!str_ends_with(name, STR(".yaml"))) continue;
        read_manifests(reading, file_join(&reading->arena, STR("examples"), name), &roots);
        for (size_t k = 0; k < roots.count; k++, seen++) {
            Compilation c;
            compile(reading, roots.items[k], &c);
            compare_folder(reading, &c, str_slice(name, 0, name.length - 5));
            compare_template(reading, &c, false);
            compare_template(reading, &c, true);
        }
    }
    assert_true(seen >= 12);
}

// The lines of manifest and bundle come along.
static void test_origins(void **state) {
    Reading *reading = *state;
    Compilation c;
    Imported imported = {0};
    compile(reading, read_manifest(reading, STR("examples/elastigroup.yaml")), &c);
    import_selection(&reading->arena, &c.manifest, &c.selection, &imported);
    const Document *document = &imported.roles.items[0].documents.items[0];
    for (size_t i = 0; i < document->statements.count; i++) {
        const DocumentStatement *statement = &document->statements.items[i];
        assert_string_equal(str_to_c(&reading->arena, statement->span.source->name),
                            "examples/elastigroup.yaml");
        for (size_t k = 0; k < statement->actions.count; k++)
            assert_true(str_starts_with(statement->actions.items[k].span.source->name,
                                        STR("<built-in>/bundles/")));
    }
}

// Where statements are merged, each action has the line of its own bundle.
static void test_merged_origins(void **state) {
    Reading *reading = *state;
    Compilation c;
    Imported imported = {0};
    size_t compute = 0, account = 0;
    compile(reading,
            reading_yaml(reading, "{name: merged, account: '123456789012', partition: aws,"
                                  " external_id: abc, layout: compact,"
                                  " products: {elastigroup: {}, ocean: {}}}"),
            &c);
    import_selection(&reading->arena, &c.manifest, &c.selection, &imported);
    const DocumentStatement *statement =
        &imported.roles.items[0].documents.items[0].statements.items[0];
    for (size_t i = 0; i < statement->actions.count; i++) {
        Str name = statement->actions.items[i].span.source->name;
        compute += str_ends_with(name, STR("/compute.yaml"));
        account += str_ends_with(name, STR("/account.yaml"));
    }
    assert_true(compute > 0 && account > 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_published), TEST(test_examples),
                                       TEST(test_origins), TEST(test_merged_origins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
