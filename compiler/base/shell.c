#include "base/shell.h"

#include <string.h>

Str shell_quoted(Arena *arena, Str word) {
    StrBuf buf = strbuf_new(arena);
    strbuf_add_byte(&buf, '\'');
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\'')
            strbuf_add(&buf, STR("'\\''"));
        else
            strbuf_add_byte(&buf, word.data[i]);
    }
    strbuf_add_byte(&buf, '\'');
    return strbuf_str(&buf);
}

// What no shell gives a meaning, at whatever place in a word.
static bool is_plain(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_./:@%+,=", c) != NULL);
}

Str shell_word(Arena *arena, Str word) {
    bool plain = word.length != 0;
    for (size_t i = 0; i < word.length; i++) plain &= is_plain(word.data[i]);
    return plain ? word : shell_quoted(arena, word);
}
