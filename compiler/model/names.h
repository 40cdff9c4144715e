// The names that something may have: an index to look one up in, made where it is first asked for,
// and the nearest of them to one that is none. Lives in its arena; the texts of the names are not
// copied.
#ifndef SPOTC_MODEL_NAMES_H
#define SPOTC_MODEL_NAMES_H

#include "base/map.h"
#include "read/tree.h"
#include "validate/meant.h"

typedef struct Names {
    Arena *arena;
    Meant *meant;   // bounds the search for what was meant
    Node mapping;   // its keys are names
    Node *members;  // of the mapping, in their order; NULL before anything is asked for
    StrVec list;    // in their order; the mapping's first
    StrMap places;  // of the first `indexed` of the list in it
    size_t indexed; // at most as many as the list has
    StrMap sought;  // names that are none -> index in `offers`
    StrVec offers;  // what is offered for each, or empty
} Names;

// The names of a mapping's keys, or none. Where nothing is offered, `meant` may be NULL.
Names *names_of_keys(Arena *arena, Meant *meant, Node mapping);

// Names of a list.
Names *names_of_list(Arena *arena, Meant *meant, const StrVec *list);

// Adds a name to those that there are.
void names_add(Names *names, Str name);

// Whether there is this name, and its place in the order of the names.
bool names_find(Names *names, Str name, uint32_t *ret_place);

// The mapping's child with this key, as node_get has it.
Node names_get(Names *names, Str name);

// All of them, in their order.
const StrVec *names_list(Names *names);

// "; did you mean 'NEAREST'?" for the end of a message that says that there is no such name, or
// empty: where none is near, or looking for it would cost more than `meant` has left. Always the
// same for the same name.
Str names_offer(Names *names, Str name);

#endif
