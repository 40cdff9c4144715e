// That two readings of a role grant the same, as `diff` finds it.
#ifndef SPOTC_FUZZ_SAME_ACCESS_H
#define SPOTC_FUZZ_SAME_ACCESS_H

#include "fuzz.h"
#include "model/document.h"

// Fails with the text where one grants what the other does not. What is beyond the bounds of `diff`
// counts as the same. All is made in the arena of the Fuzz.
void require_same_access(Fuzz *fuzz, const DocumentVec *a, const DocumentVec *b, const char *text);

#endif
