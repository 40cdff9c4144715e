// What people read where a document does not fit its schema.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading.h"
#include "validate/report.h"

// Schemas and documents are YAML here.
static void assert_reported(void **state, const char *schema, const char *document,
                            const char *expected) {
    Reading *reading = *state;
    Node node = reading_yaml(reading, schema);
    if (!schema_check_supported(&reading->arena, &reading->diags, node))
        fail_msg("%s", reading_messages(reading));
    bool valid =
        validate_document(&reading->arena, &reading->diags, node, reading_yaml(reading, document));
    assert_string_equal(reading_messages(reading), expected);
    assert_int_equal(valid, expected[0] == '\0');
}

static void test_valid(void **state) {
    assert_reported(state, "{properties: {a: {type: string}}}", "a: b", "");
}

static void test_unknown_key(void **state) {
    static const char schema[] = "{properties: {version: true, name: true, products: true}, "
                                 "additionalProperties: false}";
    assert_reported(state, schema, "name: x\nprodukts: {}\n",
                    "2:1 unknown-key: no key 'produkts'; did you mean 'products'?\n"
                    "    note: keys here: version, name, products\n");
    assert_reported(state, schema, "name: x\nwhatever: {}\n",
                    "2:1 unknown-key: no key 'whatever' here\n"
                    "    note: keys here: version, name, products\n");
    assert_reported(state,
                    "{properties: {a: true, b: true, c: false, d: true, e: true, f: true}, "
                    "additionalProperties: false}",
                    "zzzz: 1\nc: 2\n",
                    "1:1 unknown-key: no key 'zzzz' here\n"
                    "    note: keys here: a, b, d, …\n"
                    "2:1 unknown-key: 'c' is not allowed here\n");
    assert_reported(state, "additionalProperties: false", "a: 1",
                    "1:1 unknown-key: no key 'a' here\n");
    assert_reported(state, "propertyNames: {enum: [spot, finops]}", "spto: 1",
                    "1:1 unknown-key: no key 'spto'; did you mean 'spot'?\n"
                    "    note: keys here: spot, finops\n");
}

static void test_missing_key(void **state) {
    static const char schema[] = "required: [name, account]\n"
                                 "properties:\n"
                                 "  name: {description: How it is called.}\n"
                                 "  account: {$ref: '#/$defs/account'}\n"
                                 "  list: {items: {required: [id]}}\n"
                                 "  map: {required: [id]}\n"
                                 "  trigger: true\n"
                                 "dependentRequired: {trigger: [other]}\n"
                                 "additionalProperties: {type: 'null'}\n"
                                 "$defs: {account: {description: Twelve digits.}}\n";
    assert_reported(state, schema, "# nothing much\naccount: 1\n",
                    "2:1 missing-key: 'name' is missing\n"
                    "    note: name: How it is called.\n");
    assert_reported(state, schema, "{}",
                    "1:1 missing-key: 'name' and 'account' are missing\n"
                    "    note: name: How it is called.\n"
                    "    note: account: Twelve digits.\n");
    assert_reported(state, schema, "name: a\naccount: b\nlist:\n  - x: 1\nmap:\n  y: 1\n",
                    "4:5 missing-key: 'id' is missing\n"
                    "5:1 missing-key: 'id' is missing\n");
    assert_reported(state, schema, "name: a\naccount: b\ntrigger: 1\n",
                    "1:1 missing-key: 'other' is missing\n");
    // A misspelled key is one fault.
    assert_reported(state,
                    "{required: [name, size], properties: {name: true, size: true}, "
                    "additionalProperties: false}",
                    "nmae: 1\n",
                    "1:1 missing-key: 'size' is missing\n"
                    "1:1 unknown-key: no key 'nmae'; did you mean 'name'?\n"
                    "    note: keys here: name, size\n");
}

// Names are compared with each other as long as they are few enough; then none is offered, and what
// may be misspelled is missing too.
static void test_many_choices(void **state) {
    Reading *reading = *state;
    StrBuf schema = strbuf_new(&reading->arena);
    strbuf_add(&schema, STR("{required: [name], additionalProperties: false, "
                            "properties: {name: true"));
    for (int i = 1; i < 9000; i++) strbuf_add_format(&schema, ", key-%d: true", i);
    strbuf_add(&schema, STR("}}"));
    Str list = str_format(&reading->arena, "items: %.*s", STR_ARG(strbuf_str(&schema)));
    assert_reported(state, list.data, "- nmae: 1\n- nmae: 1\n- nmae: 1\n",
                    "1:3 unknown-key: no key 'nmae'; did you mean 'name'?\n"
                    "    note: keys here: name, key-1, key-2, …\n"
                    "2:3 unknown-key: no key 'nmae'; did you mean 'name'?\n"
                    "    note: keys here: name, key-1, key-2, …\n"
                    "3:3 missing-key: 'name' is missing\n"
                    "3:3 unknown-key: no key 'nmae' here\n"
                    "    note: keys here: name, key-1, key-2, …\n");
}

