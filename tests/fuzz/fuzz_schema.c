// The JSON Schema checker: the input's first document is the schema, the others are instances.
#include "fuzz.h"
#include "validate/report.h"
#include "validate/schema.h"

enum { MOST_VIOLATIONS = 100, MOST_INSTANCES = 8 };

static SchemaResult check(Fuzz *fuzz, Node schema, Node instance, size_t most) {
    ViolationVec violations = {0};
    SchemaResult result =
        schema_validate(&fuzz->arena, &fuzz->diags, schema, instance, most, &violations);
    // References that lead back to where they stand show only when they are followed.
    FUZZ_REQUIRE(result != SCHEMA_UNSUPPORTED || diags_errors(&fuzz->diags) > 0,
                 "an error says why a schema cannot be used");
    FUZZ_REQUIRE(violations.count <= most, "violations are bounded");
    if (most > 0 && result <= SCHEMA_INVALID)
        FUZZ_REQUIRE((violations.count > 0) == (result == SCHEMA_INVALID), "violations say why");
    return result;
}

// References name places in the whole schema, which is another where it is put into one.
static bool has_reference(Node node) {
    NODE_EACH(child, node) {
        Str key = node_key_text(child);
        bool is_name = str_starts_with(key, STR("$"));
        if (is_name || has_reference(child)) return true;
    }
    return false;
}

// {keyword: [schema]}, or {keyword: schema}.
static Node wrapped(Fuzz *fuzz, const char *keyword, bool in_list, Node schema) {
    TreeBuilder *builder = ARENA_NEW(&fuzz->arena, TreeBuilder);
    tree_begin(builder, &fuzz->arena, node_span(schema).source);
    uint32_t root = tree_mapping(builder), inner = tree_copy(builder, schema);
    if (in_list) {
        uint32_t list = tree_sequence(builder);
        tree_append(builder, list, 0, inner);
        inner = list;
    }
    tree_put(builder, root, str_of(keyword), inner);
    return (Node){&builder->tree, root};
}

static SchemaResult opposite(SchemaResult result) {
    return result == SCHEMA_VALID ? SCHEMA_INVALID : SCHEMA_VALID;
}

static void check_combined(Fuzz *fuzz, Node schema, Node instance, SchemaResult expected) {
    static const struct {
        const char *keyword;
        bool in_list, negated;
    } rows[] = {{"allOf", true, false},
                {"anyOf", true, false},
                {"oneOf", true, false},
                {"not", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Node combined = wrapped(fuzz, rows[i].keyword, rows[i].in_list, schema);
        SchemaResult result = check(fuzz, combined, instance, 0);
        FUZZ_REQUIRE(result == SCHEMA_TOO_COSTLY ||
                         result == (rows[i].negated ? opposite(expected) : expected),
                     "combined with nothing else a schema judges alike");
    }
}

static void check_instance(Fuzz *fuzz, Node schema, Node instance, bool combine) {
    SchemaResult result = check(fuzz, schema, instance, MOST_VIOLATIONS);
    SchemaResult brief = check(fuzz, schema, instance, 0);
    if (result > SCHEMA_INVALID || brief > SCHEMA_INVALID) return;
    FUZZ_REQUIRE(result == brief, "with and without violations it is judged alike");
    size_t errors = diags_errors(&fuzz->diags);
    bool valid = validate_document(&fuzz->arena, &fuzz->diags, schema, instance);
    FUZZ_REQUIRE(valid == (result == SCHEMA_VALID), "messages are written where it is invalid");
    FUZZ_REQUIRE(valid == (diags_errors(&fuzz->diags) == errors), "messages say why");
    if (combine) check_combined(fuzz, schema, instance, result);
}

static void check_documents(Fuzz *fuzz, const NodeVec *documents) {
    Node schema = documents->items[0];
    bool supported = schema_check_supported(&fuzz->arena, &fuzz->diags, schema);
    FUZZ_REQUIRE(supported == (diags_errors(&fuzz->diags) == 0), "an error says what is not");
    if (!supported) return;
    bool combine = !has_reference(schema);
    for (size_t i = 1; i < documents->count && i <= MOST_INSTANCES; i++)
        check_instance(fuzz, schema, documents->items[i], combine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return fuzz_documents(data, size, check_documents);
}
