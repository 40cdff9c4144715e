#include "base/nearest.h"
#include "resolve/resolver.h"

void report_unknown(Resolver *r, MessageId id, Node name, const char *what, Names *choices,
                    const char *list, const char *command) {
    Str text = node_text(name);
    Str offer = names_offer(choices, text);
    Diagnostic *d = diag_report(r->diags, id, node_span(name), "no %s '%.*s'%.*s", what,
                                STR_ARG(text), STR_ARG(offer));
    if (d == NULL) return;
    const StrVec *all = names_list(choices);
    Str names = names_in_short(r->arena, all->items, all->count);
    if (all->count == 0)
        diag_note(r->diags, d, NO_SPAN, "there are no %s", list);
    else if (command != NULL)
        diag_note(r->diags, d, NO_SPAN, "%s: %.*s (%s)", list, STR_ARG(names), command);
    else
        diag_note(r->diags, d, NO_SPAN, "%s: %.*s", list, STR_ARG(names));
}