static void test_wrong_type(void **state) {
    static const char schema[] = "properties:\n"
                                 "  text: {type: string, pattern: x}\n"
                                 "  count: {type: integer}\n"
                                 "  switch: {type: boolean}\n"
                                 "  list: {type: array, items: {type: string}}\n"
                                 "  map: {type: object}\n"
                                 "  either: {type: [string, array, 'null']}\n";
    assert_reported(state, schema, "text: 0123\n",
                    "1:7 wrong-type: 'text' must be a string in quotes: \"0123\"\n");
    assert_reported(state, schema, "text: 0x1F\n",
                    "1:7 wrong-type: 'text' must be a string in quotes: \"0x1F\"\n");
    assert_reported(state, schema, "text: true\n",
                    "1:7 wrong-type: 'text' must be a string in quotes: \"true\"\n");
    assert_reported(state, schema, "text:\n",
                    "1:1 wrong-type: 'text' must be a string, but is empty\n");
    assert_reported(state, schema, "text: ~\n",
                    "1:1 wrong-type: 'text' must be a string, but is empty\n");
    assert_reported(state, schema, "text: null\n",
                    "1:1 wrong-type: 'text' must be a string, not null\n");
    assert_reported(state, schema, "text: [a]\n",
                    "1:1 wrong-type: 'text' must be a string, not a list\n");
    assert_reported(state, schema, "count: '12'\n",
                    "1:8 wrong-type: 'count' must be a whole number, without quotes: 12\n");
    assert_reported(state, schema, "count: 1.5\n",
                    "1:1 wrong-type: 'count' must be a whole number, not the number 1.5\n");
    assert_reported(state, schema, "switch: yes\n",
                    "1:1 wrong-type: 'switch' must be true or false, not a string\n");
    assert_reported(state, schema, "list: [a, 1, {}]\n",
                    "1:11 wrong-type: an item of 'list' must be a string in quotes: \"1\"\n"
                    "1:14 wrong-type: an item of 'list' must be a string, not a mapping\n");
    assert_reported(state, schema, "map: []\n",
                    "1:1 wrong-type: 'map' must be a mapping, not a list\n");
    assert_reported(state, schema, "either: 5\n",
                    "1:9 wrong-type: 'either' must be a string, a list or nothing; as a string in "
                    "quotes: \"5\"\n");
    assert_reported(state, "type: object", "- a\n",
                    "1:1 wrong-type: the document must be a mapping, not a list\n");
    assert_reported(state, "items: {items: {type: object}}", "- [a]\n",
                    "1:4 wrong-type: an item must be a mapping, not a string\n");
}

static void test_choices(void **state) {
    assert_reported(state, "properties: {format: {enum: [yaml, json]}}", "format: jason",
                    "1:9 invalid-value: 'format' cannot be 'jason'; did you mean 'json'?\n"
                    "    note: choices: yaml, json\n");
    assert_reported(state, "properties: {format: {enum: [yaml, 1]}}", "format: {}",
                    "1:9 invalid-value: 'format' cannot be a mapping\n"
                    "    note: choices: yaml, 1\n");
    assert_reported(state, "properties: {version: {const: 1}}", "version: 2",
                    "1:10 invalid-value: 'version' must be 1\n");
    assert_reported(state, "properties: {a: {anyOf: [{const: all}, {enum: [some, none]}]}}",
                    "a: non",
                    "1:4 invalid-value: 'a' cannot be 'non'; did you mean 'none'?\n"
                    "    note: choices: all, some, none\n");
}

