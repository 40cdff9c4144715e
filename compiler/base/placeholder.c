#include "base/placeholder.h"

static Str trim(Str s) {
    size_t from = 0, to = s.length;
    while (from < to && s.data[from] == ' ') from++;
    while (to > from && s.data[to - 1] == ' ') to--;
    return str_slice(s, from, to);
}

bool text_next_part(Str text, size_t *at, TextPart *ret_part) {
    if (*at >= text.length) return false;
    size_t open = str_find(text, STR("${{"), *at);
    if (open > *at) {
        *ret_part = (TextPart){str_slice(text, *at, open), false};
        *at = open;
        return true;
    }
    size_t close = str_find(text, STR("}}"), open + 3);
    bool closed = close < text.length;
    *ret_part = (TextPart){closed ? trim(str_slice(text, open + 3, close)) : (Str){0}, true};
    *at = closed ? close + 2 : text.length;
    return true;
}

bool text_is_placeholder(Str text, Str *ret_inner) {
    size_t at = 0;
    TextPart part;
    if (!text_next_part(text, &at, &part) || !part.is_placeholder || at != text.length)
        return false;
    *ret_inner = part.text;
    return true;
}
