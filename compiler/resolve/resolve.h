// A manifest's tree to a selection in which every name is resolved. All lives in the arena given.
#ifndef SPOTC_RESOLVE_RESOLVE_H
#define SPOTC_RESOLVE_RESOLVE_H

#include "model/selection.h"

// Resolves a document that schema/manifest.schema.json accepts: partition, acknowledgements (which
// are in force from here on), preset, products, integrations, parameters, roles and whom they
// trust. Reports each fault and then returns false. With `partial` the document lacks what its
// schema refused: then only what stands there is judged, not what seems to be missing.
bool resolve(Arena *arena, Diags *diags, const Library *library, Node document, bool partial,
             Manifest *ret_manifest, Selection *ret_selection);

#endif
