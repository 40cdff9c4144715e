#include "base/format.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static_assert(_Generic((size_t)0, uintmax_t : true, default : false), "z stands for j");

// In base 8, with a sign.
enum { MOST_DIGITS = 24, LONG_LONG = 'L' };

// Where the text goes, and the arguments that are left.
typedef struct Format {
    char *text; // or NULL
    size_t length;
    va_list args;
} Format;

// One conversion: what stands between `%` and the next text.
typedef struct Conversion {
    bool left;
    char fill;
    size_t width;
    bool is_exact;
    size_t precision; // where it is exact
    char size;        // 0, or as `l`, `z`, `j`; LONG_LONG for `ll`
    char kind;
} Conversion;

static void put(Format *f, const char *bytes, size_t count) {
    if (f->text != NULL && count != 0) memcpy(f->text + f->length, bytes, count);
    f->length += count;
}

static void fill(Format *f, char c, size_t count) {
    if (f->text != NULL) memset(f->text + f->length, c, count);
    f->length += count;
}

static const char *read_number(Format *f, const char *at, size_t *ret_number) {
    *ret_number = 0;
    if (*at == '*') {
        int given = va_arg(f->args, int);
        *ret_number = given < 0 ? 0 : (size_t)given;
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; at++) *ret_number = *ret_number * 10 + (size_t)(*at - '0');
    return at;
}

// Reads on from behind `%`.
static const char *read_conversion(Format *f, const char *at, Conversion *ret_conversion) {
    Conversion c = {.fill = ' '};
    for (; *at == '-' || *at == '0'; at++) {
        c.left |= *at == '-';
        if (*at == '0') c.fill = '0';
    }
    at = read_number(f, at, &c.width);
    c.is_exact = *at == '.';
    if (c.is_exact) at = read_number(f, at + 1, &c.precision);
    for (; *at == 'l' || *at == 'z' || *at == 'j'; at++) c.size = c.size == 'l' ? LONG_LONG : *at;
    c.kind = *at;
    *ret_conversion = c;
    return at + 1;
}

static void put_padded(Format *f, const Conversion *c, const char *bytes, size_t count) {
    size_t rest = c->width > count ? c->width - count : 0;
    if (!c->left) fill(f, ' ', rest);
    put(f, bytes, count);
    if (c->left) fill(f, ' ', rest);
}

static void put_number(Format *f, const Conversion *c, const char *sign, uint64_t number) {
    const char *all = c->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = c->kind == 'o' ? 8 : c->kind == 'd' || c->kind == 'u' ? 10 : 16;
    char digits[MOST_DIGITS];
    size_t from = sizeof digits, before = strlen(sign);
    do digits[--from] = all[number % base];
    while ((number /= base) != 0);
    size_t count = sizeof digits - from + before;
    if (c->fill == '0' && !c->left) {
        put(f, sign, before);
        fill(f, '0', c->width > count ? c->width - count : 0);
        put(f, &digits[from], count - before);
    } else {
        while (before > 0) digits[--from] = sign[--before];
        put_padded(f, c, &digits[from], count);
    }
}

static int64_t take_signed(Format *f, char size) {
    switch (size) {
    case 'l':
        return va_arg(f->args, long);
    case LONG_LONG:
        return va_arg(f->args, long long);
    case 'j':
    case 'z':
        return va_arg(f->args, intmax_t);
    default:
        return va_arg(f->args, int);
    }
}

static uint64_t take_unsigned(Format *f, char size) {
    switch (size) {
    case 'l':
        return va_arg(f->args, unsigned long);
    case LONG_LONG:
        return va_arg(f->args, unsigned long long);
    case 'j':
    case 'z':
        return va_arg(f->args, uintmax_t);
    default:
        return va_arg(f->args, unsigned);
    }
}

static void put_signed(Format *f, const Conversion *c) {
    int64_t number = take_signed(f, c->size);
    put_number(f, c, number < 0 ? "-" : "", number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static void put_text(Format *f, const Conversion *c) {
    const char *text = va_arg(f->args, const char *);
    put_padded(f, c, text, c->is_exact ? c->precision : strlen(text));
}

static void put_converted(Format *f, const Conversion *c) {
    switch (c->kind) {
    case 's':
        put_text(f, c);
        break;
    case 'c':
        put_padded(f, c, (const char[]){(char)va_arg(f->args, int)}, 1);
        break;
    case 'd':
        put_signed(f, c);
        break;
    case 'p':
        put_number(f, c, "0x", (uintptr_t)va_arg(f->args, void *));
        break;
    case '%':
        put(f, "%", 1);
        break;
    default:
        assert(c->kind == 'u' || c->kind == 'x' || c->kind == 'X' || c->kind == 'o');
        put_number(f, c, "", take_unsigned(f, c->size));
    }
}

size_t format_text(char *text, const char *format, va_list args) {
    Format f;
    f.text = text;
    f.length = 0;
    va_copy(f.args, args);
    while (*format != '\0') {
        Conversion conversion;
        size_t plain = strcspn(format, "%");
        put(&f, format, plain);
        format += plain;
        if (*format == '\0') break;
        format = read_conversion(&f, format + 1, &conversion);
        put_converted(&f, &conversion);
    }
    va_end(f.args);
    return f.length;
}
