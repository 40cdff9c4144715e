// Which patterns may have a text in common with one, by what stands before their first wildcard or
// variable: of two patterns that do, one begins so with all of the other's. Heads live in the arena
// that they were added with, and point to the patterns' symbols.
#ifndef SPOTC_POLICY_HEADS_H
#define SPOTC_POLICY_HEADS_H

#include "policy/match.h"

// What a pattern begins with.
typedef struct Head {
    const uint32_t *symbols;
    size_t count;
    uint32_t number; // in the order of adding
    uint32_t parent; // the nearest before it, in order, that it begins with; HEADS_NONE: there is
                     // none
    uint32_t first;  // of those that are the same
} Head;

typedef struct Heads {
    VEC(Head) items; // sorted by heads_sort
} Heads;

// A walk over some of them.
typedef struct HeadSearch {
    const Heads *heads;
    size_t next, end;  // what is left of those that begin with what is wanted
    uint32_t ancestor; // the next of those that it begins with
} HeadSearch;

#define HEADS_NONE UINT32_MAX

// Adds a pattern; NULL stands for one that may match anything. All must be of one matcher.
void heads_add(Arena *arena, Heads *heads, const Pattern *pattern);

// To be called once, when all are added.
void heads_sort(Heads *heads);

// Begins a walk over all that may match something that the pattern (or NULL) matches too.
HeadSearch heads_search(const Heads *heads, const Pattern *pattern);

// The number of the next one; false where there are no more.
bool heads_next(HeadSearch *search, uint32_t *ret_number);

#endif
