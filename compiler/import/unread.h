// What of a template can hold policies and is not read. All lives in the arena given.
#ifndef SPOTC_IMPORT_UNREAD_H
#define SPOTC_IMPORT_UNREAD_H

#include "diag/diag.h"
#include "model/document.h"

// Appends what a template's resources become only when it is deployed (transforms, Fn::ForEach),
// the resources whose types are not read, by schema/iam/template-unread.tsv, and those with a
// property that looks like a policy and is not among those of schema/iam/template-policies.tsv.
void unread_find(Arena *arena, Node root, ItemVec *ret_unread);

// Warns of Imported.unread, if anything is there: one not-judged-whole with a note for each place,
// or for the first of many.
void unread_report(Diags *diags, const ItemVec *unread);

#endif
