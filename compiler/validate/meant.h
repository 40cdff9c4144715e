// Which valid name was meant where another stands, for "did you mean". What it makes lives in the
// arena. The search compares a bounded number of names; beyond it nothing is offered.
#ifndef SPOTC_VALIDATE_MEANT_H
#define SPOTC_VALIDATE_MEANT_H

#include "base/map.h"
#include "read/tree.h"

typedef struct Meant {
    Arena *arena;
    size_t comparisons; // left
    StrMap places;      // of a schema's keys in `keys`
    VEC(StrVec) keys;
    StrMap misspelled; // ids of mappings and keys of theirs
} Meant;

void meant_begin(Meant *meant, Arena *arena);

// The keys that a schema allows by `properties`, collected once.
StrVec meant_keys(Meant *meant, Node schema);

// The nearest of the choices, or empty.
Str meant_name(Meant *meant, Str name, const StrVec *choices);

// Notes that a mapping has another key where `key` was meant.
void meant_note_misspelled(Meant *meant, Node mapping, Str key);

bool meant_is_misspelled(const Meant *meant, Node mapping, Str key);

#endif
