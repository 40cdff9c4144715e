// Regular expressions by PCRE2, each compiled once, when it is first met. They live in the arena.
#ifndef SPOTC_VALIDATE_PATTERN_H
#define SPOTC_VALIDATE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef struct Patterns Patterns;

typedef enum PatternResult { PATTERN_MATCHES, PATTERN_DIFFERS, PATTERN_TOO_COSTLY } PatternResult;

Patterns *patterns_new(Arena *arena);

// Compiles `text` unless that was done before. Returns what is wrong with it, or empty.
Str patterns_problem(Patterns *patterns, Str text);

// Looks for the pattern `text`, which is well formed, anywhere in `subject`, which is UTF-8. Takes
// the steps from *steps, and gives up where they do not suffice, or where PCRE2 takes more than a
// thousand and sixteen a byte from one start.
PatternResult patterns_match(Patterns *patterns, Str text, Str subject, uint64_t *steps);

// Whether a well-formed pattern that comes with a table or bundle is found in `subject`; one that
// is malformed or gives up does not match.
bool pattern_matches(Arena *arena, Str text, Str subject);

#endif
