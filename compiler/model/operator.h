// The condition operators of IAM: rows of schema/iam/operators.tsv. Owns nothing.
#ifndef SPOTC_MODEL_OPERATOR_H
#define SPOTC_MODEL_OPERATOR_H

#include "base/str.h"

// The kinds of value that operators compare; the names are those of the table.
typedef enum OperatorFamily {
    FAMILY_STRING,
    FAMILY_NUMERIC,
    FAMILY_DATE,
    FAMILY_BOOLEAN,
    FAMILY_BINARY,
    FAMILY_IP,
    FAMILY_ARN,
    FAMILY_NULL,
    FAMILY_COUNT
} OperatorFamily;

// What must be true of the request's value, seen from the policy's.
typedef enum Comparison {
    COMPARE_EQUALS,
    COMPARE_EQUALS_IGNORING_CASE,
    COMPARE_LIKE,
    COMPARE_LESS,
    COMPARE_LESS_OR_EQUALS,
    COMPARE_GREATER,
    COMPARE_GREATER_OR_EQUALS,
    COMPARE_WITHIN,
    COMPARE_ABSENT,
    COMPARISON_COUNT
} Comparison;

// The set operators, for keys that can have several values in a request.
typedef enum Quantifier { QUANTIFIER_NONE, QUANTIFIER_ALL_VALUES, QUANTIFIER_ANY_VALUE } Quantifier;

typedef struct Operator {
    Str name; // as in the table, without what stands before and after it
    OperatorFamily family;
    Comparison comparison;
    bool negated;   // it holds where the comparison fails
    bool variables; // its values may have policy variables
    bool wildcards; // and `*` and `?`
    Quantifier quantifier;
    bool if_exists;
} Operator;

// Reads an operator as policies write it: "ForAnyValue:StringLikeIfExists". Leaves *ret_operator
// alone and returns false where there is none of that name; Null takes no IfExists.
bool operator_parse(Str text, Operator *ret_operator);

// Appends the names of all operators.
void operator_names(Arena *arena, StrVec *ret_names);

#endif
