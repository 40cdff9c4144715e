#include "read/scalar.h"

#include <inttypes.h>

static bool is_one_of(Str text, const char *const *words) {
    for (; *words != NULL; words++) {
        if (str_equal(text, str_of(*words))) return true;
    }
    return false;
}

static size_t skip_digits(Str text, size_t at) {
    while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9') at++;
    return at;
}

static size_t skip_sign(Str text, size_t at) {
    return at < text.length && (text.data[at] == '-' || text.data[at] == '+') ? at + 1 : at;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
static bool is_decimal(Str text) {
    size_t begin = skip_sign(text, 0);
    size_t at = skip_digits(text, begin);
    bool has_integer = at > begin;
    if (at < text.length && text.data[at] == '.') {
        size_t fraction = at + 1;
        at = skip_digits(text, fraction);
        if (!has_integer && at == fraction) return false;
    } else if (!has_integer) {
        return false;
    }
    if (at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
        size_t exponent = skip_sign(text, at + 1);
        at = skip_digits(text, exponent);
        if (at == exponent) return false;
    }
    return at == text.length;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

// 16 for 0x…, 8 for 0o…, 0 for all else.
static unsigned based(Str text) {
    unsigned base = str_starts_with(text, STR("0x"))   ? 16
                    : str_starts_with(text, STR("0o")) ? 8
                                                       : 0;
    if (base == 0 || text.length == 2) return 0;
    for (size_t i = 2; i < text.length; i++) {
        if (digit_value(text.data[i]) >= (int)base) return 0;
    }
    return base;
}

NodeKind scalar_kind(Str text) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const booleans[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    static const char *const not_finite[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                             "+.INF", "-.inf", "-.Inf", "-.INF", ".nan",
                                             ".NaN",  ".NAN",  NULL};
    if (text.length == 0) return NODE_NULL;
    char first = text.data[0];
    bool number_like =
        (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
    if (number_like) {
        if (is_decimal(text) || based(text) != 0) return NODE_NUMBER;
        return is_one_of(text, not_finite) ? NODE_NONE : NODE_STRING;
    }
    if (text.length > 5) return NODE_STRING;
    if (is_one_of(text, nulls)) return NODE_NULL;
    return is_one_of(text, booleans) ? NODE_BOOLEAN : NODE_STRING;
}

bool scalar_number(Arena *arena, Str text, Str *ret_number) {
    unsigned base = based(text);
    if (base == 0) {
        *ret_number = text;
        return true;
    }
    uint64_t value = 0;
    for (size_t i = 2; i < text.length; i++) {
        if (value > UINT64_MAX / base) return false;
        value = value * base + (unsigned)digit_value(text.data[i]);
    }
    *ret_number = str_format(arena, "%" PRIu64, value);
    return true;
}
