// Patterns of IAM: `*` is any text, `?` any one character. Owns nothing.
#ifndef SPOTC_POLICY_MATCH_H
#define SPOTC_POLICY_MATCH_H

#include "base/str.h"

// True where every action that `other` matches is matched by `pattern` too; both may hold
// wildcards, and case does not count (IAM User Guide, "IAM JSON policy elements: Action"). Sound,
// never guessing: false where it cannot be shown. Takes at most pattern × other steps.
bool action_covers(Arena *arena, Str pattern, Str other);

#endif
