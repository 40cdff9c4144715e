#include "diag/escape.h"

#include <string.h>

#include "base/utf8.h"

// Characters above ASCII that are not seen, but change how the text around them looks.
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x80, 0x9F},     // C1 controls
    {0x61C, 0x61C},   // Arabic letter mark
    {0x200E, 0x200F}, // left-to-right and right-to-left mark
    {0x2028, 0x2029}, // line and paragraph separator
    {0x202A, 0x202E}, // bidirectional embeddings and overrides
    {0x2066, 0x2069}, // bidirectional isolates
    {0xFEFF, 0xFEFF}, // byte order mark
};

static bool is_hidden(uint32_t code) {
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        if (code >= hidden[i].first && code <= hidden[i].last) return true;
    }
    return false;
}

size_t escape_character(StrBuf *out, Str s, size_t at) {
    uint32_t code = 0;
    size_t length = utf8_decode(s, at, &code);
    if (length == 0 || code < 0x20 || code == 0x7F) {
        strbuf_add_format(out, "\\x%02x", (unsigned)(unsigned char)s.data[at]);
        return 1;
    }
    if (is_hidden(code))
        strbuf_add_format(out, "\\u{%x}", (unsigned)code);
    else
        strbuf_add(out, str_slice(s, at, at + length));
    return length;
}

void escape_text(StrBuf *out, Str s, const char *plain) {
    for (size_t at = 0; at < s.length;) {
        char c = s.data[at];
        if (c != '\0' && strchr(plain, c) != NULL) {
            strbuf_add_byte(out, c);
            at++;
        } else {
            at += escape_character(out, s, at);
        }
    }
}
