#include "base/vec.h"

#include <stdint.h>

// Room for few items at first where they are large: most arrays stay short.
enum { FIRST_BYTES = 64, FIRST_ITEMS = 8 };

static size_t first_capacity(size_t item_size) {
    if (item_size >= FIRST_BYTES) return 1;
    return item_size * FIRST_ITEMS <= FIRST_BYTES ? FIRST_ITEMS : FIRST_BYTES / item_size;
}

static void *resize(Arena *arena, void *items, size_t *capacity, size_t larger, size_t item_size) {
    if (larger > SIZE_MAX / 2 / item_size) arena_exhausted(arena);
    items = arena_grow(arena, items, *capacity * item_size, larger * item_size);
    *capacity = larger;
    return items;
}

void *vec_reserve(Arena *arena, void *items, size_t *capacity, size_t needed, size_t item_size) {
    if (needed <= *capacity) return items;
    size_t twice = *capacity * 2;
    return resize(arena, items, capacity, needed > twice ? needed : twice, item_size);
}

void *vec_grow(Arena *arena, void *items, size_t *capacity, size_t item_size) {
    size_t larger = *capacity == 0 ? first_capacity(item_size) : *capacity * 2;
    return resize(arena, items, capacity, larger, item_size);
}
