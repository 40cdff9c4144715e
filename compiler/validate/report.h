// Turns violations of a schema into messages for people.
#ifndef SPOTC_VALIDATE_REPORT_H
#define SPOTC_VALIDATE_REPORT_H

#include "validate/schema.h"

// Checks `instance` against `schema` and reports each violation with the nearest valid choice:
// unknown-key, missing-key, wrong-type, invalid-value. Returns true where it is valid.
bool validate_document(Arena *arena, Diags *diags, Node schema, Node instance);

#endif
