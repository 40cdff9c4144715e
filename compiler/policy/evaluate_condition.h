// The conditions and resources of a statement against a request: the inner part of evaluate.
#ifndef SPOTC_POLICY_EVALUATE_CONDITION_H
#define SPOTC_POLICY_EVALUATE_CONDITION_H

#include "policy/fill.h"

// What one statement's judgement needs. Names that an answer depends on are noted as they are met,
// and taken back where the answer turns out not to depend on them.
typedef struct Judge {
    Arena *arena;
    const Request *request;
    StrVec *noted; // may repeat
} Judge;

// Whether one condition of a statement holds.
Truth condition_holds(const Judge *judge, const DocumentCondition *condition);

// Whether the request's resource is matched by a pattern of Resource, or, where `negated`, of
// NotResource. A pattern that begins as an ARN and lacks parts matches as though each were `*` (IAM
// User Guide, "IAM JSON policy elements: Resource").
Truth resource_matches(const Judge *judge, Str pattern, bool negated);

#endif
