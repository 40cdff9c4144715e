// The instances of EC2 among what actions act on, whatever the service. Owned by the binary.
#ifndef SPOTC_RESTRICT_INSTANCE_H
#define SPOTC_RESTRICT_INSTANCE_H

#include "restrict/facts.h"

// Whether a resource type is an instance of EC2: by the form of its ARN, since other services have
// a type of their own for it.
bool is_instance(const RestrictFacts *facts, ResourceId resource);

// Whether it is one, and the action has a condition key that tells its tags.
bool instance_is_told(const RestrictFacts *facts, ActionId action, const UsedResource *resource);

// That key, the first of those in schema/iam/restrictions.tsv; only of an action that has one.
KeyId instance_key(const RestrictFacts *facts, ActionId action);

#endif
