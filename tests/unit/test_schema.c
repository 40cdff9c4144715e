// The schema checker: what each keyword takes, what is refused, and that every check ends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"
#include "validate/schema.h"

// Instances are the items of a JSON list.
typedef struct Case {
    const char *schema, *valid, *invalid;
} Case;

static SchemaResult check(Reading *reading, Node schema, Node instance, size_t max) {
    ViolationVec violations = {0};
    SchemaResult result =
        schema_validate(&reading->arena, &reading->diags, schema, instance, max, &violations);
    if (max > 0 && result <= SCHEMA_INVALID)
        assert_int_equal(violations.count > 0, result == SCHEMA_INVALID);
    return result;
}

// With and without violations being collected, which go different ways.
static void assert_results(Reading *reading, const Case *c, const char *instances,
                           SchemaResult expected) {
    Node schema = reading_json(reading, c->schema);
    if (!schema_check_supported(&reading->arena, &reading->diags, schema))
        fail_msg("%s\n%s", c->schema, reading_messages(reading));
    size_t number = 0;
    NODE_EACH(instance, reading_json(reading, instances)) {
        number++;
        if (check(reading, schema, instance, 100) == expected &&
            check(reading, schema, instance, 0) == expected)
            continue;
        fail_msg("%s: instance %zu of %s is judged wrongly", c->schema, number, instances);
    }
}

static void assert_cases(void **state, const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_results(*state, &cases[i], cases[i].valid, SCHEMA_VALID);
        assert_results(*state, &cases[i], cases[i].invalid, SCHEMA_INVALID);
    }
}

#define ASSERT_CASES(cases) assert_cases(state, (cases), sizeof(cases) / sizeof *(cases))

static void test_scalars(void **state) {
    static const Case cases[] = {
        {"true", "[1, null, {}]", "[]"},
        {"false", "[]", "[1, null, {}]"},
        {"{}", "[1, null, {}]", "[]"},
        {"{\"type\": \"integer\"}", "[1, 1.0, -2e3, 123456789012345678901234567890]",
         "[1.5, \"1\", true, null]"},
        {"{\"type\": \"number\"}", "[1, 1.5]", "[\"1\", false]"},
        {"{\"type\": \"string\"}", "[\"\", \"1\"]", "[1, null, []]"},
        {"{\"type\": \"null\"}", "[null]", "[0, false, \"\", {}]"},
        {"{\"type\": \"boolean\"}", "[true, false]", "[0, 1, \"true\"]"},
        {"{\"type\": [\"array\", \"object\"]}", "[[], {}]", "[1, null]"},
        {"{\"enum\": [1, \"a\", [1], {\"a\": [null]}]}", "[1.0, \"a\", [1e0], {\"a\": [null]}]",
         "[true, \"A\", [true], {\"a\": []}, {}, null]"},
        {"{\"enum\": []}", "[]", "[null, 1]"},
        {"{\"const\": {\"b\": 0, \"a\": [1, 2]}}", "[{\"a\": [1.0, 2], \"b\": -0}]",
         "[{\"a\": [2, 1], \"b\": 0}, {\"a\": [1, 2], \"b\": false}, {\"b\": 0}]"},
        {"{\"const\": null}", "[null]", "[0, \"\", false, []]"},
        {"{\"const\": \"a\\u0000b\"}", "[\"a\\u0000b\"]", "[\"ab\", \"a\"]"},
        {"{\"minimum\": 1.5, \"exclusiveMaximum\": 3}", "[1.5, 2, \"x\"]", "[1.49, 3, 3.0, -9]"},
        {"{\"exclusiveMinimum\": 0, \"maximum\": 9007199254740993}", "[1, 9007199254740993]",
         "[0, -0.0, 9007199254740994]"},
        {"{\"multipleOf\": 0.01}", "[0.07, 4.02, 1e300, 0]", "[0.071, 1e-3]"},
        {"{\"minLength\": 2, \"maxLength\": 3.0}", "[\"ab\", \"日本語\", \"😀😀\", 1]",
         "[\"a\", \"\", \"😀\", \"abcd\"]"},
        {"{\"maxLength\": 99999999999999999999}", "[\"abc\"]", "[]"},
        {"{\"pattern\": \"^a+$\", \"format\": \"email\"}", "[\"aa\", 5]", "[\"\", \"ab\"]"},
    };
    ASSERT_CASES(cases);
}

