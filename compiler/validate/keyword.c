#include "validate/keyword.h"

#include <string.h>

#include "base/nearest.h"

#define NUMBERS (1U << NODE_NUMBER)
#define STRINGS (1U << NODE_STRING)
#define SEQUENCES (1U << NODE_SEQUENCE)
#define MAPPINGS (1U << NODE_MAPPING)
#define ANY (~0U)
#define NAME(literal) \
    { (literal), sizeof(literal) - 1 }

static const Keyword keywords[] = {
    {NAME("$ref"), HOLDS_NO_SCHEMA, ANY, check_reference, apply_reference},
    {NAME("type"), HOLDS_NO_SCHEMA, ANY, check_any_of_types, apply_type},
    {NAME("enum"), HOLDS_NO_SCHEMA, ANY, check_list, apply_enum},
    {NAME("const"), HOLDS_NO_SCHEMA, ANY, NULL, apply_const},

    {NAME("minimum"), HOLDS_NO_SCHEMA, NUMBERS, check_number, apply_minimum},
    {NAME("maximum"), HOLDS_NO_SCHEMA, NUMBERS, check_number, apply_maximum},
    {NAME("exclusiveMinimum"), HOLDS_NO_SCHEMA, NUMBERS, check_number, apply_exclusive_minimum},
    {NAME("exclusiveMaximum"), HOLDS_NO_SCHEMA, NUMBERS, check_number, apply_exclusive_maximum},
    {NAME("multipleOf"), HOLDS_NO_SCHEMA, NUMBERS, check_divisor, apply_multiple_of},

    {NAME("minLength"), HOLDS_NO_SCHEMA, STRINGS, check_count, apply_min_length},
    {NAME("maxLength"), HOLDS_NO_SCHEMA, STRINGS, check_count, apply_max_length},
    {NAME("pattern"), HOLDS_NO_SCHEMA, STRINGS, check_pattern, apply_pattern},

    {NAME("prefixItems"), HOLDS_SCHEMA_LIST, SEQUENCES, NULL, apply_prefix_items},
    {NAME("items"), HOLDS_SCHEMA, SEQUENCES, NULL, apply_items},
    {NAME("contains"), HOLDS_SCHEMA, SEQUENCES, NULL, apply_contains},
    {NAME("minContains"), HOLDS_NO_SCHEMA, SEQUENCES, check_count, NULL}, // contains looks at it
    {NAME("maxContains"), HOLDS_NO_SCHEMA, SEQUENCES, check_count, NULL}, // so too
    {NAME("minItems"), HOLDS_NO_SCHEMA, SEQUENCES, check_count, apply_min_items},
    {NAME("maxItems"), HOLDS_NO_SCHEMA, SEQUENCES, check_count, apply_max_items},
    {NAME("uniqueItems"), HOLDS_NO_SCHEMA, SEQUENCES, check_boolean, apply_unique_items},

    {NAME("required"), HOLDS_NO_SCHEMA, MAPPINGS, check_names, apply_required},
    {NAME("properties"), HOLDS_SCHEMA_MAP, MAPPINGS, NULL, apply_properties},
    {NAME("patternProperties"), HOLDS_SCHEMA_MAP, MAPPINGS, check_patterns,
     apply_pattern_properties},
    {NAME("additionalProperties"), HOLDS_SCHEMA, MAPPINGS, NULL, apply_additional_properties},
    {NAME("propertyNames"), HOLDS_SCHEMA, MAPPINGS, NULL, apply_property_names},
    {NAME("minProperties"), HOLDS_NO_SCHEMA, MAPPINGS, check_count, apply_min_properties},
    {NAME("maxProperties"), HOLDS_NO_SCHEMA, MAPPINGS, check_count, apply_max_properties},
    {NAME("dependentRequired"), HOLDS_NO_SCHEMA, MAPPINGS, check_dependent_names,
     apply_dependent_required},
    {NAME("dependentSchemas"), HOLDS_SCHEMA_MAP, MAPPINGS, NULL, apply_dependent_schemas},

    {NAME("allOf"), HOLDS_SCHEMA_LIST, ANY, NULL, apply_all_of},
    {NAME("anyOf"), HOLDS_SCHEMA_LIST, ANY, NULL, apply_any_of},
    {NAME("oneOf"), HOLDS_SCHEMA_LIST, ANY, NULL, apply_one_of},
    {NAME("not"), HOLDS_SCHEMA, ANY, NULL, apply_not},
    {NAME("if"), HOLDS_SCHEMA, ANY, NULL, apply_if},
    {NAME("then"), HOLDS_SCHEMA, ANY, NULL, NULL}, // `if` looks at it
    {NAME("else"), HOLDS_SCHEMA, ANY, NULL, NULL}, // so too

    {NAME("$schema"), HOLDS_NO_SCHEMA, ANY, check_dialect, NULL},
    {NAME("$id"), HOLDS_NO_SCHEMA, ANY, check_id, NULL},
    {NAME("$anchor"), HOLDS_NO_SCHEMA, ANY, check_anchor, NULL},
    {NAME("$defs"), HOLDS_SCHEMA_MAP, ANY, NULL, NULL},
    {NAME("$comment"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("title"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("description"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("default"), HOLDS_NO_SCHEMA, ANY, NULL, NULL},
    {NAME("examples"), HOLDS_NO_SCHEMA, ANY, check_list, NULL},
    {NAME("deprecated"), HOLDS_NO_SCHEMA, ANY, check_boolean, NULL},
    {NAME("readOnly"), HOLDS_NO_SCHEMA, ANY, check_boolean, NULL},
    {NAME("writeOnly"), HOLDS_NO_SCHEMA, ANY, check_boolean, NULL},
    {NAME("format"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("contentEncoding"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("contentMediaType"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("contentSchema"), HOLDS_SCHEMA, ANY, NULL, NULL},

    {NAME("errorMessage"), HOLDS_NO_SCHEMA, ANY, check_error_message, NULL},
    {NAME("patternErrorMessage"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("markdownDescription"), HOLDS_NO_SCHEMA, ANY, check_string, NULL},
    {NAME("defaultSnippets"), HOLDS_NO_SCHEMA, ANY, check_list, NULL},
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof *keywords };

_Static_assert(KEYWORD_COUNT < KEYWORD_SLOTS * 2 / 3, "few enough for short searches");

// The factors were searched for: with them, two of the names only meet in a slot of others.
static size_t first_slot(Str name) {
    const unsigned char *bytes = (const unsigned char *)name.data;
    size_t last = bytes[name.length - 1];
    return ((name.length + bytes[1]) * 28 + last * 6 + bytes[0]) % KEYWORD_SLOTS;
}

void keyword_index_init(KeywordIndex *index) {
    *index = (KeywordIndex){0};
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        size_t slot = first_slot(keywords[i].name);
        while (index->slots[slot] != 0) slot = (slot + 1) % KEYWORD_SLOTS;
        index->slots[slot] = (uint8_t)(i + 1);
    }
}

const Keyword *keyword_find(const KeywordIndex *index, Str name) {
    if (name.length < 2) return NULL; // none is that short
    size_t slot = first_slot(name);
    for (; index->slots[slot] != 0; slot = (slot + 1) % KEYWORD_SLOTS) {
        const Keyword *keyword = &keywords[index->slots[slot] - 1];
        if (keyword->name.length == name.length &&
            memcmp(keyword->name.data, name.data, name.length) == 0)
            return keyword;
    }
    return NULL;
}

bool keyword_is_extension(Str name) {
    return str_starts_with(name, STR("x-"));
}

Str keyword_nearest(Str name) {
    Str names[KEYWORD_COUNT];
    for (size_t i = 0; i < KEYWORD_COUNT; i++) names[i] = keywords[i].name;
    return nearest_name(name, names, KEYWORD_COUNT);
}

bool keyword_each_schema(const Keyword *keyword, Node value, SchemaVisit *visit, void *context) {
    NodeKind kind = node_kind(value);
    switch (keyword->holds) {
    case HOLDS_NO_SCHEMA:
        return true;
    case HOLDS_SCHEMA:
        return visit(context, value);
    case HOLDS_SCHEMA_LIST:
        if (kind != NODE_SEQUENCE) return true;
        break;
    case HOLDS_SCHEMA_MAP:
        if (kind != NODE_MAPPING) return true;
        break;
    }
    NODE_EACH(schema, value) {
        if (!visit(context, schema)) return false;
    }
    return true;
}
