#include "command/diff.h"

// The actions of a change with their causes.
typedef struct Causes {
    Arena *arena;
    const Library *library;
    const AccessChange *change;
    VEC(ActionId) ids;
    DiffCauseVec *lists;
} Causes;

static void add_cause(Arena *arena, DiffCauseVec *causes, const DiffCause *cause) {
    for (size_t i = 0; i < causes->count; i++) {
        const DiffCause *known = &causes->items[i];
        if (str_equal(known->part, cause->part) && known->asked.source == cause->asked.source &&
            known->asked.begin == cause->asked.begin)
            return;
    }
    VEC_PUSH(arena, causes, *cause);
}

// The place of an action among those of the change; false where it is none of them.
static bool find_id(const Causes *causes, ActionId action, size_t *ret_index) {
    size_t low = 0, high = causes->ids.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (causes->ids.items[middle] < action)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return low < causes->ids.count && causes->ids.items[low] == action;
}

// Adds the cause to all actions of the change that the pattern matches.
static void add_pattern(Causes *causes, Str pattern, Span given, Span asked) {
    DiffCause cause = {library_part(causes->arena, causes->library, given), asked};
    ActionMatches matches;
    ActionId action = 0;
    size_t index = 0;
    catalogue_match(pattern, &matches);
    while (catalogue_next(&matches, &action)) {
        if (find_id(causes, action, &index))
            add_cause(causes->arena, &causes->lists[index], &cause);
    }
    const StrVec *texts = &causes->change->texts;
    for (size_t i = 0; i < texts->count; i++) {
        if (action_covers(causes->arena, pattern, texts->items[i]))
            add_cause(causes->arena, &causes->lists[causes->ids.count + i], &cause);
    }
}

// A compiled action stands for all that the layout put together in it.
static void add_statement(Causes *causes, const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        const Item *item = &statement->actions.items[i];
        if (statement->given == NULL) add_pattern(causes, item->text, item->span, statement->span);
        for (size_t k = 0; statement->given != NULL && k < statement->given[i].count; k++) {
            const Given *given = &statement->given[i].items[k];
            add_pattern(causes, given->action, given->origin.given, given->origin.asked);
        }
    }
}

const DiffCauseVec *diff_causes(Arena *arena, const Library *library, const AccessChange *change) {
    Causes causes = {.arena = arena, .library = library, .change = change};
    if (library == NULL)
        return ARENA_ARRAY(arena, DiffCauseVec,
                           action_set_count(change->actions) + change->texts.count + 1);
    for (ActionId a = 0; action_set_next(change->actions, &a); a++) VEC_PUSH(arena, &causes.ids, a);
    causes.lists = ARENA_ARRAY(arena, DiffCauseVec, causes.ids.count + change->texts.count + 1);
    for (size_t i = 0; i < change->class->statements.count; i++)
        add_statement(&causes, change->class->statements.items[i]->statement);
    return causes.lists;
}
