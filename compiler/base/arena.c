#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct ArenaBlock {
    ArenaBlock *older;
    size_t room; // how many bytes
    alignas(max_align_t) char bytes[];
};

void arena_init(Arena *arena, ArenaExhausted *exhausted, void *context) {
    *arena = (Arena){.exhausted = exhausted, .context = context};
}

_Noreturn void arena_exhausted(Arena *arena) {
    arena->exhausted(arena->context);
    abort(); // the handler broke its promise not to return
}

static size_t align_up(size_t size) {
    const size_t align = alignof(max_align_t);
    return (size + align - 1) / align * align;
}

static void add_block(Arena *arena, size_t size) {
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    ArenaBlock *block = malloc(sizeof(ArenaBlock) + room);
    if (block == NULL) arena_exhausted(arena);
    block->older = arena->block;
    block->room = room;
    arena->block = block;
    arena->next = block->bytes;
    arena->end = block->bytes + room;
}

// Bytes that are not cleared: for callers that fill them at once.
static void *take(Arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) arena_exhausted(arena);
    size = align_up(size);
    if ((size_t)(arena->end - arena->next) < size || arena->next == NULL) add_block(arena, size);
    void *result = arena->next;
    arena->next += size;
    return result;
}

void *arena_alloc(Arena *arena, size_t size) {
    return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(Arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) arena_exhausted(arena);
    return arena_alloc(arena, count * size);
}

void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size) {
    if (new_size > SIZE_MAX / 2) arena_exhausted(arena);
    char *old_end = old == NULL ? NULL : (char *)old + align_up(old_size);
    if (old != NULL && old_end == arena->next &&
        align_up(new_size) <= (size_t)(arena->end - (char *)old)) {
        arena->next = (char *)old + align_up(new_size);
        return old;
    }
    void *result = take(arena, new_size);
    if (old != NULL) memcpy(result, old, old_size);
    return result;
}

// Frees the blocks that are newer than `last`, or all; returns `last`.
static ArenaBlock *free_blocks(ArenaBlock *block, ArenaBlock *last) {
    while (block != last) {
        ArenaBlock *older = block->older;
        free(block);
        block = older;
    }
    return last;
}

void arena_free(Arena *arena) {
    arena->block = free_blocks(arena->block, NULL);
    arena->next = arena->end = NULL;
}

ArenaMark arena_mark(const Arena *arena) {
    return (ArenaMark){arena->block, arena->next};
}

void arena_rewind(Arena *arena, ArenaMark mark) {
    arena->block = free_blocks(arena->block, mark.block);
    arena->next = mark.next;
    arena->end = mark.block == NULL ? NULL : mark.block->bytes + mark.block->room;
}

void arena_reset(Arena *arena) {
    ArenaBlock *block = arena->block;
    if (block == NULL || block->room > BLOCK_SIZE) {
        arena_free(arena);
        return;
    }
    block->older = free_blocks(block->older, NULL);
    arena->next = block->bytes;
}