static void test_sequences(void **state) {
    static const Case cases[] = {
        {"{\"items\": {\"type\": \"string\"}}", "[[], [\"a\"], {}, 1]", "[[1], [\"a\", null]]"},
        {"{\"items\": false}", "[[], {}]", "[[1]]"},
        {"{\"prefixItems\": [{\"type\": \"string\"}, {\"type\": \"number\"}]}",
         "[[], [\"a\"], [\"a\", 1, null]]", "[[1], [\"a\", \"b\"]]"},
        {"{\"prefixItems\": [true], \"items\": {\"const\": 1}}", "[[], [5], [5, 1, 1]]",
         "[[5, 1, 2]]"},
        {"{\"items\": false, \"prefixItems\": [true, true]}", "[[1, 2]]", "[[1, 2, 3]]"},
        {"{\"contains\": {\"minimum\": 5}}", "[[1, 5], [\"4\"], {}, 1]", "[[], [1, 4]]"},
        {"{\"contains\": true, \"minContains\": 2, \"maxContains\": 3}", "[[1, 2], [1, 2, 3]]",
         "[[1], [1, 2, 3, 4]]"},
        {"{\"contains\": {\"const\": 1}, \"minContains\": 0}", "[[], [2]]", "[]"},
        {"{\"minContains\": 9, \"maxContains\": 0}", "[[], [1]]", "[]"},
        {"{\"minItems\": 1, \"maxItems\": 2}", "[[1], [1, 2], \"abc\"]", "[[], [1, 2, 3]]"},
        {"{\"uniqueItems\": true}", "[[], [1], [1, true, \"1\"], [[1], [true]], [{\"a\": 1}, {}]]",
         "[[1, 1.0], [\"a\", \"b\", \"a\"], [{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1}]]"},
        {"{\"uniqueItems\": true}", "[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]]",
         "[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 2e0]]"},
        {"{\"uniqueItems\": false}", "[[1, 1]]", "[]"},
    };
    ASSERT_CASES(cases);
}

static void test_mappings(void **state) {
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {\"type\": \"string\"}, \"b\": false}}",
         "[{}, {\"a\": \"\"}, {\"c\": 1}, []]", "[{\"a\": 1}, {\"b\": 1}]"},
        {"{\"properties\": {\"$ref\": {\"type\": \"string\"}}}", "[{\"$ref\": \"a\"}]",
         "[{\"$ref\": 1}]"},
        {"{\"required\": [\"a\", \"\"]}", "[{\"a\": null, \"\": 1}, [], \"a\"]",
         "[{}, {\"a\": 1}, {\"\": 1}]"},
        {"{\"patternProperties\": {\"^x\": {\"type\": \"number\"}, \"y$\": {\"minimum\": 2}}}",
         "[{\"xa\": 1, \"b\": null}, {\"xy\": 2}]", "[{\"xa\": null}, {\"xy\": 1}, {\"y\": 1}]"},
        {"{\"properties\": {\"a\": true}, \"patternProperties\": {\"^x\": true}, "
         "\"additionalProperties\": false}",
         "[{}, {\"a\": 1, \"xx\": 2}]", "[{\"b\": 1}, {\"A\": 1}]"},
        {"{\"additionalProperties\": {\"type\": \"boolean\"}}", "[{\"a\": true}]", "[{\"a\": 1}]"},
        {"{\"propertyNames\": {\"maxLength\": 2, \"not\": {\"const\": \"no\"}}}",
         "[{}, {\"ab\": 1}, []]", "[{\"abc\": 1}, {\"no\": 1}]"},
        {"{\"propertyNames\": false}", "[{}]", "[{\"a\": 1}]"},
        {"{\"minProperties\": 1, \"maxProperties\": 2}", "[{\"a\": 1}, [], \"\"]",
         "[{}, {\"a\": 1, \"b\": 1, \"c\": 1}]"},
        {"{\"dependentRequired\": {\"a\": [\"b\", \"c\"], \"d\": []}}",
         "[{}, {\"b\": 1}, {\"a\": 1, \"b\": 1, \"c\": 1}, {\"d\": 1}]", "[{\"a\": 1, \"b\": 1}]"},
        {"{\"dependentSchemas\": {\"a\": {\"maxProperties\": 1}, \"b\": false}}",
         "[{}, {\"a\": 1}, {\"c\": 1, \"d\": 2}]", "[{\"a\": 1, \"c\": 1}, {\"b\": 1}]"},
    };
    ASSERT_CASES(cases);
}

