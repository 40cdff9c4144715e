#include "policy/range.h"

#include <stdlib.h>
#include <string.h>

// --- values to points ---

// The last address of a network has ones where it does not count.
static Range range_of_network(const Network *network) {
    Range range = {.low_limit = LIMIT_CLOSED, .high_limit = LIMIT_CLOSED, .is_network = true};
    Network first;
    (void)network_trim(network, &first);
    range.low.width = range.high.width = network->width;
    memcpy(range.low.address, first.bytes, ADDRESS_BYTES);
    memcpy(range.high.address, first.bytes, ADDRESS_BYTES);
    for (unsigned bit = network->bits; bit < network->width; bit++)
        range.high.address[bit / 8] |= (unsigned char)(0x80U >> bit % 8);
    return range;
}

bool range_parse(const Operator *operator, Str text, Range *ret_range) {
    static const struct {
        RangeLimit low, high;
    } limits[COMPARISON_COUNT] = {
        [COMPARE_EQUALS] = {LIMIT_CLOSED, LIMIT_CLOSED},
        [COMPARE_LESS] = {LIMIT_NONE, LIMIT_OPEN},
        [COMPARE_LESS_OR_EQUALS] = {LIMIT_NONE, LIMIT_CLOSED},
        [COMPARE_GREATER] = {LIMIT_OPEN, LIMIT_NONE},
        [COMPARE_GREATER_OR_EQUALS] = {LIMIT_CLOSED, LIMIT_NONE},
    };
    Point point = {0};
    bool is_date = operator->family == FAMILY_DATE;
    Network network;
    if (operator->family == FAMILY_IP) {
        if (!network_parse(text, &network)) return false;
        *ret_range = range_of_network(&network);
        return true;
    }
    if (!(is_date ? date_parse(text, &point.date) : number_parse(text, &point.number)))
        return false;
    *ret_range = (Range){.low = point,
                         .high = point,
                         .low_limit = limits[operator->comparison].low,
                         .high_limit = limits[operator->comparison].high};
    return true;
}

// --- ranges ---

static int compare_points(const Point *a, const Point *b) {
    if (a->width != b->width) return a->width < b->width ? -1 : 1;
    int order = memcmp(a->address, b->address, ADDRESS_BYTES);
    if (order == 0) order = date_compare(&a->date, &b->date);
    return order != 0 ? order : number_compare(&a->number, &b->number);
}

// Which begins first: one without a beginning, then by the point, a closed end before an open one.
static int compare_lows(const void *left, const void *right) {
    const Range *a = left, *b = right;
    if (a->low_limit == LIMIT_NONE || b->low_limit == LIMIT_NONE)
        return (b->low_limit == LIMIT_NONE) - (a->low_limit == LIMIT_NONE);
    int order = compare_points(&a->low, &b->low);
    return order != 0 ? order : (a->low_limit == LIMIT_OPEN) - (b->low_limit == LIMIT_OPEN);
}

// Which ends last.
static int compare_highs(const Range *a, const Range *b) {
    if (a->high_limit == LIMIT_NONE || b->high_limit == LIMIT_NONE)
        return (a->high_limit == LIMIT_NONE) - (b->high_limit == LIMIT_NONE);
    int order = compare_points(&a->high, &b->high);
    return order != 0 ? order : (b->high_limit == LIMIT_OPEN) - (a->high_limit == LIMIT_OPEN);
}

// Whether `b`, which does not begin before `a`, begins past the end of `a`.
static bool begins_after(const Range *a, const Range *b) {
    if (a->high_limit == LIMIT_NONE || b->low_limit == LIMIT_NONE) return false;
    int order = compare_points(&a->high, &b->low);
    return order < 0 || (order == 0 && (a->high_limit == LIMIT_OPEN || b->low_limit == LIMIT_OPEN));
}

// Whether `b` begins at the very address that follows the last of `a`.
static bool follows_address(const Range *a, const Range *b) {
    unsigned char next[ADDRESS_BYTES];
    size_t i = a->high.width / 8;
    if (!a->is_network || a->high.width != b->low.width) return false;
    memcpy(next, a->high.address, ADDRESS_BYTES);
    while (i > 0 && ++next[i - 1] == 0) i--;
    return i > 0 && memcmp(next, b->low.address, ADDRESS_BYTES) == 0;
}

static bool meets(const Range *a, const Range *b) {
    if (!begins_after(a, b)) return true;
    bool same_point = compare_points(&a->high, &b->low) == 0;
    if (same_point) return a->high_limit == LIMIT_CLOSED || b->low_limit == LIMIT_CLOSED;
    return a->high_limit == LIMIT_CLOSED && b->low_limit == LIMIT_CLOSED && follows_address(a, b);
}

void ranges_normalise(RangeVec *ranges) {
    if (ranges->count < 2) return;
    size_t kept = 0;
    qsort(ranges->items, ranges->count, sizeof *ranges->items, compare_lows);
    for (size_t i = 1; i < ranges->count; i++) {
        Range *last = &ranges->items[kept];
        const Range *next = &ranges->items[i];
        if (!meets(last, next)) {
            ranges->items[++kept] = *next;
        } else if (compare_highs(next, last) > 0) {
            last->high = next->high;
            last->high_limit = next->high_limit;
        }
    }
    ranges->count = kept + 1;
}

bool ranges_cover(const RangeVec *whole, const RangeVec *part) {
    size_t w = 0;
    for (size_t p = 0; p < part->count; p++) {
        const Range *range = &part->items[p];
        while (w < whole->count && compare_highs(&whole->items[w], range) < 0) w++;
        if (w == whole->count || compare_lows(&whole->items[w], range) > 0) return false;
    }
    return true;
}

bool ranges_are_disjoint(const RangeVec *a, const RangeVec *b) {
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const Range *x = &a->items[i], *y = &b->items[k];
        bool x_first = compare_lows(x, y) <= 0;
        if (!(x_first ? begins_after(x, y) : begins_after(y, x))) return false;
        if (x_first)
            i++;
        else
            k++;
    }
    return true;
}
