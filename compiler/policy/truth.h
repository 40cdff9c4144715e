// Answers that may be out of reach: what cannot be shown is neither yes nor no. Owns nothing.
#ifndef SPOTC_POLICY_TRUTH_H
#define SPOTC_POLICY_TRUTH_H

#include <stdbool.h>

// In this order the least of several answers is that of "and", the greatest that of "or".
typedef enum Truth { TRUTH_NO, TRUTH_UNKNOWN, TRUTH_YES } Truth;

static inline Truth truth_of(bool value) {
    return value ? TRUTH_YES : TRUTH_NO;
}

static inline Truth truth_not(Truth a) {
    return (Truth)(TRUTH_YES - a);
}

static inline Truth truth_and(Truth a, Truth b) {
    return a < b ? a : b;
}

static inline Truth truth_or(Truth a, Truth b) {
    return a > b ? a : b;
}

#endif
