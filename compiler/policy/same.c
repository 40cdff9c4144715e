#include "policy/same.h"

#include <stdlib.h>
#include <string.h>

#include "policy/expand.h"
#include "policy/match.h"

// What a list of actions stands for.
typedef struct Meaning {
    ActionSet actions;
    StrVec unknown; // patterns that match nothing in the catalogue
} Meaning;

// The same for keeping: only the words of the set that are not 0.
typedef struct Kept {
    const StrVec *actions;
    uint64_t *words;
    size_t first, count;
    StrVec unknown;
} Kept;

// A resource of a statement: one of the classes that policies are compared by.
typedef struct Element {
    const Statement *statement;
    Str resource;
    size_t kept; // the statement's, among those of both sides
    bool of_second;
} Element;

// What one side says of the class that is looked at.
typedef struct Side {
    Meaning meaning;
    StrVec actions;
} Side;

typedef struct Comparison {
    Arena *arena;
    VEC(Element) elements;
    VEC(Kept) kept;
    Side sides[2];
} Comparison;

static void clear(Meaning *meaning) {
    memset(meaning->actions.words, 0, meaning->actions.word_count * sizeof(uint64_t));
    meaning->unknown.count = 0;
}

static void add_all(Arena *arena, StrVec *to, const StrVec *from) {
    for (size_t i = 0; i < from->count; i++) VEC_PUSH(arena, to, from->items[i]);
}

static void add_actions(Arena *arena, Meaning *meaning, const StrVec *actions) {
    for (size_t i = 0; i < actions->count; i++) {
        if (action_set_add_pattern(meaning->actions, actions->items[i]) == 0)
            VEC_PUSH(arena, &meaning->unknown, actions->items[i]);
    }
}

static bool has_cover(Arena *arena, const StrVec *actions, Str action) {
    for (size_t i = 0; i < actions->count; i++) {
        if (action_covers(arena, actions->items[i], action)) return true;
    }
    return false;
}

static bool all_covered(Arena *arena, const StrVec *unknown, const StrVec *actions) {
    for (size_t i = 0; i < unknown->count; i++) {
        if (!has_cover(arena, actions, unknown->items[i])) return false;
    }
    return true;
}

bool actions_same(Arena *arena, const StrVec *a, const StrVec *b) {
    Meaning first = {.actions = action_set_new(arena)}, second = {.actions = action_set_new(arena)};
    add_actions(arena, &first, a);
    add_actions(arena, &second, b);
    return action_set_equal(first.actions, second.actions) &&
           all_covered(arena, &first.unknown, b) && all_covered(arena, &second.unknown, a);
}

static int compare_classes(const Element *x, const Element *y) {
    int order = (int)x->statement->effect - (int)y->statement->effect;
    if (order == 0) order = conditions_compare(x->statement->conditions, y->statement->conditions);
    return order != 0 ? order : str_compare(x->resource, y->resource);
}

static int compare_elements(const void *a, const void *b) {
    const Element *x = a, *y = b;
    int order = compare_classes(x, y);
    return order != 0 ? order : x->kept < y->kept ? -1 : x->kept > y->kept;
}

// Expands the actions by way of `scratch`.
static Kept keep(Arena *arena, Meaning *scratch, const StrVec *actions) {
    Kept kept = {.actions = actions};
    clear(scratch);
    add_actions(arena, scratch, actions);
    size_t end = scratch->actions.word_count;
    while (end > 0 && scratch->actions.words[end - 1] == 0) end--;
    while (kept.first < end && scratch->actions.words[kept.first] == 0) kept.first++;
    kept.count = end - kept.first;
    kept.words = ARENA_ARRAY(arena, uint64_t, kept.count);
    for (size_t i = 0; i < kept.count; i++) kept.words[i] = scratch->actions.words[kept.first + i];
    add_all(arena, &kept.unknown, &scratch->unknown);
    return kept;
}

static void add_statements(Comparison *c, const StatementVec *statements, bool of_second) {
    for (size_t i = 0; i < statements->count; i++) {
        const Statement *statement = &statements->items[i];
        for (size_t k = 0; k < statement->resources.count; k++)
            VEC_PUSH(
                c->arena, &c->elements,
                ((Element){statement, statement->resources.items[k], c->kept.count, of_second}));
        VEC_PUSH(c->arena, &c->kept, keep(c->arena, &c->sides[0].meaning, &statement->actions));
    }
}

static size_t class_size(const Comparison *c, size_t from) {
    size_t to = from + 1;
    while (to < c->elements.count &&
           compare_classes(&c->elements.items[from], &c->elements.items[to]) == 0)
        to++;
    return to - from;
}

static void unite(Arena *arena, Side *side, const Kept *kept) {
    for (size_t i = 0; i < kept->count; i++)
        side->meaning.actions.words[kept->first + i] |= kept->words[i];
    add_all(arena, &side->meaning.unknown, &kept->unknown);
    add_all(arena, &side->actions, kept->actions);
}

static bool class_is_same(Comparison *c, const Element *elements, size_t count) {
    Side *first = &c->sides[0], *second = &c->sides[1];
    for (size_t i = 0; i < 2; i++) {
        clear(&c->sides[i].meaning);
        c->sides[i].actions.count = 0;
    }
    for (size_t i = 0; i < count; i++)
        unite(c->arena, &c->sides[elements[i].of_second], &c->kept.items[elements[i].kept]);
    return action_set_equal(first->meaning.actions, second->meaning.actions) &&
           all_covered(c->arena, &first->meaning.unknown, &second->actions) &&
           all_covered(c->arena, &second->meaning.unknown, &first->actions);
}

static bool same_statements(const Element *a, const Element *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (a[i].kept != b[i].kept) return false;
    }
    return true;
}

bool statements_same(Arena *arena, const StatementVec *a, const StatementVec *b) {
    Comparison c = {.arena = arena};
    for (size_t i = 0; i < 2; i++) c.sides[i].meaning.actions = action_set_new(arena);
    add_statements(&c, a, false);
    add_statements(&c, b, true);
    if (c.elements.count == 0) return true;
    qsort(c.elements.items, c.elements.count, sizeof *c.elements.items, compare_elements);
    // Resources of the same statements are alike: only the first of a run of them is looked at.
    const Element *before = NULL;
    for (size_t i = 0, count, before_count = 0; i < c.elements.count; i += count) {
        const Element *first = &c.elements.items[i];
        count = class_size(&c, i);
        bool known = count == before_count && same_statements(before, first, count);
        if (!known && !class_is_same(&c, first, count)) return false;
        before = first;
        before_count = count;
    }
    return true;
}
