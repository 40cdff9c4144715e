#include "model/selection.h"

// Role ids are of letters and digits already (schema/bundle.schema.json).
Str role_logical_id(Arena *arena, Str role_id) {
    char *text = str_to_c(arena, role_id);
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
    return (Str){text, role_id.length};
}

Str role_external_id_parameter(Arena *arena, Str role_id) {
    return str_format(arena, "%.*sExternalId", STR_ARG(role_logical_id(arena, role_id)));
}
