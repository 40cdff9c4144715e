// Why the result is the fewest: bins are tried from a count that the sizes alone demand upwards,
// and a count is given up only where may_fit or an exhausted search proves that nothing fits.
// Why it is lexicographically first: item after item, in bundle order, takes the lowest bin with
// which the items after it can still be placed; a lower one is passed over only on the same proof.
// So no choice is ever taken back, and each asks one question: can the rest be completed?
#include "layout/pack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MEMO_BYTES = 1024 * 1024 };

// Positions that are known to lead nowhere. Each place holds the latest one that fell to it, in
// full, so that nothing is ever taken for another.
typedef struct Memo {
    size_t *rows;  // NULL until the first dead end
    size_t width;  // of a row: the question, where in its items, the free space of each bin
    size_t places; // a power of two
} Memo;

typedef struct Item {
    size_t size; // with its separator: then a bin's capacity is simply the sum of its items
    size_t index;
} Item;

typedef struct Packer {
    Arena *arena;
    size_t capacity;   // with the separator that a bin's first item does not need
    size_t bins;       // how many are tried
    size_t *free;      // space in each
    const Item *items; // all, largest first
    size_t item_count;
    Item *rest; // the question: can these be placed, largest first?
    size_t rest_count;
    size_t *answer; // the bin of each item, where they can
    size_t *key;    // a row of the memo
    Memo memo;
    size_t steps; // left
    bool gave_up; // steps ran out: from now on a "no" means nothing
} Packer;

static bool spend(Packer *p, size_t steps) {
    if (steps > p->steps) p->gave_up = true;
    if (!p->gave_up) p->steps -= steps;
    return !p->gave_up;
}

