// What a statement is about: resources, or principals. A Scope lives in the arena of its Matcher.
#ifndef SPOTC_POLICY_SCOPE_H
#define SPOTC_POLICY_SCOPE_H

#include "model/document.h"
#include "policy/match.h"

typedef enum ScopeKind { SCOPE_RESOURCES, SCOPE_PRINCIPALS } ScopeKind;

// One resource pattern or principal; all but those of a list, where `excluded` (NotResource); or
// none, where the policy does not say (a trust policy has no resources).
typedef struct Scope {
    ScopeKind kind;
    bool excluded;
    StrVec texts; // as they are shown: "arn:aws:s3:::a/*", "AWS arn:aws:iam::123456789012:root"
    VEC(Pattern) patterns;
    StrVec accounts;      // principals: the account each belongs to, "aws:123456789012" with its
                          // partition, ":123456789012" where that is not said; or empty
    const Pattern *guide; // another scope may have something in common with it only where a text
                          // may be matched by the guides of both; NULL: it may with any
    const Decision *when; // what decides whether it is among those of its statement
    Str identity;         // equal where two scopes are known to be the same
} Scope;

typedef VEC(Scope) ScopeVec;

// The scopes of a statement of the document, which together are its resources or its principals:
// one each, or one in all where they are excluded or there are none.
void scopes_of_resources(Matcher *matcher, const Document *document,
                         const DocumentStatement *statement, ScopeVec *scopes);
void scopes_of_principals(Matcher *matcher, const Document *document,
                          const DocumentStatement *statement, ScopeVec *scopes);

// Whether it certainly has nothing: all but everything.
bool scope_is_empty(const Scope *scope);

// Whether all of `part` is in `whole`.
Truth scope_covers(Matcher *matcher, const Scope *whole, const Scope *part);

// Whether it is certain that nothing is in both.
bool scope_is_disjoint(Matcher *matcher, const Scope *a, const Scope *b);

#endif
