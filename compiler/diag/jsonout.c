#include "diag/jsonout.h"

#include "base/utf8.h"

enum { DUMP_FLAGS = JSON_INDENT(2) | JSON_ENSURE_ASCII };

static void release(void *root) {
    json_decref(root);
}

void jsonout_begin(JsonOut *json, Arena *arena, json_t *root) {
    json->root = root;
    guard_begin(&json->guard, arena, release, root);
}

void jsonout_end(JsonOut *json, StrBuf *out) {
    size_t size = json_dumpb(json->root, NULL, 0, DUMP_FLAGS);
    char *text = arena_alloc(out->arena, size);
    (void)json_dumpb(json->root, text, size, DUMP_FLAGS);
    strbuf_add(out, (Str){text, size});
    strbuf_add_byte(out, '\n');
    guard_end(&json->guard);
    json_decref(json->root);
    json->root = NULL;
}

static json_t *attach(json_t *parent, const char *key, json_t *value) {
    if (key == NULL)
        (void)json_array_append_new(parent, value);
    else
        (void)json_object_set_new_nocheck(parent, key, value);
    return value;
}

json_t *jsonout_object(json_t *parent, const char *key) {
    return attach(parent, key, json_object());
}

json_t *jsonout_array(json_t *parent, const char *key) {
    return attach(parent, key, json_array());
}

void jsonout_word(json_t *parent, const char *key, const char *word) {
    (void)attach(parent, key, json_string(word));
}

void jsonout_number(json_t *parent, const char *key, size_t number) {
    (void)attach(parent, key, json_integer((json_int_t)number));
}

void jsonout_true(json_t *parent, const char *key) {
    (void)attach(parent, key, json_true());
}

void jsonout_false(json_t *parent, const char *key) {
    (void)attach(parent, key, json_false());
}

void jsonout_null(json_t *parent, const char *key) {
    (void)attach(parent, key, json_null());
}

static Str to_valid(Arena *arena, Str s) {
    StrBuf valid = strbuf_new(arena);
    uint32_t code = 0;
    for (size_t at = 0; at < s.length;) {
        size_t length = utf8_decode(s, at, &code);
        if (length == 0 || code == 0x7F) {
            strbuf_add_format(&valid, "\\x%02x", (unsigned)(unsigned char)s.data[at]);
            length = 1;
        } else {
            strbuf_add(&valid, str_slice(s, at, at + length));
        }
        at += length;
    }
    return strbuf_str(&valid);
}

void jsonout_text(Arena *arena, json_t *parent, const char *key, Str s) {
    if (utf8_first_invalid(s) != s.length || str_find_byte(s, 0x7F, 0) != s.length)
        s = to_valid(arena, s);
    (void)attach(parent, key, json_stringn_nocheck(s.length == 0 ? "" : s.data, s.length));
}