static void test_combinations(void **state) {
    static const Case cases[] = {
        {"{\"allOf\": [{\"minimum\": 1}, {\"maximum\": 2}, true]}", "[1, 2, \"\"]", "[0, 3]"},
        {"{\"anyOf\": [{\"type\": \"string\"}, {\"minimum\": 2}]}", "[\"\", 2, null]", "[1]"},
        {"{\"oneOf\": [{\"multipleOf\": 2}, {\"multipleOf\": 3}]}", "[2, 3, 4]", "[1, 6, \"\"]"},
        {"{\"oneOf\": [false, false]}", "[]", "[1]"},
        {"{\"not\": {\"type\": \"integer\"}}", "[1.5, null]", "[1]"},
        {"{\"not\": {}}", "[]", "[1, null]"},
        {"{\"if\": {\"minimum\": 10}, \"then\": {\"multipleOf\": 10}, \"else\": {\"const\": 1}}",
         "[10, 20, 1]", "[11, 2]"},
        {"{\"if\": false, \"then\": false}", "[1]", "[]"},
        {"{\"then\": false, \"else\": false}", "[1]", "[]"},
        {"{\"if\": true, \"else\": false}", "[1]", "[]"},
    };
    ASSERT_CASES(cases);
}

static void test_references(void **state) {
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"additionalProperties\": false}",
         "[{}, {\"a\": {\"a\": {}}}]", "[{\"a\": {\"b\": 1}}]"},
        {"{\"$ref\": \"#/$defs/a\", \"maximum\": 5, \"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, "
         "\"b\": {\"type\": \"integer\"}}}",
         "[5]", "[6, 1.5]"},
        {"{\"prefixItems\": [{\"type\": \"null\"}, {\"$ref\": \"#/prefixItems/0\"}]}",
         "[[null, null]]", "[[null, 1]]"},
        {"{\"$ref\": \"#/$defs/a~1b~0c%25%20%22/$defs/\", \"$defs\": {\"a/b~c% \\\"\": "
         "{\"$defs\": {\"\": {\"const\": 1}}}}}",
         "[1]", "[2]"},
        {"{\"$ref\": \"#/$defs/t\", \"$defs\": {\"t\": true}}", "[1]", "[]"},
        {"{\"$ref\": \"#/$defs/f\", \"$defs\": {\"f\": false}}", "[]", "[1]"},
        {"{\"enum\": [{\"$ref\": \"#/nowhere\"}]}", "[{\"$ref\": \"#/nowhere\"}]", "[1]"},
        {"{\"$ref\": \"#here\", \"$defs\": {\"x\": {\"$anchor\": \"here\", \"minimum\": 1}}}",
         "[1]", "[0]"},
        {"{\"$ref\": \"#/not/items\", \"not\": {\"type\": \"array\", \"items\": {\"const\": 2}}}",
         "[2]", "[3]"},
    };
    ASSERT_CASES(cases);
}

static void test_identities(void **state) {
    static const Case cases[] = {
        // A pointer counts from the resource that it stands in.
        {"{\"$id\": \"https://example.org/root.json\", \"$ref\": \"inner.json\", \"$defs\": "
         "{\"s\": {\"type\": \"null\"}, \"i\": {\"$id\": \"inner.json\", \"$ref\": \"#/$defs/s\", "
         "\"$defs\": {\"s\": {\"type\": \"string\"}}}}}",
         "[\"\"]", "[null, 1]"},
        // Relative to the nearest resource, not to the document.
        {"{\"$id\": \"https://example.org/a.json\", \"$ref\": \"https://example.org/b/d.json\", "
         "\"$defs\": {\"x\": {\"$id\": \"b/c.json\", \"not\": {\"$defs\": {\"y\": {\"$id\": "
         "\"d.json\", \"type\": \"number\"}}}}}}",
         "[1]", "[\"\"]"},
        // One anchor in two resources.
        {"{\"$id\": \"https://example.org/\", \"$ref\": \"two#here\", \"$anchor\": \"top\", "
         "\"$defs\": {\"1\": {\"$id\": \"one\", \"$anchor\": \"here\", \"const\": 1}, "
         "\"2\": {\"$id\": \"two\", \"allOf\": [{\"$anchor\": \"here\", \"const\": 2}]}}}",
         "[2]", "[1]"},
        {"{\"$id\": \"urn:example:thing\", \"properties\": {\"a\": {\"$ref\": "
         "\"urn:example:thing#/$defs/a\"}, \"b\": {\"$ref\": \"urn:example:thing\"}}, "
         "\"$defs\": {\"a\": {\"type\": \"string\"}}}",
         "[{\"a\": \"\", \"b\": {\"a\": \"\"}}]", "[{\"a\": 1}, {\"b\": {\"a\": 1}}]"},
        // References to a tree of two resources, down the value.
        {"{\"$id\": \"https://example.org/tree\", \"properties\": {\"nodes\": {\"items\": "
         "{\"$ref\": \"node\"}}}, \"$defs\": {\"n\": {\"$id\": \"node\", \"required\": [\"v\"], "
         "\"properties\": {\"sub\": {\"$ref\": \"tree\"}}}}}",
         "[{\"nodes\": [{\"v\": 1, \"sub\": {\"nodes\": []}}]}]",
         "[{\"nodes\": [{\"v\": 1, \"sub\": {\"nodes\": [{}]}}]}]"},
        {"{\"$id\": \"/base/x.json\", \"$ref\": \"../y.json#\", \"$defs\": {\"y\": {\"$id\": "
         "\"/y.json\", \"const\": 1}}}",
         "[1]", "[2]"},
        {"{\"$ref\": \"https://example.org/if\", \"if\": {\"$id\": \"https://example.org/if\", "
         "\"type\": \"integer\"}}",
         "[1]", "[\"\"]"},
        // What looks like a name is none where no schema stands.
        {"{\"$ref\": \"https://example.org/x\", \"const\": {\"$id\": \"https://example.org/x\"}, "
         "\"$defs\": {\"x\": {\"$id\": \"https://example.org/x\", \"type\": \"object\"}}}",
         "[{\"$id\": \"https://example.org/x\"}]", "[{}]"},
    };
    ASSERT_CASES(cases);
}

