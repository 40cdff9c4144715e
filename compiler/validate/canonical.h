// Values as texts: two values are equal where their texts are. Owns nothing.
#ifndef SPOTC_VALIDATE_CANONICAL_H
#define SPOTC_VALIDATE_CANONICAL_H

#include "read/tree.h"

// Adds a text that is the same for all ways to write the JSON value `node`: numbers by value,
// mappings in any order. Takes time and room in proportion to the value (and to sort its keys).
void canonical_write(StrBuf *out, Node node);

#endif
