#include "policy/normalise.h"

#include <assert.h>
#include <stdlib.h>

#include "model/arn.h"
#include "model/catalogue.h"
#include "policy/match.h"
#include "policy/same.h"

typedef bool Covers(Arena *arena, Str pattern, Str other);

// An action with all that it stands for.
typedef struct Entry {
    Str text;
    GivenVec given;
    size_t place; // in the list it comes from
} Entry;

typedef VEC(Entry) EntryVec;

// For each value the place of the first one that stays and covers it; its own where it stays. Of
// two that cover each other the one that sorts first stays.
static size_t *find_covers(Arena *arena, const StrVec *values, Covers *covers) {
    VEC(size_t) wild = {0};
    size_t *cover = ARENA_ARRAY(arena, size_t, values->count);
    for (size_t i = 0; i < values->count; i++) {
        cover[i] = i;
        if (has_wildcard(values->items[i])) VEC_PUSH(arena, &wild, i);
    }
    if (wild.count > NORMALISE_MOST_PAIRS / (values->count + 1)) return cover;
    for (size_t i = 0; i < values->count; i++) {
        for (size_t k = 0; k < wild.count && cover[i] == i; k++) {
            size_t w = wild.items[k];
            Str pattern = values->items[w], value = values->items[i];
            if (w == i || !covers(arena, pattern, value)) continue;
            if (w < i || !covers(arena, value, pattern)) cover[i] = w;
        }
    }
    // Covering is transitive, so the chain ends at one that stays.
    for (size_t i = 0; i < values->count; i++) {
        while (cover[cover[i]] != cover[i]) cover[i] = cover[cover[i]];
    }
    return cover;
}

static void drop_covered(Arena *arena, StrVec *values, Covers *covers) {
    size_t kept = 0;
    const size_t *cover = find_covers(arena, values, covers);
    for (size_t i = 0; i < values->count; i++) {
        if (cover[i] == i) values->items[kept++] = values->items[i];
    }
    values->count = kept;
}

static StrVec copy(Arena *arena, const StrVec *values) {
    StrVec result = {0};
    for (size_t i = 0; i < values->count; i++) VEC_PUSH(arena, &result, values->items[i]);
    return result;
}

static bool is_equal(const StrVec *a, const StrVec *b) {
    size_t i = 0;
    if (a->count != b->count) return false;
    while (i < a->count && str_equal(a->items[i], b->items[i])) i++;
    return i == a->count;
}

// --- actions ---

static int compare_entries(const void *a, const void *b) {
    const Entry *x = a, *y = b;
    int order = str_compare(x->text, y->text);
    return order != 0 ? order : x->place < y->place ? -1 : x->place > y->place;
}

static void add_given(Arena *arena, GivenVec *to, const GivenVec *from) {
    for (size_t i = 0; i < from->count; i++) VEC_PUSH(arena, to, from->items[i]);
}

// In a statement that knows who gave its actions, an array of its own is grown, never a shared one.
static EntryVec entries_of(Arena *arena, const Statement *statement) {
    EntryVec entries = {0};
    for (size_t i = 0; i < statement->actions.count; i++) {
        Entry entry = {.text = catalogue_spelling(arena, statement->actions.items[i]), .place = i};
        if (statement->given != NULL) {
            entry.given = statement->given[i];
            entry.given.capacity = entry.given.count;
        }
        VEC_PUSH(arena, &entries, entry);
    }
    return entries;
}

static bool is_sorted(const EntryVec *entries) {
    for (size_t i = 1; i < entries->count; i++) {
        if (compare_entries(&entries->items[i - 1], &entries->items[i]) > 0) return false;
    }
    return true;
}

