// Trees as JSON, by jansson.
#ifndef SPOTC_EMIT_JSON_H
#define SPOTC_EMIT_JSON_H

#include "read/tree.h"

// The tree with two spaces of indentation and a newline at its end, keys in the tree's order.
Str json_pretty(Arena *arena, Node node);

// The same without white space.
Str json_minified(Arena *arena, Node node);

// How many characters the tree has as minified JSON: what IAM's quotas are measured with here.
size_t json_minified_characters(Arena *arena, Node node);

#endif