static void test_unsupported(void **state) {
    static const struct {
        const char *schema, *message;
    } cases[] = {
        {"[]", "1:1 unsupported-schema: a schema must be a mapping, true or false\n"},
        {"{\"minlength\": 1}", "1:2 unsupported-schema: the keyword 'minlength' is not supported; "
                               "did you mean 'minLength'?\n"},
        {"{\"properties\": {\"a\": {\"unevaluatedProperties\": false}}}",
         "1:23 unsupported-schema: the keyword 'unevaluatedProperties' is not supported\n"},
        {"{\"$dynamicRef\": \"#a\"}",
         "1:2 unsupported-schema: the keyword '$dynamicRef' is not supported\n"},
        {"{\"type\": \"int\"}",
         "1:10 unsupported-schema: 'type' must be null, boolean, integer, number, string, array or "
         "object, or a list of these\n"},
        {"{\"type\": []}",
         "1:10 unsupported-schema: 'type' must be null, boolean, integer, number, string, array or "
         "object, or a list of these\n"},
        {"{\"minLength\": \"3\", \"maxItems\": -1}",
         "1:15 unsupported-schema: 'minLength' must be a whole number from 0 up\n"
         "1:32 unsupported-schema: 'maxItems' must be a whole number from 0 up\n"},
        {"{\"multipleOf\": 0}", "1:16 unsupported-schema: 'multipleOf' must be a number above 0 "
                                "with at most 19 digits\n"},
        {"{\"required\": [\"a\", \"a\"]}",
         "1:14 unsupported-schema: 'required' must not hold a string twice\n"},
        {"{\"required\": [1]}", "1:14 unsupported-schema: 'required' must be a list of strings\n"},
        {"{\"dependentRequired\": {\"a\": \"b\"}}",
         "1:23 unsupported-schema: 'dependentRequired' must map keys to lists of strings without "
         "repeats\n"},
        {"{\"uniqueItems\": 1}", "1:17 unsupported-schema: 'uniqueItems' must be true or false\n"},
        {"{\"minimum\": null}", "1:13 unsupported-schema: 'minimum' must be a number\n"},
        {"{\"enum\": 1}", "1:10 unsupported-schema: 'enum' must be a list\n"},
        {"{\"title\": 1}", "1:11 unsupported-schema: 'title' must be a string\n"},
        {"{\"allOf\": []}",
         "1:11 unsupported-schema: 'allOf' must be a list of at least one schema\n"},
        {"{\"items\": [{}]}",
         "1:11 unsupported-schema: a schema must be a mapping, true or false\n"},
        {"{\"properties\": []}",
         "1:16 unsupported-schema: 'properties' must be a mapping of schemas\n"},
        {"{\"pattern\": \"(\"}", "1:13 unsupported-schema: 'pattern' is not a regular expression: "
                                 "missing closing parenthesis\n"},
        {"{\"patternProperties\": {\"[\": {}}}",
         "1:23 unsupported-schema: 'patternProperties' has the key '[', which is not a regular "
         "expression: missing terminating ] for character class\n"},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}",
         "1:13 unsupported-schema: '$schema' must be https://json-schema.org/draft/2020-12/schema, "
         "the dialect that spotc implements\n"},
        {"{\"$ref\": \"https://example.org/other.json\"}",
         "1:10 unsupported-schema: '$ref' leads to no schema of this document: "
         "https://example.org/other.json\n"},
        {"{\"$ref\": \"#/$defs\", \"$defs\": {}}",
         "1:10 unsupported-schema: '$ref' leads to no schema of this document: #/$defs\n"},
        {"{\"$ref\": \"#/const\", \"const\": {}}",
         "1:10 unsupported-schema: '$ref' leads to no schema of this document: #/const\n"},
        {"{\"$ref\": \"#/allOf/01\", \"allOf\": [{}, {}]}",
         "1:10 unsupported-schema: '$ref' leads to no schema of this document: #/allOf/01\n"},
        {"{\"$ref\": \"#%zz\"}",
         "1:10 unsupported-schema: '$ref' leads to no schema of this document: #%zz\n"},
        {"{\"items\": {\"$id\": \"#a\"}}",
         "1:19 unsupported-schema: '$id' must not have a fragment\n"},
        {"{\"$defs\": {\"a\": {\"$anchor\": \"x\"}, \"b\": {\"$anchor\": \"x\"}}}",
         "1:52 unsupported-schema: '$anchor' stands in the document twice\n"},
        {"{\"$anchor\": \"1a\"}", "1:13 unsupported-schema: '$anchor' must be a name of letters, "
                                  "digits and _-. that begins with a letter\n"},
        {"{\"$id\": \"a\", \"items\": {\"$id\": \"a\"}}",
         "1:31 unsupported-schema: '$id' stands in the document twice\n"},
    };
    Reading *reading = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Node schema = reading_json(reading, cases[i].schema);
        assert_false(schema_check_supported(&reading->arena, &reading->diags, schema));
        assert_string_equal(reading_messages(reading), cases[i].message);
    }
}

