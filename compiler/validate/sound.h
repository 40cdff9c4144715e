// What a schema has nothing to say against. The tree lives in the arena given.
#ifndef SPOTC_VALIDATE_SOUND_H
#define SPOTC_VALIDATE_SOUND_H

#include "validate/schema.h"

// A copy of `instance` without the values that `schema` refuses, in their places in the source, so
// that later passes can go on to judge the rest. What is missing stays missing. No node where
// nothing is left, or where too much is wrong to go on.
Node sound_part(Arena *arena, Diags *diags, Node schema, Node instance);

#endif
