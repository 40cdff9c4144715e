#include "layout/statements.h"

#include <stdlib.h>

#include "base/json_string.h"
#include "model/arn.h"
#include "policy/match.h"

// An action with all resources that it is granted on.
typedef struct ActionRow {
    Str action;
    StrVec resources;
    const Grant *grant; // the first: effect, conditions and origin
} ActionRow;

typedef VEC(ActionRow) ActionRowVec;

static int compare_grants(const void *a, const void *b) {
    const Grant *x = a, *y = b;
    int order = (int)x->effect - (int)y->effect;
    if (order == 0 && x->conditions != y->conditions)
        order = conditions_compare(x->conditions, y->conditions);
    if (order == 0) order = str_compare(x->action, y->action);
    return order != 0 ? order : str_compare(x->resource, y->resource);
}

static bool same_head(const Grant *a, const Grant *b) {
    return a->effect == b->effect && (a->conditions == b->conditions ||
                                      conditions_compare(a->conditions, b->conditions) == 0);
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
    int order = (int)x->grant->effect - (int)y->grant->effect;
    if (order == 0) order = conditions_compare(x->grant->conditions, y->grant->conditions);
    if (order == 0) order = compare_resources(&x->resources, &y->resources);
    return order != 0 ? order : str_compare(x->action, y->action);
}

// `*` covers every other resource.
static void add_resource(Arena *arena, StrVec *resources, Str resource) {
    size_t count = resources->count;
    if (count > 0 && str_equal(resources->items[0], STR("*"))) return;
    if (count > 0 && str_equal(resources->items[count - 1], resource)) return;
    if (str_equal(resource, STR("*"))) resources->count = 0;
    VEC_PUSH(arena, resources, resource);
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

static ActionRowVec rows_from_grants(Arena *arena, const Grant *grants, size_t count) {
    ActionRowVec rows = {0};
    Grant *sorted = ARENA_ARRAY(arena, Grant, count);
    for (size_t i = 0; i < count; i++) sorted[i] = grants[i];
    sort_unless_sorted(sorted, count, sizeof *sorted, compare_grants);
    for (size_t i = 0; i < count; i++) {
        ActionRow *row = rows.count == 0 ? NULL : &rows.items[rows.count - 1];
        if (row == NULL || !same_head(row->grant, &sorted[i]) ||
            !str_equal(row->action, sorted[i].action)) {
            VEC_PUSH(arena, &rows, ((ActionRow){.action = sorted[i].action, .grant = &sorted[i]}));
            row = &rows.items[rows.count - 1];
        }
        add_resource(arena, &row->resources, sorted[i].resource);
    }
    sort_unless_sorted(rows.items, rows.count, sizeof *rows.items, compare_rows);
    return rows;
}

static bool is_covered(Arena *arena, const StrVec *actions, const StrVec *wild, size_t at) {
    for (size_t i = 0; i < wild->count; i++) {
        Str pattern = wild->items[i], action = actions->items[at];
        if (pattern.data == action.data || !action_covers(arena, pattern, action)) continue;
        // Of two that cover each other the one that sorts first stays.
        if (!action_covers(arena, action, pattern) || str_compare(pattern, action) < 0) return true;
    }
    return false;
}

// Drops actions that a wildcard beside them covers.
static void drop_covered(Arena *arena, StrVec *actions) {
    StrVec wild = {0}, kept = {0};
    for (size_t i = 0; i < actions->count; i++) {
        if (has_wildcard(actions->items[i])) VEC_PUSH(arena, &wild, actions->items[i]);
    }
    for (size_t i = 0; i < actions->count; i++) {
        if (!is_covered(arena, actions, &wild, i)) VEC_PUSH(arena, &kept, actions->items[i]);
    }
    *actions = kept;
}

void statements_from_grants(Arena *arena, const Grant *grants, size_t count,
                            StatementVec *ret_statements) {
    ActionRowVec rows = rows_from_grants(arena, grants, count);
    for (size_t i = 0; i < rows.count;) {
        const ActionRow *first = &rows.items[i];
        Statement statement = {.effect = first->grant->effect,
                               .resources = first->resources,
                               .conditions = first->grant->conditions,
                               .origin = first->grant->origin};
        for (; i < rows.count && same_head(first->grant, rows.items[i].grant) &&
               compare_resources(&first->resources, &rows.items[i].resources) == 0;
             i++)
            VEC_PUSH(arena, &statement.actions, rows.items[i].action);
        drop_covered(arena, &statement.actions);
        VEC_PUSH(arena, ret_statements, statement);
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
