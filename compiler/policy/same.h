// Whether what was rewritten still means the same, by the catalogue: what every rewriting asserts
// of its own result. Works in the arena given.
#ifndef SPOTC_POLICY_SAME_H
#define SPOTC_POLICY_SAME_H

#include "model/policy.h"

// Whether both lists expand to the same actions of the catalogue, and each pattern that matches
// none of them is covered by one of the other list.
bool actions_same(Arena *arena, const StrVec *a, const StrVec *b);

// Whether the statements of both grant and deny the same actions on each resource (compared as it
// is written) under each set of conditions.
bool statements_same(Arena *arena, const StatementVec *a, const StatementVec *b);

#endif
