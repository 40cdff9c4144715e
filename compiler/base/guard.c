#include "base/guard.h"

static void release_and_pass_on(void *context) {
    const Guard *guard = context;
    guard->release(guard->resource);
    guard_end(guard);
    arena_exhausted(guard->arena);
}

void guard_begin(Guard *guard, Arena *arena, GuardRelease *release, void *resource) {
    *guard = (Guard){arena, arena->exhausted, arena->context, release, resource};
    arena->exhausted = release_and_pass_on;
    arena->context = guard;
}

void guard_end(const Guard *guard) {
    guard->arena->exhausted = guard->exhausted;
    guard->arena->context = guard->context;
}
