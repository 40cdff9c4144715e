#include "policy/near.h"

#include <stdlib.h>

static uint64_t key_of(uint32_t subject, uint32_t value) {
    return (uint64_t)subject << 32 | value;
}

void near_add(Arena *arena, Near *near, const Scope *resource, const Scope *principal,
              const Tests *tests) {
    NearAsk ask = {key_of(UINT32_MAX, 0), (uint32_t)near->asks.count};
    if (tests->ask_count > 0) ask.key = key_of(tests->asks[0].subject, tests->asks[0].value);
    heads_add(arena, &near->resources, resource->guide);
    heads_add(arena, &near->principals, principal->guide);
    VEC_PUSH(arena, &near->asks, ask);
}

static int compare_asks(const void *left, const void *right) {
    const NearAsk *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

void near_sort(Near *near) {
    heads_sort(&near->resources);
    heads_sort(&near->principals);
    if (near->asks.count > 1)
        qsort(near->asks.items, near->asks.count, sizeof *near->asks.items, compare_asks);
}

// --- by what is asked ---

// The first at or after `low` whose key is not less.
static size_t first_from(const Near *near, size_t low, uint64_t key) {
    size_t high = near->asks.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (near->asks.items[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// Of a key that the tests ask as well only those with the same value may meet them.
static void open_key(AskSearch *search) {
    const Near *near = search->near;
    uint32_t subject = (uint32_t)(near->asks.items[search->after].key >> 32);
    const Ask *ask = tests_ask(search->tests, subject);
    search->next = search->after;
    search->after = first_from(near, search->next, key_of(subject, UINT32_MAX));
    search->end = search->after;
    if (ask == NULL) return;
    search->next = first_from(near, search->next, key_of(subject, ask->value));
    search->end = first_from(near, search->next, key_of(subject, ask->value + 1));
}

static bool asks_next(AskSearch *search, uint32_t *ret_number) {
    while (search->next == search->end) {
        if (search->after == search->near->asks.count) return false;
        open_key(search);
    }
    *ret_number = search->near->asks.items[search->next++].number;
    return true;
}

// --- by the one that has the fewest ---

enum { WAYS = 3 };

bool near_next(NearSearch *search, uint32_t *ret_number) {
    return search->by_asks ? asks_next(&search->asks, ret_number)
                           : heads_next(&search->heads, ret_number);
}

// Which of them ends first: all go on by one in turn.
static size_t shortest(const NearSearch searches[static WAYS], size_t count) {
    NearSearch walks[WAYS];
    uint32_t number = 0;
    for (size_t i = 0; i < count; i++) walks[i] = searches[i];
    for (size_t i = 0; count > 1; i = (i + 1) % count) {
        if (!near_next(&walks[i], &number)) return i;
    }
    return 0;
}

// Whether a guide says how a text begins.
static bool tells(const Pattern *guide) {
    return guide != NULL && guide->head > 0;
}

NearSearch near_search(const Near *near, const Scope *resource, const Scope *principal,
                       const Tests *tests) {
    NearSearch searches[WAYS] = {{.heads = heads_search(&near->resources, resource->guide)}};
    size_t count = tells(resource->guide) ? 1 : 0;
    if (tells(principal->guide))
        searches[count++].heads = heads_search(&near->principals, principal->guide);
    if (tests->ask_count > 0)
        searches[count++] = (NearSearch){.by_asks = true, .asks = {.near = near, .tests = tests}};
    return searches[shortest(searches, count)];
}
