// What is known of single condition keys beside their types: rows of schema/iam/key-rules.tsv.
// Owned by the binary.
#ifndef SPOTC_MODEL_KEY_RULE_H
#define SPOTC_MODEL_KEY_RULE_H

#include "base/str.h"

// The kinds of rule; the head of the table says what each means.
#define KEY_RULE_KINDS(KIND)                    \
    KIND(KEY_RULE_REGION, "region")             \
    KIND(KEY_RULE_FORM, "form")                 \
    KIND(KEY_RULE_PAIR, "pair")                 \
    KIND(KEY_RULE_COMPANION, "companion")       \
    KIND(KEY_RULE_MFA, "mfa")                   \
    KIND(KEY_RULE_PUBLIC, "public")             \
    KIND(KEY_RULE_PREFIX, "prefix")             \
    KIND(KEY_RULE_HALVES, "halves")             \
    KIND(KEY_RULE_GUARD, "guard")               \
    KIND(KEY_RULE_RESOURCE_TAG, "resource-tag") \
    KIND(KEY_RULE_SERVICES, "services")         \
    KIND(KEY_RULE_ALWAYS, "always")             \
    KIND(KEY_RULE_CHOSEN, "chosen")             \
    KIND(KEY_RULE_HOLDER, "holder")

typedef enum KeyRuleKind {
#define KEY_RULE_KIND_ID(id, name) id,
    KEY_RULE_KINDS(KEY_RULE_KIND_ID)
#undef KEY_RULE_KIND_ID
        KEY_RULE_KIND_COUNT
} KeyRuleKind;

// One rule for a key; without a key, there is none.
typedef struct KeyRule {
    Str key;   // as AWS spells it
    Str value; // by kind: an expression, an action, names separated by commas
    Str form;  // in words
} KeyRule;

// The rules for a key, one of each kind, at most one a kind. Case does not count, and where a
// rule's key ends in ${TagKey} any tag's key may stand.
typedef struct KeyRules {
    KeyRule of[KEY_RULE_KIND_COUNT];
} KeyRules;

// Fills in the rules that there are for the key.
void key_rules_find(Str key, KeyRules *ret_rules);

// Whether a list that is separated by commas has this name; case does not count.
bool key_rule_names(Str list, Str name);

#endif
