// Files to constant tables. Texts live in the arena given.
#ifndef SPOTC_EMBED_EMBED_H
#define SPOTC_EMBED_EMBED_H

#include "diag/diag.h"
#include "read/tree.h"

// Reads and checks every file (bundles against schema/bundle.schema.json and each other, schemas
// against what the checker implements) and appends a C file that defines embedded_files.
bool embed_files(Arena *arena, Diags *diags, const StrVec *paths, StrBuf *out);

// Appends the tables of one tree, named after its number. `text` is kept where it is not empty.
void embed_tree(StrBuf *out, size_t number, Node root, Str text);

#endif
