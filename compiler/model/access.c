#include "model/access.h"

const char access_level_letters[] = {
#define ACCESS_LEVEL_LETTER(id, letter, name) letter,
    ACCESS_LEVELS(ACCESS_LEVEL_LETTER)
#undef ACCESS_LEVEL_LETTER
        '\0'};

const char *const access_level_names[] = {
#define ACCESS_LEVEL_NAME(id, letter, name) name,
    ACCESS_LEVELS(ACCESS_LEVEL_NAME)
#undef ACCESS_LEVEL_NAME
};

const char *const key_type_names[] = {
#define KEY_TYPE_NAME(id, name) name,
    KEY_TYPES(KEY_TYPE_NAME)
#undef KEY_TYPE_NAME
};

Str access_levels_text(Arena *arena, AccessLevels levels) {
    StrBuf text = strbuf_new(arena);
    for (unsigned i = 0; i < ACCESS_LEVEL_COUNT; i++) {
        if ((levels & 1u << i) == 0) continue;
        if (text.length > 0) strbuf_add(&text, STR(", "));
        strbuf_add(&text, str_of(access_level_names[i]));
    }
    return strbuf_str(&text);
}
