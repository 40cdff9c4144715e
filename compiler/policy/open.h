// Actions of which a part is filled in when a template is deployed: `s3:${Name}`. Owns nothing.
#ifndef SPOTC_POLICY_OPEN_H
#define SPOTC_POLICY_OPEN_H

#include "base/str.h"

// Whether any part of it is. IAM itself has no variables in actions.
bool action_is_open(Str action);

// The pattern of all that it may become: `*` in place of each such part.
Str action_widest(Arena *arena, Str action);

#endif
