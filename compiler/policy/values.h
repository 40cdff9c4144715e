// Sets of values that one condition speaks of: texts and patterns, or ranges of numbers, dates and
// addresses. They live in the arena of the Matcher.
#ifndef SPOTC_POLICY_VALUES_H
#define SPOTC_POLICY_VALUES_H

#include "model/operator.h"
#include "policy/match.h"
#include "policy/range.h"

enum { ARN_PARTS = 6 };

// One text, read as its operator reads it.
typedef struct Value {
    Pattern whole;
    Pattern folded;           // without regard to case
    Pattern parts[ARN_PARTS]; // where `has_parts`: of the ARN that it is
    bool has_parts;           // each part is compared with the same part of another
    bool by_parts;            // its operator compares so
    bool any_case;            // and so matches more than `whole`
} Value;

// Texts or ranges. Invariant: one of the two counts is 0.
typedef struct ValueSet {
    OperatorFamily family;
    VEC(Value) texts;
    RangeVec ranges; // sorted and apart from each other
    bool all;        // every value there is
} ValueSet;

// The values of a condition as its operator reads them, `variables` being PATTERN_VARIABLES or
// PATTERN_SYMBOLS; false where one of them is none of the operator's family, or there are none.
bool values_make(Matcher *matcher, const Operator *operator, unsigned variables,
                 const StrVec *texts, ValueSet *ret_values);

// Whether every value of `part` is in `whole`.
Truth values_cover(Matcher *matcher, const ValueSet *whole, const ValueSet *part);

// Whether no value is in both.
Truth values_are_disjoint(Matcher *matcher, const ValueSet *a, const ValueSet *b);

// The six parts of an ARN, at the colons that stand outside of `${...}`. False where there are
// fewer.
bool arn_divide(Str text, Str parts[ARN_PARTS]);

#endif
