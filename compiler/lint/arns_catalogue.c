// Checks of resources by the catalogue: whether such an ARN exists, and what the actions beside it
// can do with it.
#include "base/nearest.h"
#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"

static const ResourceFit *fit_of(Lint *lint, const Unit *unit) {
    const Reach *reach = lint_reach(lint, unit->statement);
    return &reach->fits[unit->resource - unit->statement->resources.items];
}

// What stands before the first wildcard, a form's own included.
static Str literal_head(Str text) {
    size_t end = 0;
    while (end < text.length && text.data[end] != '*' && text.data[end] != '?' &&
           text.data[end] >= ' ')
        end++;
    return str_slice(text, 0, end);
}

// "role/" of "role/x"; all of it where it has neither '/' nor ':'.
static Str type_of(Str resource) {
    Str head = literal_head(resource);
    for (size_t i = 0; i < head.length; i++) {
        if (head.data[i] == '/' || head.data[i] == ':') return str_slice(head, 0, i + 1);
    }
    return head;
}

static void add_types(Arena *arena, const ArnFormVec *forms, Str service, StrVec *ret_types) {
    for (size_t i = 0; i < forms->count; i++) {
        Str type = type_of(forms->items[i].name);
        if (str_equal(forms->items[i].service, service) && type.length != 0)
            VEC_PUSH(arena, ret_types, type);
    }
}

// What listing the types of a service costs.
enum { LISTING_STEPS = 2000 };

// How the resources of a service begin, each once, sorted; none where it would cost too much.
static StrVec types_of_service(Lint *lint, Str service) {
    Arena *arena = lint_arena(lint);
    ArnForms *forms = lint_arn_forms(lint);
    StrVec all = {0}, types = {0};
    if (!lint_spend(lint, LISTING_STEPS)) return types;
    add_types(arena, arn_forms_of(forms, service), service, &all);
    add_types(arena, &forms->foreign, service, &all);
    str_sort(all.items, all.count);
    for (size_t i = 0; i < all.count; i++) {
        if (i == 0 || !str_equal(all.items[i], all.items[i - 1]))
            VEC_PUSH(arena, &types, all.items[i]);
    }
    return types;
}

void check_resource_type(Lint *lint, const Unit *unit) {
    const ResourceFit *fit = fit_of(lint, unit);
    Arn arn;
    if (!fit->known || fit->name ||
        !arn_parse(symbolic_pattern(lint_arena(lint), unit->resource->text), &arn))
        return;
    StrVec types = types_of_service(lint, arn.service);
    Str near = lint_nearest(lint, type_of(arn.resource), &types);
    if (near.length != 0) {
        lint_report(lint, unit->resource->span,
                    "no resource of '%.*s' has an ARN that ends in '%.*s'; did you mean '%.*s'?",
                    STR_ARG(arn.service), STR_ARG(arn.resource), STR_ARG(near));
        return;
    }
    Str names = names_in_short(lint_arena(lint), types.items, types.count);
    Diagnostic *d = lint_report(lint, unit->resource->span,
                                "no resource of '%.*s' has an ARN that ends in '%.*s'",
                                STR_ARG(arn.service), STR_ARG(arn.resource));
    if (types.count != 0)
        diag_note(lint_diags(lint), d, NO_SPAN, "they begin with %.*s", STR_ARG(names));
}

// What is wrong with a part that is `given` where the form has the pattern `wanted`.
static void report_part(Lint *lint, const Unit *unit, Str given, Str wanted, const char *part) {
    const ArnForm *form = fit_of(lint, unit)->near;
    Str type = resource_name(form->resource);
    const char *fault = given.length == 0    ? "needs its"
                        : wanted.length == 0 ? "has no"
                                             : "has another";
    Diagnostic *d =
        lint_report(lint, unit->resource->span, "the ARN of a resource of type '%.*s' %s %s",
                    STR_ARG(type), fault, part);
    diag_note(lint_diags(lint), d, NO_SPAN, "its form is %.*s", STR_ARG(form->text));
}

static void check_part(Lint *lint, const Unit *unit, bool of_account) {
    const ArnForm *form = fit_of(lint, unit)->near;
    Arn arn;
    if (!arn_parse(symbolic_pattern(lint_arena(lint), unit->resource->text), &arn)) return;
    if (of_account)
        report_part(lint, unit, arn.account, form->account, "account");
    else
        report_part(lint, unit, arn.region, form->region, "region");
}

void check_region_of_type(Lint *lint, const Unit *unit) {
    const ResourceFit *fit = fit_of(lint, unit);
    if (fit->known && fit->name && !fit->region) check_part(lint, unit, false);
}

void check_account_of_type(Lint *lint, const Unit *unit) {
    const ResourceFit *fit = fit_of(lint, unit);
    if (fit->known && fit->region && !fit->whole) check_part(lint, unit, true);
}

