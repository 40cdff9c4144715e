// Which resources an entry of Resource can name, by the forms of ARNs that the catalogue has. All
// that is made lives in the arena given.
#ifndef SPOTC_LINT_REACH_H
#define SPOTC_LINT_REACH_H

#include "model/catalogue.h"
#include "model/document.h"
#include "policy/expand.h"

// One form of ARN of a resource type; region, account and name are patterns for
// patterns_meet.
typedef struct ArnForm {
    ResourceId resource;
    Str text;    // as the catalogue writes it
    Str service; // as it stands there
    Str region, account, name;
} ArnForm;

typedef VEC(ArnForm) ArnFormVec;

// The forms of ARNs by service, made when they are asked for.
typedef struct ArnForms {
    Arena *arena;       // of what is kept
    Arena *scratch;     // of what may be gone after the check that runs
    size_t steps;       // that may still be taken; see patterns_meet
    ArnFormVec foreign; // of a service whose resource types are another's, and what AWS owns
    ArnFormVec *own;    // by ServiceId
    bool *is_made;      // whether that service's own are made
} ArnForms;

// What is known of one entry of Resource.
typedef struct ResourceFit {
    bool known;          // its service has forms, and it has nothing else that is wrong: what
                         // follows is true. Else nothing can be said
    bool name;           // some form's last part can be its own
    bool region;         // and the region can be
    bool whole;          // and the account can be, too
    const ArnForm *near; // the form that fits best, where one fits in its last part
    uint64_t *types;     // a bit for each resource type that it can name
} ResourceFit;

// What is known of all entries of a statement.
typedef struct Reach {
    const ResourceFit *fits; // one for each of the statement's resources
    bool everything;         // an entry is "*", or nothing is known of it
    const uint64_t *types;   // a bit for each resource type that an entry can name
} Reach;

void arn_forms_init(ArnForms *forms, Arena *arena, Arena *scratch);

// What the entries of `statement` can name. What a hostile file would make too costly to find out
// counts as named.
Reach statement_reach(ArnForms *forms, const DocumentStatement *statement);

// The forms of a service of ARNs, those of other services' resource types not counted; none where
// it has none.
const ArnFormVec *arn_forms_of(ArnForms *forms, Str service);

// Whether an action can be used on a resource of one of these types.
bool action_reaches(ActionId action, const uint64_t *types);

// Whether a text exists that a field of a form and a pattern, where `*` is any text and `?` any one
// character, both match. Takes form × pattern steps from *steps; true where these run out.
bool patterns_meet(Arena *arena, size_t *steps, Str form, Str pattern);

#endif
