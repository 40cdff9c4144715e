// CloudFormation templates to the policies of their resources. All lives in the arena given.
#ifndef SPOTC_IMPORT_TEMPLATE_H
#define SPOTC_IMPORT_TEMPLATE_H

#include "import/import.h"

bool is_template(Node root);

// A role, user or group of the template becomes RoleDocuments with its logical id, in the order of
// the template; then comes what is attached to none of these, each policy alone and without an id.
// Returns false after reporting not-a-template or template-too-large.
bool import_template(Arena *arena, Diags *diags, Node root, Imported *ret_imported);

#endif
