#include "policy/heads.h"

#include <stdlib.h>

// What is looked at of a head: resources differ sooner, and long ones cost.
enum { LONGEST_HEAD = 256 };

static Head head_of(const Pattern *pattern) {
    static const uint32_t nothing = 0;
    if (pattern == NULL) return (Head){.symbols = &nothing, .parent = HEADS_NONE};
    size_t count = pattern->head < LONGEST_HEAD ? pattern->head : LONGEST_HEAD;
    return (Head){.symbols = pattern->symbols, .count = count, .parent = HEADS_NONE};
}

static size_t common_length(const Head *a, const Head *b) {
    size_t i = 0;
    while (i < a->count && i < b->count && a->symbols[i] == b->symbols[i]) i++;
    return i;
}

static bool begins_with(const Head *head, const Head *beginning) {
    return common_length(head, beginning) == beginning->count;
}

// What another begins with comes before it.
static int compare_symbols(const Head *a, const Head *b) {
    size_t same = common_length(a, b);
    if (same == a->count || same == b->count) return (a->count > b->count) - (a->count < b->count);
    return a->symbols[same] < b->symbols[same] ? -1 : 1;
}

static int compare_heads(const void *left, const void *right) {
    const Head *a = left, *b = right;
    int order = compare_symbols(a, b);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

void heads_add(Arena *arena, Heads *heads, const Pattern *pattern) {
    Head head = head_of(pattern);
    head.number = (uint32_t)heads->items.count;
    VEC_PUSH(arena, &heads->items, head);
}

// The last at or before `index` that `head` begins with. What lies between two such ones in order
// begins with the first of them, so that the way leads over parents.
static uint32_t nearest(const Heads *heads, uint32_t index, const Head *head) {
    while (index != HEADS_NONE && !begins_with(head, &heads->items.items[index]))
        index = heads->items.items[heads->items.items[index].first].parent;
    return index;
}

void heads_sort(Heads *heads) {
    Head *items = heads->items.items;
    if (heads->items.count > 1) qsort(items, heads->items.count, sizeof *items, compare_heads);
    for (uint32_t i = 0; i < heads->items.count; i++) {
        bool repeats = i > 0 && compare_symbols(&items[i - 1], &items[i]) == 0;
        items[i].first = repeats ? items[i - 1].first : i;
        if (i > 0) items[i].parent = nearest(heads, i - 1, &items[i]);
    }
}

// The first at or after `low` that is not before what is wanted; or, of those behind it, the first
// that does not begin with it.
static size_t bound(const Heads *heads, size_t low, const Head *wanted, bool upper) {
    size_t high = heads->items.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const Head *head = &heads->items.items[middle];
        if (upper ? begins_with(head, wanted) : compare_symbols(head, wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

HeadSearch heads_search(const Heads *heads, const Pattern *pattern) {
    const Head wanted = head_of(pattern);
    HeadSearch search = {.heads = heads, .ancestor = HEADS_NONE};
    search.next = bound(heads, 0, &wanted, false);
    search.end = bound(heads, search.next, &wanted, true);
    if (search.next > 0) search.ancestor = nearest(heads, (uint32_t)search.next - 1, &wanted);
    return search;
}

bool heads_next(HeadSearch *search, uint32_t *ret_number) {
    const Head *items = search->heads->items.items;
    if (search->next < search->end) {
        *ret_number = items[search->next++].number;
        return true;
    }
    if (search->ancestor == HEADS_NONE) return false;
    *ret_number = items[search->ancestor].number;
    search->ancestor = items[search->ancestor].parent;
    return true;
}
