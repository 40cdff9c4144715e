// What AWS's command line prints of a policy. All lives in the arena given.
#ifndef SPOTC_IMPORT_ANSWER_H
#define SPOTC_IMPORT_ANSWER_H

#include "import/import.h"

// Whether a document is the answer of a command that gets a policy.
bool is_answer(Node root);

// Takes its policy. Returns false after reporting not-a-policy.
bool import_answer(Arena *arena, Diags *diags, Node root, Imported *ret_imported);

#endif
