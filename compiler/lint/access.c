#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"

// What finding the nearest action costs.
enum { NEAREST_STEPS = 4000 };

void check_action_exists(Lint *lint, const Unit *unit) {
    Str action = unit->action->text;
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

static const Item *every_action_of(const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        if (names_every_action(statement->actions.items[i].text))
            return &statement->actions.items[i];
    }
    return NULL;
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

// Whether entry `at` says nothing that entry `by` does not; of two that mean the same the first
// stays.
static bool is_redundant(Lint *lint, const ItemVec *entries, size_t at, size_t by,
                         EntryCovers *covers) {
    Str entry = entries->items[at].text, other = entries->items[by].text;
    if (at == by || !covers(lint, other, entry)) return false;
    return by < at || !covers(lint, entry, other);
}

static void report_redundant(Lint *lint, const Unit *unit, const Item *entry, const Item *by) {
    if (str_equal(entry->text, by->text))
        lint_report_in(lint, unit->statement, entry->span, "'%.*s' stands here twice",
                       STR_ARG(entry->text));
    else
        lint_report_in(lint, unit->statement, entry->span, "'%.*s' is covered by '%.*s' beside it",
                       STR_ARG(entry->text), STR_ARG(by->text));
}

static void check_redundant(Lint *lint, const Unit *unit, const ItemVec *entries,
                            EntryCovers *covers) {
    for (size_t i = 0; i < entries->count; i++) {
        for (size_t k = 0; k < entries->count && lint_spend(lint, 1); k++) {
            if (!is_redundant(lint, entries, i, k, covers)) continue;
            report_redundant(lint, unit, &entries->items[i], &entries->items[k]);
            break;
        }
    }
}

void check_redundant_action(Lint *lint, const Unit *unit) {
    check_redundant(lint, unit, &unit->statement->actions, action_entry_covers);
}

void check_redundant_resource(Lint *lint, const Unit *unit) {
    check_redundant(lint, unit, &unit->statement->resources, resource_entry_covers);
}
