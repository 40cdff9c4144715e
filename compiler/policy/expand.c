#include "policy/expand.h"

#include <assert.h>
#include <string.h>

enum { BITS = 64, MOST_SETS = 256 };

ActionSet action_set_new(Arena *arena) {
    size_t count = (catalogue_action_count() + BITS - 1) / BITS;
    return (ActionSet){ARENA_ARRAY(arena, uint64_t, count), count};
}

ActionSet action_set_copy(Arena *arena, ActionSet set) {
    ActionSet copy = action_set_new(arena);
    action_set_unite(copy, set);
    return copy;
}

void action_set_add(ActionSet set, ActionId action) {
    assert(action < catalogue_action_count());
    uint64_t *word = &set.words[action / BITS];
    *word |= (uint64_t)1 << action % BITS;
}

bool action_set_has(ActionSet set, ActionId action) {
    assert(action < catalogue_action_count());
    return (set.words[action / BITS] >> action % BITS & 1) != 0;
}

size_t action_set_add_pattern(ActionSet set, Str pattern) {
    ActionMatches matches;
    ActionId action = 0;
    size_t count = 0;
    catalogue_match(pattern, &matches);
    for (; catalogue_next(&matches, &action); count++) action_set_add(set, action);
    return count;
}

bool action_sets_find(ActionSets *sets, Str pattern, ActionSet *ret_set) {
    uint32_t index = (uint32_t)sets->items.count;
    if (!strmap_get(&sets->by_pattern, pattern, &index)) {
        if (index == MOST_SETS) return false;
        ActionSet set = action_set_new(sets->arena);
        (void)action_set_add_pattern(set, pattern);
        strmap_set(sets->arena, &sets->by_pattern, str_copy(sets->arena, pattern), index);
        VEC_PUSH(sets->arena, &sets->items, set);
    }
    *ret_set = sets->items.items[index];
    return true;
}

ActionSet action_set_of_patterns(Arena *arena, const StrVec *patterns) {
    ActionSet set = action_set_new(arena);
    for (size_t i = 0; i < patterns->count; i++) action_set_add_pattern(set, patterns->items[i]);
    return set;
}

void action_set_unite(ActionSet set, ActionSet other) {
    for (size_t i = 0; i < set.word_count; i++) set.words[i] |= other.words[i];
}

void action_set_intersect(ActionSet set, ActionSet other) {
    for (size_t i = 0; i < set.word_count; i++) set.words[i] &= other.words[i];
}

void action_set_subtract(ActionSet set, ActionSet other) {
    for (size_t i = 0; i < set.word_count; i++) set.words[i] &= ~other.words[i];
}

void action_set_complement(ActionSet set) {
    size_t rest = catalogue_action_count() % BITS;
    for (size_t i = 0; i < set.word_count; i++) set.words[i] = ~set.words[i];
    uint64_t *last = &set.words[set.word_count - 1];
    if (rest != 0) *last &= ~(~(uint64_t)0 << rest);
}

void action_set_clear(ActionSet set) {
    memset(set.words, 0, set.word_count * sizeof *set.words);
}

bool action_set_is_empty(ActionSet set) {
    for (size_t i = 0; i < set.word_count; i++) {
        if (set.words[i] != 0) return false;
    }
    return true;
}

bool action_set_overlaps(ActionSet a, ActionSet b) {
    for (size_t i = 0; i < a.word_count; i++) {
        if ((a.words[i] & b.words[i]) != 0) return true;
    }
    return false;
}

bool action_set_is_subset(ActionSet part, ActionSet whole) {
    for (size_t i = 0; i < part.word_count; i++) {
        if ((part.words[i] & ~whole.words[i]) != 0) return false;
    }
    return true;
}

bool action_set_equal(ActionSet a, ActionSet b) {
    return action_set_is_subset(a, b) && action_set_is_subset(b, a);
}

size_t action_set_count(ActionSet set) {
    size_t count = 0;
    for (size_t i = 0; i < set.word_count; i++) count += (size_t)__builtin_popcountll(set.words[i]);
    return count;
}

bool action_set_next(ActionSet set, ActionId *action) {
    size_t at = *action / BITS;
    if (at >= set.word_count) return false;
    uint64_t rest = set.words[at] & ~(uint64_t)0 << *action % BITS;
    while (rest == 0) {
        if (++at == set.word_count) return false;
        rest = set.words[at];
    }
    *action = (ActionId)(at * BITS + (size_t)__builtin_ctzll(rest));
    return true;
}

bool action_set_bounds(ActionSet set, ActionId *ret_first, ActionId *ret_last) {
    size_t at = set.word_count;
    *ret_first = 0;
    if (!action_set_next(set, ret_first)) return false;
    while (set.words[at - 1] == 0) at--;
    *ret_last = (ActionId)(at * BITS - 1 - (size_t)__builtin_clzll(set.words[at - 1]));
    return true;
}

ActionSet action_set_between(ActionSet set, ActionId first, ActionId last) {
    assert(first <= last && last < catalogue_action_count());
    return (ActionSet){set.words + first / BITS, last / BITS - first / BITS + 1};
}

void action_set_tally(ActionSet once, ActionSet twice, ActionSet set) {
    for (size_t i = 0; i < set.word_count; i++) {
        uint64_t *first = &once.words[i], *second = &twice.words[i];
        *second |= *first & set.words[i];
        *first |= set.words[i];
    }
}

AccessLevels action_set_access(ActionSet set) {
    AccessLevels levels = 0;
    for (ActionId action = 0; action_set_next(set, &action); action++)
        levels |= action_access(action);
    return levels;
}
