// Template skeletons: trees whose placeholders are replaced by nodes. What comes out is a tree, so
// it always parses, and nothing is quoted by hand. Lives in the builder's arena.
#ifndef SPOTC_EMIT_SKELETON_H
#define SPOTC_EMIT_SKELETON_H

#include "diag/diag.h"
#include "read/tree.h"

// Copies `skeleton` into the builder's tree with `context` (a mapping) filled in:
//   ${{ a.b }}            as a whole text: the node at that path, of any kind;
//                         within a text or key: the scalar there
//   ${{ each x in xs }}:  as a key: its value once for each item of the list xs, with x in scope
//   ${{ if a.b }}:        as a key: its value where the path is there and neither null, false nor
//                         empty; ${{ if not a.b }}: the opposite
// Under `each` and `if` a mapping's members join the mapping around it. In a list, an item that is
// a mapping with only such keys stands for what these give: lists join the list, others are items.
// What comes from the skeleton keeps its place where the builder has the skeleton's source.
// A fault is reported as template-error at its place in the skeleton; then the result is 0. Adds to
// `steps` what it took: nodes, directives, and a share of the bytes of texts.
uint32_t skeleton_fill(TreeBuilder *builder, Diags *diags, Node skeleton, Node context,
                       size_t *steps);

#endif