static void test_annotations(void **state) {
    static const Case cases[] = {
        {"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$id\": \"a#\", "
         "\"$comment\": \"\", \"title\": \"\", \"description\": \"\", \"default\": 1, "
         "\"examples\": [{\"$ref\": 5}], \"deprecated\": true, \"readOnly\": true, "
         "\"writeOnly\": false, \"format\": \"ipv4\", \"contentEncoding\": \"base64\", "
         "\"contentMediaType\": \"text/plain\", \"contentSchema\": false, \"errorMessage\": \"\", "
         "\"patternErrorMessage\": \"\", \"markdownDescription\": \"\", \"defaultSnippets\": [], "
         "\"x-mine\": {\"nonsense\": 1}}",
         "[1, \"\", null]", "[]"},
    };
    ASSERT_CASES(cases);
}

// --- violations ---

static void assert_violations(Reading *reading, const char *schema, const char *instance,
                              const char *expected) {
    ViolationVec violations = {0};
    StrBuf out = strbuf_new(&reading->arena);
    Node node = reading_json(reading, instance);
    (void)schema_validate(&reading->arena, &reading->diags, reading_json(reading, schema), node,
                          100, &violations);
    for (size_t i = 0; i < violations.count; i++) {
        const Violation *v = &violations.items[i];
        strbuf_add_format(&out, "%u %.*s %.*s\n", node_span(v->instance).begin, STR_ARG(v->name),
                          STR_ARG(v->detail));
    }
    assert_string_equal(str_to_c(&reading->arena, strbuf_str(&out)), expected);
}

