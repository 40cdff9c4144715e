// What of a template can hold policies and was not read. Owns nothing.
#ifndef SPOTC_IMPORT_UNREAD_H
#define SPOTC_IMPORT_UNREAD_H

#include "diag/diag.h"
#include "model/document.h"

// Warns of Imported.unread, if anything is there: one not-judged-whole with a note for each place,
// or for the first of many.
void unread_report(Diags *diags, const ItemVec *unread);

#endif
