#include "restrict/restrict.h"

#include <assert.h>

#include "policy/cover.h"
#include "policy/match.h"
#include "restrict/beyond.h"
#include "restrict/bypass.h"
#include "restrict/narrowing.h"

// In this order; each takes what the one before left.
static const Restricter *const restricters[] = {
    &pass_role_restricter,    &vpcs_dividing_restricter,     &vpcs_whole_restricter,
    &managed_tags_restricter, &managed_instances_restricter, &regions_restricter};

static bool lets_pass(Arena *arena, Str operator, Str wide, Str narrow) {
    return str_equal(wide, narrow) ||
           (str_starts_with(operator, STR("Arn")) && resource_covers(arena, wide, narrow));
}

static bool has_values_of(Arena *arena, const Condition *strict, const Condition *loose) {
    for (size_t i = 0; i < strict->values.count; i++) {
        size_t k = 0;
        while (k < loose->values.count &&
               !lets_pass(arena, loose->operator, loose->values.items[k], strict->values.items[i]))
            k++;
        if (k == loose->values.count) return false;
    }
    return true;
}

// Whether every condition of `loose` stands in `strict` too, and lets no other values pass.
static bool conditions_kept(Arena *arena, const ConditionVec *strict, const ConditionVec *loose) {
    for (size_t i = 0; i < loose->count; i++) {
        const Condition *wanted = &loose->items[i];
        size_t k = 0;
        while (k < strict->count && !(str_equal(strict->items[k].operator, wanted->operator) &&
                                      str_equal(strict->items[k].key, wanted->key)))
            k++;
        if (k == strict->count || !has_values_of(arena, &strict->items[k], wanted)) return false;
    }
    return true;
}

// Most grants keep their resource, and many their action.
static bool is_within(Arena *arena, const Grant *narrow, const Grant *wide) {
    return narrow->statement == wide->statement && narrow->effect == wide->effect &&
           (str_equal(wide->action, narrow->action) ||
            action_covers(arena, wide->action, narrow->action)) &&
           (str_equal(wide->resource, narrow->resource) ||
            resource_covers(arena, wide->resource, narrow->resource)) &&
           conditions_kept(arena, narrow->conditions, wide->conditions);
}

static void assert_within(Arena *arena, const GrantVec *grants, size_t from, const Grant *wide) {
    for (size_t i = from; i < grants->count; i++) {
        bool within = is_within(arena, &grants->items[i], wide);
        assert(within);
        (void)within;
    }
}

// More than any role could hold, and little enough for a second.
enum { MOST_GRANTS = 250 * 1000, MOST_DIVIDED = 500 };

static bool is_too_much(const Narrowing *narrowing, const Grant *grant) {
    if (narrowing->out.count <= MOST_GRANTS && narrowing->divided.count <= MOST_DIVIDED)
        return false;
    Diagnostic *d = diag_report(narrowing->diags, MSG_TOO_MUCH_TO_RESTRICT, grant->origin.asked,
                                "what is chosen grants too much to be restricted");
    diag_note(narrowing->diags, d, grant->origin.given,
              "at most %d permissions, and %d wildcards that must be divided, are", MOST_GRANTS,
              MOST_DIVIDED);
    return true;
}

static bool run(Narrowing *narrowing, const Restricter *restricter, GrantVec *grants) {
    narrowing->option = restricter->option;
    narrowing->out = (GrantVec){0};
    narrowing->rests = (StrMap){0};
    narrowing->divided.count = 0;
    narrowing->narrowed = false;
    if (!restricter->begin(narrowing, grants)) return true;
    for (size_t i = 0; i < grants->count; i++) {
        const Grant *grant = &grants->items[i];
        size_t before = narrowing->out.count;
        if (grant->effect == EFFECT_ALLOW)
            restricter->narrow(narrowing, grant);
        else
            narrowing_keep(narrowing, grant);
        assert_within(narrowing->arena, &narrowing->out, before, grant);
        if (is_too_much(narrowing, grant)) return false;
    }
    if (restricter->end != NULL) restricter->end(narrowing);
    if (narrowing->narrowed && restricter->restriction != NULL)
        VEC_PUSH(narrowing->arena, &narrowing->narrowing, str_of(restricter->restriction));
    *grants = narrowing->out;
    return true;
}

// A grant costs more to narrow, and the conditions more to write, than one to choose.
enum { GRANT_WORK = 2 };

bool restrict_grants(Arena *arena, Diags *diags, const Manifest *manifest, Selection *selection,
                     const Library *library, const RestrictFacts *facts, GrantVec *grants) {
    size_t errors = diags_errors(diags);
    Narrowing narrowing = {.arena = arena,
                           .diags = diags,
                           .manifest = manifest,
                           .selection = selection,
                           .library = library,
                           .facts = facts,
                           .granted = action_set_new(arena),
                           .common = action_set_new(arena)};
    for (size_t i = 0; i < sizeof restricters / sizeof *restricters; i++) {
        bool ok = run(&narrowing, restricters[i], grants);
        selection->work += GRANT_WORK * narrowing.out.count;
        if (!ok) return false;
    }
    if (node_exists(selection->restriction.node)) {
        bypasses_report(&narrowing, grants);
        beyond_report(&narrowing, grants);
    }
    return diags_errors(diags) == errors;
}
