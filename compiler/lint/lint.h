// Checks of policies that anybody wrote. What is found is collected as messages; all else lives in
// the arena given. The checks are the rows of diag/checks_*.def.
#ifndef SPOTC_LINT_LINT_H
#define SPOTC_LINT_LINT_H

#include "import/unread.h"
#include "lint/config.h"
#include "model/document.h"

// Reports what every check finds in the roles and their documents. What a check needs to be right
// first, and is not, keeps it quiet, so that one fault is one message. What was compiled is
// reported at the manifest's place that asked for it, with a note at the bundle's. `config` says
// what is accepted, beside the acknowledgements in force, and bounds what all calls with it may
// cost together: policy-too-costly is reported once; or NULL.
void lint_roles(Arena *arena, Diags *diags, const RoleDocumentsVec *roles, LintConfig *config);

// Warns of what of a template was not read (Imported.unread), so that the checks could not look at
// it.
void lint_unread(Arena *arena, Diags *diags, const UnreadVec *unread, LintConfig *config);

#endif
