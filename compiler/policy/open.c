#include "policy/open.h"

#include "model/symbol.h"

// The next part that is filled in, at or after *from, with its braces: *from is moved to where it
// begins. No text: there is none.
static Str next_part(Str action, size_t *from) {
    size_t close = 0;
    for (size_t open = str_find(action, STR("${"), *from); open < action.length;
         open = str_find(action, STR("${"), open + 2)) {
        // One brace can be the next for many that open.
        if (close <= open) close = str_find_byte(action, '}', open);
        if (close == action.length) break;
        *from = open;
        if (symbol_is_filled_in(str_slice(action, open + 2, close)))
            return str_slice(action, open, close + 1);
    }
    return (Str){0};
}

bool action_is_open(Str action) {
    size_t at = 0;
    return next_part(action, &at).length > 0;
}

Str action_widest(Arena *arena, Str action) {
    StrBuf out = strbuf_new(arena);
    size_t at = 0, done = 0;
    for (Str part = next_part(action, &at); part.length > 0; part = next_part(action, &at)) {
        strbuf_add(&out, str_slice(action, done, at));
        strbuf_add_byte(&out, '*');
        at += part.length;
        done = at;
    }
    strbuf_add(&out, str_slice(action, done, action.length));
    return strbuf_str(&out);
}
