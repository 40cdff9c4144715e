#include "base/utf8.h"

static bool is_continuation(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

size_t utf8_decode(Str s, size_t at, uint32_t *ret_code_point) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t left = s.length - at;
    if (left == 0) return 0;
    const unsigned char *bytes = (const unsigned char *)s.data + at;
    if (bytes[0] < 0x80) {
        *ret_code_point = bytes[0];
        return 1;
    }
    size_t length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4 || left < length) return 0;
    uint32_t code = bytes[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i])) return 0;
        code = code << 6 | (bytes[i] & 0x3FU);
    }
    if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
    *ret_code_point = code;
    return length;
}

size_t utf8_first_invalid(Str s) {
    uint32_t code;
    for (size_t at = 0; at < s.length;) {
        size_t length = utf8_decode(s, at, &code);
        if (length == 0) return at;
        at += length;
    }
    return s.length;
}

size_t utf8_count(Str s) {
    size_t count = 0;
    for (size_t i = 0; i < s.length; i++) count += !is_continuation((unsigned char)s.data[i]);
    return count;
}

Str utf8_cut(Arena *arena, Str s, size_t most) {
    if (s.length <= most) return s;
    while (most > 0 && ((unsigned char)s.data[most] & 0xC0) == 0x80) most--;
    return str_format(arena, "%.*s…", (int)most, s.data);
}
