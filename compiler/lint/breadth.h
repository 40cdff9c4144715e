// What a statement reaches: whether its resources take in things of a type whatever their names.
// Owns nothing.
#ifndef SPOTC_LINT_BREADTH_H
#define SPOTC_LINT_BREADTH_H

#include "model/catalogue.h"
#include "model/document.h"

// Whether the statement, where it is about `action`, is about every resource of the type `type` (as
// the catalogue names it; empty: of any type that the action has), in at least one account and
// region: by `*`, by a pattern such as `arn:aws:iam::*:role/*`, or by a NotResource that leaves
// them in. A pattern that says anything of the name, such as `role/nodes-*`, is not about every
// one, nor is what is not known before it is deployed. An action that is not in the catalogue, or
// has no types, is reached by `*` alone.
bool takes_all_of_type(Arena *arena, const DocumentStatement *statement, Str action, Str type);

#endif
