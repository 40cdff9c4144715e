#include "model/symbol.h"

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Where the name ends that a text begins with; 0 where it begins with none.
static size_t name_end(Str text) {
    static const Str pseudo = {"AWS::", sizeof "AWS::" - 1};
    size_t at = str_starts_with(text, pseudo) ? pseudo.length : 0;
    size_t begin = at;
    while (at < text.length && is_alphanumeric(text.data[at])) at++;
    if (at == begin) return 0;
    if (at == text.length || text.data[at] != '.') return at;
    // Attributes have names such as Endpoint.Address and Outputs.NestedStackOutput.
    for (; at < text.length; at++) {
        char c = text.data[at];
        if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-') break;
    }
    return at;
}

bool symbol_is_name(Str text) {
    return text.length > 0 && name_end(text) == text.length;
}

bool symbol_is_filled_in(Str inner) {
    size_t end = name_end(inner);
    bool is_name = end > 0 && (end == inner.length || inner.data[end] == '=');
    return is_name || str_starts_with(inner, STR("Fn::"));
}

// What stands between the braces of `${...}`, without the `!` that it begins with.
static Str name_between(Str text, size_t open, size_t close) {
    size_t begin = open + 2;
    while (begin < close && text.data[begin] == '!') begin++;
    return str_slice(text, begin, close);
}

Str symbol_escape(Arena *arena, Str text) {
    size_t open = str_find(text, STR("${"), 0), close = 0, done = 0;
    StrBuf out = strbuf_new(arena);
    for (; open < text.length; open = str_find(text, STR("${"), open + 2)) {
        // One brace can be the next for many that open.
        if (close <= open) close = str_find_byte(text, '}', open);
        if (close == text.length) break;
        if (!symbol_is_filled_in(name_between(text, open, close))) continue;
        strbuf_add(&out, str_slice(text, done, open + 2));
        strbuf_add_byte(&out, '!');
        done = open + 2;
    }
    if (done == 0) return text;
    strbuf_add(&out, str_slice(text, done, text.length));
    return strbuf_str(&out);
}
