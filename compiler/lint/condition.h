// What checks of conditions must know of an operator and a key, looked up once for each text. Lives
// in the arena of the Lint.
#ifndef SPOTC_LINT_CONDITION_H
#define SPOTC_LINT_CONDITION_H

#include "base/map.h"
#include "lint/check.h"
#include "model/global_key.h"
#include "model/key_rule.h"
#include "model/operator.h"
#include "validate/pattern.h"

typedef struct KeyFacts {
    bool is_open;     // nothing can be said: filled in later, or of an identity provider
    Str prefix, name; // of "prefix:name"; no prefix: it has no such form
    bool is_known;    // AWS documents such a key
    Str spelling;     // of the key that is known, with ${TagKey} for a tag's
    KeyTypes types;   // of its values; none: not known
    bool is_global;
    GlobalKey global; // where it is one
    VEC(KeyId) ids;   // in the catalogue, which has some keys in several spellings; none: not there
    KeyRules rules;
} KeyFacts;

typedef struct OperatorFacts {
    bool is_known;
    Operator operator; // where it is
} OperatorFacts;

// A condition that can be judged.
typedef struct ConditionFacts {
    Operator operator;
    const KeyFacts *key;
} ConditionFacts;

// The facts of a condition whose operator is one of IAM's and whose key is not open; false for any
// other.
bool lint_condition(Lint *lint, const DocumentCondition *condition, ConditionFacts *ret_facts);

// Whether the caller chooses a part of the key, such as a tag's key.
bool key_has_free_part(const KeyFacts *key);

const KeyFacts *lint_key(Lint *lint, Str key);
const OperatorFacts *lint_operator(Lint *lint, Str text);

// The actions for which AWS documents the key, one of the catalogue. Kept until the next key.
ActionSet lint_key_actions(Lint *lint, const KeyFacts *key);

// The actions that a statement names without wildcards. Kept until the next statement.
ActionSet lint_named_actions(Lint *lint, const DocumentStatement *statement);

// A set for a moment: the next call gives the same one. Its content is left from the last.
ActionSet lint_scratch_actions(Lint *lint);

// Whether the statement lets no request pass that lacks the key: {"Null": {key: "false"}}.
bool lint_requires_key(Lint *lint, const DocumentStatement *statement, Str key);

// Whether the expression of a table is found in a text.
bool lint_matches(Lint *lint, Str expression, Str text);

// Whether it compares values; Null does not.
static inline bool condition_compares(const ConditionFacts *facts) {
    return facts->operator.family != FAMILY_NULL;
}

// Whether more is allowed the more its values match: in an Allow, or in a Deny of what does not.
static inline bool condition_opens(const ConditionFacts *facts,
                                   const DocumentStatement *statement) {
    return facts->operator.negated ==(statement->effect == EFFECT_DENY);
}

// What is kept between the looks of checks. A zeroed one is empty.
typedef struct ConditionCache {
    StrMap operators, keys, actions; // text -> index; actions: by the catalogue's text of the key
    VEC(OperatorFacts *) operator_facts;
    VEC(KeyFacts *) key_facts;
    VEC(ActionSet) key_actions;
    const DocumentStatement *statement; // of `required`
    StrMap required;                    // keys in lower case
    const DocumentStatement *naming;    // of `named`
    ActionSet named, scratch, united;   // no words: not made yet
    Patterns *patterns;
} ConditionCache;

// The cache of this run (lint.c).
ConditionCache *lint_condition_cache(Lint *lint);

#endif
