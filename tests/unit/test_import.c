// Policies, answers of AWS's command line, templates and folders, back to statements.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "importing.h"
#include "reading.h"

static const char *import_as(Reading *reading, const char *name, const char *text) {
    Imported imported = {0};
    const Source *source = reading_source(reading, name, str_of(text));
    if (!import_source(&reading->arena, &reading->diags, source, &imported))
        return reading_messages(reading);
    // Each remark is reported, and nothing else is.
    assert_int_equal(reading->diags.items.count, imported.remarks.count);
    (void)reading_messages(reading);
    return importing_text(&reading->arena, &imported);
}

static void assert_import(void **state, const char *name, const char *text, const char *expected) {
    assert_string_equal(import_as(*state, name, text), expected);
}

// --- policies ---

static void test_policy(void **state) {
    assert_import(state, "p.json",
                  "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"One\", \"Effect\":"
                  " \"Allow\", \"Action\": [\"s3:Get*\", \"s3:List*\"], \"Resource\": \"*\"},"
                  "{\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"NotResource\": [\"a\"],"
                  " \"Condition\": {\"Bool\": {\"aws:SecureTransport\": false},"
                  " \"NumericLess\": {\"k\": [1, 2.50]}}}]}",
                  "role \n"
                  "  identity p.json\n"
                  "    Allow Action s3:Get* s3:List* Resource *\n"
                  "    Deny NotAction iam:* NotResource a if Bool aws:SecureTransport false"
                  " if NumericLess k 1 2.50\n");
}

static void test_policy_kinds(void **state) {
    assert_import(state, "t.json",
                  "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": [\"1\", \"2\"],"
                  " \"Service\": \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}}",
                  "role \n"
                  "  trust t.json\n"
                  "    Allow to AWS 1 2 to Service ec2.amazonaws.com Action sts:AssumeRole\n");
    assert_import(state, "b.json",
                  "{\"Statement\": {\"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"*\"},"
                  " \"Action\": \"s3:*\", \"Resource\": \"*\"}}",
                  "role \n"
                  "  resource b.json\n"
                  "    Deny not to AWS * Action s3:* Resource *\n");
    assert_import(state, "b.yaml",
                  "Version: 2012-10-17\n"
                  "Statement:\n"
                  "- {Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: r}\n",
                  "role \n"
                  "  resource b.yaml\n"
                  "    Allow to * Action s3:GetObject Resource r\n");
    // A trust policy with a Resource, which IAM refuses, is one all the same.
    assert_import(state, "t.json",
                  "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\":"
                  " [\"sts:AssumeRole\"], \"Resource\": \"*\"}]}",
                  "role \n"
                  "  trust t.json (bad)\n"
                  "    Allow to * Action sts:AssumeRole\n");
}

// The text of the first node that is not as the grammar has it.
static const char *first_bad(Reading *reading, const char *text) {
    Node root = reading_json(reading, text), bad = NO_NODE;
    Document document = {0};
    DocumentKind kind = document_kind(root);
    bool ok = document_from_tree(&reading->arena, root, kind, &document, &bad);
    assert_true(ok == !node_exists(bad));
    assert_int_equal(document.bad.id, bad.id);
    Span span = node_full_span(bad);
    return ok ? "" : str_to_c(&reading->arena, str_slice(str_of(text), span.begin, span.end));
}

static void test_grammar(void **state) {
    static const struct {
        const char *text, *bad;
    } rows[] = {
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\"}}", ""},
        {"{\"Version\": \"2008-10-17\", \"Id\": \"x\", \"Statement\": []}", ""},
        {"{\"Version\": \"2012-10-18\", \"Statement\": []}", "\"Version\": \"2012-10-18\""},
        {"{\"Statement\": [], \"Id\": 1}", "\"Id\": 1"},
        {"{\"Statement\": [], \"Name\": \"n\"}", "\"Name\": \"n\""},
        {"{\"Statement\": \"x\"}", "\"Statement\": \"x\""},
        {"{\"Statement\": [3]}", "3"},
        {"{}", "{}"},
        {"[]", "[]"},
        {"{\"Statement\": {\"Action\": \"a:b\", \"Resource\": \"*\"}}",
         "\"Statement\": {\"Action\": \"a:b\", \"Resource\": \"*\"}"},
        {"{\"Statement\": {\"Effect\": \"allow\", \"Action\": \"a:b\", \"Resource\": \"*\"}}",
         "\"Effect\": \"allow\""},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": [\"a:b\", [\"c:d\"]], \"Resource\":"
         " \"*\"}}",
         "[\"c:d\"]"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"NotAction\": \"a:c\","
         " \"Resource\": \"*\"}}",
         "\"NotAction\": \"a:c\""},
        {"{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"a:b\"}]}",
         "{\"Effect\": \"Allow\", \"Action\": \"a:b\"}"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": 7}}",
         "\"Resource\": 7"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\","
         " \"Sid\": null}}",
         "\"Sid\": null"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\","
         " \"Condition\": {\"Bool\": \"true\"}}}",
         "\"Bool\": \"true\""},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\","
         " \"Condition\": {\"Bool\": {\"k\": {}}}}}",
         "\"k\": {}"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\","
         " \"Condition\": []}}",
         "\"Condition\": []"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\":"
         " \"123456789012\"}}",
         "\"Principal\": \"123456789012\""},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\":"
         " {}}}",
         "\"Principal\": {}"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\":"
         " {\"AWS\": 123456789012}}}",
         "\"AWS\": 123456789012"},
        {"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\"}}",
         "\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(first_bad(*state, rows[i].text), rows[i].bad);
}

