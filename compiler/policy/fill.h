// Texts of a policy made ready for comparison: wildcards and policy variables become symbols.
// A Filled lives in the arena that it was made in.
#ifndef SPOTC_POLICY_FILL_H
#define SPOTC_POLICY_FILL_H

#include "policy/evaluate.h"

// Bytes stand for themselves.
enum {
    SYMBOL_ONE = 256, // any one character
    SYMBOL_ANY,       // any text
    SYMBOL_UNKNOWN,   // one text, which is not known
};

typedef struct Filled {
    uint16_t *symbols;
    size_t length;
    StrVec unknown; // condition keys and `${Name}`: what the unknown symbols are
    Str needed;     // a key of a variable that the request lacks, or may lack; or no text
    bool lacks;     // it does lack it: the text matches nothing
} Filled;

// Which of them the text may have.
typedef struct FillRules {
    bool wildcards, variables;
} FillRules;

// `${key}` is the key's value in the request, `${key, 'text'}` its value or else the text; `${*}`,
// `${?}` and `${$}` are the characters themselves (IAM User Guide, "IAM policy elements: Variables
// and tags"). `${Name}` and `${AWS::Name}` are CloudFormation's and not known. A value that holds a
// wildcard counts as unknown, since it is not documented whether that is one then.
Filled fill(Arena *arena, Str text, FillRules rules, const Request *request);

// The same for the symbols [from, to) of it.
Filled filled_slice(const Filled *filled, size_t from, size_t to);

// Whether all of `text` is what was filled, variables without a value left aside. Takes at most
// symbols × text steps.
Truth filled_matches(const Filled *filled, Str text, bool ignore_case);

// Whether it matches any text at all.
bool filled_matches_all(const Filled *filled);

// The key of the request's context, or NULL where the context does not have it.
const ContextKey *context_find(const Request *request, Str key);

#endif
