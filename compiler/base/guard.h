// Releases what an arena does not own where memory runs out. A Guard owns nothing: it lives on the
// stack of the function that holds the resource.
#ifndef SPOTC_BASE_GUARD_H
#define SPOTC_BASE_GUARD_H

#include "base/arena.h"

typedef void GuardRelease(void *resource);

typedef struct Guard {
    Arena *arena;
    ArenaExhausted *exhausted; // the handler that stood before
    void *context;
    GuardRelease *release;
    void *resource;
} Guard;

// Until guard_end, running out of memory in `arena` calls `release(resource)` before the arena's
// own handler, which does not return. Guards nest: the innermost is released first.
void guard_begin(Guard *guard, Arena *arena, GuardRelease *release, void *resource);

// Takes the guard away again; does not release. In the reverse order of guard_begin.
void guard_end(const Guard *guard);

#endif
