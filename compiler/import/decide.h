// What hangs on a template's conditions. All lives in the fold's arena.
#ifndef SPOTC_IMPORT_DECIDE_H
#define SPOTC_IMPORT_DECIDE_H

#include "import/fold.h"

// `when` and, beside it, that the condition `name` turns out so. The same where `when` says so
// already; where it says otherwise, false and nothing is made.
bool decide(Fold *fold, const Decision *when, Str name, bool outcome, const Decision **ret_when);

// A condition of the template and all that it depends on, as a text: other conditions, and what
// its parameters are by default.
Str condition_definition(Fold *fold, Str name);

// The same as document_from_tree, of what a fold made: with the decisions that it took.
bool document_from_fold(const Fold *fold, Arena *arena, Node root, DocumentKind kind,
                        Document *ret_document, Node *ret_bad);

#endif
