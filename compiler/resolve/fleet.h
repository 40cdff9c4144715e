// A manifest with `accounts` to a manifest an account. The trees that are made live in the arena
// given and have the places of what they were made from.
#ifndef SPOTC_RESOLVE_FLEET_H
#define SPOTC_RESOLVE_FLEET_H

#include "diag/diag.h"
#include "read/read.h"

// Appends the manifests that a document stands for: itself; or, where it has `accounts` and no
// `stack_set`, one for each entry, with the entry's keys in the place of the document's own.
// Reports `account` beside `accounts` and more than READ_MAX_NODES nodes in all, and then returns
// false. Warns of an external id that two accounts have. Reports also an entry that has `accounts`
// itself, leaves it out and returns false; the others are appended.
bool fleet_expand(Arena *arena, Diags *diags, Node document, NodeVec *ret_manifests);

#endif
