// Policies that stand as a text within another file. What is made lives in the arena given.
#ifndef SPOTC_IMPORT_TEXT_H
#define SPOTC_IMPORT_TEXT_H

#include "read/read.h"

// The tree of a JSON text, which may be URL-encoded as IAM's API returns it. All its nodes have the
// place of `place`. Returns false where the text is no JSON; nothing is reported.
bool text_to_tree(Arena *arena, Str text, Node place, Node *ret_root);

// The text with each %XX and \u00XX, however often it is escaped, as its byte. For looking for
// words: it need be no JSON.
Str text_unescaped(Arena *arena, Str text);

#endif
