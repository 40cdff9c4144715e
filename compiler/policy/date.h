// Points in time as policies write them. A Date points into the text that it was parsed from.
#ifndef SPOTC_POLICY_DATE_H
#define SPOTC_POLICY_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// `seconds` since 1970-01-01T00:00:00Z, and the digits of a fraction of a second beyond them.
typedef struct Date {
    int64_t seconds;
    Str fraction;
} Date;

// Reads a date of W3C's profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime: YYYY, YYYY-MM,
// YYYY-MM-DD, YYYY-MM-DDThh:mmTZD, YYYY-MM-DDThh:mm:ssTZD, with a fraction too) or seconds since
// 1970, as IAM takes them. Four digits are a year. Returns false for anything else.
bool date_parse(Str text, Date *ret_date);

// Negative, 0 or positive.
int date_compare(const Date *a, const Date *b);

#endif
