// Finds members of mappings by key, and items of sequences by their place: large ones, of a schema
// or an instance, get an index when they are first looked into. The indexes live in the arena; the
// trees must stay as they are.
#ifndef SPOTC_VALIDATE_MEMBERS_H
#define SPOTC_VALIDATE_MEMBERS_H

#include "base/map.h"
#include "base/vec.h"
#include "read/tree.h"

typedef struct Members {
    Arena *arena;
    StrMap places; // of a container's index in `indexes`
    VEC(StrMap) indexes;
} Members;

// In steps: what members_get costs for this mapping or sequence now.
uint64_t members_price(const Members *members, Node container);

// As node_get; of a sequence the item whose place, from 0, has the decimal text `key`.
Node members_get(Members *members, Node container, Str key);

#endif
