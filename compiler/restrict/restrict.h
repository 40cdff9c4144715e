// Grants to narrower grants. All lives in the arena given.
#ifndef SPOTC_RESTRICT_RESTRICT_H
#define SPOTC_RESTRICT_RESTRICT_H

#include "model/selection.h"
#include "restrict/facts.h"

// Narrows what is allowed as the manifest asks for it with `restrict` and `pass_role`: adds
// conditions, divides grants by resource types and actions, and never adds a permission, which is
// asserted of every grant. What is denied stays as it is. Each new grant has the statement and the
// origin of the one that it came from. Reports what no restriction can hold (then returns false,
// unless it is acknowledged), and names what a restriction cannot narrow. Adds to the selection's
// work twice the grants that each restriction made. `facts` are of facts_make, or NULL without
// `restrict`.
bool restrict_grants(Arena *arena, Diags *diags, const Manifest *manifest, Selection *selection,
                     const Library *library, const RestrictFacts *facts, GrantVec *grants);

#endif
