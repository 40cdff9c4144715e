// A map from strings to numbers. Lives in its arena; keys are not copied.
#ifndef SPOTC_BASE_MAP_H
#define SPOTC_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// A critical-bit tree: no hash, so no input can make it slow; look-ups cost the key's length.
// A zeroed one is empty.
typedef struct StrMap {
    struct StrMapNode *root;
} StrMap;

// Sets the value of `key`; true where the key is new.
bool strmap_set(Arena *arena, StrMap *map, Str key, uint32_t value);

// Where the key is there: true and its value in *ret_value.
bool strmap_get(const StrMap *map, Str key, uint32_t *ret_value);

#endif
