// What is granted, before it is written down as statements. Grants live in the compilation's arena.
#ifndef SPOTC_MODEL_GRANT_H
#define SPOTC_MODEL_GRANT_H

#include "base/str.h"
#include "diag/source.h"

typedef enum Effect { EFFECT_ALLOW, EFFECT_DENY } Effect;

extern const char *const effect_names[];

// operator { key: values }. Values are sorted and without repeats.
typedef struct Condition {
    Str operator;
    Str key;
    StrVec values;
} Condition;

// Sorted by operator, then key; all must hold.
typedef VEC(Condition) ConditionVec;

// Who asked for a grant, and who gave it.
typedef struct Origin {
    Span asked; // the manifest's line
    Span given; // the bundle's line
} Origin;

// One (effect, action pattern, resource pattern, conditions).
typedef struct Grant {
    uint32_t statement; // index of the chosen statement it comes from: bundle order
    Effect effect;
    Str action;
    Str resource;
    const ConditionVec *conditions;
    Origin origin;
} Grant;

typedef VEC(Grant) GrantVec;

int conditions_compare(const ConditionVec *a, const ConditionVec *b);

#endif
