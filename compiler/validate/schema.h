// Checks a tree against a JSON Schema (2020-12). Owns nothing; violations live in the arena given.
#ifndef SPOTC_VALIDATE_SCHEMA_H
#define SPOTC_VALIDATE_SCHEMA_H

#include "diag/diag.h"
#include "read/tree.h"

// The assertion and applicator keywords that are implemented, and the annotations that are known.
// A schema with any other keyword is refused.
typedef struct Violation {
    Node instance;  // what is wrong: for additionalProperties the unexpected member's value, for
                    // propertyNames the key, for uniqueItems the item that stands there again
    Node schema;    // the schema that says so
    Node keyword;   // the keyword's value in it
    Str name;       // the keyword, e.g. "required"; "false" for the schema false
    Str detail;     // required, dependentRequired: the missing key; oneOf: "several" where more
                    // than one fits; additionalProperties: the key that was meant, once report.c
                    // has looked for it
    uint32_t order; // in which it was found
} Violation;

typedef VEC(Violation) ViolationVec;

typedef enum SchemaResult {
    SCHEMA_VALID,
    SCHEMA_INVALID,     // violations tell why
    SCHEMA_UNSUPPORTED, // the schema itself cannot be used; a message was reported
    SCHEMA_TOO_COSTLY,  // the check passed its bound on steps; a message was reported
} SchemaResult;

// Refuses a schema that uses what is not implemented or is malformed: reports `unsupported-schema`
// at the place in the schema and returns false.
bool schema_check_supported(Arena *arena, Diags *diags, Node schema);

// Checks `instance` against `schema`, which schema_check_supported accepted. Violations are
// appended in the order of the instance, at most `max_violations`, one a fault: what lies below a
// value of the wrong type or inside a failed anyOf/oneOf is not reported again.
SchemaResult schema_validate(Arena *arena, Diags *diags, Node schema, Node instance,
                             size_t max_violations, ViolationVec *ret_violations);

#endif
