// Whether a condition keeps anything out. Only what is proven counts: a condition of which nothing
// is known, or that is filled in later, keeps something out. Owns nothing.
#ifndef SPOTC_LINT_MET_H
#define SPOTC_LINT_MET_H

#include "lint/condition.h"

// Whether the operator is true of a request without the key.
bool operator_passes_absent(const Operator *operator);

// Whether the key is in the context of every signed request (the rule `always` of
// schema/iam/key-rules.tsv).
bool key_is_always_there(const KeyFacts *key);

// Whether a value is the policy variable of this very key: "${aws:PrincipalOrgID}" compared with
// aws:PrincipalOrgID.
bool is_own_variable(Str key, Str value);

// Whether every request meets the condition, whoever makes it and whatever it asks for. A point in
// time counts as past where it is before the date of the catalogue: what is found does not depend
// on the day.
bool condition_is_always_met(Lint *lint, const DocumentCondition *condition);

// Whether the conditions of an Allow narrow what a role may do with an action: one of them is not
// known to be met by each request for it that the role's holder makes, or can be made to be met.
bool statement_is_narrowed(Lint *lint, const DocumentStatement *statement, ActionId action);

// Whether a condition of the statement on this key narrows the action so.
bool key_is_narrowed(Lint *lint, const DocumentStatement *statement, Str key, ActionId action);

// One condition: false where the holder of the role meets it anyway.
bool condition_narrows(Lint *lint, const DocumentCondition *condition, ActionId action);

#endif
