// `spotc explain --without`: what would no longer be granted if a part were not chosen.
#ifndef SPOTC_COMMAND_EXPLAIN_WITHOUT_H
#define SPOTC_COMMAND_EXPLAIN_WITHOUT_H

#include "command/explain.h"

// Compiles the question's manifest once more without the part that --without names, and writes
// which of the question's actions would go. The part's own role is the one that counts. Reports a
// part that does not exist.
void explain_without(Run *run, const Question *question, bool json);

#endif
