#include "base/map.h"
#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"
#include "policy/cover.h"

// What finding the nearest action costs.
enum { NEAREST_STEPS = 4000 };

void check_action_exists(Lint *lint, const Unit *unit) {
    Str action = unit->action->text;
    if (has_variable(action)) return; // the fault of variable-in-wrong-place
    if (is_symbolic(action) || !lint_may_match(lint, action) || catalogue_has(action)) return;
    Str near =
        lint_spend(lint, NEAREST_STEPS) ? catalogue_nearest(lint_arena(lint), action) : STR("");
    if (near.length == 0)
        lint_report(lint, unit->action->span, "no action matches '%.*s'", STR_ARG(action));
    else
        lint_report(lint, unit->action->span, "no action matches '%.*s'; did you mean '%.*s'?",
                    STR_ARG(action), STR_ARG(near));
}

static Str prefix_of(Str action) {
    return str_slice(action, 0, str_find_byte(action, ':', 0));
}

void check_wildcard_in_service(Lint *lint, const Unit *unit) {
    Str action = unit->action->text;
    if (names_every_action(action) || is_symbolic(action) || !has_wildcard(prefix_of(action)))
        return;
    lint_report(lint, unit->action->span,
                "'%.*s' has a wildcard in the service's prefix: it matches actions of any service",
                STR_ARG(action));
}

// "s3:*"
static bool is_whole_service(Str action, ServiceId *ret_service) {
    Str prefix = prefix_of(action);
    Str name = str_slice(action, prefix.length + 1, action.length);
    return names_every_action(name) && catalogue_find_service(prefix, ret_service);
}

void check_service_wildcard(Lint *lint, const Unit *unit) {
    ServiceId service;
    Str action = unit->action->text;
    if (unit->statement->effect != EFFECT_ALLOW || unit->statement->not_action ||
        !is_whole_service(action, &service))
        return;
    Str name = service_name(service);
    lint_report(lint, unit->action->span,
                "'%.*s' allows all %zu actions of %.*s, and those that it will get",
                STR_ARG(action), service_action_count(service), STR_ARG(name));
}

void check_all_actions(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    const Item *entry = every_action_of(statement);
    if (statement->effect != EFFECT_ALLOW || statement->not_action || entry == NULL) return;
    lint_report(lint, entry->span,
                has_every_resource(lint_arena(lint), statement)
                    ? "'%.*s' allows every action on every resource: full control of the account"
                    : "'%.*s' allows every action on the resources that are named",
                STR_ARG(entry->text));
}

void check_allow_not_action(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    if (statement->effect != EFFECT_ALLOW || !statement->not_action) return;
    ActionSet allowed = lint_actions(lint, statement);
    lint_report(lint, statement->span,
                "Allow with NotAction allows %zu actions, and all that AWS will make",
                action_set_count(allowed));
}

// Without regard to case, where that does not count.
static Str folded(Arena *arena, Str text, CoverKind kind) {
    if (kind != COVER_ACTIONS) return text;
    char *copy = str_to_c(arena, text);
    for (size_t i = 0; i < text.length; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] - 'A' + 'a');
    }
    return (Str){copy, text.length};
}

// The entries, each once, and where each of them stands in `entries`; reports the others.
static StrVec take_once(Lint *lint, const Unit *unit, const ItemVec *entries, CoverKind kind,
                        const Item **ret_places) {
    Arena *arena = lint_arena(lint);
    StrVec once = {0};
    StrMap seen = {0};
    for (size_t i = 0; i < entries->count; i++) {
        const Item *entry = &entries->items[i];
        ret_places[once.count] = entry;
        if (strmap_set(arena, &seen, folded(arena, entry->text, kind), 0))
            VEC_PUSH(arena, &once, entry->text);
        else
            lint_report_in(lint, unit->statement, entry->span, "'%.*s' stands here twice",
                           STR_ARG(entry->text));
    }
    return once;
}

static void check_redundant(Lint *lint, const Unit *unit, const ItemVec *entries, CoverKind kind) {
    if (entries->count < 2) return;
    const Item **places = ARENA_ARRAY(lint_arena(lint), const Item *, entries->count);
    StrVec once = take_once(lint, unit, entries, kind, places);
    const size_t *covers = covers_find(lint_arena(lint), &once, kind);
    for (size_t i = 0; i < once.count; i++) {
        if (covers[i] == i) continue;
        Str by = once.items[covers[i]];
        lint_report_in(lint, unit->statement, places[i]->span,
                       "'%.*s' is covered by '%.*s' beside it", STR_ARG(once.items[i]),
                       STR_ARG(by));
    }
}

void check_redundant_action(Lint *lint, const Unit *unit) {
    check_redundant(lint, unit, &unit->statement->actions, COVER_ACTIONS);
}

void check_redundant_resource(Lint *lint, const Unit *unit) {
    check_redundant(lint, unit, &unit->statement->resources, COVER_RESOURCES);
}
