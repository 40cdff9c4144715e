// What the conditions of a trust policy say of who may assume the role: rows of
// schema/iam/trust-conditions.tsv. Owns nothing.
#ifndef SPOTC_LINT_SAYS_H
#define SPOTC_LINT_SAYS_H

#include "lint/check.h"

// What a key tells, as the table names it; sets of them are united bits.
#define SAYINGS(SAYING)                          \
    SAYING(SAYS_ORGANIZATION, 0, "organization") \
    SAYING(SAYS_CALLER, 1, "caller")             \
    SAYING(SAYS_HUMAN, 2, "human")               \
    SAYING(SAYS_NETWORK, 3, "network")           \
    SAYING(SAYS_EXTERNAL_ID, 4, "external-id")   \
    SAYING(SAYS_SOURCE, 5, "source")             \
    SAYING(SAYS_AWS_SERVICE, 6, "aws-service")

typedef enum Saying {
    SAYS_NOTHING = 0,
#define SAYING_BIT(id, bit, name) id = 1 << (bit),
    SAYINGS(SAYING_BIT)
#undef SAYING_BIT
} Saying;

// Any of these keeps strangers out: it fixes whose principals come, or from where.
enum { SAYS_WHO = SAYS_ORGANIZATION | SAYS_CALLER | SAYS_SOURCE | SAYS_NETWORK };

// What the table says of a key; SAYS_NOTHING where it has none.
Saying key_says(Str key);

// Whether a condition of an Allow lets only those pass who have a key that says one of `sayings`:
// not one that strangers can have a value of, or that asks for others than it lists. A request
// without the key may pass it where the operator has IfExists: that is another check's.
bool statement_says(Lint *lint, const DocumentStatement *statement, unsigned sayings);

// The same, and no request without the key passes.
bool statement_demands(Lint *lint, const DocumentStatement *statement, unsigned sayings);

// Whether a Deny of the document keeps out all of those that the unit's Allow lets assume the role,
// but for those who have a key that says one of `sayings`: the data perimeter's form.
bool others_are_denied(Lint *lint, const Unit *unit, unsigned sayings);

#endif
