// Sids that are unique in a role's policies. Texts live in the arena given.
#ifndef SPOTC_LAYOUT_SIDS_H
#define SPOTC_LAYOUT_SIDS_H

#include "model/policy.h"

// Gives every later statement of a Sid the next free number: OceanEks, OceanEks2, OceanEks3, …
void sids_make_unique(Arena *arena, StatementVec *statements);

#endif