// What is well-formed is taken all the same, but for a statement without an effect.
static void test_lenient(void **state) {
    assert_import(state, "p.json",
                  "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"a:b\", 1, \"a:c\"],"
                  " \"Resource\": \"*\", \"Extra\": 1}, {\"Action\": \"a:d\", \"Resource\": \"*\"},"
                  " 5, {\"Effect\": \"Deny\", \"Action\": \"a:e\", \"Resource\": \"*\"}]}",
                  "role \n"
                  "  identity p.json (bad)\n"
                  "    Allow Action a:b a:c Resource *\n"
                  "    Deny Action a:e Resource *\n");
}

static void test_places(void **state) {
    Reading *reading = *state;
    const char *text = "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": [\"a:b\"],"
                       " \"Resource\": \"*\", \"Condition\": {\"Bool\": {\"k\": true}}}}";
    Node bad = NO_NODE;
    Document document = {0};
    Node root = reading_json(reading, text);
    assert_true(document_from_tree(&reading->arena, root, DOCUMENT_IDENTITY, &document, &bad));
    const DocumentStatement *statement = &document.statements.items[0];
    const DocumentCondition *condition = &statement->conditions.items[0];
    const Item *items[] = {&statement->actions.items[0], &condition->operator, & condition->key,
                           &condition->values.items[0]};
    const char *written[] = {"\"a:b\"", "\"Bool\"", "\"k\"", "true"};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        Span span = items[i]->span;
        assert_string_equal(
            str_to_c(&reading->arena, str_slice(str_of(text), span.begin, span.end)), written[i]);
    }
    assert_true(node_exists(statement->node));
}

// --- what AWS's command line prints ---

