// Where each value and key of a JSON text stands. The places live in the arena that is given.
#ifndef SPOTC_READ_JSON_SCAN_H
#define SPOTC_READ_JSON_SCAN_H

#include "diag/diag.h"

// The bytes [begin, end) of a value or key in the source.
typedef struct JsonPlace {
    uint32_t begin, end;
} JsonPlace;

// In the order of the text: a key before its value, a container before its children.
typedef VEC(JsonPlace) JsonPlaces;

// Walks the text from `begin` on, which is valid UTF-8. Reports the first deviation from RFC 8259
// (`syntax`), or a bound of read.h that is passed (`too-deep`, `too-many-nodes`), and returns
// false. Does not look at duplicate keys or at the size of numbers.
bool json_scan(Arena *arena, Diags *diags, const Source *source, uint32_t begin,
               JsonPlaces *ret_places);

#endif
