// How long a policy is for IAM's quotas. Owns nothing.
#ifndef SPOTC_LINT_SIZE_H
#define SPOTC_LINT_SIZE_H

#include "read/tree.h"

// Characters of a tree as JSON without white space between its parts; what is filled in later
// counts as one. Takes as many levels as readers let a tree have.
size_t policy_characters(Arena *arena, Node node);

#endif
