#include "policy/minimise.h"

#include <assert.h>
#include <stdlib.h>

#include "model/arn.h"
#include "policy/normalise.h"
#include "policy/same.h"

enum { MOST_SERVICES = 3 }; // that a Sid names

// A statement on its way.
typedef struct Member {
    Statement statement;
    size_t place;     // among the statements
    bool is_renamed;  // is made of statements with several Sids
    bool is_absorbed; // is in another one
} Member;

typedef VEC(Member) MemberVec;

// One of the two ways to merge: which statements, and how the first of a run takes in the others.
typedef struct Way {
    int (*compare)(const Statement *a, const Statement *b);
    int (*order)(const void *a, const void *b); // of pointers to members, for qsort
    void (*join)(Arena *arena, Member *const *run, size_t count);
} Way;

// --- the ways ---

static int compare_texts(const StrVec *a, const StrVec *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = str_compare(a->items[i], b->items[i]);
        if (order != 0) return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}

static int compare_heads(const Statement *a, const Statement *b) {
    int order = (int)a->effect - (int)b->effect;
    if (order != 0 || a->conditions == b->conditions) return order;
    return conditions_compare(a->conditions, b->conditions);
}

static int compare_by_resources(const Statement *a, const Statement *b) {
    int order = compare_heads(a, b);
    return order != 0 ? order : compare_texts(&a->resources, &b->resources);
}

static int compare_by_actions(const Statement *a, const Statement *b) {
    int order = compare_heads(a, b);
    return order != 0 ? order : compare_texts(&a->actions, &b->actions);
}

static bool all_know(Member *const *run, size_t count) {
    size_t i = 0;
    while (i < count && run[i]->statement.given != NULL) i++;
    return i == count;
}

static void join_actions(Arena *arena, Member *const *run, size_t count) {
    StrVec actions = {0};
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += run[i]->statement.actions.count;
    GivenVec *given = all_know(run, count) ? ARENA_ARRAY(arena, GivenVec, sum) : NULL;
    for (size_t i = 0; i < count; i++) {
        const Statement *part = &run[i]->statement;
        for (size_t k = 0; k < part->actions.count; k++) {
            if (given != NULL) given[actions.count] = part->given[k];
            VEC_PUSH(arena, &actions, part->actions.items[k]);
        }
    }
    run[0]->statement.actions = actions;
    run[0]->statement.given = given;
    statement_normalise_actions(arena, &run[0]->statement);
}

// The actions are the same, in the same order. Resources that others cover stay until all is merged
// and compared.
static void join_resources(Arena *arena, Member *const *run, size_t count) {
    StrVec resources = {0};
    size_t actions = run[0]->statement.actions.count;
    GivenVec *given = all_know(run, count) ? ARENA_ARRAY(arena, GivenVec, actions) : NULL;
    for (size_t i = 0; i < count; i++) {
        const Statement *part = &run[i]->statement;
        for (size_t k = 0; k < part->resources.count; k++)
            VEC_PUSH(arena, &resources, part->resources.items[k]);
        for (size_t k = 0; given != NULL && k < actions; k++) {
            for (size_t g = 0; g < part->given[k].count; g++)
                VEC_PUSH(arena, &given[k], part->given[k].items[g]);
        }
    }
    strvec_sort_unique(&resources);
    run[0]->statement.resources = resources;
    run[0]->statement.given = given;
}

// --- Sids ---

// A service as a word: S3, ExecuteApi.
static void add_service(StrBuf *out, Str service) {
    bool begins = true;
    for (size_t i = 0; i < service.length; i++) {
        char c = service.data[i];
        bool is_letter = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
        if (is_letter || is_digit) strbuf_add_byte(out, begins && is_letter ? (char)(c - 32) : c);
        begins = !is_letter && !is_digit;
    }
}

// The services of the resources, which are sorted; "Resources" where there are too many, or where
// one cannot be told.
static Str resources_word(Arena *arena, const StrVec *resources) {
    StrBuf out = strbuf_new(arena);
    Str before = {0};
    size_t count = 0;
    for (size_t i = 0; i < resources->count; i++) {
        Arn arn;
        if (str_equal(resources->items[i], STR("*"))) return STR("AnyResource");
        bool known = arn_parse(resources->items[i], &arn) && arn.service.length != 0 &&
                     !has_wildcard(arn.service);
        if (known && str_equal(arn.service, before)) continue;
        if (!known || ++count > MOST_SERVICES) return STR("Resources");
        add_service(&out, arn.service);
        before = arn.service;
    }
    return strbuf_str(&out);
}

static Str sid_of(Arena *arena, const Statement *statement) {
    Str word = resources_word(arena, &statement->resources);
    return str_format(arena, "%sOn%.*s%s", effect_names[statement->effect], STR_ARG(word),
                      statement->conditions->count == 0 ? "" : "WithConditions");
}

// --- merging ---

static int by_place(const Member *x, const Member *y) {
    return x->place < y->place ? -1 : x->place > y->place;
}

static int order_by_resources(const void *a, const void *b) {
    const Member *x = *(Member *const *)a, *y = *(Member *const *)b;
    int order = compare_by_resources(&x->statement, &y->statement);
    return order != 0 ? order : by_place(x, y);
}

static int order_by_actions(const void *a, const void *b) {
    const Member *x = *(Member *const *)a, *y = *(Member *const *)b;
    int order = compare_by_actions(&x->statement, &y->statement);
    return order != 0 ? order : by_place(x, y);
}

static const Way ways[] = {
    {compare_by_resources, order_by_resources, join_actions},
    {compare_by_actions, order_by_actions, join_resources},
};

static void join(Arena *arena, const Way *way, Member *const *run, size_t count) {
    way->join(arena, run, count);
    for (size_t i = 1; i < count; i++) {
        run[i]->is_absorbed = true;
        run[0]->is_renamed |=
            run[i]->is_renamed || !str_equal(run[i]->statement.sid, run[0]->statement.sid);
    }
}

// Merges what can be merged in one way; returns how many statements that takes away.
static size_t merge(Arena *arena, const Way *way, MemberVec *members) {
    VEC(Member *) order = {0};
    size_t merged = 0;
    for (size_t i = 0; i < members->count; i++) {
        if (!members->items[i].is_absorbed) VEC_PUSH(arena, &order, &members->items[i]);
    }
    if (order.count != 0) qsort(order.items, order.count, sizeof(Member *), way->order);
    for (size_t i = 0, count; i < order.count; i += count) {
        Member *const *run = &order.items[i];
        for (count = 1; i + count < order.count &&
                        way->compare(&run[0]->statement, &run[count]->statement) == 0;)
            count++;
        if (count > 1) join(arena, way, run, count);
        merged += count - 1;
    }
    return merged;
}

void statements_merge(Arena *arena, StatementVec *statements) {
    MemberVec members = {0};
    StatementVec result = {0};
    size_t merged = 1;
    for (size_t i = 0; i < statements->count; i++)
        VEC_PUSH(arena, &members, ((Member){.statement = statements->items[i], .place = i}));
    while (merged != 0) {
        merged = 0;
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            merged += merge(arena, &ways[i], &members);
    }
    for (size_t i = 0; i < members.count; i++) {
        Member *member = &members.items[i];
        if (member->is_absorbed) continue;
        if (member->is_renamed) member->statement.sid = sid_of(arena, &member->statement);
        VEC_PUSH(arena, &result, member->statement);
    }
    assert(statements_same(arena, statements, &result));
    for (size_t i = 0; i < result.count; i++) statement_normalise(arena, &result.items[i]);
    *statements = result;
}
