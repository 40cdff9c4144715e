// Where the references of a schema lead. Owns nothing.
#ifndef SPOTC_VALIDATE_REFERENCE_H
#define SPOTC_VALIDATE_REFERENCE_H

#include "validate/run.h"

// The resource that `schema` belongs to, where what is around it belongs to `outer`.
Resource resource_of(SchemaRun *run, const Resource *outer, Node schema);

// What tells a resource, or a schema in it with an `$anchor`, apart from all others of the
// document.
Str reference_name(Arena *arena, const Resource *resource, Str anchor);

// The resource of the whole document.
Resource resource_of_document(SchemaRun *run);

// Follows `reference`, the value of a `$ref` in the resource `from`, by JSON pointer, `$anchor` or
// `$id`, but never out of the document. Returns false where it leads to no schema there.
bool reference_resolve(SchemaRun *run, const Resource *from, Node reference, Node *ret_schema,
                       Resource *ret_resource);

#endif