static void test_violations(void **state) {
    // In the order of the instance, whatever the schema's.
    assert_violations(
        *state,
        "{\"additionalProperties\": false, \"properties\": {\"b\": {\"minimum\": 1}, "
        "\"a\": {\"type\": \"null\"}}, \"required\": [\"x\", \"y\"]}",
        "{\"a\": 1, \"c\": 2, \"b\": 0}",
        "0 required x\n0 required y\n6 type \n14 additionalProperties \n22 minimum \n");
    // A wrong type is all there is to say, and a scalar has one fault.
    assert_violations(*state, "{\"minLength\": 3, \"pattern\": \"b\", \"type\": \"string\"}",
                      "\"a\"", "0 minLength \n");
    assert_violations(*state, "{\"enum\": [1], \"type\": \"string\", \"minItems\": 2}", "[]",
                      "0 type \n");
    assert_violations(*state,
                      "{\"allOf\": [{\"type\": \"string\"}, {\"type\": \"object\"}, {\"minItems\": "
                      "2}]}",
                      "[]", "0 type \n");
    assert_violations(*state, "{\"allOf\": [{\"required\": [\"a\"]}, {\"required\": [\"a\"]}]}",
                      "{}", "0 required a\n");
    // The branch that takes the type was meant.
    assert_violations(*state,
                      "{\"anyOf\": [{\"const\": \"all\"}, {\"$ref\": \"#/$defs/l\"}], \"$defs\": "
                      "{\"l\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}}}",
                      "[\"a\", 1]", "6 type \n");
    assert_violations(*state, "{\"oneOf\": [{\"const\": \"all\"}, {\"type\": \"array\"}]}", "\"x\"",
                      "0 const \n");
    assert_violations(*state, "{\"anyOf\": [{\"const\": \"all\"}, {\"type\": \"array\"}]}", "5",
                      "0 anyOf \n");
    assert_violations(*state, "{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]}", "5",
                      "0 oneOf several\n");
    assert_violations(*state, "{\"propertyNames\": {\"pattern\": \"^a\"}}", "{\"b\": 1}",
                      "1 pattern \n");
    assert_violations(*state, "{\"uniqueItems\": true}", "[1, 2, 1.0]", "7 uniqueItems \n");
    assert_violations(*state, "{\"properties\": {\"a\": false}}", "{\"a\": 1}", "6 false \n");
}

static void test_keys_of_other_kinds(void **state) {
    Reading *reading = *state;
    Node schema = reading_json(reading, "{\"propertyNames\": {\"type\": \"string\", \"pattern\": "
                                        "\"^[0-9]+$\", \"enum\": [\"12\"]}}");
    assert_int_equal(check(reading, schema, reading_yaml(reading, "12: a"), 1), SCHEMA_VALID);
    assert_int_equal(check(reading, schema, reading_yaml(reading, "13: a"), 1), SCHEMA_INVALID);
    assert_int_equal(check(reading, schema, reading_yaml(reading, "true: a"), 1), SCHEMA_INVALID);
}

// --- bounds ---

static void assert_stops(Reading *reading, const char *schema, const char *instance,
                         SchemaResult expected, const char *message) {
    Node node = reading_json(reading, schema);
    assert_true(schema_check_supported(&reading->arena, &reading->diags, node));
    SchemaResult result = check(reading, node, reading_json(reading, instance), 100);
    assert_int_equal(result, expected);
    const char *messages = reading_messages(reading);
    if (strstr(messages, message) == NULL) fail_msg("%s\nis not in\n%s", message, messages);
}

static void test_endless_references(void **state) {
    static const char message[] = "references lead back here without going down into the value\n";
    Reading *reading = *state;
    const char *expected = str_to_c(
        &reading->arena, str_format(&reading->arena, "1:1 unsupported-schema: %s", message));
    assert_stops(reading, "{\"$ref\": \"#\"}", "1", SCHEMA_UNSUPPORTED, expected);
    assert_stops(reading, "{\"not\": {\"$ref\": \"#\"}}", "1", SCHEMA_UNSUPPORTED,
                 str_to_c(&reading->arena,
                          str_format(&reading->arena, "1:9 unsupported-schema: %s", message)));
    Case fine = {"{\"allOf\": [{\"$ref\": \"#/$defs/a\"}, {\"$ref\": \"#/$defs/a\"}], "
                 "\"items\": {\"$ref\": \"#\"}, \"$defs\": {\"a\": {\"type\": \"array\"}}}",
                 "[[[], []]]", "[1]"};
    assert_results(reading, &fine, fine.valid, SCHEMA_VALID);
    assert_results(reading, &fine, fine.invalid, SCHEMA_INVALID);
}

static const char *nested(Reading *reading, const char *open, const char *close, size_t levels) {
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < levels; i++) strbuf_add(&out, str_of(open));
    strbuf_add(&out, STR("1"));
    for (size_t i = 0; i < levels; i++) strbuf_add(&out, str_of(close));
    return str_to_c(&reading->arena, strbuf_str(&out));
}

static size_t faults_of_schema(Reading *reading, const char *schema) {
    size_t before = diags_errors(&reading->diags);
    bool good =
        schema_check_supported(&reading->arena, &reading->diags, reading_json(reading, schema));
    size_t faults = diags_errors(&reading->diags) - before;
    assert_int_equal(good, faults == 0);
    return faults;
}

