#include "policy/cover.h"

#include "model/arn.h"
#include "policy/match.h"

enum { PARTS = 5 }; // of an ARN, behind "arn"

// An entry made ready: a pattern, or one for each part of an ARN.
typedef struct Entry {
    Pattern parts[PARTS];
    size_t count; // 0: not known what it matches
    bool is_all;
} Entry;

// A policy variable, as ${aws:username}: what it will be is not known.
static bool has_variable(Str text) {
    return str_find(text, STR("${"), 0) < text.length;
}

static void make_parts(Matcher *matcher, Str text, Entry *entry) {
    Arn arn;
    if (!arn_parse(text, &arn)) return;
    const Str parts[PARTS] = {arn.partition, arn.service, arn.region, arn.account, arn.resource};
    entry->count = PARTS;
    for (size_t i = 0; i < PARTS; i++)
        entry->parts[i] = pattern_make(matcher, parts[i], PATTERN_PLAIN);
}

static Entry make_entry(Matcher *matcher, Str text, CoverKind kind) {
    Entry entry = {.is_all = str_equal(text, STR("*")) && kind != COVER_ARNS};
    if (has_variable(text)) return entry;
    if (kind == COVER_RESOURCES || kind == COVER_ARNS) {
        make_parts(matcher, text, &entry);
    } else {
        entry.count = 1;
        entry.parts[0] =
            pattern_make(matcher, text, kind == COVER_ACTIONS ? PATTERN_FOLD : PATTERN_PLAIN);
    }
    return entry;
}

static bool covers(Matcher *matcher, const Entry *entry, const Entry *other) {
    if (entry->is_all) return true;
    if (entry->count == 0 || other->count == 0) return false;
    for (size_t i = 0; i < entry->count; i++) {
        if (pattern_covers(matcher, &entry->parts[i], &other->parts[i]) != TRUTH_YES) return false;
    }
    return true;
}

static uint64_t steps_for(const StrVec *entries) {
    uint64_t sum = 0;
    for (size_t i = 0; i < entries->count; i++) sum += entries->items[i].length;
    return sum < COVER_MOST_STEPS / COVER_STEPS ? sum * COVER_STEPS : COVER_MOST_STEPS;
}

// The first of the wildcards that covers an entry better than it covers itself, or its own place.
static size_t find_cover(Matcher *matcher, const Entry *entries, const size_t *wild, size_t count,
                         size_t place) {
    for (size_t i = 0; i < count && matcher->steps > 0; i++) {
        size_t w = wild[i];
        if (w == place || !covers(matcher, &entries[w], &entries[place])) continue;
        if (w < place || !covers(matcher, &entries[place], &entries[w])) return w;
    }
    return place;
}

size_t *covers_find(Arena *arena, const StrVec *entries, CoverKind kind) {
    size_t count = entries->count, wild_count = 0;
    size_t *cover = ARENA_ARRAY(arena, size_t, count), *wild = ARENA_ARRAY(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        cover[i] = i;
        if (has_wildcard(entries->items[i])) wild[wild_count++] = i;
    }
    if (wild_count == 0 || count == 1) return cover;
    Matcher matcher = matcher_new(arena, steps_for(entries));
    Entry *made = ARENA_ARRAY(arena, Entry, count);
    for (size_t i = 0; i < count; i++) made[i] = make_entry(&matcher, entries->items[i], kind);
    for (size_t i = 0; i < count && matcher.steps > 0; i++)
        cover[i] = find_cover(&matcher, made, wild, wild_count, i);
    // Covering is transitive, so the chain ends at one that stays.
    for (size_t i = 0; i < count; i++) {
        while (cover[cover[i]] != cover[i]) cover[i] = cover[cover[i]];
    }
    return cover;
}

bool resource_covers(Arena *arena, Str pattern, Str other) {
    if (str_equal(pattern, other)) return true;
    Matcher matcher = matcher_new(arena, COVER_MOST_STEPS);
    Entry entry = make_entry(&matcher, pattern, COVER_RESOURCES);
    Entry within = make_entry(&matcher, other, COVER_RESOURCES);
    return covers(&matcher, &entry, &within);
}
