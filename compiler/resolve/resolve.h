// A manifest's tree to a selection in which every name is resolved. All lives in the arena given.
#ifndef SPOTC_RESOLVE_RESOLVE_H
#define SPOTC_RESOLVE_RESOLVE_H

#include "model/selection.h"

// Resolves a document that schema/manifest.schema.json accepts: partition, acknowledgements (which
// are in force from here on), preset, products, integrations, parameters, roles and whom they
// trust. Reports each fault and then returns false. With `original` the
// document lacks what its schema refused of that: then it is judged as far as it goes, and nothing
// is called missing or unused that may have been refused. `without`, unless NULL, is left out as
// though nothing had chosen it; what comes by default where nothing is chosen then comes.
bool resolve(Arena *arena, Diags *diags, const Library *library, Node document, Node original,
             const Part *without, Manifest *ret_manifest, Selection *ret_selection);

#endif
