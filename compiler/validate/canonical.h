// Values as texts: two values are equal where their texts are. Owns nothing.
#ifndef SPOTC_VALIDATE_CANONICAL_H
#define SPOTC_VALIDATE_CANONICAL_H

#include "read/tree.h"

// A text that is the same for all ways to write the JSON value `node`: numbers by value, mappings
// in any order. Takes time and room in proportion to the value (and to sort its keys).
Str canonical_text(Arena *arena, Node node);

#endif
