// Where the references of a schema lead. Owns nothing.
#ifndef SPOTC_VALIDATE_REFERENCE_H
#define SPOTC_VALIDATE_REFERENCE_H

#include "validate/run.h"

// The resource that `schema` belongs to, where what is around it belongs to `outer`.
Resource resource_of(SchemaRun *run, const Resource *outer, Node schema);

// The resource of the whole document.
Resource resource_of_document(SchemaRun *run);

// Follows `reference`, the value of a `$ref` in the resource `from`, by JSON pointer, `$anchor` or
// `$id`, but never out of the document. Returns false where it leads to no schema there.
bool reference_resolve(SchemaRun *run, const Resource *from, Node reference, Node *ret_schema,
                       Resource *ret_resource);

#endif
