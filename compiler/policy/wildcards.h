// The shortest way to write a statement's actions. Works in the arena given.
#ifndef SPOTC_POLICY_WILDCARDS_H
#define SPOTC_POLICY_WILDCARDS_H

#include "model/policy.h"

// Replaces actions of a statement in normal form by wildcards, so that its JSON has the fewest
// characters. A wildcard that is made is a service's `*` or the first whole words of an action that
// stands in the statement, and `*`; today it matches no action that the statement did not match,
// which is asserted. Wildcards that stand there stay, or go into one that covers them. Of equally
// short lists it takes one with the fewest new wildcards. The result is in normal form. Appends
// each wildcard that was made to *ret_made.
void statement_shorten(Arena *arena, Statement *statement, StrVec *ret_made);

#endif
