// What the texts of a side of `spotc diff` hold, and the template that fills them in. Lives in its
// arena and points into the side.
#ifndef SPOTC_COMMAND_DIFF_FACTS_H
#define SPOTC_COMMAND_DIFF_FACTS_H

#include "base/map.h"
#include "command/diff.h"

// Different texts.
typedef struct TextSet {
    StrMap known;
    StrVec texts;
} TextSet;

typedef struct Facts {
    Arena *arena;
    Input *side;
    Node template;  // that gives what its symbols stand for, or no node
    StrMap symbols; // `${Name}`
    StrMap uses;    // the same, and those in functions,
    StrVec used;    // each once
    TextSet partitions;
    TextSet accounts;  // but for those of principals
    StrMap parameters; // of the template: name -> node
    StrMap resources;  // the same
    StrMap values;     // symbol -> index of its binding
    const DiffBindingVec *bindings;
    bool has_changed;      // any of them is
    bool has_calls;        // symbols of functions
    bool names_principals; // by their accounts, which are those that are meant
    size_t growth;
} Facts;

typedef enum ItemPlace { PLACE_PRINCIPAL, PLACE_OTHER } ItemPlace;

typedef void VisitText(Facts *facts, Item *item, ItemPlace place);

void texts_add(Arena *arena, TextSet *names, Str text);

// Visits every action, resource, principal, value of a condition and policy's ARN of the side.
void facts_visit(Facts *facts, VisitText *visit);

// What both sides hold. A manifest whose texts a template's definitions fill in has the template
// that it compiles to, where the other side has one as well; where it is for several accounts, its
// own stands there as `${AWS::AccountId}`, as in that template.
void facts_collect(Arena *arena, Input *old, Input *new, Facts *ret_old, Facts *ret_new);

// Whether what these roles are granted is for the account that they are in, whichever that is.
bool facts_use_account(Arena *arena, const RoleDocumentsVec *roles);

// Whether a side's texts are those of policy files, which have no parameters and name accounts.
bool facts_are_of_files(const Facts *facts);

// The next `${...}` at or after *from, with its braces; *from is moved behind it.
bool facts_next_symbol(Str text, size_t *from, Str *ret_symbol);

// The symbol that the next `<Name>` of a function at or after *from stands for; *from is moved
// behind its beginning.
bool facts_next_argument(Facts *facts, Str call, size_t *from, Str *ret_symbol);

#endif
