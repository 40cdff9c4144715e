#include "layout/sids.h"

#include "base/map.h"

// The number that was given last to a Sid is its value in `taken`.
static Str next_free(Arena *arena, StrMap *taken, Str sid) {
    uint32_t number = 1, unused;
    Str candidate;
    (void)strmap_get(taken, sid, &number);
    do candidate = str_format(arena, "%.*s%u", STR_ARG(sid), ++number);
    while (strmap_get(taken, candidate, &unused));
    strmap_set(arena, taken, sid, number);
    return candidate;
}

void sids_make_unique(Arena *arena, StatementVec *statements) {
    StrMap taken = {0};
    bool *is_repeat = ARENA_ARRAY(arena, bool, statements->count);
    // First come, first served: the Sids of the bundles stay as they are wherever they can.
    for (size_t i = 0; i < statements->count; i++) {
        uint32_t unused;
        is_repeat[i] = strmap_get(&taken, statements->items[i].sid, &unused);
        if (!is_repeat[i]) strmap_set(arena, &taken, statements->items[i].sid, 1);
    }
    for (size_t i = 0; i < statements->count; i++) {
        Statement *statement = &statements->items[i];
        if (!is_repeat[i]) continue;
        statement->sid = next_free(arena, &taken, statement->sid);
        strmap_set(arena, &taken, statement->sid, 1);
    }
}
