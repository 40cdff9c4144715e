// What of a template can hold policies and is not read. All lives in the arena given.
#ifndef SPOTC_IMPORT_UNREAD_H
#define SPOTC_IMPORT_UNREAD_H

#include "diag/diag.h"
#include "read/tree.h"

// One place: what is said of it, and what stands there. No node: what stands there is compared like
// what was read.
typedef struct Unread {
    Str text;
    Span span;
    Node node;
} Unread;

typedef VEC(Unread) UnreadVec;

// Appends what a template's resources become only when it is deployed (transforms, Fn::ForEach;
// within what is read only those beside other members, the others are for its reader to note),
// the resources whose types are not read, by schema/iam/template-unread.tsv, and those with a
// property that looks like a policy and is not among those of schema/iam/template-policies.tsv.
void unread_find(Arena *arena, Node root, UnreadVec *ret_unread);

// Warns of Imported.unread, if anything is there: one not-judged-whole with a note for each place,
// or for the first of many.
void unread_report(Diags *diags, const UnreadVec *unread);

// Whether what was not read of two templates is the same, so that it grants the same: each place
// word for word, and the templates as a whole where what stands there hangs on others of them.
bool unread_is_same(Arena *arena, const UnreadVec *a, Node a_root, const UnreadVec *b, Node b_root);

// Whether two nodes hold the same texts in the same order, so that it takes no longer than reading
// both.
bool unread_is_word_for_word(Node a, Node b);

#endif
