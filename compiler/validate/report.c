#include "validate/report.h"

bool validate_document(Arena *arena, Diags *diags, Node schema, Node instance) {
    ViolationVec violations = {0};
    return schema_validate(arena, diags, schema, instance, diags->max_errors, &violations) ==
           SCHEMA_VALID;
}
