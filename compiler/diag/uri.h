// File names as URIs. Owns nothing.
#ifndef SPOTC_DIAG_URI_H
#define SPOTC_DIAG_URI_H

#include "base/str.h"

// A URI reference in the arena: relative where the name is ("a b.yaml": "a%20b.yaml"), file: where
// it is absolute. "<stdin>" is "stdin".
Str uri_of_file(Arena *arena, Str name);

#endif
