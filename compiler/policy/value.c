#include "policy/value.h"

#include <assert.h>
#include <string.h>

#include "policy/date.h"
#include "policy/network.h"
#include "read/number.h"

// Negative, 0 or positive in *ret_order; false where a text is not of that kind.
typedef bool OrderTexts(Str a, Str b, int *ret_order);

static bool order_numbers(Str a, Str b, int *ret_order) {
    Number x, y;
    if (!number_parse(a, &x) || !number_parse(b, &y)) return false;
    *ret_order = number_compare(&x, &y);
    return true;
}

static bool order_dates(Str a, Str b, int *ret_order) {
    Date x, y;
    if (!date_parse(a, &x) || !date_parse(b, &y)) return false;
    *ret_order = date_compare(&x, &y);
    return true;
}

static bool order_holds(Comparison comparison, int order) {
    switch (comparison) {
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_LESS_OR_EQUALS:
        return order <= 0;
    case COMPARE_GREATER:
        return order > 0;
    case COMPARE_GREATER_OR_EQUALS:
        return order >= 0;
    default:
        return order == 0;
    }
}

static Truth compare_ordered(OrderTexts *order_texts, Comparison comparison, Str policy,
                             Str request) {
    int order = 0;
    if (!order_texts(request, policy, &order)) return TRUTH_UNKNOWN;
    return truth_of(order_holds(comparison, order));
}

static int base64_digit(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

// RFC 4648, with or without the padding.
static bool base64_decode(Arena *arena, Str text, Str *ret_bytes) {
    StrBuf bytes = strbuf_new(arena);
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t length = text.length;
    while (length > 0 && text.length - length < 2 && text.data[length - 1] == '=') length--;
    if ((length < text.length && text.length % 4 != 0) || length % 4 == 1) return false;
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(text.data[i]);
        if (digit < 0) return false;
        bits = (bits << 6 | (uint32_t)digit) & 0xFFFFFF;
        bit_count += 6;
        if (bit_count < 8) continue;
        bit_count -= 8;
        strbuf_add_byte(&bytes, (char)(bits >> bit_count & 0xFF));
    }
    *ret_bytes = strbuf_str(&bytes);
    return true;
}

static Truth compare_binary(Arena *arena, Str policy, Str request) {
    Str a, b;
    if (!base64_decode(arena, policy, &a) || !base64_decode(arena, request, &b))
        return TRUTH_UNKNOWN;
    return truth_of(str_equal(a, b));
}

static Truth compare_addresses(Str policy, Str request) {
    Network network, address;
    if (!network_parse(policy, &network) || !network_parse(request, &address)) return TRUTH_UNKNOWN;
    return truth_of(network_holds(&network, &address));
}

Truth value_compare(Arena *arena, const Operator *operator, Str policy, Str request) {
    switch (operator->family) {
    case FAMILY_NUMERIC:
        return compare_ordered(order_numbers, operator->comparison, policy, request);
    case FAMILY_DATE:
        return compare_ordered(order_dates, operator->comparison, policy, request);
    case FAMILY_BINARY:
        return compare_binary(arena, policy, request);
    case FAMILY_IP:
        return compare_addresses(policy, request);
    default:
        assert(false); // texts and ARNs are matched, Null has no value to compare
        return TRUTH_UNKNOWN;
    }
}
