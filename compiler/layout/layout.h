// Grants to statements, and statements to policies within the quotas. All lives in the arena given.
#ifndef SPOTC_LAYOUT_LAYOUT_H
#define SPOTC_LAYOUT_LAYOUT_H

#include "model/selection.h"

// Fills each role's policies: statements with unique Sids in bundle order, in the fewest policies
// that can hold them; merged and shortened first where the manifest asks for it. Reports a
// statement that no policy can hold and a role with more policies than it takes, and then returns
// false; notes what wildcards that were made will match one day.
bool layout(Arena *arena, Diags *diags, const Manifest *manifest, const GrantVec *grants,
            Selection *selection);

#endif
