// What fills in the symbols of a template: its parameters, by their types, and its resources.
// Nothing here owns anything.
#ifndef SPOTC_COMMAND_DIFF_TEMPLATE_H
#define SPOTC_COMMAND_DIFF_TEMPLATE_H

#include "base/map.h"
#include "pipeline.h"

// Whether the value of a parameter is one text, which stands where it is referred to, by
// schema/iam/template-parameters.tsv.
bool parameter_is_text(Node parameter);

// Whether one value means the same for two parameters: as a text, as a list, or as the name of what
// is stored under it as the same type.
bool parameters_are_alike(Node a, Node b);

// Whether what a resource gives by this attribute (empty: by Ref) is a text that somebody put
// there, and not a name of the resource, by schema/iam/template-texts.tsv.
bool resource_gives_text(Node resource, Str attribute);

// The template that a manifest compiles to; no node where that fails. Lives in the arena.
Node template_of_manifest(Arena *arena, const Compilation *compilation);

// The names (the keys) of what a template defines otherwise than another one, or alone: parameters,
// conditions, mappings and resources; and of all that refers to these, but not by way of resources
// that only give names. Lives in the arena, but for the keys. Takes as long as reading both.
void template_find_changed(Arena *arena, Node template, Node other, StrMap *ret_changed);

#endif
