// Skeletons of what is emitted, by file name: those that were built in, and those of the user's
// that take their place. The user's trees live in the arena that read them.
#ifndef SPOTC_MODEL_TEMPLATES_H
#define SPOTC_MODEL_TEMPLATES_H

#include "model/library.h"

// A skeleton of the user's.
typedef struct OwnTemplate {
    Str name; // of the file, without its folder
    Node root;
} OwnTemplate;

typedef struct Templates {
    VEC(OwnTemplate) own;
} Templates;

// The skeleton of this name: the user's where there is one, else the built-in one, else no node.
// `templates` may be NULL: only those that were built in.
Node templates_find(const Templates *templates, Str name);

// Whether the skeleton of this name is the user's.
bool templates_is_own(const Templates *templates, Str name);

// The Terraform counterpart of a template's part: "connect.yaml" gives "connect.terraform.yaml".
Str templates_terraform_name(Arena *arena, Str part);

// Appends the names that a skeleton can have: those that were built in, and the template parts
// that the library's bundles name, each with its Terraform counterpart. Sorted, without repeats.
void templates_names(Arena *arena, const Library *library, StrVec *ret_names);

#endif
