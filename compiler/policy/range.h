// Ranges of what has an order: numbers, points in time, IP addresses. A Range points into the texts
// that it was made from.
#ifndef SPOTC_POLICY_RANGE_H
#define SPOTC_POLICY_RANGE_H

#include "model/operator.h"
#include "policy/date.h"
#include "policy/network.h"
#include "read/number.h"

// One of the three, the others as they are by default; the addresses of IPv6 come
// after those of IPv4.
typedef struct Point {
    Number number;
    Date date;
    unsigned width; // bits of an address
    unsigned char address[ADDRESS_BYTES];
} Point;

typedef enum RangeLimit { LIMIT_NONE, LIMIT_OPEN, LIMIT_CLOSED } RangeLimit;

typedef struct Range {
    Point low, high;
    RangeLimit low_limit, high_limit;
    bool is_network; // of addresses
} Range;

typedef VEC(Range) RangeVec;

// The range that one value of an operator stands for. False where the text is no number, no date or
// no address with or without a prefix length.
bool range_parse(const Operator *operator, Str text, Range *ret_range);

// Sorts, and joins those that meet.
void ranges_normalise(RangeVec *ranges);

// Whether each of `part` lies in one of `whole`, and whether none of either meets one of the other.
// Both must be normalised.
bool ranges_cover(const RangeVec *whole, const RangeVec *part);
bool ranges_are_disjoint(const RangeVec *a, const RangeVec *b);

#endif
