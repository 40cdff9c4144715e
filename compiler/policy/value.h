// Values of condition keys, compared by what they mean. Owns nothing.
#ifndef SPOTC_POLICY_VALUE_H
#define SPOTC_POLICY_VALUE_H

#include "model/operator.h"
#include "policy/truth.h"

// The request's value against the policy's, as the operator's family and comparison have it
// (numbers, dates, base64, addresses); its negation is not looked at. TRUTH_UNKNOWN where either
// text is not of that kind: what AWS does then is not documented. The arena serves for scratch.
Truth value_compare(Arena *arena, const Operator *operator, Str policy, Str request);

#endif
