// The names that something may have: an index to look one up in, made once and where it is first
// asked for, and the nearest of them to one that is none. Lives in its arena; texts are not copied.
#ifndef SPOTC_MODEL_NAMES_H
#define SPOTC_MODEL_NAMES_H

#include "base/map.h"
#include "read/tree.h"
#include "validate/meant.h"

typedef struct Names {
    Arena *arena;
    Node mapping;  // its keys are names
    StrVec list;   // in their order; the mapping's first
    StrMap places; // of each in `list`
    StrMap near;   // of what was sought: the place of the nearest, or the number of names
    Node *members; // of the mapping, in their order; NULL before anything is looked up
} Names;

// The names of a mapping's keys, or none.
Names *names_of_keys(Arena *arena, Node mapping);

// Adds a name to those of the keys.
void names_add(Names *names, Str name);

// Whether there is this name, and its place in the order of the names.
bool names_find(Names *names, Str name, uint32_t *ret_place);

// The mapping's child with this key, as node_get has it.
Node names_get(Names *names, Str name);

// All of them, in their order.
const StrVec *names_list(Names *names);

// The nearest name to `name`, or empty. What was sought once costs `meant` nothing more.
Str names_nearest(Names *names, Meant *meant, Str name);

// "; did you mean 'NEAREST'?" for the end of a message, or empty.
Str names_offer(Names *names, Meant *meant, Str name);

#endif
