// What the tags of YAML nodes mean and where they stand. Owns nothing.
#ifndef SPOTC_READ_YAML_TAG_H
#define SPOTC_READ_YAML_TAG_H

#include "read/read.h"

// The kind that a core tag stands for; NODE_NONE where the tag is none of these.
NodeKind yaml_tag_kind(Str tag);

// The row of a tag such as "!Sub", or NULL.
const YamlTag *yaml_tag_find(const YamlTags *tags, Str tag);

// Where the tag of a node stands, as it is written.
Span yaml_tag_span(Span node);

// The node without the tag and the anchor before its value.
Span yaml_value_span(Span node);

#endif
