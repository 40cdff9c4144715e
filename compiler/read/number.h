// Exact decimal numbers out of their text. A Number owns nothing: it points into the text.
#ifndef SPOTC_READ_NUMBER_H
#define SPOTC_READ_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// The value `digits` * 10^exponent, negated where `negative`. Invariant: `digits` begins and ends
// with a digit that is not 0, or is empty for zero; it may hold one '.', which does not count.
typedef struct Number {
    bool negative; // never for zero
    Str digits;
    uint64_t count;   // of digits, the '.' left out
    int64_t exponent; // of the last digit; what is written after the 'e' is cut to +-10^17
} Number;

// Reads a decimal number as JSON or YAML 1.2's core schema writes it ("+1", ".5" and "1." too).
// Returns false for anything else.
bool number_parse(Str text, Number *ret_number);

// Negative, 0 or positive, exactly.
int number_compare(const Number *a, const Number *b);

// True for 1, 1.0 and 10e-1.
bool number_is_integer(const Number *number);

// True where the divisor, a positive number, fits number_is_multiple.
bool number_is_divisor(const Number *divisor);

// True where number / divisor is an integer, exactly.
bool number_is_multiple(const Number *number, const Number *divisor);

// An integer from 0 up, cut to UINT64_MAX; 0 for negative numbers; fractions are cut off.
uint64_t number_to_u64(const Number *number);

// The nearest double, or nearly so for numbers of more than 40 digits.
double number_to_double(const Number *number);

// A text that is the same for all ways to write one value.
void number_write_canonical(const Number *number, StrBuf *out);

#endif
