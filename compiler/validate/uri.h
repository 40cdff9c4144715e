// References between parts of a schema, as RFC 3986 resolves them. Owns nothing.
#ifndef SPOTC_VALIDATE_URI_H
#define SPOTC_VALIDATE_URI_H

#include "base/str.h"

// `reference` against `base` (both without fragments): RFC 3986, section 5.2, strict.
Str uri_resolve(Arena *arena, Str base, Str reference);

// The reference before its '#', and the fragment behind it (empty where there is none).
Str uri_without_fragment(Str reference);
Str uri_fragment(Str reference);

// `text` with %XX decoded; false where a '%' stands alone.
bool uri_decode(Arena *arena, Str text, Str *ret_decoded);

#endif
