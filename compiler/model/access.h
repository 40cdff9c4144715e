// Access levels and types of condition keys: their names, and the letters and words by which the
// tables of schema/iam/catalogue know them. Owns nothing.
#ifndef SPOTC_MODEL_ACCESS_H
#define SPOTC_MODEL_ACCESS_H

#include "base/str.h"

// What an action can do, in AWS's order (IAM User Guide, "Access levels in policy summaries"): a
// bit, its letter in schema/iam/catalogue/actions.tsv, and AWS's name for it.
#define ACCESS_LEVELS(LEVEL)                                 \
    LEVEL(ACCESS_LIST, 'L', "List")                          \
    LEVEL(ACCESS_READ, 'R', "Read")                          \
    LEVEL(ACCESS_WRITE, 'W', "Write")                        \
    LEVEL(ACCESS_PERMISSIONS, 'P', "Permissions management") \
    LEVEL(ACCESS_TAGGING, 'T', "Tagging")

typedef enum AccessLevel {
#define ACCESS_LEVEL_ID(id, letter, name) id,
    ACCESS_LEVELS(ACCESS_LEVEL_ID)
#undef ACCESS_LEVEL_ID
        ACCESS_LEVEL_COUNT
} AccessLevel;

// A set of access levels: 1u << AccessLevel.
typedef uint8_t AccessLevels;

extern const char access_level_letters[];
extern const char *const access_level_names[];

// "List, Read, Write": the names of a set in their order, for a sentence; empty for none.
Str access_levels_text(Arena *arena, AccessLevels levels);

// What values a condition key takes: a bit and AWS's name for it.
#define KEY_TYPES(TYPE)                        \
    TYPE(KEY_ARN, "ARN")                       \
    TYPE(KEY_ARRAY_OF_ARN, "ArrayOfARN")       \
    TYPE(KEY_ARRAY_OF_BOOL, "ArrayOfBool")     \
    TYPE(KEY_ARRAY_OF_STRING, "ArrayOfString") \
    TYPE(KEY_BOOL, "Bool")                     \
    TYPE(KEY_DATE, "Date")                     \
    TYPE(KEY_IP_ADDRESS, "IPAddress")          \
    TYPE(KEY_NUMERIC, "Numeric")               \
    TYPE(KEY_STRING, "String")

typedef enum KeyType {
#define KEY_TYPE_ID(id, name) id,
    KEY_TYPES(KEY_TYPE_ID)
#undef KEY_TYPE_ID
        KEY_TYPE_COUNT
} KeyType;

// A set of types: 1u << KeyType. A key of two services can have a type from each.
typedef uint16_t KeyTypes;

extern const char *const key_type_names[];

// The types whose keys hold several values at once; conditions on these need ForAllValues or
// ForAnyValue (IAM User Guide, "Set operators for multivalued context keys").
enum {
    MULTIVALUED_TYPES = 1u << KEY_ARRAY_OF_ARN | 1u << KEY_ARRAY_OF_BOOL | 1u << KEY_ARRAY_OF_STRING
};

// Whether a key of these types can hold several values at once. One that two services type
// differently can.
static inline bool key_is_multivalued(KeyTypes types) {
    return (types & MULTIVALUED_TYPES) != 0;
}

#endif
