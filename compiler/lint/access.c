#include "lint/check.h"

void check_action_exists(Lint *lint, const Unit *unit) {
    Str action = unit->action->text;
    if (catalogue_has(action)) return;
    Str near = catalogue_nearest(lint_arena(lint), action);
    if (near.length == 0)
        lint_report(lint, unit->action->span, "no action matches '%.*s'", STR_ARG(action));
    else
        lint_report(lint, unit->action->span, "no action matches '%.*s'; did you mean '%.*s'?",
                    STR_ARG(action), STR_ARG(near));
}
