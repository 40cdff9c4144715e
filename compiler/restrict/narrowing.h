// What the restrictions share. A Narrowing lives on the stack of the pass, what it points to in its
// arena.
#ifndef SPOTC_RESTRICT_NARROWING_H
#define SPOTC_RESTRICT_NARROWING_H

#include "model/selection.h"
#include "restrict/facts.h"

// A condition, and on what it stands: see types.h.
typedef struct TypeRule {
    ActionSet actions; // those with a resource type that it is about
    bool (*is_about)(const RestrictFacts *facts, ActionId action, const UsedResource *resource);
    const RestrictFacts *facts;
    Str operator;
    Str key;
    StrVec values;
} TypeRule;

// A wildcard without the actions that are narrowed, as it is written.
typedef struct Rest {
    StrVec parts;
} Rest;

typedef struct Narrowing {
    Arena *arena;
    Diags *diags;
    const Manifest *manifest;
    const Selection *selection;
    const Library *library;
    const RestrictFacts *facts; // NULL where nothing asks for them
    const char *option;         // of the manifest, that is being seen to
    GrantVec out;               // what becomes of the grants
    bool narrowed;              // by what is being seen to
    StrVec narrowing;           // the keys of `restrict` that narrowed anything
    bool *used;                 // pass_role: by role, whether it narrowed anything
    ActionSet *creating;        // managed: by role, the actions that it may create and tag with
    TypeRule rule;              // which actions are narrowed, and how
    ActionSet granted, common;  // for use within one function
    StrMap rests;               // wildcard -> its place in `divided`
    VEC(Rest) divided;          // by the one that narrows
} Narrowing;

// One way to narrow. `begin` looks at all grants and says whether there is anything to do; `narrow`
// appends to `out` what is left of a grant that allows; `end`, or NULL, reports.
typedef struct Restricter {
    const char *option;      // the key of the manifest that asks for it
    const char *restriction; // the key of `restrict`, or NULL
    bool (*begin)(Narrowing *narrowing, const GrantVec *grants);
    void (*narrow)(Narrowing *narrowing, const Grant *grant);
    void (*end)(const Narrowing *narrowing);
} Restricter;

extern const Restricter pass_role_restricter, regions_restricter, vpcs_dividing_restricter,
    vpcs_whole_restricter, managed_tags_restricter, managed_instances_restricter;

// The role that a grant is for.
size_t narrowing_role_index(const Narrowing *narrowing, const Grant *grant);
const Role *narrowing_role(const Narrowing *narrowing, const Grant *grant);

// Appends a grant as it is.
void narrowing_keep(Narrowing *narrowing, const Grant *grant);

// Appends a grant with a further condition. Where it has one of the same operator and key, the
// values that both let pass are left; where these are none, the grant grants nothing, is left out,
// and this is reported.
void narrowing_add(Narrowing *narrowing, const Grant *grant, Str operator, Str key,
                   const StrVec *values);

// The form of an ARN as the catalogue has it, such as
// `arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}`, with the manifest's partition,
// this account, and `*` for all else.
Str narrowing_form(const Narrowing *narrowing, Str form, Str account);

// What two entries of Resource have in common.
typedef enum Meeting { MEETING_NONE, MEETING_KNOWN, MEETING_UNKNOWN } Meeting;

// Sets *ret_both, where it is known, to a pattern of what both match.
Meeting resources_meet(Arena *arena, Str a, Str b, Str *ret_both);

// Whether a pattern has any of these actions. Allocates nothing.
bool pattern_has_any(Str pattern, ActionSet actions);

// Has `narrow` append what is left of each of `actions` that a grant has, by its name, and appends
// the rest of the grant's actions as they are: of a wildcard, the shortest list of wildcards and
// names that today match them and none of `actions`, where it reports that what AWS adds is not
// among them.
void narrowing_divide(Narrowing *narrowing, const Grant *grant, ActionSet actions,
                      void (*narrow)(Narrowing *narrowing, const Grant *grant, ActionId action));

#endif