static void test_limits(void **state) {
    static const char schema[] = "properties:\n"
                                 "  s: {minLength: 2, maxLength: 3}\n"
                                 "  l: {minItems: 1, maxItems: 2, uniqueItems: true}\n"
                                 "  m: {minProperties: 1, maxProperties: 2}\n"
                                 "  n: {minimum: 3, exclusiveMaximum: 9, multipleOf: 3}\n"
                                 "  x: {exclusiveMinimum: 3, maximum: 9}\n"
                                 "  p: {pattern: '^a'}\n"
                                 "  o: {not: {const: 1}}\n"
                                 "  c: {contains: {const: 1}}\n"
                                 "  t: {prefixItems: [true], items: false}\n";
    static const struct {
        const char *document, *message;
    } cases[] = {
        {"s: ''", "1:4 invalid-value: 's' must not be empty\n"},
        {"s: é", "1:4 invalid-value: 's' is too short: at least 2 characters, not 1\n"},
        {"s: abcd", "1:4 invalid-value: 's' is too long: at most 3 characters, not 4\n"},
        {"l: []", "1:4 invalid-value: 'l' must have at least 1 item\n"},
        {"l: [1, 2, 3]", "1:4 invalid-value: 'l' must have at most 2 items\n"},
        {"l: [a, a]", "1:8 invalid-value: 'a' stands twice in 'l'\n"},
        {"m: {}", "1:4 invalid-value: 'm' must have at least 1 key\n"},
        {"m: {a: 1, b: 1, c: 1}", "1:4 invalid-value: 'm' must have at most 2 keys\n"},
        {"n: 2", "1:4 invalid-value: 'n' must be at least 3\n"},
        {"n: 9", "1:4 invalid-value: 'n' must be less than 9\n"},
        {"n: 4", "1:4 invalid-value: 'n' must be a multiple of 3\n"},
        {"x: 3", "1:4 invalid-value: 'x' must be more than 3\n"},
        {"x: 10", "1:4 invalid-value: 'x' must be at most 9\n"},
        {"p: b", "1:4 invalid-value: 'p' does not match the pattern ^a\n"},
        {"o: 1", "1:4 invalid-value: 'o' cannot be 1\n"},
        {"c: [2]", "1:4 invalid-value: 'c' lacks an item that it must have\n"},
        {"t: [1, 2, 3]", "1:8 invalid-value: 't' must have at most 1 item\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_reported(state, schema, cases[i].document, cases[i].message);
}

static void test_own_words(void **state) {
    assert_reported(state,
                    "properties: {account: {type: string, pattern: '^[0-9]{12}$', errorMessage: "
                    "'twelve digits in quotes'}}",
                    "account: '12'",
                    "1:10 invalid-value: 'account' is not valid: twelve digits in quotes\n");
    assert_reported(state, "{pattern: a, patternErrorMessage: mind the a, errorMessage: else}", "b",
                    "1:1 invalid-value: the document is not valid: mind the a\n");
    assert_reported(state, "propertyNames: {pattern: '^a', errorMessage: it begins with a}", "b: 1",
                    "1:1 invalid-value: the key 'b' is not valid: it begins with a\n");
    assert_reported(state,
                    "anyOf: [{required: [a]}, {required: [b]}]\nerrorMessage: it has a or b\n",
                    "c: 1", "1:1 invalid-value: the document is not valid: it has a or b\n");
}

static void test_branches(void **state) {
    static const char schema[] =
        "properties:\n"
        "  names:\n"
        "    oneOf: [{const: all}, {$ref: '#/$defs/names'}]\n"
        "  size: {oneOf: [{minimum: 1}, {minimum: 2}]}\n"
        "  form: {anyOf: [{required: [a]}, {required: [b]}]}\n"
        "$defs: {names: {type: array, items: {type: string, minLength: 1}}}\n";
    assert_reported(state, schema, "names: [a, '']",
                    "1:12 invalid-value: an item of 'names' must not be empty\n");
    assert_reported(state, schema, "names: al", "1:8 invalid-value: 'names' must be 'all'\n");
    assert_reported(state, schema, "names: 5",
                    "1:1 wrong-type: 'names' must be 'all' or a list, not the number 5\n");
    assert_reported(state, schema, "names:\n",
                    "1:1 wrong-type: 'names' must be 'all' or a list, but is empty\n");
    assert_reported(state, schema, "size: 3",
                    "1:7 invalid-value: 'size' fits several of the forms of which it must fit "
                    "one\n");
    assert_reported(state, schema, "form: {c: 1}",
                    "1:7 invalid-value: 'form' has none of the forms that are allowed here\n");
}

static void test_long_texts(void **state) {
    assert_reported(state, "additionalProperties: false",
                    "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää: 1",
                    "1:1 unknown-key: no key "
                    "'ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää…' here\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_valid),        TEST(test_unknown_key), TEST(test_missing_key),
        TEST(test_many_choices), TEST(test_choices),     TEST(test_wrong_type),
        TEST(test_limits),       TEST(test_own_words),   TEST(test_branches),
        TEST(test_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
