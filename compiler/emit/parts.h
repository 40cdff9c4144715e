// A skeleton with the parts that what was chosen adds to it. Lives in the emission's arena.
#ifndef SPOTC_EMIT_PARTS_H
#define SPOTC_EMIT_PARTS_H

#include "emit/context.h"
#include "emit/emit.h"

// How a kind of file is put together.
typedef struct PartsForm {
    Str skeleton;                             // its name
    Str (*part_name)(Arena *arena, Str part); // of a part's skeleton, by the name in the bundle
    unsigned depth;                           // how deep parts join it; below, names are unique
    DocumentStyle style;
} PartsForm;

// Fills in the skeleton and its parts with `context` and joins them. No node after reporting
// template-error, or bundle-reference where a part has no skeleton.
Node emit_assemble(const Emission *emission, const PartsForm *form, Node context);

#endif
