// Fewer statements that mean the same. Works in the arena given.
#ifndef SPOTC_POLICY_MINIMISE_H
#define SPOTC_POLICY_MINIMISE_H

#include "model/policy.h"

// Merges statements in normal form: those of equal effect, resources and conditions, and those of
// equal effect, actions and conditions, in turn, until no two are left. An Allow and a Deny are
// never merged. A merged statement is in normal form and stands where the first of those it is
// made of stood. Its Sid is theirs where they all have the same, else says what it is about:
// AllowOnAnyResource, DenyOnS3WithConditions. Grants exactly the same, which is asserted.
void statements_merge(Arena *arena, StatementVec *statements);

#endif