static int compare_items(const void *a, const void *b) {
    const Item *left = a, *right = b;
    if (left->size != right->size) return left->size > right->size ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

// False where the sizes alone show that the rest from `at` on cannot be placed: for each size, the
// items at least that large exceed the bins that can take one, in sum or in number.
static bool may_fit(const Packer *p, size_t at) {
    size_t sum = 0;
    for (size_t i = at; i < p->rest_count; i++) {
        size_t size = p->rest[i].size;
        sum += size;
        if (size == 0) break; // fits anywhere
        if (i + 1 < p->rest_count && p->rest[i + 1].size == size) continue;
        size_t room = 0, places = 0;
        for (size_t bin = 0; bin < p->bins; bin++) {
            if (p->free[bin] < size) continue;
            room += p->free[bin];
            places += p->free[bin] / size;
        }
        if (sum > room || i + 1 - at > places) return false;
    }
    return true;
}

// The first bin with the least free space that is at least `space`; p->bins where there is none.
static size_t tightest_bin(const Packer *p, size_t space) {
    size_t best = p->bins;
    for (size_t bin = 0; bin < p->bins; bin++) {
        if (p->free[bin] >= space && (best == p->bins || p->free[bin] < p->free[best])) best = bin;
    }
    return best;
}

// Places the rest by a rule of thumb that mostly succeeds: the largest first, where it is tightest.
static bool place_greedily(Packer *p) {
    size_t placed = 0;
    for (; placed < p->rest_count; placed++) {
        const Item *item = &p->rest[placed];
        size_t bin = tightest_bin(p, item->size);
        if (bin == p->bins) break;
        p->free[bin] -= item->size;
        p->answer[item->index] = bin;
    }
    for (size_t i = 0; i < placed; i++) p->free[p->answer[p->rest[i].index]] += p->rest[i].size;
    return placed == p->rest_count;
}

// Writes the position to p->key: bins are alike, so their free spaces are sorted, and space that
// is too small for any item counts as none. Returns its place in the memo.
static size_t *memo_place(Packer *p, size_t at) {
    size_t least = p->rest[p->rest_count - 1].size;
    uint64_t hash = 0;
    p->key[0] = p->rest_count;
    p->key[1] = at + 1; // so that an empty place is like no position
    for (size_t bin = 0; bin < p->bins; bin++) {
        size_t space = p->free[bin] < least ? 0 : p->free[bin], to = bin + 2;
        for (; to > 2 && p->key[to - 1] > space; to--) p->key[to] = p->key[to - 1];
        p->key[to] = space;
    }
    for (size_t i = 0; i < p->memo.width; i++) {
        hash = (hash ^ p->key[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return p->memo.rows + ((size_t)hash & (p->memo.places - 1)) * p->memo.width;
}

static bool memo_has(Packer *p, size_t at) {
    if (p->memo.rows == NULL) return false;
    return memcmp(memo_place(p, at), p->key, p->memo.width * sizeof *p->key) == 0;
}

static void memo_add(Packer *p, size_t at) {
    if (p->memo.rows == NULL)
        p->memo.rows = ARENA_ARRAY(p->arena, size_t, p->memo.places * p->memo.width);
    size_t *row = memo_place(p, at);
    memcpy(row, p->key, p->memo.width * sizeof *p->key);
}

// Searches for a placing of the rest from `at` on. Bins with equal space are alike, so one of them
// is tried. Where the item fills a bin to the brim, no other needs trying: whatever else a solution
// puts there could change places with the item.
static bool search(Packer *p, size_t at) {
    if (at == p->rest_count) return true;
    if (!spend(p, (p->rest_count - at + 1) * p->bins) || !may_fit(p, at) || memo_has(p, at))
        return false;
    const Item item = p->rest[at];
    for (size_t space = item.size;;) {
        size_t bin = tightest_bin(p, space);
        if (bin == p->bins) break;
        p->free[bin] -= item.size;
        p->answer[item.index] = bin;
        bool done = search(p, at + 1);
        p->free[bin] += item.size;
        if (done || p->gave_up) return done;
        if (p->free[bin] == item.size) break;
        space = p->free[bin] + 1;
    }
    memo_add(p, at);
    return false;
}

// Whether the items from `first` on can be placed in what is free; then p->answer says where.
static bool can_place(Packer *p, size_t first) {
    p->rest_count = 0;
    for (size_t i = 0; i < p->item_count; i++) {
        if (p->items[i].index >= first) p->rest[p->rest_count++] = p->items[i];
    }
    if (!spend(p, p->item_count + 2 * p->rest_count * p->bins)) return false;
    return may_fit(p, 0) && (place_greedily(p) || search(p, 0));
}

// Begins anew with `bins` empty bins.
static void set_bins(Packer *p, size_t bins) {
    p->bins = bins;
    for (size_t bin = 0; bin < bins; bin++) p->free[bin] = p->capacity;
    p->memo = (Memo){.width = bins + 2, .places = 1};
    while (2 * p->memo.places * p->memo.width * sizeof(size_t) <= MEMO_BYTES) p->memo.places *= 2;
}

// How many bins the greedy placing takes; more than the bins tried where it fails.
static size_t greedy_bins(Packer *p, size_t bins) {
    set_bins(p, bins);
    memcpy(p->rest, p->items, p->item_count * sizeof *p->rest);
    p->rest_count = p->item_count;
    if (!place_greedily(p)) return bins + 1;
    size_t used = 0;
    for (size_t i = 0; i < p->item_count; i++)
        used = p->answer[i] >= used ? p->answer[i] + 1 : used;
    return used;
}

// Finds the fewest bins, at least `least` and at most `most`, with a placing in `witness`; more
// than `most` where there is none.
static size_t find_fewest(Packer *p, size_t least, size_t most, size_t *witness) {
    size_t known = greedy_bins(p, most);
    memcpy(witness, p->answer, p->item_count * sizeof *witness);
    for (size_t bins = least; bins < known && bins <= most && !p->gave_up; bins++) {
        set_bins(p, bins);
        if (can_place(p, 0)) {
            memcpy(witness, p->answer, p->item_count * sizeof *witness);
            return bins;
        }
    }
    return known;
}

// Empty bins are alike: makes the one that the witness opens with item `first` bin `next`.
static void rename_bin(size_t *witness, size_t first, size_t count, size_t next) {
    size_t opened = witness[first];
    for (size_t i = first; i < count; i++) {
        if (witness[i] == opened) {
            witness[i] = next;
        } else if (witness[i] == next) {
            witness[i] = opened;
        }
    }
}

// Moves item `index` to the lowest bin that leaves a placing for those after it. `witness` is a
// placing of all, so bins from its own on need no question.
static void lower_item(Packer *p, size_t index, size_t size, size_t *witness) {
    for (size_t bin = 0; bin < witness[index] && !p->gave_up; bin++) {
        if (p->free[bin] < size) continue;
        p->free[bin] -= size;
        bool can = can_place(p, index + 1);
        p->free[bin] += size;
        if (!can) continue;
        size_t after = index + 1;
        memcpy(witness + after, p->answer + after, (p->item_count - after) * sizeof *witness);
        witness[index] = bin;
    }
}

// Turns the witness into the lexicographically first placing, its bins numbered as they come.
static void find_first(Packer *p, const size_t *sizes, size_t *witness) {
    size_t used = 0;
    for (size_t i = 0; i < p->item_count; i++) {
        if (witness[i] >= used) rename_bin(witness, i, p->item_count, used);
        lower_item(p, i, sizes[i], witness);
        p->free[witness[i]] -= sizes[i];
        if (witness[i] == used) used++;
    }
}

static Packer new_packer(Arena *arena, const PackProblem *problem, const size_t *sizes,
                         size_t max_bins) {
    size_t count = problem->count;
    Item *items = ARENA_ARRAY(arena, Item, count);
    for (size_t i = 0; i < count; i++) items[i] = (Item){sizes[i], i};
    if (count != 0) qsort(items, count, sizeof *items, compare_items);
    return (Packer){
        .arena = arena,
        .capacity = problem->capacity + problem->separator,
        .free = ARENA_ARRAY(arena, size_t, max_bins),
        .items = items,
        .item_count = count,
        .rest = ARENA_ARRAY(arena, Item, count),
        .answer = ARENA_ARRAY(arena, size_t, count),
        .key = ARENA_ARRAY(arena, size_t, max_bins + 2),
        .steps = problem->max_steps,
    };
}

PackResult pack(Arena *arena, const PackProblem *problem, size_t *ret_bin, size_t *ret_bins) {
    size_t count = problem->count, sum = 0;
    size_t capacity = problem->capacity + problem->separator;
    size_t *sizes = ARENA_ARRAY(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        if (problem->sizes[i] > problem->capacity) return PACK_TOO_LARGE;
        sizes[i] = problem->sizes[i] + problem->separator;
        sum += sizes[i];
    }
    size_t least = sum == 0 ? count != 0 : (sum - 1) / capacity + 1;
    size_t most = problem->max_bins < count ? problem->max_bins : count;
    if (least > most) return PACK_TOO_MANY_BINS;
    Packer packer = new_packer(arena, problem, sizes, most);
    size_t *witness = ARENA_ARRAY(arena, size_t, count);
    size_t bins = find_fewest(&packer, least, most, witness);
    bool is_fewest = !packer.gave_up;
    if (bins <= most) {
        set_bins(&packer, bins);
        find_first(&packer, sizes, witness);
    }
    if (problem->steps != NULL) *problem->steps += problem->max_steps - packer.steps;
    if (bins > most) return PACK_TOO_MANY_BINS;
    if (count != 0) memcpy(ret_bin, witness, count * sizeof *ret_bin);
    *ret_bins = bins;
    if (!is_fewest) return PACK_NOT_PROVEN;
    return packer.gave_up ? PACK_NOT_FIRST : PACK_DONE;
}
