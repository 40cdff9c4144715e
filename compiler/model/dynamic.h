// Texts in which CloudFormation would put something else. Owns nothing.
#ifndef SPOTC_MODEL_DYNAMIC_H
#define SPOTC_MODEL_DYNAMIC_H

#include "diag/diag.h"
#include "read/tree.h"

// Whether a text holds a dynamic reference, `{{resolve:…}}`, which CloudFormation replaces in any
// property (CloudFormation User Guide, "Get values stored in other services"); an open one counts.
bool text_is_dynamic(Str text);

// Whether `text`, which is a scalar's or was made of it, is free of them; else that is reported at
// the scalar.
bool dynamic_refuse(Diags *diags, Node scalar, Str text);

// The same for every text and key below a node, and its own.
bool dynamic_refuse_all(Diags *diags, Node node);

#endif
