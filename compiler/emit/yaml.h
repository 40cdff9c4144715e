// Trees as YAML, by libyaml.
#ifndef SPOTC_EMIT_YAML_H
#define SPOTC_EMIT_YAML_H

#include "read/tree.h"

// The tree in block style, indented by two, keys in the tree's order. Every text reads the same by
// YAML 1.1 and 1.2 readers: what either could take for something else is quoted. CloudFormation's
// {Ref: x}, {Fn::Sub: x} and {Fn::GetAtt: [x, y]} become !Ref, !Sub and !GetAtt.
Str yaml_text(Arena *arena, Node node);

// Whether a text of several lines can stand as it is, in a literal block.
bool yaml_is_block(Str text);

// Whether a text means itself, unquoted, to YAML 1.1 and 1.2 readers alike.
bool yaml_is_plain(Str text);

#endif