// Each `$id` is resolved against what is around it, so that a long one would be copied many times.
static void test_long_ids(void **state) {
    Reading *reading = *state;
    StrBuf schema = strbuf_new(&reading->arena);
    strbuf_add(&schema, STR("{\"$id\": \"https://example.org/"));
    for (int i = 0; i < 100000; i++) strbuf_add_byte(&schema, 'a');
    strbuf_add(&schema, STR("/\", \"$defs\": {"));
    for (int i = 0; i < 100; i++)
        strbuf_add_format(&schema, "\"%d\": {\"$id\": \"%d\", \"$ref\": \"0\"}, ", i, i);
    strbuf_add(&schema, STR("\"x\": true}}"));
    // One fault: what the steps did not suffice for is not said to be wrong as well.
    assert_int_equal(faults_of_schema(reading, str_to_c(&reading->arena, strbuf_str(&schema))), 1);
    assert_non_null(strstr(reading_messages(reading), "schema-too-costly"));
}

// Names are looked up, not searched for: ten thousand references to as many anchors are affordable.
static void test_many_anchors(void **state) {
    Reading *reading = *state;
    StrBuf schema = strbuf_new(&reading->arena);
    strbuf_add(&schema, STR("{\"$defs\": {"));
    for (int i = 0; i < 10000; i++)
        strbuf_add_format(&schema, "\"%d\": {\"$anchor\": \"a%d\", \"maximum\": %d}, ", i, i, i);
    strbuf_add(&schema, STR("\"x\": true}, \"allOf\": [true"));
    for (int i = 0; i < 10000; i++) strbuf_add_format(&schema, ", {\"$ref\": \"#a%d\"}", i);
    strbuf_add(&schema, STR("]}"));
    Case wide = {str_to_c(&reading->arena, strbuf_str(&schema)), "[0]", "[1, 9999]"};
    assert_results(reading, &wide, wide.valid, SCHEMA_VALID);
    assert_results(reading, &wide, wide.invalid, SCHEMA_INVALID);
}

static void test_too_costly(void **state) {
    Reading *reading = *state;
    // Each level is looked at twice: 2^60 ways.
    assert_stops(reading,
                 "{\"oneOf\": [{\"items\": {\"$ref\": \"#\"}}, {\"items\": {\"$ref\": \"#\"}}]}",
                 nested(reading, "[", "]", 60), SCHEMA_TOO_COSTLY,
                 "schema-too-costly: checking this by the schema takes too many steps\n");
    assert_stops(reading, "{\"pattern\": \"\\\\b(a+)+$\"}",
                 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", SCHEMA_TOO_COSTLY,
                 "1:1 schema-too-costly: matching this with the schema's pattern takes too many "
                 "steps\n");
    StrBuf chain = strbuf_new(&reading->arena);
    strbuf_add(&chain, STR("{\"$ref\": \"#/$defs/0\", \"$defs\": {"));
    for (int i = 0; i < 2000; i++)
        strbuf_add_format(&chain, "\"%d\": {\"$ref\": \"#/$defs/%d\"}, ", i, i + 1);
    strbuf_add(&chain, STR("\"2000\": true}}"));
    assert_stops(reading, str_to_c(&reading->arena, strbuf_str(&chain)), "1", SCHEMA_TOO_COSTLY,
                 "1:1 schema-too-costly: the schema nests too deeply for this\n");
}

// `count` forms of a number, with commas between them.
static Str many(Reading *reading, size_t count, const char *before, const char *after) {
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < count; i++)
        strbuf_add_format(&out, "%s%s%zu%s", i == 0 ? "" : ", ", before, i, after);
    return strbuf_str(&out);
}

static void assert_wide(Reading *reading, Str schema, Str valid, Str invalid) {
    Case wide = {schema.data, valid.data, invalid.data};
    assert_results(reading, &wide, wide.valid, SCHEMA_VALID);
    assert_results(reading, &wide, wide.invalid, SCHEMA_INVALID);
}

