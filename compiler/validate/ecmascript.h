// Regular expressions as JSON Schema has them, written for PCRE2. Owns nothing.
#ifndef SPOTC_VALIDATE_ECMASCRIPT_H
#define SPOTC_VALIDATE_ECMASCRIPT_H

#include "base/str.h"

// Writes `pattern`, a regular expression of ECMAScript with the u flag, as PCRE2 reads the same
// (with its options ALT_BSUX, ALLOW_EMPTY_CLASS and DOLLAR_ENDONLY). Refuses what PCRE2 would take
// and ECMAScript does not have, or reads otherwise. Escaped punctuation is taken everywhere.
// Returns what is wrong, or empty; leaves other faults for PCRE2 to find.
Str ecmascript_to_pcre(Arena *arena, Str pattern, Str *ret_pattern);

#endif
