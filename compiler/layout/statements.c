#include "layout/statements.h"

#include <stdlib.h>

#include "base/json_string.h"
#include "base/utf8.h"
#include "policy/normalise.h"

// An action with all resources that it is granted on, and all who gave it.
typedef struct ActionRow {
    Str action;
    StrVec resources;
    GivenVec given;
    const Grant *grant; // the first: effect, conditions and origin
} ActionRow;

typedef VEC(ActionRow) ActionRowVec;

static int compare_heads(const Grant *a, const Grant *b) {
    int order = (int)a->effect - (int)b->effect;
    if (order != 0 || a->conditions == b->conditions) return order;
    return conditions_compare(a->conditions, b->conditions);
}

static bool same_place(Span a, Span b) {
    return a.source == b.source && a.begin == b.begin;
}

// Pointers into one array: what is alike stays in its order.
static int compare_grants(const void *a, const void *b) {
    const Grant *x = *(const Grant *const *)a, *y = *(const Grant *const *)b;
    int order = compare_heads(x, y);
    if (order == 0) order = str_compare(x->action, y->action);
    return order != 0 ? order : x < y ? -1 : x > y;
}

static int compare_resources(const StrVec *a, const StrVec *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = str_compare(a->items[i], b->items[i]);
        if (order != 0) return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}

static int compare_rows(const void *a, const void *b) {
    const ActionRow *x = a, *y = b;
    int order = compare_heads(x->grant, y->grant);
    if (order == 0) order = compare_resources(&x->resources, &y->resources);
    return order != 0 ? order : str_compare(x->action, y->action);
}

// Bundles list actions in order, so that there is seldom anything to sort.
static void sort_unless_sorted(void *items, size_t count, size_t size,
                               int (*compare)(const void *, const void *)) {
    const char *bytes = items;
    for (size_t i = 1; i < count; i++) {
        if (compare(bytes + (i - 1) * size, bytes + i * size) > 0) {
            qsort(items, count, size, compare);
            return;
        }
    }
}

// A line of a bundle that gives an action on several resources makes several grants in a row.
static void add_grant(Arena *arena, ActionRow *row, const Grant *grant) {
    const Given *last = row->given.count == 0 ? NULL : &row->given.items[row->given.count - 1];
    if (last == NULL || !same_place(last->origin.given, grant->origin.given))
        VEC_PUSH(arena, &row->given, ((Given){grant->action, grant->origin}));
    VEC_PUSH(arena, &row->resources, grant->resource);
}

// `*` covers every other resource.
static void settle_resources(StrVec *resources) {
    strvec_sort_unique(resources);
    if (str_equal(resources->items[0], STR("*"))) resources->count = 1;
}

static ActionRowVec rows_from_grants(Arena *arena, const Grant *grants, size_t count) {
    ActionRowVec rows = {0};
    const Grant **sorted = ARENA_ARRAY(arena, const Grant *, count);
    for (size_t i = 0; i < count; i++) sorted[i] = &grants[i];
    sort_unless_sorted(sorted, count, sizeof *sorted, compare_grants);
    for (size_t i = 0; i < count; i++) {
        ActionRow *row = rows.count == 0 ? NULL : &rows.items[rows.count - 1];
        if (row == NULL || compare_heads(row->grant, sorted[i]) != 0 ||
            !str_equal(row->action, sorted[i]->action)) {
            VEC_PUSH(arena, &rows, ((ActionRow){.action = sorted[i]->action, .grant = sorted[i]}));
            row = &rows.items[rows.count - 1];
        }
        add_grant(arena, row, sorted[i]);
    }
    for (size_t i = 0; i < rows.count; i++) settle_resources(&rows.items[i].resources);
    sort_unless_sorted(rows.items, rows.count, sizeof *rows.items, compare_rows);
    return rows;
}

static size_t alike(const ActionRowVec *rows, size_t from) {
    const ActionRow *first = &rows->items[from];
    size_t to = from;
    while (to < rows->count && compare_heads(first->grant, rows->items[to].grant) == 0 &&
           compare_resources(&first->resources, &rows->items[to].resources) == 0)
        to++;
    return to - from;
}

static Statement statement_of_rows(Arena *arena, const ActionRow *rows, size_t count) {
    Statement statement = {.effect = rows->grant->effect,
                           .given = ARENA_ARRAY(arena, GivenVec, count),
                           .resources = rows->resources,
                           .conditions = rows->grant->conditions,
                           .origin = rows->grant->origin};
    for (size_t i = 0; i < count; i++) {
        statement.given[i] = rows[i].given;
        VEC_PUSH(arena, &statement.actions, rows[i].action);
    }
    statement_normalise(arena, &statement);
    return statement;
}

void statements_from_grants(Arena *arena, const Grant *grants, size_t count,
                            StatementVec *ret_statements) {
    ActionRowVec rows = rows_from_grants(arena, grants, count);
    for (size_t i = 0, run; i < rows.count; i += run) {
        run = alike(&rows, i);
        VEC_PUSH(arena, ret_statements, statement_of_rows(arena, &rows.items[i], run));
    }
}

static void minify_list(const StrVec *values, StrBuf *out) {
    strbuf_add_byte(out, '[');
    for (size_t i = 0; i < values->count; i++) {
        if (i > 0) strbuf_add_byte(out, ',');
        json_add_string(out, values->items[i]);
    }
    strbuf_add_byte(out, ']');
}

static void minify_condition_values(const StrVec *values, StrBuf *out) {
    if (values->count == 1)
        json_add_string(out, values->items[0]);
    else
        minify_list(values, out);
}

static void minify_conditions(const ConditionVec *conditions, StrBuf *out) {
    for (size_t i = 0; i < conditions->count; i++) {
        const Condition *condition = &conditions->items[i];
        bool same = i > 0 && str_equal(condition->operator, conditions->items[i - 1].operator);
        if (!same) {
            strbuf_add(out, i == 0 ? STR("{") : STR("},"));
            json_add_string(out, condition->operator);
        }
        strbuf_add(out, same ? STR(",") : STR(":{"));
        json_add_string(out, condition->key);
        strbuf_add_byte(out, ':');
        minify_condition_values(&condition->values, out);
    }
    strbuf_add(out, STR("}}"));
}

void statement_minify(const Statement *statement, StrBuf *out) {
    strbuf_add_byte(out, '{');
    if (statement->sid.length != 0) {
        strbuf_add(out, STR("\"Sid\":"));
        json_add_string(out, statement->sid);
        strbuf_add_byte(out, ',');
    }
    strbuf_add_format(out, "\"Effect\":\"%s\",\"Action\":", effect_names[statement->effect]);
    minify_list(&statement->actions, out);
    strbuf_add(out, STR(",\"Resource\":"));
    minify_list(&statement->resources, out);
    if (statement->conditions->count != 0) {
        strbuf_add(out, STR(",\"Condition\":"));
        minify_conditions(statement->conditions, out);
    }
    strbuf_add_byte(out, '}');
}

void statement_measure(Arena *arena, Statement *statement) {
    StrBuf buf = strbuf_new(arena);
    Statement body = *statement;
    body.sid = (Str){0};
    statement_minify(&body, &buf);
    statement->body_characters = utf8_count(strbuf_str(&buf));
}
