#include "read/number.h"

#include <stdio.h>
#include <stdlib.h>

static const int64_t EXPONENT_BOUND = 100000000000000000;

enum { DOUBLE_DIGITS = 40 };

__extension__ typedef unsigned __int128 Wide;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void trim_zeros(Number *number, Str digits) {
    size_t begin = 0, end = digits.length;
    while (begin < end && (digits.data[begin] == '0' || digits.data[begin] == '.')) begin++;
    while (end > begin && (digits.data[end - 1] == '0' || digits.data[end - 1] == '.')) end--;
    number->digits = str_slice(digits, begin, end);
    number->count = number->digits.length;
    if (str_find_byte(number->digits, '.', 0) < number->digits.length) number->count--;
}

// Of the last digit that is not 0, as the point (or the end of the digits) has it.
static int64_t exponent_of_last(Str digits, const Number *number) {
    const char *last = number->digits.data + number->digits.length - 1;
    size_t point = str_find_byte(digits, '.', 0);
    int64_t place = (int64_t)point - (last - digits.data);
    return place > 0 ? place - 1 : place;
}

static bool parse_exponent(Str text, int64_t *ret_exponent) {
    bool negative = text.length > 0 && text.data[0] == '-';
    size_t at = text.length > 0 && (negative || text.data[0] == '+');
    int64_t value = 0;
    if (at == text.length) return false;
    for (; at < text.length; at++) {
        if (!is_digit(text.data[at])) return false;
        if (value < EXPONENT_BOUND) value = value * 10 + (text.data[at] - '0');
    }
    if (value > EXPONENT_BOUND) value = EXPONENT_BOUND;
    *ret_exponent = negative ? -value : value;
    return true;
}

// Length of "12", "1.5", "1." or ".5" at the beginning, or 0.
static size_t mantissa_length(Str text) {
    size_t at = 0, digits = 0;
    bool point = false;
    for (; at < text.length; at++) {
        if (text.data[at] == '.' && !point)
            point = true;
        else if (is_digit(text.data[at]))
            digits++;
        else
            break;
    }
    return digits == 0 ? 0 : at;
}

bool number_parse(Str text, Number *ret_number) {
    bool negative = text.length > 0 && text.data[0] == '-';
    bool has_sign = text.length > 0 && (negative || text.data[0] == '+');
    Str rest = str_slice(text, has_sign, text.length);
    size_t length = mantissa_length(rest);
    if (length == 0) return false;
    int64_t written = 0;
    Str mantissa = str_slice(rest, 0, length);
    if (length < rest.length) {
        if (rest.data[length] != 'e' && rest.data[length] != 'E') return false;
        if (!parse_exponent(str_slice(rest, length + 1, rest.length), &written)) return false;
    }
    Number number = {0};
    trim_zeros(&number, mantissa);
    if (number.count > 0) {
        number.negative = negative;
        number.exponent = exponent_of_last(mantissa, &number) + written;
    }
    *ret_number = number;
    return true;
}

// Digit by digit; the shorter counts as followed by zeros.
static int compare_digits(Str a, Str b) {
    size_t i = 0, j = 0;
    while (i < a.length || j < b.length) {
        if (i < a.length && a.data[i] == '.') i++;
        if (j < b.length && b.data[j] == '.') j++;
        int x = i < a.length ? a.data[i++] : '0';
        int y = j < b.length ? b.data[j++] : '0';
        if (x != y) return x - y;
    }
    return 0;
}

static int compare_magnitude(const Number *a, const Number *b) {
    if (a->count == 0 || b->count == 0) return (a->count != 0) - (b->count != 0);
    int64_t top_a = a->exponent + (int64_t)a->count, top_b = b->exponent + (int64_t)b->count;
    if (top_a != top_b) return top_a < top_b ? -1 : 1;
    return compare_digits(a->digits, b->digits);
}

int number_compare(const Number *a, const Number *b) {
    if (a->negative != b->negative) return a->negative ? -1 : 1;
    int order = compare_magnitude(a, b);
    return a->negative ? -order : order;
}

bool number_is_integer(const Number *number) {
    return number->count == 0 || number->exponent >= 0;
}

// The digits modulo `modulus`, or whole where that is 0 and they fit in 64 bits.
static uint64_t digits_modulo(Str digits, uint64_t modulus) {
    Wide value = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] == '.') continue;
        value = value * 10 + (unsigned)(digits.data[i] - '0');
        if (modulus != 0) value %= modulus;
    }
    return (uint64_t)value;
}

static uint64_t power_of_ten_modulo(uint64_t exponent, uint64_t modulus) {
    Wide result = 1 % modulus, square = 10 % modulus;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1U) result = result * square % modulus;
        square = square * square % modulus;
    }
    return (uint64_t)result;
}

bool number_is_divisor(const Number *divisor) {
    return !divisor->negative && divisor->count >= 1 && divisor->count <= 19;
}

bool number_is_multiple(const Number *number, const Number *divisor) {
    if (number->count == 0) return true;
    // The last digit is not 0, so no power of ten is left to divide by.
    if (number->exponent < divisor->exponent) return false;
    uint64_t modulus = digits_modulo(divisor->digits, 0);
    if (modulus == 0) return false; // no divisor
    uint64_t scale = (uint64_t)(number->exponent - divisor->exponent);
    Wide product =
        (Wide)digits_modulo(number->digits, modulus) * power_of_ten_modulo(scale, modulus);
    return product % modulus == 0;
}

uint64_t number_to_u64(const Number *number) {
    if (number->negative) return 0;
    int64_t whole = (int64_t)number->count + number->exponent; // digits before the point
    if (whole > 20) return number->count == 0 ? 0 : UINT64_MAX;
    Str digits = number->digits;
    Wide value = 0;
    size_t at = 0;
    for (int64_t i = 0; i < whole; i++) {
        if (at < digits.length && digits.data[at] == '.') at++;
        value = value * 10 + (unsigned)(at < digits.length ? digits.data[at++] - '0' : 0);
    }
    return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

double number_to_double(const Number *number) {
    char text[DOUBLE_DIGITS + 32];
    size_t length = 0;
    Str digits = number->digits;
    for (size_t i = 0; i < digits.length && length < DOUBLE_DIGITS; i++) {
        if (digits.data[i] != '.') text[length++] = digits.data[i];
    }
    if (length == 0) text[length++] = '0';
    int64_t exponent = number->exponent + (int64_t)number->count - (int64_t)length;
    (void)snprintf(text + length, sizeof text - length, "e%lld",
                   number->count == 0 ? 0LL : (long long)exponent);
    double magnitude = strtod(text, NULL);
    return number->negative ? -magnitude : magnitude;
}

void number_write_canonical(const Number *number, StrBuf *out) {
    Str digits = number->digits;
    if (number->negative) strbuf_add_byte(out, '-');
    size_t point = str_find_byte(digits, '.', 0);
    strbuf_add(out, str_slice(digits, 0, point));
    strbuf_add(out, str_slice(digits, point + 1, digits.length));
    strbuf_add_format(out, "e%lld", (long long)number->exponent);
}
