// Grants divided by resource types. All lives in the arena of the Narrowing.
#ifndef SPOTC_RESTRICT_TYPES_H
#define SPOTC_RESTRICT_TYPES_H

#include "restrict/narrowing.h"

// Appends what is left of a grant of this one action by the Narrowing's rule: with the condition on
// the resource types that the rule is about and without it on the others, each type by the forms of
// its ARN. Where every type is one, the resource stays as it is. What of a resource is of which
// type, where that cannot be told, gets the condition.
void narrowing_by_type(Narrowing *narrowing, const Grant *grant, ActionId action);

#endif
