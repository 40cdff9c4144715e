// An Arena owns everything that is allocated from it; nothing is freed alone, arena_free frees all.
#ifndef SPOTC_BASE_ARENA_H
#define SPOTC_BASE_ARENA_H

#include <stddef.h>

// Called when the system has no more memory. It must not return (exit, or longjmp to the caller).
typedef void ArenaExhausted(void *context);

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *block; // newest block, linked to the older ones
    char *next;        // first free byte in it
    char *end;
    ArenaExhausted *exhausted;
    void *context;
} Arena;

// Prepares an empty arena. `exhausted` is called with `context` where memory runs out.
void arena_init(Arena *arena, ArenaExhausted *exhausted, void *context);

// `size` zeroed bytes, aligned for any type. Never NULL.
void *arena_alloc(Arena *arena, size_t size);

// As arena_alloc for `count` items of `size` bytes; a product that overflows counts as exhausted.
void *arena_alloc_array(Arena *arena, size_t count, size_t size);

// A larger copy of `old`, which stays valid; grows in place where `old` was allocated last.
void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size);

// Reports lack of memory that a library noticed. Does not return.
_Noreturn void arena_exhausted(Arena *arena);

// Frees all that was allocated; the arena may be used again.
void arena_free(Arena *arena);

// A place in an arena to go back to.
typedef struct ArenaMark {
    ArenaBlock *block;
    char *next;
} ArenaMark;

ArenaMark arena_mark(const Arena *arena);

// Frees all that was allocated since the mark: for functions that keep nothing of what they work
// with. Marks nest: one goes back to them in the reverse order.
void arena_rewind(Arena *arena, ArenaMark mark);

// As arena_free, but keeps a block for what comes next: for arenas that are emptied often.
void arena_reset(Arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

#endif
