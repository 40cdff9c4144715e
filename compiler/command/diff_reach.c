#include "base/map.h"
#include "command/diff_match.h"

// What is named, each with what decides whether it is.
static StrMap names_of(Arena *arena, const Reach *reach) {
    StrMap names = {0};
    for (size_t i = 0; reach != NULL && i < reach->named.count; i++)
        strmap_set(arena, &names, diff_item_key(arena, &reach->named.items[i]), 0);
    return names;
}

// A name, and which conditions of the template decide on it.
static Str shown_name(Arena *arena, const Item *item) {
    StrBuf shown = strbuf_new(arena);
    strbuf_add(&shown, item->text);
    for (const Decision *when = item->when; when != NULL; when = when->next)
        strbuf_add_format(&shown, " %s %.*s is %.*s", when == item->when ? "if" : "and",
                          STR_ARG(when->condition), STR_ARG(when->outcome));
    return strbuf_str(&shown);
}

// What one names and the other does not, in the memory of the report.
static StrVec names_beyond(Arena *arena, const Reach *reach, const Reach *other,
                           const DiffReport *report) {
    StrVec beyond = {0};
    StrMap known = names_of(arena, other);
    for (size_t i = 0; reach != NULL && i < reach->named.count; i++) {
        const Item *item = &reach->named.items[i];
        if (strmap_set(arena, &known, diff_item_key(arena, item), 0))
            VEC_PUSH(report->arena, &beyond, shown_name(report->arena, item));
    }
    return beyond;
}

static void compare(Arena *arena, const Reach *old, const Reach *new, DiffReport *report) {
    const Reach *any = old != NULL ? old : new;
    // What grants by itself, and is there on one side only, is shown as that.
    if ((old == NULL || new == NULL) && any->is_of_loose) return;
    DiffReach reach = {
        .named = {names_beyond(arena, old, new, report), names_beyond(arena, new, old, report)}};
    if (reach.named[0].count + reach.named[1].count == 0) return;
    reach.resource = str_copy(report->arena, any->resource);
    reach.property = str_copy(report->arena, any->property);
    VEC_PUSH(report->arena, &report->reaches, reach);
}

static Str key_of(Arena *arena, Str resource, Str property) {
    return str_format(arena, "%.*s/%.*s", STR_ARG(resource), STR_ARG(property));
}

// Of what NEW has, by another name, what OLD has: the number of the pair.
static StrMap index_renamed(Arena *arena, const DiffReport *report, const DiffPairVec *pairs) {
    StrMap renamed = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        const DiffPair *pair = &pairs->items[i];
        if (pair->old != NULL && pair->new != NULL && !pair->by_names)
            strmap_set(arena, &renamed, diff_name(report->sides[1], pair->new), (uint32_t)i);
    }
    return renamed;
}

// The reaches of NEW by the names that their resources have in OLD.
static StrMap index_new(Arena *arena, const DiffReport *report, const DiffPairVec *pairs) {
    StrMap index = {0}, renamed = index_renamed(arena, report, pairs);
    const ReachVec *reaches = &report->sides[1]->imported.reaches;
    for (size_t i = 0; i < reaches->count; i++) {
        uint32_t pair = 0;
        Str name = reaches->items[i].resource;
        if (strmap_get(&renamed, name, &pair))
            name = diff_name(report->sides[0], pairs->items[pair].old);
        strmap_set(arena, &index, key_of(arena, name, reaches->items[i].property), (uint32_t)i);
    }
    return index;
}

// A policy by itself says nothing of it.
static bool tells(const Input *side) {
    return side != NULL && side->kind != INPUT_POLICY;
}

void diff_compare_reaches(Arena *arena, const DiffPairVec *pairs, DiffReport *report) {
    if (!tells(report->sides[0]) || !tells(report->sides[1])) return;
    const ReachVec *old = &report->sides[0]->imported.reaches;
    const ReachVec *new = &report->sides[1]->imported.reaches;
    StrMap index = index_new(arena, report, pairs);
    bool *found = ARENA_ARRAY(arena, bool, new->count + 1);
    for (size_t i = 0; i < old->count; i++) {
        uint32_t at = 0;
        const Reach *reach = &old->items[i];
        bool has_both = strmap_get(&index, key_of(arena, reach->resource, reach->property), &at);
        compare(arena, reach, has_both ? &new->items[at] : NULL, report);
        if (has_both) found[at] = true;
    }
    for (size_t i = 0; i < new->count; i++) {
        if (!found[i]) compare(arena, NULL, &new->items[i], report);
    }
}
