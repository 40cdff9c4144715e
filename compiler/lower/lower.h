// A selection to grants, with actions in the catalogue's spelling. Grants live in the arena given.
#ifndef SPOTC_LOWER_LOWER_H
#define SPOTC_LOWER_LOWER_H

#include "diag/diag.h"
#include "model/selection.h"

// What it takes to make a selection's grants and statements.
typedef struct LowerCount {
    size_t kept;     // grants, values of conditions, and a share of the bytes of their texts
    size_t compared; // a share of the pairs of resources and of actions in each statement
} LowerCount;

// More than `most` kept: then the rest is not counted. Cheap beside making them.
LowerCount lower_count(const Selection *selection, size_t most);

// Fills in parameters, partition and account, and appends one grant for each action and resource
// of each chosen statement, in bundle order; each knows the manifest line that asked for it and
// the bundle line that gives it. Resolve saw to every placeholder; where a text becomes a dynamic
// reference by what is filled in, reports that and returns false.
bool lower(Arena *arena, Diags *diags, const Manifest *manifest, const Selection *selection,
           GrantVec *ret_grants);

#endif
