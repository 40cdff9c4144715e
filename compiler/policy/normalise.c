#include "policy/normalise.h"

#include <assert.h>
#include <stdlib.h>

#include "model/catalogue.h"
#include "policy/cover.h"
#include "policy/same.h"

// An action with all that it stands for.
typedef struct Entry {
    Str text;
    GivenVec given;
    size_t place; // in the list it comes from
} Entry;

typedef VEC(Entry) EntryVec;

static void drop_covered(Arena *arena, StrVec *values, CoverKind kind) {
    size_t kept = 0;
    const size_t *cover = covers_find(arena, values, kind);
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
    const size_t *cover = covers_find(arena, &texts, COVER_ACTIONS);
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

static void normalise_values(Arena *arena, StrVec *values) {
    *values = copy(arena, values);
    strvec_sort_unique(values);
}

// Whether values of an operator may hold wildcards, and how they are compared then. Whether it is
// negated or of a set, only what the values match together counts (IAM User Guide, "IAM JSON policy
// elements: Condition operators").
static bool takes_wildcards(Str operator, CoverKind * ret_kind) {
    static const struct {
        const char *name;
        CoverKind kind;
    } operators[] = {
        {"StringLike", COVER_TEXTS}, {"StringNotLike", COVER_TEXTS}, {"ArnLike", COVER_ARNS},
        {"ArnNotLike", COVER_ARNS},  {"ArnEquals", COVER_ARNS},      {"ArnNotEquals", COVER_ARNS},
    };
    size_t colon = str_find_byte(operator, ':', 0); // of ForAllValues:, ForAnyValue:
    Str name = str_slice(operator, colon == operator.length ? 0 : colon + 1, operator.length);
    if (str_ends_with(name, STR("IfExists"))) name.length -= sizeof "IfExists" - 1;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!str_equal(str_of(operators[i].name), name)) continue;
        *ret_kind = operators[i].kind;
        return true;
    }
    return false;
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
        CoverKind kind = COVER_TEXTS;
        normalise_values(arena, &condition.values);
        if (takes_wildcards(condition.operator, & kind))
            drop_covered(arena, &condition.values, kind);
        VEC_PUSH(arena, result, condition);
    }
    return result;
}

void statement_normalise(Arena *arena, Statement *statement) {
    statement_normalise_actions(arena, statement);
    normalise_values(arena, &statement->resources);
    drop_covered(arena, &statement->resources, COVER_RESOURCES);
    statement->conditions = normal_conditions(arena, statement->conditions);
}
