// Patterns of bytes: `*` is any text, `?` any one byte, and the case of ASCII letters does not
// count. A Wildcard holds what it needs; it owns nothing and allocates nothing.
#ifndef SPOTC_BASE_WILDCARD_H
#define SPOTC_BASE_WILDCARD_H

#include "base/str.h"

enum { WILDCARD_LONGEST_TEXT = 255 };

// A pattern made ready: in lower case, without repeated stars.
typedef struct Wildcard {
    unsigned char symbols[2 * WILDCARD_LONGEST_TEXT + 1];
    size_t length;
    bool impossible; // asks for more than any text has
} Wildcard;

// Makes a pattern ready. Patterns that no text of at most WILDCARD_LONGEST_TEXT bytes can match
// are allowed, and match nothing.
void wildcard_init(Wildcard *wildcard, Str pattern);

// Whether the pattern matches all of `text`, which has at most WILDCARD_LONGEST_TEXT bytes. Takes
// at most pattern × text steps: after a star the search goes on from the last one, never further
// back, because what the earlier ones took leaves the most to those that follow.
bool wildcard_matches(const Wildcard *wildcard, Str text);

#endif
