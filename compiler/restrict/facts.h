// What restrictions rest on: rows of schema/iam/restrictions.tsv. Owned by the binary.
#ifndef SPOTC_RESTRICT_FACTS_H
#define SPOTC_RESTRICT_FACTS_H

#include "model/catalogue.h"

// The one value of a fact, such as the key of "vpcs".
Str restriction_fact(Str restriction, Str fact);

// Whether the action, or its service as a whole, is one that changes what the restriction is about.
bool restriction_reaches(Str restriction, ActionId action);

// Whether an action changes anything; tags are something.
bool action_writes(ActionId action);

// Whether it is for tags.
bool action_tags(ActionId action);

// The condition key that is such a fact.
KeyId restriction_key(Str restriction, Str fact);

// Whether a list has this condition key.
bool has_key(KeyList keys, KeyId key);

// Whether any of the action's resource types has it.
bool action_has_key(ActionId action, KeyId key);

#endif