static void join_repeats(Arena *arena, EntryVec *entries) {
    size_t kept = 0;
    if (!is_sorted(entries))
        qsort(entries->items, entries->count, sizeof *entries->items, compare_entries);
    for (size_t i = 0; i < entries->count; i++) {
        if (kept != 0 && str_equal(entries->items[kept - 1].text, entries->items[i].text))
            add_given(arena, &entries->items[kept - 1].given, &entries->items[i].given);
        else
            entries->items[kept++] = entries->items[i];
    }
    entries->count = kept;
}

static void join_covered(Arena *arena, EntryVec *entries) {
    StrVec texts = {0};
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++) VEC_PUSH(arena, &texts, entries->items[i].text);
    const size_t *cover = find_covers(arena, &texts, action_covers);
    for (size_t i = 0; i < entries->count; i++) {
        if (cover[i] != i)
            add_given(arena, &entries->items[cover[i]].given, &entries->items[i].given);
    }
    for (size_t i = 0; i < entries->count; i++) {
        if (cover[i] == i) entries->items[kept++] = entries->items[i];
    }
    entries->count = kept;
}

void statement_normalise_actions(Arena *arena, Statement *statement) {
    EntryVec entries = entries_of(arena, statement);
    StrVec actions = {0};
    join_repeats(arena, &entries);
    join_covered(arena, &entries);
    GivenVec *given = statement->given == NULL ? NULL : ARENA_ARRAY(arena, GivenVec, entries.count);
    for (size_t i = 0; i < entries.count; i++) {
        VEC_PUSH(arena, &actions, entries.items[i].text);
        if (given != NULL) given[i] = entries.items[i].given;
    }
    assert(is_equal(&actions, &statement->actions) ||
           actions_same(arena, &actions, &statement->actions));
    statement->actions = actions;
    statement->given = given;
}

// --- resources and conditions ---

static void normalise_values(Arena *arena, StrVec *values, Covers *covers) {
    *values = copy(arena, values);
    strvec_sort_unique(values);
    if (covers != NULL) drop_covered(arena, values, covers);
}

// Nothing says that a lone star is an ARN.
static bool arn_covers(Arena *arena, Str pattern, Str other) {
    return !str_equal(pattern, STR("*")) && resource_covers(arena, pattern, other);
}

// What compares the values of an operator that takes wildcards; NULL for the others. Whether it is
// negated or of a set, only what the values match together counts (IAM User Guide, "IAM JSON policy
// elements: Condition operators").
static Covers *value_cover(Str operator) {
    static const struct {
        const char *name;
        Covers *covers;
    } operators[] = {
        {"StringLike", value_covers}, {"StringNotLike", value_covers}, {"ArnLike", arn_covers},
        {"ArnNotLike", arn_covers},   {"ArnEquals", arn_covers},       {"ArnNotEquals", arn_covers},
    };
    size_t colon = str_find_byte(operator, ':', 0); // of ForAllValues:, ForAnyValue:
    Str name = str_slice(operator, colon == operator.length ? 0 : colon + 1, operator.length);
    if (str_ends_with(name, STR("IfExists"))) name.length -= sizeof "IfExists" - 1;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (str_equal(str_of(operators[i].name), name)) return operators[i].covers;
    }
    return NULL;
}

static bool has_several_values(const ConditionVec *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        if (conditions->items[i].values.count > 1) return true;
    }
    return false;
}

static const ConditionVec *normal_conditions(Arena *arena, const ConditionVec *conditions) {
    if (!has_several_values(conditions)) return conditions;
    ConditionVec *result = ARENA_NEW(arena, ConditionVec);
    for (size_t i = 0; i < conditions->count; i++) {
        Condition condition = conditions->items[i];
        normalise_values(arena, &condition.values, value_cover(condition.operator));
        VEC_PUSH(arena, result, condition);
    }
    return result;
}

void statement_normalise(Arena *arena, Statement *statement) {
    statement_normalise_actions(arena, statement);
    normalise_values(arena, &statement->resources, resource_covers);
    statement->conditions = normal_conditions(arena, statement->conditions);
}
