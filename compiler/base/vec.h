// Growable arrays in an arena: the arena owns the items; `items` moves as the array grows.
#ifndef SPOTC_BASE_VEC_H
#define SPOTC_BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

// Invariant: count <= capacity; items holds `capacity` items (NULL where that is 0).
// A zeroed one is empty and ready for use.
#define VEC(type)        \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

// Makes room for one more item and counts it; the new item is not cleared.
#define VEC_PUSH(arena, vec, value)                                                      \
    do {                                                                                 \
        if ((vec)->count == (vec)->capacity)                                             \
            (vec)->items =                                                               \
                vec_grow((arena), (vec)->items, &(vec)->capacity, sizeof *(vec)->items); \
        (vec)->items[(vec)->count++] = (value);                                          \
    } while (0)

// Makes room for so many further items at once, to be pushed.
#define VEC_RESERVE(arena, vec, more)                                                           \
    ((vec)->items = vec_reserve((arena), (vec)->items, &(vec)->capacity, (vec)->count + (more), \
                                sizeof *(vec)->items))

// Raises `*capacity` to `needed`, or twice what it was, and returns the moved items; used by
// VEC_RESERVE.
void *vec_reserve(Arena *arena, void *items, size_t *capacity, size_t needed, size_t item_size);

// Doubles `*capacity` and returns the moved items; used by VEC_PUSH.
void *vec_grow(Arena *arena, void *items, size_t *capacity, size_t item_size);

#endif
