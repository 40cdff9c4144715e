// What restrictions rest on: rows of schema/iam/restrictions.tsv and global-actions.tsv. The texts
// are owned by the binary, RestrictFacts by the arena that they are made in.
#ifndef SPOTC_RESTRICT_FACTS_H
#define SPOTC_RESTRICT_FACTS_H

#include "policy/expand.h"

// What the tables say of actions and resource types, worked out once for all manifests of a file.
typedef struct RestrictFacts {
    StrVec global;         // of no region: the patterns of global-actions.tsv
    ActionSet free;        // what these match
    KeyId vpc_key;         // of "vpcs"
    ActionSet vpc_divided; // have a resource type with it, and change something but tags
    ActionSet vpc_whole;   // the others that have one
    ActionSet reach_vpc;   // change what it is about
    KeyId tag_key;         // the rest is of "spot_managed_only"
    KeyId create_key;
    KeyId request_tag;     // aws:RequestTag/${TagKey}
    ActionSet tagging;     // tag, and have tag_key
    ActionSet creating;    // create something with tags, in the service of create_key
    VEC(KeyId) told_by;    // the keys that tell the tags of an instance, first that of EC2
    const bool *instances; // by resource type: whether it is an instance of EC2
    ServiceId home;        // the service of these
    ActionSet acting;      // change an instance of which the tags are told
    ActionSet reach_tag;   // as reach_vpc
} RestrictFacts;

// Takes time in proportion to the table and to the catalogue.
const RestrictFacts *facts_make(Arena *arena);

// The one value of a fact, such as the key of "vpcs".
Str restriction_fact(Str restriction, Str fact);

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
