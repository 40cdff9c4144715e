// What a role's identity policies say of a request, as AWS documents it (IAM User Guide, "Policy
// evaluation logic"): a Deny that applies wins, else an Allow that applies, else it is denied.
// Where the request is known in part only, the answer may be that it depends, and on what.
//
// Sound, not complete: an answer other than "depends" holds for every way in which the unknown can
// turn out; but two statements of which always one applies are not seen together. What AWS does
// not document (a number that is none, several values without a set operator) depends too.
// Policies are taken to be of version 2012-10-17. An Evaluation lives in the arena given and points
// into the documents.
#ifndef SPOTC_POLICY_EVALUATE_H
#define SPOTC_POLICY_EVALUATE_H

#include "model/document.h"
#include "policy/truth.h"

// A condition key of the request with its values; without any, the request does not have the key.
typedef struct ContextKey {
    Str key;
    StrVec values;
} ContextKey;

typedef VEC(ContextKey) ContextKeyVec;

// A request checks one action on one resource: where an API call touches several resources, IAM
// asks once for each, and all must be allowed.
typedef struct Request {
    Str action;            // "ec2:RunInstances"
    Str resource;          // an ARN, "*" where the action takes none; empty: not known
    ContextKeyVec context; // each key once, whatever its case
    bool complete; // keys that `context` lacks are not in the request, rather than not known
} Request;

// What an answer depends on.
typedef struct Dependence {
    bool resource;
    StrVec keys; // condition keys as the policy writes them, each once; and `${Name}` for what
                 // CloudFormation fills in
} Dependence;

// A statement whose Action, or NotAction, has the request's action.
typedef struct Judged {
    const Document *document;
    const DocumentStatement *statement;
    const Item *action;   // the pattern that matches; NULL: it is not in NotAction
    const Item *resource; // the pattern that matches, or may; NULL: none, or there is NotResource
    // What rules it out: one that does not hold, or, where that is NULL, its resources.
    const DocumentCondition *failed;
    Truth applies;
    Dependence depends;
} Judged;

typedef VEC(Judged) JudgedVec;

typedef struct Evaluation {
    Truth allowed;
    bool by_deny;       // it is denied by a Deny, or depends on whether one applies
    JudgedVec judged;   // in the order of the documents
    Dependence depends; // all that `allowed` depends on
} Evaluation;

// Judges a request by the identity policies among the documents.
Evaluation evaluate(Arena *arena, const DocumentVec *documents, const Request *request);

// Whether an action is one that a statement is about; the pattern that matches in *ret_action, or
// NULL where NotAction has none that does.
bool statement_has_action(const DocumentStatement *statement, Str action, const Item **ret_action);

#endif
