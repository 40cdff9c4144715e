#include "base/json_string.h"

static void add_escaped(StrBuf *out, unsigned char c) {
    static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    for (size_t i = 0; i + 1 < sizeof shorts; i += 2) {
        if ((unsigned char)shorts[i] == c) {
            strbuf_add_byte(out, '\\');
            strbuf_add_byte(out, shorts[i + 1]);
            return;
        }
    }
    strbuf_add_format(out, "\\u%04X", c);
}

void json_add_string(StrBuf *out, Str s) {
    strbuf_add_byte(out, '"');
    for (size_t begin = 0; begin < s.length;) {
        size_t end = begin;
        while (end < s.length && (unsigned char)s.data[end] >= 0x20 && s.data[end] != '"' &&
               s.data[end] != '\\')
            end++;
        strbuf_add(out, str_slice(s, begin, end));
        if (end < s.length) add_escaped(out, (unsigned char)s.data[end++]);
        begin = end;
    }
    strbuf_add_byte(out, '"');
}
