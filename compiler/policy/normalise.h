// One form for statements that mean the same. Works in the arena given.
#ifndef SPOTC_POLICY_NORMALISE_H
#define SPOTC_POLICY_NORMALISE_H

#include "model/policy.h"

// Brings a statement to its normal form, which means exactly the same, today and whatever AWS
// adds: actions in the catalogue's spelling; actions, resources and values of conditions sorted,
// without repeats and without those that a wildcard beside them covers. Who gave an action that
// goes is kept with the one that covers it. Idempotent. Does not change what the statement points
// to, only the statement. Where a list is so long that comparing each with each would take too long
// (NORMALISE_MOST_PAIRS), only repeats go.
void statement_normalise(Arena *arena, Statement *statement);

// Its actions only.
void statement_normalise_actions(Arena *arena, Statement *statement);

// A list of actions of a bundle has at most 2,000.
enum { NORMALISE_MOST_PAIRS = 2000 * 2000 };

#endif
