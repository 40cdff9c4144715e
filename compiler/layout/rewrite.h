// What a manifest asks for beside the bundles' own statements. Works in the arena given.
#ifndef SPOTC_LAYOUT_REWRITE_H
#define SPOTC_LAYOUT_REWRITE_H

#include "model/selection.h"

// What rewriting the statements takes, in what the work of a selection is counted in: each action
// as often as one more of them costs.
size_t rewrite_work(const Manifest *manifest, const StatementVec *statements);

// Merges the statements of a role where the manifest has `layout: compact`, shortens their lists of
// actions where it has `wildcards: exact`, and measures them anew. Notes the wildcards that were
// made, since they also match what AWS adds.
void rewrite_statements(Arena *arena, Diags *diags, const Manifest *manifest, Str role,
                        StatementVec *statements);

#endif