// Large mappings are looked into by an index: as many names as keys are affordable.
static void test_many_keys(void **state) {
    enum { COUNT = 20000 };
    Reading *reading = *state;
    Arena *arena = &reading->arena;
    Str members = many(reading, COUNT, "\"k", "\": 1"), names = many(reading, COUNT, "\"k", "\"");
    Str all = str_format(arena, "[{%.*s}]", STR_ARG(members));
    Str other = str_format(arena, "[{%.*s, \"x\": 1}]", STR_ARG(members));
    Str text =
        str_format(arena, "[{%.*s, \"k9\": \"a\"}]", STR_ARG(many(reading, 9, "\"k", "\": 1")));
    Str properties = many(reading, COUNT, "\"k", "\": {\"type\": \"number\"}");
    Str required = str_format(arena, "{\"required\": [%.*s]}", STR_ARG(names));
    Str dependent = many(reading, COUNT, "\"k", "\": [\"k1\", \"k2\"]");
    assert_wide(reading, required, all, STR("[{}, {\"k0\": 1}]"));
    assert_wide(reading, str_format(arena, "{\"dependentRequired\": {%.*s}}", STR_ARG(dependent)),
                all, STR("[{\"k0\": 1}, {\"k19999\": 1, \"k2\": 1}]"));
    assert_wide(reading, str_format(arena, "{\"properties\": {%.*s}}", STR_ARG(properties)), other,
                text);
    assert_wide(reading,
                str_format(arena, "{\"properties\": {%.*s}, \"additionalProperties\": false}",
                           STR_ARG(properties)),
                all, other);
    // The fewer are walked over, here the schema's.
    assert_wide(reading, STR("{\"properties\": {\"x\": {\"type\": \"string\"}}}"), all, other);
}

// So are references into what is large.
static void test_many_pointers(void **state) {
    enum { COUNT = 20000 };
    Reading *reading = *state;
    Str all = many(reading, COUNT, "{\"$ref\": \"#/prefixItems/", "\"}");
    Str items = many(reading, COUNT, "{\"maximum\": ", "}");
    Str schema =
        str_format(&reading->arena, "{\"items\": {\"allOf\": [%.*s]}, \"prefixItems\": [%.*s]}",
                   STR_ARG(all), STR_ARG(items));
    Str none =
        str_format(&reading->arena, "{\"$ref\": \"#/prefixItems/01\", \"prefixItems\": [%.*s]}",
                   STR_ARG(items));
    assert_int_equal(faults_of_schema(reading, schema.data), 0);
    assert_int_equal(faults_of_schema(reading, none.data), 1);
}

// Each name is looked up in each mapping, so that many of both are bounded.
static void test_too_many_names(void **state) {
    static const char message[] =
        "schema-too-costly: checking this by the schema takes too many steps\n";
    Reading *reading = *state;
    Str instance =
        str_format(&reading->arena, "[%.*s]", STR_ARG(many(reading, 1100, "{\"k0\": ", "}")));
    Str required = str_format(&reading->arena, "{\"items\": {\"required\": [%.*s]}}",
                              STR_ARG(many(reading, 10000, "\"k", "\"")));
    Str dependent = str_format(&reading->arena, "{\"items\": {\"dependentRequired\": {%.*s}}}",
                               STR_ARG(many(reading, 10000, "\"k", "\": []")));
    assert_stops(reading, required.data, instance.data, SCHEMA_TOO_COSTLY, message);
    assert_stops(reading, dependent.data, instance.data, SCHEMA_TOO_COSTLY, message);
}

// A chain of references is walked over at each link, which counts.
static void test_chains(void **state) {
    Reading *reading = *state;
    StrBuf schema = strbuf_new(&reading->arena);
    strbuf_add(&schema, STR("{\"items\": {\"$ref\": \"#/$defs/0\"}, \"$defs\": {"));
    for (int i = 0; i < 900; i++)
        strbuf_add_format(&schema, "\"%d\": {\"$ref\": \"#/$defs/%d\"}, ", i, i + 1);
    strbuf_add(&schema, STR("\"900\": true}}"));
    Str instance = str_format(&reading->arena, "[%.*s]", STR_ARG(many(reading, 1000, "", "")));
    assert_stops(reading, str_to_c(&reading->arena, strbuf_str(&schema)), instance.data,
                 SCHEMA_TOO_COSTLY,
                 "schema-too-costly: checking this by the schema takes too many steps\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_scalars),       TEST(test_sequences),           TEST(test_mappings),
        TEST(test_combinations),  TEST(test_references),          TEST(test_identities),
        TEST(test_unsupported),   TEST(test_annotations),         TEST(test_violations),
        TEST(test_long_ids),      TEST(test_keys_of_other_kinds), TEST(test_endless_references),
        TEST(test_many_anchors),  TEST(test_too_costly),          TEST(test_many_keys),
        TEST(test_many_pointers), TEST(test_too_many_names),      TEST(test_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
