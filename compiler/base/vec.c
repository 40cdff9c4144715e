#include "base/vec.h"

#include <stdint.h>

void *vec_grow(Arena *arena, void *items, size_t *capacity, size_t item_size) {
    size_t larger = *capacity == 0 ? 8 : *capacity * 2;
    if (larger > SIZE_MAX / 2 / item_size) arena_exhausted(arena);
    items = arena_grow(arena, items, *capacity * item_size, larger * item_size);
    *capacity = larger;
    return items;
}
