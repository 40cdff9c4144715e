// `regions`: aws:RequestedRegion on all that is of a region. What is of none is a table,
// schema/iam/global-actions.tsv. A pattern that has both keeps the condition as it stands, and what
// is of no region of it stands beside it without: so what AWS adds is taken to be of a region.
#include <assert.h>

#include "policy/match.h"
#include "restrict/narrowing.h"

static bool regions_begin(Narrowing *n, const GrantVec *grants) {
    (void)grants;
    return n->selection->restriction.regions.count > 0;
}

static bool is_global(const Narrowing *n, Str action) {
    const StrVec *global = &n->facts->global;
    for (size_t i = 0; i < global->count; i++) {
        if (action_covers(n->arena, global->items[i], action)) return true;
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
    ActionMatches matches;
    ActionId action = 0;
    if (action_covers(n->arena, grant->action, row)) {
        keep_as(n, grant, row);
        return;
    }
    catalogue_match(row, &matches);
    while (catalogue_next(&matches, &action)) {
        if (action_covers(n->arena, grant->action, action_text(action)))
            keep_as(n, grant, action_text(action));
    }
}

// What stands free from `from` on is what the grant has of the table, no more and no less.
static void assert_free(Narrowing *n, const Grant *grant, size_t from) {
    action_set_clear(n->granted);
    action_set_clear(n->common);
    action_set_add_pattern(n->granted, grant->action);
    action_set_intersect(n->granted, n->facts->free);
    for (size_t i = from; i < n->out.count; i++)
        action_set_add_pattern(n->common, n->out.items[i].action);
    assert(action_set_equal(n->granted, n->common));
}

static void regions_narrow(Narrowing *n, const Grant *grant) {
    if (is_global(n, grant->action)) {
        narrowing_keep(n, grant);
        return;
    }
    narrowing_add(n, grant, STR("StringEquals"), STR("aws:RequestedRegion"),
                  &n->selection->restriction.regions);
    if (!pattern_has_any(grant->action, n->facts->free)) return;
    size_t from = n->out.count;
    const StrVec *global = &n->facts->global;
    for (size_t i = 0; i < global->count; i++) keep_common(n, grant, global->items[i]);
    assert_free(n, grant, from);
}

const Restricter regions_restricter = {"restrict", "regions", regions_begin, regions_narrow, NULL};
