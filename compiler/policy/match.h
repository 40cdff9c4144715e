// Patterns of IAM: `*` is any text, `?` any one character. Owns nothing.
#ifndef SPOTC_POLICY_MATCH_H
#define SPOTC_POLICY_MATCH_H

#include "base/str.h"

// True where every text that `other` matches is matched by `pattern` too; both may hold wildcards.
// Sound, never guessing: false where it cannot be shown. Takes at most pattern × other steps.
bool pattern_covers(Arena *arena, Str pattern, Str other, bool ignore_case);

// The same for actions, whose case does not count (IAM User Guide, "IAM JSON policy elements:
// Action").
bool action_covers(Arena *arena, Str pattern, Str other);

// The same for resources, whose case counts: `*` covers all, an ARN another one of which it covers
// every part, so that it holds whether or not a wildcard reaches over a colon (IAM User Guide,
// "IAM JSON policy elements: Resource"). A text with a policy variable covers only itself.
bool resource_covers(Arena *arena, Str pattern, Str other);

// The same for values of StringLike and its kin, whose case counts; variables as above.
bool value_covers(Arena *arena, Str pattern, Str other);

#endif
