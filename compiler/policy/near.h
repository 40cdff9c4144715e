// Which statements may speak of one request, by their resources, their principals or their
// conditions, whichever tells most of them apart. A Near lives in the arena that it was filled
// with, and points to the scopes.
#ifndef SPOTC_POLICY_NEAR_H
#define SPOTC_POLICY_NEAR_H

#include "policy/condition.h"
#include "policy/heads.h"
#include "policy/scope.h"

// One that asks for this value of a key, or for none.
typedef struct NearAsk {
    uint64_t key; // subject and value of an Ask; above all of these: it asks for none
    uint32_t number;
} NearAsk;

typedef struct Near {
    Heads resources, principals; // by their guides
    VEC(NearAsk) asks;           // by the first that each asks; sorted by near_sort
} Near;

// A walk over those that what they ask for does not tell apart from some tests: of one key at a
// time.
typedef struct AskSearch {
    const Near *near;
    const Tests *tests;
    size_t next, end; // what is left of the key
    size_t after;     // where the next key begins
} AskSearch;

// A walk by the one that has the fewest.
typedef struct NearSearch {
    bool by_asks;
    HeadSearch heads;
    AskSearch asks;
} NearSearch;

// Adds one, whose number is how many were added before. All must be of one matcher.
void near_add(Arena *arena, Near *near, const Scope *resource, const Scope *principal,
              const Tests *tests);

// To be called once, when all are added.
void near_sort(Near *near);

// Begins a walk over all but such as certainly have no request in common with these. Takes as long
// as the walk.
NearSearch near_search(const Near *near, const Scope *resource, const Scope *principal,
                       const Tests *tests);

// The number of the next one; false where there are no more.
bool near_next(NearSearch *search, uint32_t *ret_number);

#endif
