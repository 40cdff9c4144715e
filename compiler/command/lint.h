// What the parts of `spotc lint` share. It lives in the run's arena.
#ifndef SPOTC_COMMAND_LINT_H
#define SPOTC_COMMAND_LINT_H

#include "command/input.h"

// All that lint looks at of the manifest that was compiled last, and of the one that is compiled.
typedef struct LintedBefore {
    StrBuf keys[2];
    unsigned next;
} LintedBefore;

// Whether a manifest that was compiled makes, at the same places, the roles that the one before it
// made, and accepts the same findings: then all that could be found was. False for other inputs.
bool lint_is_same(LintedBefore *before, const Input *input);

#endif
