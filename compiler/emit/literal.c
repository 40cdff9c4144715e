#include "emit/literal.h"

#include <string.h>

static bool begins_expression(char c) {
    return c == '$' || c == '%';
}

// `$${` stands for `${`. A run of such characters before the brace is written as expressions but
// for the last, since readers take them two by two.
static void add_run(StrBuf *out, Str run, bool before_brace) {
    if (!before_brace || run.length == 0) {
        strbuf_add(out, run);
        return;
    }
    for (size_t i = 0; i + 1 < run.length; i++) strbuf_add_format(out, "${\"%c\"}", run.data[i]);
    strbuf_add_byte(out, run.data[run.length - 1]);
    strbuf_add_byte(out, run.data[run.length - 1]);
}

Str literal_terraform(Arena *arena, Str text) {
    StrBuf out = strbuf_new(arena);
    for (size_t at = 0; at < text.length;) {
        size_t end = at;
        while (end < text.length && begins_expression(text.data[end])) end++;
        add_run(&out, str_slice(text, at, end), end < text.length && text.data[end] == '{');
        at = end;
        while (at < text.length && !begins_expression(text.data[at])) at++;
        strbuf_add(&out, str_slice(text, end, at));
    }
    return strbuf_str(&out);
}

static bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

Str literal_query(Arena *arena, Str text) {
    StrBuf out = strbuf_new(arena);
    for (size_t i = 0; i < text.length; i++) {
        if (is_unreserved(text.data[i]))
            strbuf_add_byte(&out, text.data[i]);
        else
            strbuf_add_format(&out, "%%%02X", (unsigned)(unsigned char)text.data[i]);
    }
    return strbuf_str(&out);
}
