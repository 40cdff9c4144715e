#include "policy/range.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

// --- values to points --------------------------------------------------------------------------

// Days from 1970-01-01 in the Gregorian calendar, for years from 1 on.
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    int64_t shifted = month > 2 ? year : year - 1; // years begin in March, leap days end them
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 +
           (153 * month_from_march + 2) / 5 + day - 1 - 719468;
}

// `count` digits at *at, which is moved behind them.
static bool take_digits(Str text, size_t *at, size_t count, int64_t *ret_value) {
    uint64_t value = 0;
    if (*at + count > text.length || !str_to_u64(str_slice(text, *at, *at + count), &value))
        return false;
    *at += count;
    *ret_value = (int64_t)value;
    return true;
}

static bool take_byte(Str text, size_t *at, char c) {
    if (*at >= text.length || text.data[*at] != c) return false;
    ++*at;
    return true;
}

// "Z", "+02:00" or nothing; the seconds that local time is ahead.
static bool take_zone(Str text, size_t *at, int64_t *ret_seconds) {
    int64_t hours = 0, minutes = 0;
    *ret_seconds = 0;
    if (*at == text.length || take_byte(text, at, 'Z')) return true;
    bool behind = take_byte(text, at, '-');
    if (!behind && !take_byte(text, at, '+')) return false;
    if (!take_digits(text, at, 2, &hours)) return false;
    (void)take_byte(text, at, ':');
    if (*at < text.length && !take_digits(text, at, 2, &minutes)) return false;
    *ret_seconds = (behind ? -1 : 1) * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

// What follows the day: "T10:00", "T10:00:30", "T10:00:30.5", and the zone.
static bool take_time(Str text, size_t *at, int64_t *ret_seconds, Str *ret_fraction) {
    int64_t hours = 0, minutes = 0, seconds = 0, zone = 0;
    if (*at < text.length && take_byte(text, at, 'T')) {
        if (!take_digits(text, at, 2, &hours) || !take_byte(text, at, ':') ||
            !take_digits(text, at, 2, &minutes))
            return false;
        if (take_byte(text, at, ':') && !take_digits(text, at, 2, &seconds)) return false;
        size_t begin = *at;
        if (take_byte(text, at, '.'))
            while (*at < text.length && text.data[*at] >= '0' && text.data[*at] <= '9') ++*at;
        *ret_fraction = str_slice(text, begin, *at);
    }
    if (hours > 23 || minutes > 59 || seconds > 59 || !take_zone(text, at, &zone)) return false;
    *ret_seconds = hours * 3600 + minutes * 60 + seconds - zone;
    return *at == text.length;
}

// ISO 8601 as W3C profiles it, in seconds since 1970. The years from 1970 on keep a fraction
// simple.
static bool date_parse(Arena *arena, Str text, Number *ret_number) {
    int64_t year = 0, month = 1, day = 1, seconds = 0;
    size_t at = 0;
    Str fraction = {0};
    if (number_parse(text, ret_number)) return text.length != 4;
    if (!take_digits(text, &at, 4, &year) || year < 1970) return false;
    if (take_byte(text, &at, '-') && !take_digits(text, &at, 2, &month)) return false;
    if (take_byte(text, &at, '-') && !take_digits(text, &at, 2, &day)) return false;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    if (!take_time(text, &at, &seconds, &fraction)) return false;
    int64_t total = days_of(year, month, day) * 86400 + seconds;
    if (total < 0) return false;
    Str number = str_format(arena, "%lld%.*s", (long long)total, STR_ARG(fraction));
    return number_parse(number, ret_number);
}

// Sets the bits of an address behind its prefix.
static void fill_address(unsigned char *address, size_t bytes, uint64_t prefix, bool ones) {
    for (size_t bit = (size_t)prefix; bit < bytes * 8; bit++) {
        unsigned char mask = (unsigned char)(0x80U >> bit % 8);
        if (ones)
            address[bit / 8] |= mask;
        else
            address[bit / 8] &= (unsigned char)~mask;
    }
}

// "203.0.113.0/24", "2001:db8::/32", or an address alone.
static bool network_parse(Arena *arena, Str text, Range *ret_range) {
    size_t slash = str_find_byte(text, '/', 0);
    bool is_v6 = str_find_byte(text, ':', 0) < text.length;
    size_t bytes = is_v6 ? 16 : 4;
    uint64_t prefix = bytes * 8;
    Range range = {.low_limit = LIMIT_CLOSED, .high_limit = LIMIT_CLOSED};
    if (slash < text.length && !str_to_u64(str_slice(text, slash + 1, text.length), &prefix))
        return false;
    const char *address = str_to_c(arena, str_slice(text, 0, slash));
    range.low.address[0] = is_v6;
    if (prefix > bytes * 8 ||
        inet_pton(is_v6 ? AF_INET6 : AF_INET, address, &range.low.address[1]) != 1)
        return false;
    range.high = range.low;
    fill_address(&range.low.address[1], bytes, prefix, false);
    fill_address(&range.high.address[1], bytes, prefix, true);
    *ret_range = range;
    return true;
}

bool range_parse(Arena *arena, const Operator *operator, Str text, Range *ret_range) {
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
    if (operator->family == FAMILY_IP) return network_parse(arena, text, ret_range);
    if (operator->family == FAMILY_DATE ? !date_parse(arena, text, &point.number)
                                        : !number_parse(text, &point.number))
        return false;
    *ret_range = (Range){point, point, limits[operator->comparison].low,
                         limits[operator->comparison].high};
    return true;
}

// --- ranges --------------------------------------------------------------------------------------

static int compare_points(const Point *a, const Point *b) {
    int order = memcmp(a->address, b->address, ADDRESS_BYTES);
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
    size_t i = a->high.address[0] != 0 ? 16 : 4;
    if (b->low.number.count != 0 || a->high.number.count != 0) return false;
    memcpy(next, a->high.address, ADDRESS_BYTES);
    while (i > 0 && ++next[i] == 0) i--;
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
