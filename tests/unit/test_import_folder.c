// Output folders, whole and broken.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "importing.h"
#include "scratch.h"

#define POLICY(action) \
    "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"" action "\", \"Resource\": \"*\"}}"
#define TRUST                                                                               \
    "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"1\"}, \"Action\": " \
    "\"sts:AssumeRole\"}}"
#define ALLOW(action) "    Allow Action " action " Resource *\n"

static void make_folder(const char *path) {
    assert_int_equal(mkdir(path, 0777), 0);
}

// What is in the folder, or what was reported with its notes.
static const char *import_path(Arena *arena, const char *path, ImportResult expected) {
    Diags diags;
    Imported imported = {0};
    diags_init(&diags, arena, 0);
    assert_int_equal(import_folder(arena, &diags, str_of(path), NO_SPAN, &imported), expected);
    if (expected == IMPORT_DONE) {
        assert_int_equal(diags.items.count, 0);
        return importing_text(arena, &imported);
    }
    assert_int_equal(diags.items.count, 1);
    const Diagnostic *d = diags.items.items[0];
    StrBuf out = strbuf_new(arena);
    strbuf_add_format(&out, "%s: %.*s", message_get(d->id)->name, STR_ARG(d->text));
    for (size_t i = 0; i < d->notes.count; i++)
        strbuf_add_format(&out, "; %.*s", STR_ARG(d->notes.items[i].text));
    return str_to_c(arena, strbuf_str(&out));
}

static void assert_folder(void **state, const char *path, const char *expected) {
    assert_string_equal(import_path(*state, path, IMPORT_DONE), expected);
}

// Roles by their ids, parts by their numbers; other files are none of it.
static void test_policies(void **state) {
    scratch_write("spot-policy.json", POLICY("a:one"));
    scratch_write("spot-policy-10.json", POLICY("a:ten"));
    scratch_write("spot-policy-2.json", POLICY("a:two"));
    scratch_write("spot-trust-policy.json", TRUST);
    scratch_write("finops-policy.json", POLICY("a:fin"));
    scratch_write("notes.json", "[");
    scratch_write("-policy.json", "[");
    scratch_write("spot-policy.txt", "[");
    scratch_write("spot-policy-x.json", "[");
    assert_folder(
        state, ".",
        "role finops\n"
        "  identity ./finops-policy.json\n" ALLOW(
            "a:fin") "role spot\n"
                     "  identity ./spot-policy.json\n" ALLOW(
                         "a:one") "  identity "
                                  "./"
                                  "spot-policy-2."
                                  "json\n" ALLOW(
                                      "a:"
                                      "tw"
                                      "o") "  identity ./spot-policy-10.json\n" ALLOW("a:ten") "  "
                                                                                               "tru"
                                                                                               "st"
                                                                                               " ./"
                                                                                               "spo"
                                                                                               "t-"
                                                                                               "tru"
                                                                                               "st"
                                                                                               "-po"
                                                                                               "li"
                                                                                               "cy."
                                                                                               "jso"
                                                                                               "n"
                                                                                               "\n"
                                                                                               "   "
                                                                                               " "
                                                                                               "All"
                                                                                               "ow"
                                                                                               " to"
                                                                                               " "
                                                                                               "AWS"
                                                                                               " "
                                                                                               "1 "
                                                                                               "Act"
                                                                                               "io"
                                                                                               "n "
                                                                                               "sts"
                                                                                               ":"
                                                                                               "Ass"
                                                                                               "um"
                                                                                               "eRo"
                                                                                               "le"
                                                                                               "\n");
}

// A file is what its name says: a policy with a principal is a broken one.
static void test_kinds(void **state) {
    scratch_write("spot-policy.json", TRUST);
    assert_folder(state, ".",
                  "role spot\n"
                  "  identity ./spot-policy.json (bad)\n"
                  "    Allow Action sts:AssumeRole\n");
}

#define TEMPLATE                                                                              \
    "Resources:\n  SpotRole:\n    Type: AWS::IAM::Role\n    Properties:\n"                    \
    "      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/SecurityAudit']\n" \
    "      PermissionsBoundary: arn:b\n"

static void test_template(void **state) {
    scratch_write("template.yaml", TEMPLATE);
    assert_folder(state, ".",
                  "role SpotRole\n"
                  "  managed arn:${AWS::Partition}:iam::aws:policy/SecurityAudit\n"
                  "  boundary arn:b\n");
    scratch_write("spot-policy.json", POLICY("a:one"));
    scratch_write("other-policy.json", POLICY("a:two"));
    assert_folder(state, ".",
                  "role other\n"
                  "  identity ./other-policy.json\n" ALLOW(
                      "a:two") "role spot\n"
                               "  managed arn:${AWS::Partition}:iam::aws:policy/SecurityAudit\n"
                               "  boundary arn:b\n"
                               "  identity ./spot-policy.json\n" ALLOW("a:one"));
}

// [not-an-output]
static void test_above(void **state) {
    make_folder("out");
    make_folder("out/empty");
    scratch_write("out/notes.txt", "");
    assert_string_equal(import_path(*state, "out", IMPORT_MISSING),
                        "not-an-output: 'out' holds nothing that spotc writes");
    make_folder("out/prod");
    scratch_write("out/prod/spot-policy.json", POLICY("a:one"));
    assert_folder(state, "out",
                  "role spot\n"
                  "  identity out/prod/spot-policy.json\n" ALLOW("a:one"));
    make_folder("out/test");
    scratch_write("out/test/template.json", "{\"Resources\": {}}");
    assert_string_equal(import_path(*state, "out", IMPORT_MISSING),
                        "not-an-output: 'out' holds what several manifests became; name one: "
                        "out/prod, out/test");
    assert_folder(state, "out/test", "");
}

static void test_broken(void **state) {
    assert_string_equal(import_path(*state, "none", IMPORT_MISSING),
                        "cannot-read: cannot read 'none': No such file or directory");
    scratch_write("file", "");
    assert_string_equal(import_path(*state, "file", IMPORT_MISSING),
                        "cannot-read: cannot read 'file': Not a directory");
    scratch_write("spot-policy.json", "[1");
    assert_string_equal(import_path(*state, ".", IMPORT_INVALID),
                        "syntax: the text ends where ',' or ']' is expected");
    scratch_write("spot-policy.json", POLICY("a:one"));
    scratch_write("template.yaml", "Resources: 1\n");
    assert_string_equal(import_path(*state, ".", IMPORT_INVALID),
                        "not-a-template: a CloudFormation template needs a mapping 'Resources'");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_enter, scratch_leave)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_policies), TEST(test_kinds), TEST(test_template),
                                       TEST(test_above), TEST(test_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
