#include "memory.h"

#include <stdlib.h>

#include "base/arena.h"

static void no_memory(void *context) {
    (void)context;
    abort();
}

int memory_set_up(void **state) {
    static Arena arena;
    arena_init(&arena, no_memory, NULL);
    *state = &arena;
    return 0;
}

int memory_tear_down(void **state) {
    arena_free(*state);
    return 0;
}
