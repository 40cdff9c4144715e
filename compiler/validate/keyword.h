// The keywords of JSON Schema that are known, in one table of constants.
#ifndef SPOTC_VALIDATE_KEYWORD_H
#define SPOTC_VALIDATE_KEYWORD_H

#include "read/tree.h"

typedef struct SchemaRun SchemaRun;
typedef struct Scope Scope;

// Which schemas stand in a keyword's value.
typedef enum KeywordHolds {
    HOLDS_NO_SCHEMA,
    HOLDS_SCHEMA,
    HOLDS_SCHEMA_LIST, // a sequence of at least one
    HOLDS_SCHEMA_MAP,  // a mapping from any names
} KeywordHolds;

// What is wrong with a keyword's value ("must be a string"), or empty.
typedef Str KeywordCheck(SchemaRun *run, Node value);

// True where the scope's instance satisfies the keyword; reports where it does not.
typedef bool KeywordApply(const Scope *scope, Node value);

typedef struct Keyword {
    Str name;
    KeywordHolds holds;
    unsigned kinds;      // set of 1 << NodeKind: instances that it speaks of
    KeywordCheck *check; // NULL: any value will do, as far as `holds` allows
    KeywordApply *apply; // NULL: annotations, and what another keyword looks at
} Keyword;

enum { KEYWORD_SLOTS = 128 };

// Finds keywords by name. Slots hold the index in the table plus one, or 0.
typedef struct KeywordIndex {
    uint8_t slots[KEYWORD_SLOTS];
} KeywordIndex;

void keyword_index_init(KeywordIndex *index);

// The keyword of this name, or NULL.
const Keyword *keyword_find(const KeywordIndex *index, Str name);

// True for names that any schema may use for its own ends: x-….
bool keyword_is_extension(Str name);

// The known keyword that is spelled most like `name`, or empty.
Str keyword_nearest(Str name);

// Calls `visit` for each schema in a keyword's value, as long as it returns true. Returns whether
// it always did.
typedef bool SchemaVisit(void *context, Node schema);
bool keyword_each_schema(const Keyword *keyword, Node value, SchemaVisit *visit, void *context);

// How their values must be formed.
KeywordCheck check_any_of_types, check_number, check_divisor, check_count, check_boolean,
    check_string, check_pattern, check_patterns, check_names, check_dependent_names, check_list,
    check_reference, check_dialect, check_id, check_anchor, check_error_message;

// What they demand.
KeywordApply apply_type, apply_enum, apply_const, apply_minimum, apply_maximum,
    apply_exclusive_minimum, apply_exclusive_maximum, apply_multiple_of, apply_min_length,
    apply_max_length, apply_pattern, apply_min_items, apply_max_items, apply_unique_items,
    apply_min_properties, apply_max_properties, apply_required, apply_dependent_required;
KeywordApply apply_properties, apply_pattern_properties, apply_additional_properties,
    apply_property_names, apply_dependent_schemas, apply_prefix_items, apply_items, apply_contains;
KeywordApply apply_all_of, apply_any_of, apply_one_of, apply_not, apply_if, apply_reference;

#endif
