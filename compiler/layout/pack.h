// Which statement goes in which policy. Knows sizes only; works in the arena it is given.
#ifndef SPOTC_LAYOUT_PACK_H
#define SPOTC_LAYOUT_PACK_H

#include <stdbool.h>

#include "base/arena.h"

// A bound that leaves what is met in practice far below and still ends within a tenth of a second.
enum { PACK_MAX_STEPS = 20 * 1000 * 1000 };

// Steps that take as long as making one grant.
enum { PACK_STEPS_OF_WORK = 100 };

// Items in bundle order. An item of `size` takes `size` of a bin's `capacity`, plus `separator`
// for each item in the bin but its first. No sum of theirs may exceed SIZE_MAX.
typedef struct PackProblem {
    const size_t *sizes;
    size_t count;
    size_t capacity;
    size_t separator;
    size_t max_bins;  // more are of no use to the caller
    size_t max_steps; // bound on the search (looks at one bin), so that no input makes it hang
    size_t *steps;    // to which those that the search took are added, or NULL
} PackProblem;

typedef enum PackResult {
    PACK_DONE,          // the fewest bins, and the lexicographically first such assignment
    PACK_NOT_FIRST,     // the fewest bins, but steps ran out on the way to the first assignment
    PACK_NOT_PROVEN,    // steps ran out before: a valid packing, perhaps not the fewest
    PACK_TOO_MANY_BINS, // needs more than max_bins, or steps ran out before one within was found
    PACK_TOO_LARGE,     // an item is larger than a bin
} PackResult;

// Fills ret_bin[i] with the bin of item i; bins are numbered in the order of their first item.
// Leaves both alone for PACK_TOO_MANY_BINS and PACK_TOO_LARGE. Depends on the problem alone: the
// bound counts steps, not time.
PackResult pack(Arena *arena, const PackProblem *problem, size_t *ret_bin, size_t *ret_bins);

#endif