// Whether any action of the statement can be used on something that this entry names.
static bool is_used(Lint *lint, const Unit *unit) {
    ActionSet actions = lint_actions(lint, unit->statement);
    const ResourceFit *fit = fit_of(lint, unit);
    for (ActionId action = 0; action_set_next(actions, &action); action++) {
        if (!lint_spend(lint, 1) || action_reaches(action, fit->types)) return true;
    }
    return false;
}

void check_unused_resource(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    const ResourceFit *fit = fit_of(lint, unit);
    if (statement->not_action || statement->not_resource || !fit->whole ||
        action_set_count(lint_actions(lint, statement)) == 0 || is_used(lint, unit))
        return;
    lint_report(lint, unit->resource->span, "no action of this statement works on '%.*s'",
                STR_ARG(unit->resource->text));
}

// Whether one of the actions that an entry matches works on what the statement names; `*ret_some`
// is one of them.
static bool fits_a_resource(Str entry, const Reach *reach, ActionId *ret_some) {
    ActionMatches matches;
    ActionId action;
    bool any = false;
    catalogue_match(entry, &matches);
    while (catalogue_next(&matches, &action)) {
        if (!any || action_resource_count(*ret_some) == 0) *ret_some = action;
        any = true;
        if (action_reaches(action, reach->types)) return true;
    }
    return !any;
}

// The forms of what an action works on: of the types that it must have, or else of its own
// service's, or else of any.
static StrVec forms_of_action(Arena *arena, ActionId action) {
    StrVec forms[3] = {{0}};
    for (size_t i = 0; i < action_resource_count(action); i++) {
        ResourceId id = action_resource(action, i).id;
        bool required = action_resource(action, i).required;
        if (resource_arn_count(id) == 0) continue;
        bool own = resource_service(id) == action_service(action);
        VEC_PUSH(arena, &forms[required ? 0 : own ? 1 : 2], resource_arn(id, 0));
    }
    return forms[0].count != 0 ? forms[0] : forms[1].count != 0 ? forms[1] : forms[2];
}

static void note_what_it_takes(Lint *lint, Diagnostic *d, ActionId action) {
    Str text = action_text(action);
    StrVec forms = forms_of_action(lint_arena(lint), action);
    Str names = names_in_short(lint_arena(lint), forms.items, forms.count);
    if (action_resource_count(action) == 0)
        diag_note(lint_diags(lint), d, NO_SPAN, "%.*s cannot be limited to resources: it needs '*'",
                  STR_ARG(text));
    else if (forms.count != 0)
        diag_note(lint_diags(lint), d, NO_SPAN, "%.*s works on %.*s", STR_ARG(text),
                  STR_ARG(names));
}

void check_unusable_action(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    const Reach *reach = lint_reach(lint, statement);
    Str entry = unit->action->text;
    ActionId some = 0;
    if (statement->not_action || statement->not_resource || statement->resources.count == 0 ||
        reach->everything || is_symbolic(entry) || !lint_may_match(lint, entry) ||
        fits_a_resource(entry, reach, &some))
        return;
    Diagnostic *d =
        lint_report(lint, unit->action->span, "'%.*s' works on none of this statement's resources",
                    STR_ARG(entry));
    note_what_it_takes(lint, d, some);
}

void check_disguised_star(Lint *lint, const Unit *unit) {
    Str text = unit->resource->text;
    if (str_equal(text, STR("*")) || !names_every_resource(lint_arena(lint), text)) return;
    lint_report(lint, unit->resource->span, "'%.*s' names every resource, as '*' does",
                STR_ARG(text));
}

// The first action of a set that can be limited to resources; and how many can.
static size_t count_limitable(ActionSet actions, ActionId *ret_first) {
    size_t count = 0;
    for (ActionId action = 0; action_set_next(actions, &action); action++) {
        if (action_resource_count(action) == 0) continue;
        if (count++ == 0) *ret_first = action;
    }
    return count;
}

static const Item *star_of(Arena *arena, const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->resources.count; i++) {
        if (names_every_resource(arena, statement->resources.items[i].text))
            return &statement->resources.items[i];
    }
    return NULL;
}

void check_resource_star(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    const Item *star = star_of(lint_arena(lint), statement);
    ActionId first = 0;
    if (statement->effect != EFFECT_ALLOW || statement->not_resource || star == NULL ||
        statement->conditions.count != 0)
        return;
    ActionSet actions = lint_actions(lint, statement);
    size_t limitable = count_limitable(actions, &first), all = action_set_count(actions);
    if (limitable == 0) return;
    Diagnostic *d =
        lint_report(lint, star->span,
                    "%zu of the %zu actions here can be limited to resources, but '%.*s' names all",
                    limitable, all, STR_ARG(star->text));
    note_what_it_takes(lint, d, first);
}
