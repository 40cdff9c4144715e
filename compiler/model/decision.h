// What hangs on the conditions of a template, which are not known before it is deployed. Decisions
// live in the arena that made them; NULL are none: in any case.
#ifndef SPOTC_MODEL_DECISION_H
#define SPOTC_MODEL_DECISION_H

#include "base/str.h"

// What a condition must turn out to be, for something to be there; and all that follow. Two are the
// same where name, outcome and definition are.
typedef struct Decision {
    Str condition;
    Str outcome;    // "true", "false"; of several conditions at once "true,false or false,false"
    Str definition; // of the condition and of all that it depends on
    const struct Decision *next;
} Decision;

// The decision of this condition in `when`, or NULL.
const Decision *decision_find(const Decision *when, Str condition);

// All of both, each once. Where they exclude each other, so do the decisions of the result.
const Decision *decisions_join(Arena *arena, const Decision *a, const Decision *b);

// Whether one condition would have to turn out in two ways.
bool decisions_exclude(const Decision *when);

// A text that tells them apart from others; empty where there are none.
Str decisions_identity(Arena *arena, const Decision *when);

#endif
