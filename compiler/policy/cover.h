// Which entries of a list another one covers. Works in the arena given.
#ifndef SPOTC_POLICY_COVER_H
#define SPOTC_POLICY_COVER_H

#include <stdbool.h>

#include "base/str.h"

// What the entries are, and so how they are compared.
typedef enum CoverKind {
    COVER_ACTIONS,   // case does not count
    COVER_RESOURCES, // `*` covers all; of ARNs every part must cover the other's, so that it holds
                     // whether or not a wildcard reaches over a colon
    COVER_TEXTS,     // values of StringLike and its kin
    COVER_ARNS,      // values of ArnLike and its kin: as resources, but for a lone `*`
} CoverKind;

// For each entry the place of the one that stays and covers it: its own where it stays itself. Of
// two that cover each other the first stays. Sound, never guessing: an entry with a policy variable
// is covered by a `*` that covers all, and covers nothing. Entries are without repeats. The work is
// bounded by COVER_STEPS for each character of the list and COVER_MOST_STEPS in all; an entry that
// could not be compared within that stays.
size_t *covers_find(Arena *arena, const StrVec *entries, CoverKind kind);

// Whether one entry of Resource covers another; sound in the same way.
bool resource_covers(Arena *arena, Str pattern, Str other);

enum { COVER_STEPS = 200, COVER_MOST_STEPS = 50 * 1000 * 1000 };

#endif
