#include "base/wildcard.h"
#include "command/diff.h"
#include "model/arn.h"

enum {
    LONG_RUN = 8,       // from so many actions on a pattern is shown in their place,
    MOST_PATTERNS = 200 // and so many are tried for a row: a statement within the quotas has fewer
};

// The actions of a row that no pattern stands for, as patterns are tried.
typedef struct Shown {
    Arena *arena;
    DiffRow *row;
    bool *hidden;
    size_t tried;
} Shown;

// How many actions that a pattern matches have the row's access level.
static size_t count_level(Str pattern, DiffSubject subject) {
    ActionMatches matches;
    ActionId action = 0;
    size_t count = 0;
    catalogue_match(pattern, &matches);
    while (catalogue_next(&matches, &action)) count += diff_subject_of(action) == subject;
    return count;
}

static Str without_prefix(const DiffRow *row, Str action) {
    bool has_prefix =
        row->service.length < action.length && action.data[row->service.length] == ':';
    return str_slice(action, has_prefix ? row->service.length + 1 : 0, action.length);
}

// Takes the pattern for the actions that it matches, where the row has all of them with its level.
static void show_pattern(Shown *shown, Str pattern) {
    DiffRow *row = shown->row;
    Wildcard wildcard;
    size_t found = 0;
    if (!has_wildcard(pattern) || shown->tried == MOST_PATTERNS ||
        !str_equal_ignoring_case(diff_prefix_of(pattern), row->service))
        return;
    shown->tried++;
    wildcard_init(&wildcard, pattern);
    for (size_t i = 0; i < row->actions.count; i++)
        found += !shown->hidden[i] && wildcard_matches(&wildcard, row->actions.items[i]);
    if (found < LONG_RUN || found != count_level(pattern, row->subject)) return;
    for (size_t i = 0; i < row->actions.count; i++)
        shown->hidden[i] |= wildcard_matches(&wildcard, row->actions.items[i]);
    VEC_PUSH(shown->arena, &row->shown, without_prefix(row, pattern));
}

static void show_patterns(Shown *shown, const AccessClass *class) {
    for (size_t i = 0; i < class->statements.count; i++) {
        const ReadyStatement *statement = class->statements.items[i];
        if (statement->statement->not_action) continue;
        for (size_t k = 0; k < statement->texts.count; k++)
            show_pattern(shown, statement->texts.items[k].item.text);
    }
}

static Str services_text(Arena *arena, const DiffRow *row) {
    size_t services = 1;
    for (size_t i = 1; i < row->actions.count; i++)
        services += !str_equal(diff_prefix_of(row->actions.items[i]),
                               diff_prefix_of(row->actions.items[i - 1]));
    return str_format(arena, "%zu %s", services, services == 1 ? "service" : "services");
}

// Patterns first, then the actions that none stands for.
void diff_show_actions(Arena *arena, DiffRow *row, const AccessClass *class) {
    Shown shown = {arena, row, ARENA_ARRAY(arena, bool, row->actions.count + 1), 0};
    if (str_equal(row->service, STR("*"))) {
        VEC_PUSH(arena, &row->shown, services_text(arena, row));
        return;
    }
    if (row->actions.count >= LONG_RUN && row->subject != SUBJECT_UNKNOWN &&
        class->kind != DOCUMENT_TRUST) {
        show_patterns(&shown, class);
        show_pattern(&shown, str_format(arena, "%.*s:*", STR_ARG(row->service)));
    }
    for (size_t i = 0; i < row->actions.count; i++) {
        if (!shown.hidden[i])
            VEC_PUSH(arena, &row->shown, without_prefix(row, row->actions.items[i]));
    }
}
