// Sets of actions: one bit for each action of the catalogue. A set lives in the arena that it was
// made in; operations write into the set on their left.
#ifndef SPOTC_POLICY_EXPAND_H
#define SPOTC_POLICY_EXPAND_H

#include "base/map.h"
#include "model/catalogue.h"

// `word_count` words of 64 actions, the same for every set; bits past the last action are 0.
typedef struct ActionSet {
    uint64_t *words;
    size_t word_count;
} ActionSet;

// An empty set.
ActionSet action_set_new(Arena *arena);

ActionSet action_set_copy(Arena *arena, ActionSet set);

void action_set_add(ActionSet set, ActionId action);
bool action_set_has(ActionSet set, ActionId action);

// Adds every action that a pattern matches (see catalogue_match); returns how many that are, those
// that were there before included.
size_t action_set_add_pattern(ActionSet set, Str pattern);

// What patterns match, looked up once: for comparisons of many policies that are alike.
typedef struct ActionSets {
    Arena *arena;
    StrMap by_pattern; // -> index
    VEC(ActionSet) items;
} ActionSets;

// The set of a pattern, as action_set_add_pattern has it. False where there is no room for more.
bool action_sets_find(ActionSets *sets, Str pattern, ActionSet *ret_set);

// The union of several patterns, as a new set.
ActionSet action_set_of_patterns(Arena *arena, const StrVec *patterns);

// set = set ∪ other, set = set ∩ other, set = set \ other
void action_set_unite(ActionSet set, ActionSet other);
void action_set_intersect(ActionSet set, ActionSet other);
void action_set_subtract(ActionSet set, ActionSet other);

// All actions of the catalogue that were not in it.
void action_set_complement(ActionSet set);

// Takes every action out.
void action_set_clear(ActionSet set);

bool action_set_is_empty(ActionSet set);

// Whether any action is in both.
bool action_set_overlaps(ActionSet a, ActionSet b);

// Whether every action of `part` is in `whole`.
bool action_set_is_subset(ActionSet part, ActionSet whole);
bool action_set_equal(ActionSet a, ActionSet b);

size_t action_set_count(ActionSet set);

// The first action of the set at or after *action, in *action; false where there is none. To walk:
// for (ActionId a = 0; action_set_next(set, &a); a++)
bool action_set_next(ActionSet set, ActionId *action);

// The least and the greatest action of the set; false where it has none.
bool action_set_bounds(ActionSet set, ActionId *ret_first, ActionId *ret_last);

// The words of a set from that of one action to that of another, as a set whose words are those of
// the whole: for operations on few actions.
ActionSet action_set_between(ActionSet set, ActionId first, ActionId last);

// twice = twice ∪ (once ∩ set), once = once ∪ set: called for several sets, it tells which actions
// are in any of them, and which in more than one.
void action_set_tally(ActionSet once, ActionSet twice, ActionSet set);

// The access levels of all its actions.
AccessLevels action_set_access(ActionSet set);

#endif
