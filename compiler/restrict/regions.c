// `regions`: aws:RequestedRegion on all that is of a region. What is of none is a table,
// schema/iam/global-actions.tsv. A pattern that has both keeps the condition as it stands, and what
// is of no region of it stands beside it without: so what AWS adds is taken to be of a region.
#include <assert.h>

#include "model/embedded.h"
#include "policy/match.h"
#include "restrict/narrowing.h"

static Node global_rows(void) {
    return embedded_root(STR("schema/iam/global-actions.tsv"));
}

static Str pattern_of(Node row) {
    return node_text(NODE_GET(row, "pattern"));
}

static bool regions_begin(Narrowing *n, const GrantVec *grants) {
    (void)grants;
    if (n->selection->restriction.regions.count == 0) return false;
    n->free = action_set_new(n->arena);
    NODE_EACH(row, global_rows()) action_set_add_pattern(n->free, pattern_of(row));
    return true;
}

static bool is_global(Arena *arena, Str action) {
    NODE_EACH(row, global_rows()) {
        if (action_covers(arena, pattern_of(row), action)) return true;
    }
    return false;
}

static bool has_global(const Narrowing *n, Str action) {
    ActionMatches matches;
    ActionId id = 0;
    catalogue_match(action, &matches);
    while (catalogue_next(&matches, &id)) {
        if (action_set_has(n->free, id)) return true;
    }
    return false;
}

static void keep_as(Narrowing *n, const Grant *grant, Str action) {
    Grant part = *grant;
    part.action = action;
    narrowing_keep(n, &part);
}

// What a row of the table and the grant have in common.
static void keep_common(Narrowing *n, const Grant *grant, Str row) {
    ActionSet granted = action_set_new(n->arena), common = action_set_new(n->arena);
    if (action_covers(n->arena, grant->action, row)) {
        keep_as(n, grant, catalogue_spelling(n->arena, row));
        return;
    }
    action_set_add_pattern(granted, grant->action);
    action_set_add_pattern(common, row);
    action_set_intersect(common, granted);
    for (ActionId id = 0; action_set_next(common, &id); id++) keep_as(n, grant, action_text(id));
}

// What stands free from `from` on is what the grant has of the table, no more and no less.
static void assert_free(const Narrowing *n, const Grant *grant, size_t from) {
    ActionSet wanted = action_set_new(n->arena), kept = action_set_new(n->arena);
    action_set_add_pattern(wanted, grant->action);
    action_set_intersect(wanted, n->free);
    for (size_t i = from; i < n->out->count; i++)
        action_set_add_pattern(kept, n->out->items[i].action);
    assert(action_set_equal(wanted, kept));
}

static void regions_narrow(Narrowing *n, const Grant *grant) {
    if (is_global(n->arena, grant->action)) {
        narrowing_keep(n, grant);
        return;
    }
    narrowing_add(n, grant, STR("StringEquals"), STR("aws:RequestedRegion"),
                  &n->selection->restriction.regions);
    if (!has_global(n, grant->action)) return;
    size_t from = n->out->count;
    NODE_EACH(row, global_rows()) keep_common(n, grant, pattern_of(row));
    assert_free(n, grant, from);
}

const Restricter regions_restricter = {regions_begin, regions_narrow, NULL};
