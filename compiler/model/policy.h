// Statements and policies as IAM has them. They live in the compilation's arena.
#ifndef SPOTC_MODEL_POLICY_H
#define SPOTC_MODEL_POLICY_H

#include "model/grant.h"

// An action as a bundle gives it, and who asked for it.
typedef struct Given {
    Str action;
    Origin origin;
} Given;

typedef VEC(Given) GivenVec;

// Actions and resources are sorted and without repeats.
typedef struct Statement {
    Str sid;
    Effect effect;
    StrVec actions;
    GivenVec *given; // one for each of the actions: all that it stands for, itself and what it
                     // covers, repeats or replaces; or NULL, where nobody knows
    StrVec resources;
    const ConditionVec *conditions;
    Origin origin;          // of the first grant
    size_t body_characters; // of the minified JSON without the Sid; set by layout
} Statement;

typedef VEC(Statement) StatementVec;

// A managed policy.
typedef struct Policy {
    StatementVec statements;
    size_t characters; // of the minified JSON
} Policy;

typedef VEC(Policy) PolicyVec;

#endif
