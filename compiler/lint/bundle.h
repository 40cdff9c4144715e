// The policies in a bundle, as lint looks at them. What is made lives in the arena given and points
// into the bundle's source.
#ifndef SPOTC_LINT_BUNDLE_H
#define SPOTC_LINT_BUNDLE_H

#include "model/document.h"

// Whether the root of a file is that of a bundle: its keys tell.
bool lint_is_bundle(Node root);

// Adds the statements of a product or preset, as one role with a document for each list of
// statements; those that hold only with or without an integration have one each, since they need
// not hold together. A list that is a parameter's stands as its placeholder. False where the file
// has no statements, as trust and rules have none. Expects what schema/bundle.schema.json lets
// through; what is not so is left out.
bool lint_bundle_documents(Arena *arena, Node root, RoleDocumentsVec *ret_roles);

#endif