static void test_answers(void **state) {
    assert_import(state, "-",
                  "{\"PolicyVersion\": {\"Document\": {\"Statement\": [{\"Effect\": \"Allow\","
                  " \"Action\": \"a:b\", \"Resource\": \"*\"}]}, \"VersionId\": \"v3\"}}",
                  "role \n"
                  "  identity v3\n"
                  "    Allow Action a:b Resource *\n");
    assert_import(state, "-",
                  " {\"Role\": {\"RoleName\": \"Spot\", \"AssumeRolePolicyDocument\": {\"Statement"
                  "\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"1\"}, \"Action\": "
                  "\"sts:AssumeRole\"}]}, \"PermissionsBoundary\": {\"PermissionsBoundaryArn\": "
                  "\"arn:x\"}}}",
                  "role Spot\n"
                  "  boundary arn:x\n"
                  "  trust Spot\n"
                  "    Allow to AWS 1 Action sts:AssumeRole\n");
    assert_import(state, "a.json",
                  "{\"RoleName\": \"R\", \"PolicyName\": \"Inline\", \"PolicyDocument\": "
                  "\"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22a%3A"
                  "b%22%2C%22Resource%22%3A%22%2a%22%7D%5D%7D\"}",
                  "role R\n"
                  "  identity Inline\n"
                  "    Allow Action a:b Resource *\n");
    assert_import(state, "a.json",
                  "{\"Policy\": \"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Deny\\\",\\\"Principal"
                  "\\\":\\\"*\\\",\\\"Action\\\":\\\"s3:*\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}",
                  "role \n"
                  "  resource \n"
                  "    Deny to * Action s3:* Resource *\n");
    static const char *const undecodable[] = {"%7", "%7g", "%g7", "%7B%22Statement%zz"};
    for (size_t i = 0; i < sizeof undecodable / sizeof *undecodable; i++) {
        Reading *reading = *state;
        Str text = str_format(&reading->arena, "{\"Policy\": \"%s\"}", undecodable[i]);
        assert_import(state, "a.json", str_to_c(&reading->arena, text),
                      "1:12 not-a-policy: the text of 'Policy' is not a policy in JSON\n");
    }
}

static void test_what_it_is(void **state) {
    static const struct {
        const char *text;
        ImportKind kind;
    } rows[] = {
        {"{\"Statement\": []}", IMPORT_POLICY},
        {"{\"Role\": {\"AssumeRolePolicyDocument\": {}}}", IMPORT_ANSWER},
        {"{\"Role\": {\"RoleName\": \"x\"}}", IMPORT_UNKNOWN},
        {"{\"Policy\": {\"Arn\": \"x\"}}", IMPORT_UNKNOWN},
        {"{\"Resources\": {}}", IMPORT_TEMPLATE},
        {"{\"AWSTemplateFormatVersion\": \"2010-09-09\"}", IMPORT_TEMPLATE},
        {"{\"name\": \"x\", \"account\": \"1\"}", IMPORT_MANIFEST},
        {"{\"name\": \"x\", \"permissions\": \"default\"}", IMPORT_MANIFEST},
        {"{\"name\": \"x\"}", IMPORT_UNKNOWN},
        {"[]", IMPORT_UNKNOWN},
        {"1", IMPORT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(import_kind(reading_json(*state, rows[i].text)), rows[i].kind);
}

// [not-a-policy], [not-a-template]
static void test_refused(void **state) {
    static const struct {
        const char *name, *text, *messages;
    } rows[] = {
        {"x.json", "[1]",
         "1:1 not-a-policy: this is neither a policy nor a CloudFormation template\n"
         "    note: a policy has the key Statement, a template the key Resources; what 'aws iam "
         "get-policy-version', 'get-role' and 'get-role-policy' print is read too\n"},
        {"x.yaml", "Statement: []\n---\nStatement: []\n",
         "3:1 several-documents: one document is expected here, and this is the second\n"},
        {"x", "{\"Statement\": ]", "1:15 syntax: expected a value, not ']'\n"},
        {"x.yaml", "Statement: !Unknown []\n",
         "1:12 unknown-tag: the tag '!Unknown' has no meaning here; leave it out\n"},
        {"x.yaml", "AWSTemplateFormatVersion: 2010-09-09\n",
         "1:1 not-a-template: a CloudFormation template needs a mapping 'Resources'\n"},
        {"x.yaml", "Resources: []\n",
         "1:1 not-a-template: a CloudFormation template needs a mapping 'Resources'\n"},
        {"x.yaml", "Resources:\n  A: {Type: AWS::SNS::Topic}\n  B: {Properties: {}}\n",
         "3:3 not-a-template: the resource 'B' is not a mapping with a Type\n"},
        {"x.yaml", "Resources:\n  A: [1]\n",
         "2:3 not-a-template: the resource 'A' is not a mapping with a Type\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_import(state, rows[i].name, rows[i].text, rows[i].messages);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_policy), TEST(test_policy_kinds), TEST(test_grammar),    TEST(test_lenient),
        TEST(test_places), TEST(test_answers),      TEST(test_what_it_is), TEST(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
