#include "policy/date.h"

// What is left to read.
typedef struct Reader {
    Str rest;
    bool ok;
} Reader;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool at(const Reader *r, char c) {
    return r->rest.length > 0 && r->rest.data[0] == c;
}

static bool skip(Reader *r, char c) {
    if (!at(r, c)) return false;
    r->rest = str_slice(r->rest, 1, r->rest.length);
    return true;
}

static void expect(Reader *r, char c) {
    if (!skip(r, c)) r->ok = false;
}

// A number of just so many digits, from least to most.
static int64_t take(Reader *r, size_t digits, int64_t least, int64_t most) {
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i >= r->rest.length || !is_digit(r->rest.data[i])) {
            r->ok = false;
            return least;
        }
        value = value * 10 + (r->rest.data[i] - '0');
    }
    r->rest = str_slice(r->rest, digits, r->rest.length);
    if (value < least || value > most) r->ok = false;
    return value;
}

static Str take_fraction(Reader *r) {
    size_t length = 0;
    while (length < r->rest.length && is_digit(r->rest.data[length])) length++;
    Str digits = str_slice(r->rest, 0, length);
    if (length == 0) r->ok = false;
    r->rest = str_slice(r->rest, length, r->rest.length);
    while (length > 0 && digits.data[length - 1] == '0') length--;
    return str_slice(digits, 0, length);
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_of_month(int64_t year, int64_t month) {
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

// Days from 1970-01-01 to the first of January of a year from 0 on.
static int64_t days_to_year(int64_t year) {
    int64_t before = year - 1; // the years 0 to `before` are over
    int64_t leaps = year == 0 ? 0 : before / 4 - before / 100 + before / 400 + 1;
    return year * 365 + leaps - 719528;
}

static int64_t take_date(Reader *r) {
    int64_t year = take(r, 4, 0, 9999), month = 1, day = 1;
    if (r->ok && skip(r, '-')) {
        month = take(r, 2, 1, 12);
        if (r->ok && skip(r, '-')) day = take(r, 2, 1, days_of_month(year, month));
    }
    if (!r->ok) return 0;
    int64_t days = days_to_year(year) + day - 1;
    for (int64_t m = 1; m < month; m++) days += days_of_month(year, m);
    return days;
}

// "Z", "+02:00": how many seconds local time is ahead of UTC.
static int64_t take_zone(Reader *r) {
    int64_t sign = at(r, '-') ? -1 : 1;
    if (skip(r, 'Z')) return 0;
    if (!skip(r, '-')) expect(r, '+');
    int64_t hours = take(r, 2, 0, 23);
    expect(r, ':');
    int64_t minutes = take(r, 2, 0, 59);
    return sign * (hours * 3600 + minutes * 60);
}

static int64_t take_time(Reader *r, Str *ret_fraction) {
    int64_t hours = take(r, 2, 0, 23);
    expect(r, ':');
    int64_t minutes = take(r, 2, 0, 59), seconds = 0;
    if (skip(r, ':')) {
        seconds = take(r, 2, 0, 59);
        if (skip(r, '.')) *ret_fraction = take_fraction(r);
    }
    return hours * 3600 + minutes * 60 + seconds - take_zone(r);
}

static bool parse_iso(Str text, Date *ret_date) {
    Reader r = {text, true};
    Date date = {0};
    date.seconds = take_date(&r) * 86400;
    bool is_whole_date = text.length - r.rest.length == sizeof "YYYY-MM-DD" - 1;
    if (r.ok && is_whole_date && skip(&r, 'T')) date.seconds += take_time(&r, &date.fraction);
    if (!r.ok || r.rest.length != 0) return false;
    *ret_date = date;
    return true;
}

// At most 15 digits, which no clock will ever show.
static bool parse_epoch(Str text, Date *ret_date) {
    Reader r = {text, true};
    Date date = {0};
    size_t digits = 0;
    while (digits < text.length && is_digit(text.data[digits])) digits++;
    if (digits == 0 || digits > 15) return false;
    date.seconds = take(&r, digits, 0, INT64_MAX);
    if (skip(&r, '.')) date.fraction = take_fraction(&r);
    if (!r.ok || r.rest.length != 0) return false;
    *ret_date = date;
    return true;
}

bool date_parse(Str text, Date *ret_date) {
    return parse_iso(text, ret_date) || parse_epoch(text, ret_date);
}

int date_compare(const Date *a, const Date *b) {
    if (a->seconds != b->seconds) return a->seconds < b->seconds ? -1 : 1;
    return str_compare(a->fraction, b->fraction);
}
