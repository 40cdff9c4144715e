#include "emit/json.h"

#include <jansson.h>
#include <string.h>

#include "base/guard.h"
#include "base/utf8.h"

static json_t *number_of(Str text) {
    uint64_t value = 0;
    bool negative = str_starts_with(text, STR("-"));
    if (str_to_u64(str_slice(text, negative, text.length), &value) && value <= INT64_MAX)
        return json_integer(negative ? -(json_int_t)value : (json_int_t)value);
    return NULL;
}

// Rounded, and a zero without sign, as integers have it; what no double can hold stands as the text
// it was. Nothing that spotc emits is any of these.
static json_t *real_of(Node node) {
    Str text = node_text(node);
    double value = node_number(node);
    json_t *real = value < 0 || value > 0 ? json_real(value) : json_integer(0);
    return real != NULL ? real : json_stringn(text.data, text.length);
}

static json_t *json_of(Node node) {
    Str text = node_text(node);
    json_t *result = NULL;
    switch (node_kind(node)) {
    case NODE_NONE:
    case NODE_NULL:
        return json_null();
    case NODE_BOOLEAN:
        return json_boolean(node_is_true(node));
    case NODE_NUMBER:
        result = number_of(text);
        return result != NULL ? result : real_of(node);
    case NODE_STRING:
        return json_stringn(text.data, text.length);
    case NODE_SEQUENCE:
        result = json_array();
        NODE_EACH(child, node) json_array_append_new(result, json_of(child));
        return result;
    case NODE_MAPPING:
        result = json_object();
        NODE_EACH(child, node) {
            Str key = node_key_text(child);
            json_object_setn_new_nocheck(result, key.data, key.length, json_of(child));
        }
        return result;
    }
    return result;
}

static void release(void *value) {
    json_decref(value);
}

// Nothing is allocated by a callback of jansson's: lack of memory would lose what jansson holds.
static Str dump(Arena *arena, Node node, size_t flags) {
    char first[16 * 1024];
    json_t *value = json_of(node);
    Guard guard;
    guard_begin(&guard, arena, release, value);
    size_t size = json_dumpb(value, first, sizeof first, flags | JSON_ENCODE_ANY);
    char *text = arena_alloc(arena, size);
    if (size <= sizeof first)
        memcpy(text, first, size);
    else
        (void)json_dumpb(value, text, size, flags | JSON_ENCODE_ANY);
    guard_end(&guard);
    json_decref(value);
    return (Str){text, size};
}

Str json_pretty(Arena *arena, Node node) {
    Str text = dump(arena, node, JSON_INDENT(2));
    StrBuf out = strbuf_new(arena);
    strbuf_add(&out, text);
    strbuf_add_byte(&out, '\n');
    return strbuf_str(&out);
}

Str json_minified(Arena *arena, Node node) {
    return dump(arena, node, JSON_COMPACT);
}

size_t json_minified_characters(Arena *arena, Node node) {
    return utf8_count(json_minified(arena, node));
}
