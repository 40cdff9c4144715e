// One form for statements that mean the same. Works in the arena given.
#ifndef SPOTC_POLICY_NORMALISE_H
#define SPOTC_POLICY_NORMALISE_H

#include "model/policy.h"

// Brings a statement to its normal form, which means exactly the same, today and whatever AWS
// adds: actions in the catalogue's spelling; actions, resources and values of conditions sorted,
// without repeats and without those that a wildcard beside them covers. Who gave an action that
// goes is kept with the one that covers it. Idempotent, but where comparing a list took longer than
// policy/cover.h allows. Does not change what the statement points to, only the statement.
void statement_normalise(Arena *arena, Statement *statement);

// Its actions only.
void statement_normalise_actions(Arena *arena, Statement *statement);

#endif
