// Checks of what is dangerous where it is allowed on everything: rows of
// schema/iam/sensitive-actions.tsv, and the access level "Permissions management".
#include "base/nearest.h"
#include "lint/entries.h"
#include "lint/met.h"
#include "model/embedded.h"

// What a statement allows of the actions of one kind.
typedef struct Hits {
    StrVec actions;
    const Item *entry; // that allows the first of them
    Str advice;        // of the first row; empty: the usual one
    bool limitable;    // whether one of them can be limited to resources
} Hits;

static void add_hit(Lint *lint, const DocumentStatement *statement, ActionId id, Hits *hits) {
    Str action = action_text(id);
    if (hits->entry == NULL) hits->entry = entry_for_action(lint_arena(lint), statement, action);
    hits->limitable |= action_resource_count(id) > 0;
    VEC_PUSH(lint_arena(lint), &hits->actions, action);
}

// Whether the resources of a statement are not limited to less than all that a row is about.
static bool is_wide(Lint *lint, const DocumentStatement *statement, Str probe) {
    Arena *arena = lint_arena(lint);
    if (has_every_resource(arena, statement)) return true;
    for (size_t i = 0; i < statement->resources.count && lint_spend(lint, 1); i++) {
        if (covers_all_of(arena, statement->resources.items[i].text, probe)) return true;
    }
    return false;
}

static bool is_bounded(Lint *lint, const DocumentStatement *statement, Str key, ActionId action) {
    return str_equal(key, STR("*")) ? statement_is_narrowed(lint, statement, action)
                                    : key_is_narrowed(lint, statement, key, action);
}

static bool is_unbounded(Lint *lint, const DocumentStatement *statement, Node row,
                         ActionId action) {
    return !is_bounded(lint, statement, node_text(NODE_GET(row, "condition")), action) &&
           is_wide(lint, statement, node_text(NODE_GET(row, "resource")));
}

// The actions of a kind that a statement allows without the row's bound.
static Hits find_hits(Lint *lint, const DocumentStatement *statement, Str kind) {
    Hits hits = {0};
    ActionSet allowed = lint_actions(lint, statement);
    NODE_EACH(row, embedded_root(STR("schema/iam/sensitive-actions.tsv"))) {
        ActionId action;
        if (!node_is_string(NODE_GET(row, "kind"), kind) ||
            !catalogue_find_action(node_text(NODE_GET(row, "action")), &action) ||
            !action_set_has(allowed, action) || !is_unbounded(lint, statement, row, action))
            continue;
        if (hits.entry == NULL) hits.advice = node_text(NODE_GET(row, "advice"));
        add_hit(lint, statement, action, &hits);
    }
    return hits;
}

static bool may_be_too_much(const DocumentStatement *statement) {
    return statement->effect == EFFECT_ALLOW && !statement->not_action;
}

// What the first row says, or what can be done.
static Str advice_on(const Hits *hits) {
    if (hits->advice.length != 0) return hits->advice;
    return hits->limitable ? STR("name the resources, or add a condition")
                           : STR("IAM cannot limit this to resources: add a condition, or where it "
                                 "is needed as it is, acknowledge it");
}

// Reports that the actions are allowed on everything, and what that means.
static void report_hits(Lint *lint, const Unit *unit, const Hits *hits, const char *consequence) {
    if (hits->entry == NULL) return;
    Str names = names_in_short(lint_arena(lint), hits->actions.items, hits->actions.count);
    Str advice = advice_on(hits);
    Diagnostic *d = lint_report(lint, hits->entry->span, "%.*s %s allowed on %s: %s",
                                STR_ARG(names), hits->actions.count == 1 ? "is" : "are",
                                unit->statement->not_resource ? "all resources but those named"
                                                              : "any resource",
                                consequence);
    diag_note(lint_diags(lint), d, NO_SPAN, "%.*s", STR_ARG(advice));
}

static void check_kind(Lint *lint, const Unit *unit, Str kind, const char *consequence) {
    if (!may_be_too_much(unit->statement)) return;
    Hits hits = find_hits(lint, unit->statement, kind);
    report_hits(lint, unit, &hits, consequence);
}

void check_pass_role(Lint *lint, const Unit *unit) {
    check_kind(lint, unit, STR("pass-role"), "a service can be given any role");
}

void check_service_linked_role(Lint *lint, const Unit *unit) {
    check_kind(lint, unit, STR("service-linked-role"),
               "the service-linked role of any service can be made");
}

void check_credentials(Lint *lint, const Unit *unit) {
    check_kind(lint, unit, STR("credentials"), "credentials can be had");
}

void check_data(Lint *lint, const Unit *unit) {
    check_kind(lint, unit, STR("data"), "stored data or secrets can be read");
}

void check_permissions(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    Hits hits = {0};
    if (!may_be_too_much(statement) || !has_every_resource(lint_arena(lint), statement)) return;
    ActionSet allowed = lint_actions(lint, statement);
    for (ActionId action = 0; action_set_next(allowed, &action); action++) {
        if ((action_access(action) & 1U << ACCESS_PERMISSIONS) != 0 &&
            !statement_is_narrowed(lint, statement, action))
            add_hit(lint, statement, action, &hits);
    }
    report_hits(lint, unit, &hits, "permissions can be changed");
}

void check_allow_not_resource(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    if (statement->effect != EFFECT_ALLOW || !statement->not_resource) return;
    lint_report(lint, statement->span,
                "Allow with NotResource allows its actions on everything that is not named, and "
                "on all that will be made");
}
