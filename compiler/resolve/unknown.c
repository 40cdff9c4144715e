#include "base/nearest.h"
#include "resolve/resolver.h"

void report_unknown(Resolver *r, MessageId id, Node name, const char *what, const StrVec *choices,
                    const char *list, const char *command) {
    Str text = node_text(name);
    Str near = nearest_name(text, choices->items, choices->count);
    Diagnostic *d =
        near.length == 0
            ? diag_report(r->diags, id, node_span(name), "no %s '%.*s'", what, STR_ARG(text))
            : diag_report(r->diags, id, node_span(name), "no %s '%.*s'; did you mean '%.*s'?", what,
                          STR_ARG(text), STR_ARG(near));
    if (d == NULL) return;
    Str names = names_in_short(r->arena, choices->items, choices->count);
    if (choices->count == 0)
        diag_note(r->diags, d, NO_SPAN, "there are no %s", list);
    else if (command != NULL)
        diag_note(r->diags, d, NO_SPAN, "%s: %.*s (%s)", list, STR_ARG(names), command);
    else
        diag_note(r->diags, d, NO_SPAN, "%s: %.*s", list, STR_ARG(names));
}
