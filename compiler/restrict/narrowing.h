// What the restrictions share. A Narrowing lives on the stack of the pass, what it points to in its
// arena.
#ifndef SPOTC_RESTRICT_NARROWING_H
#define SPOTC_RESTRICT_NARROWING_H

#include "model/selection.h"
#include "policy/expand.h"

typedef struct Narrowing {
    Arena *arena;
    Diags *diags;
    const Manifest *manifest;
    const Selection *selection;
    const Library *library;
    GrantVec *out;  // what becomes of the grants
    ActionSet free; // regions: the actions that are of no region
    bool *used;     // pass_role: by role, whether it narrowed anything
} Narrowing;

// One way to narrow. `begin` gets ready and says whether there is anything to do; `narrow` appends
// to `out` what is left of a grant that allows; `end`, or NULL, reports.
typedef struct Restricter {
    bool (*begin)(Narrowing *narrowing);
    void (*narrow)(Narrowing *narrowing, const Grant *grant);
    void (*end)(const Narrowing *narrowing);
} Restricter;

extern const Restricter pass_role_restricter, regions_restricter;

// The role that a grant is for.
const Role *narrowing_role(const Narrowing *narrowing, const Grant *grant);

// Appends a grant as it is.
void narrowing_keep(Narrowing *narrowing, const Grant *grant);

// Appends a grant with a further condition. Where it has one of the same operator and key, the
// values that both let pass are left; where these are none, the grant grants nothing, is left out,
// and this is reported.
void narrowing_add(Narrowing *narrowing, const Grant *grant, Str operator, Str key,
                   const StrVec *values);

// What two entries of Resource have in common.
typedef enum Meeting { MEETING_NONE, MEETING_KNOWN, MEETING_UNKNOWN } Meeting;

// Sets *ret_both, where it is known, to a pattern of what both match.
Meeting resources_meet(Arena *arena, Str a, Str b, Str *ret_both);

// Appends a shortest list of wildcards and names that today match the same actions as `pattern` but
// for those of `without`, each as a grant that is otherwise the same. Reports that what AWS adds is
// not among them.
void narrowing_keep_rest(Narrowing *narrowing, const Grant *grant, ActionSet without);

#endif
