#include "lint/entries.h"

#include "lint/symbolic.h"
#include "model/arn.h"
#include "policy/cover.h"
#include "policy/match.h"

bool is_stars(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '*') return false;
    }
    return text.length != 0;
}

// Matches every text but the empty one: "*", "?*".
static bool is_any_text(Str text) {
    size_t stars = 0;
    for (size_t i = 0; i < text.length; i++) stars += text.data[i] == '*';
    size_t singles = text.length - stars;
    return stars != 0 && singles <= 1 &&
           (singles == 0 || str_find_byte(text, '?', 0) < text.length);
}

bool names_every_action(Str action) {
    size_t colon = str_find_byte(action, ':', 0);
    return is_any_text(str_slice(action, 0, colon)) &&
           (colon == action.length || is_any_text(str_slice(action, colon + 1, action.length)));
}

const Item *every_action_of(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        if (names_every_action(statement->actions.items[i].text))
            return &statement->actions.items[i];
    }
    return NULL;
}

bool names_every_resource(Arena *arena, Str resource) {
    Arn arn;
    if (is_any_text(resource)) return true;
    return arn_parse(symbolic_example(arena, resource), &arn) && is_stars(arn.service) &&
           is_stars(arn.region) && is_stars(arn.account) && is_stars(arn.resource);
}

bool has_every_resource(Arena *arena, const DocumentStatement *statement) {
    if (statement->not_resource) return true;
    for (size_t i = 0; i < statement->resources.count; i++) {
        if (names_every_resource(arena, statement->resources.items[i].text)) return true;
    }
    return false;
}

// Of two different texts.
static bool covers(Arena *arena, Str entry, Str other, CoverKind kind) {
    Str items[] = {entry, other};
    StrVec pair = {items, 2, 2};
    ArenaMark mark = arena_mark(arena);
    bool covered = covers_find(arena, &pair, kind)[1] == 0;
    arena_rewind(arena, mark);
    return covered;
}

bool covers_all_of(Arena *arena, Str resource, Str probe) {
    Arn arn, wanted;
    if (names_every_resource(arena, resource)) return true;
    Str example = symbolic_example(arena, resource);
    if (!arn_parse(probe, &wanted) || !arn_parse(example, &arn) ||
        !str_equal(arn.service, wanted.service))
        return false;
    Str head = str_slice(example, 0, (size_t)(arn.resource.data - example.data));
    Str all = str_format(arena, "%.*s%.*s", STR_ARG(head), STR_ARG(wanted.resource));
    return str_equal(example, all) || covers(arena, example, all, COVER_RESOURCES);
}

// What comparing two patterns in full costs.
enum { PAIR_STEPS = 50 };

static bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

// Whether what stands before the entry's first wildcard begins `other`, too: settles most pairs.
static bool may_cover(Str entry, Str other, bool (*equal)(Str a, Str b)) {
    size_t head = 0;
    while (head < entry.length && !is_wildcard(entry.data[head])) head++;
    return head < entry.length && head <= other.length &&
           equal(str_slice(entry, 0, head), str_slice(other, 0, head));
}

bool action_entry_covers(Lint *lint, Str entry, Str other) {
    if (str_equal_ignoring_case(entry, other)) return true;
    return may_cover(entry, other, str_equal_ignoring_case) && lint_spend(lint, PAIR_STEPS) &&
           covers(lint_arena(lint), entry, other, COVER_ACTIONS);
}

bool resource_entry_covers(Lint *lint, Str entry, Str other) {
    if (str_equal(entry, other)) return true;
    return may_cover(entry, other, str_equal) && lint_spend(lint, PAIR_STEPS) &&
           covers(lint_arena(lint), entry, other, COVER_RESOURCES);
}

const Item *entry_for_action(Arena *arena, const DocumentStatement *statement, Str action) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        const Item *entry = &statement->actions.items[i];
        if (action_covers(arena, entry->text, action)) return entry;
    }
    return NULL;
}
