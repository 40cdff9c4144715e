#include "import/unread.h"

enum { MOST_PLACES = 20 }; // that are named

void unread_report(Diags *diags, const ItemVec *unread) {
    if (unread->count == 0) return;
    Diagnostic *d = diag_report(diags, MSG_NOT_JUDGED_WHOLE, unread->items[0].span,
                                "this template is not judged as a whole: it can grant more than "
                                "what was looked at");
    for (size_t i = 0; i < unread->count && i < MOST_PLACES; i++)
        diag_note(diags, d, unread->items[i].span, "%.*s", STR_ARG(unread->items[i].text));
    if (unread->count > MOST_PLACES)
        diag_note(diags, d, NO_SPAN, "and %zu more places", unread->count - MOST_PLACES);
}
