#include "layout/split.h"

#include "layout/statements.h"

enum { SID_NUMBER = 4 }; // characters kept for the number that a part's Sid gets

typedef struct Split {
    Arena *arena;
    size_t capacity;
    size_t max_parts;
    StatementVec *parts;
} Split;

size_t statement_characters(const Statement *statement) {
    size_t sid = statement->sid.length; // of letters and digits
    return statement->body_characters + (sid == 0 ? 0 : sid + sizeof "\"Sid\":\"\"," - 1);
}

static size_t characters_of(const StrVec *values) {
    size_t sum = 0;
    for (size_t i = 0; i < values->count; i++) sum += values->items[i].length;
    return sum;
}

static StrVec slice(const StrVec *values, size_t from, size_t to) {
    return (StrVec){values->items + from, to - from, to - from};
}

static bool fits(const Split *s, Statement *part) {
    statement_measure(s->arena, part);
    return statement_characters(part) + SID_NUMBER <= s->capacity;
}

// The most items of `list` (a member of `part`), from the first on, that fit; at least 1, which may
// not fit by itself.
static size_t longest_run(const Split *s, Statement *part, StrVec *list) {
    StrVec all = *list;
    size_t fit = 1, too_many = all.count + 1;
    while (too_many - fit > 1) {
        size_t middle = fit + (too_many - fit) / 2;
        *list = slice(&all, 0, middle);
        if (fits(s, part))
            fit = middle;
        else
            too_many = middle;
    }
    *list = all;
    return fit;
}

static bool split(const Split *s, Statement part) {
    for (;;) {
        if (fits(s, &part)) {
            VEC_PUSH(s->arena, s->parts, part);
            return s->parts->count <= s->max_parts;
        }
        bool by_resources = part.actions.count == 1 ||
                            (part.resources.count > 1 &&
                             characters_of(&part.resources) > characters_of(&part.actions));
        StrVec *list = by_resources ? &part.resources : &part.actions;
        if (list->count == 1) return false;
        StrVec all = *list;
        size_t run = longest_run(s, &part, list);
        *list = slice(&all, 0, run);
        // One level deep: a run of one item is cut by the other list.
        if (!split(s, part)) return false;
        *list = slice(&all, run, all.count);
        if (!by_resources && part.given != NULL) part.given += run;
    }
}

bool split_statement(Arena *arena, const Statement *statement, size_t capacity, size_t max_parts,
                     StatementVec *ret_parts) {
    if (statement_characters(statement) <= capacity) {
        VEC_PUSH(arena, ret_parts, *statement);
        return true;
    }
    StatementVec parts = {0};
    Split s = {arena, capacity, max_parts, &parts};
    if (!split(&s, *statement)) return false;
    for (size_t i = 0; i < parts.count; i++) VEC_PUSH(arena, ret_parts, parts.items[i]);
    return true;
}
