#include <jansson.h>

#include "base/guard.h"
#include "base/utf8.h"
#include "read/json_scan.h"
#include "read/read.h"

enum { LONGEST_KEY_SHOWN = 80 };

// jansson decodes and judges, the scanner tells the places; both go through the text in one order.
typedef struct JsonBuilder {
    Arena *arena;
    const Source *source;
    JsonPlaces places;
    size_t next; // place that is not taken yet
    TreeBuilder *tree;
} JsonBuilder;

static NodeKind kind_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return NODE_MAPPING;
    case JSON_ARRAY:
        return NODE_SEQUENCE;
    case JSON_STRING:
        return NODE_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return NODE_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return NODE_BOOLEAN;
    case JSON_NULL:
        break;
    }
    return NODE_NULL;
}

// Short of memory jansson can drop a value and say nothing: then the places do not fit any more.
static JsonPlace take_place(JsonBuilder *b) {
    if (b->next == b->places.count) arena_exhausted(b->arena);
    return b->places.items[b->next++];
}

static uint32_t build(JsonBuilder *b, json_t *value);

static void build_members(JsonBuilder *b, json_t *object, uint32_t parent) {
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        JsonPlace place = take_place(b);
        Str text = {json_object_iter_key(at), json_object_iter_key_len(at)};
        uint32_t key = tree_add(b->tree, NODE_STRING, text, place.begin, place.end);
        tree_append(b->tree, parent, key, build(b, json_object_iter_value(at)));
    }
}

static Str text_of(const JsonBuilder *b, const json_t *value, JsonPlace place) {
    if (json_is_string(value)) return (Str){json_string_value(value), json_string_length(value)};
    if (json_is_object(value) || json_is_array(value)) return (Str){0};
    return str_slice(b->source->text, place.begin, place.end);
}

static uint32_t build(JsonBuilder *b, json_t *value) {
    JsonPlace place = take_place(b);
    Str text = text_of(b, value, place);
    uint32_t id = tree_add(b->tree, kind_of(value), text, place.begin, place.end);
    if (json_is_object(value)) build_members(b, value, id);
    for (size_t i = 0; i < json_array_size(value); i++)
        tree_append(b->tree, id, 0, build(b, json_array_get(value, i)));
    return id;
}

static void release(void *value) {
    json_decref(value);
}

static Node build_tree(JsonBuilder *b, json_t *value) {
    Guard guard;
    guard_begin(&guard, b->arena, release, value);
    b->tree = ARENA_NEW(b->arena, TreeBuilder);
    tree_begin(b->tree, b->arena, b->source);
    tree_reserve(b->tree, b->places.count);
    uint32_t root = build(b, value);
    if (b->next != b->places.count) arena_exhausted(b->arena);
    guard_end(&guard);
    json_decref(value);
    return (Node){&b->tree->tree, root};
}

// The key or value that jansson read last when it gave up.
static JsonPlace place_at(const JsonBuilder *b, size_t end) {
    JsonPlace found = {(uint32_t)end, (uint32_t)end};
    for (size_t i = 0; i < b->places.count; i++) {
        if (b->places.items[i].end == end) found = b->places.items[i];
    }
    return found;
}

// The scanner found no fault, so few are left; where it is none of them, memory has run out.
static void report_refusal(const JsonBuilder *b, Diags *diags, size_t end,
                           enum json_error_code code) {
    JsonPlace place = place_at(b, end);
    Span span = {b->source, place.begin, place.end};
    Str text = str_slice(b->source->text, place.begin, place.end);
    switch (code) {
    case json_error_duplicate_key:
        if (text.length > LONGEST_KEY_SHOWN) text = STR("of this place");
        diag_report(diags, MSG_DUPLICATE_KEY, span, "the key %.*s stands here twice",
                    STR_ARG(text));
        break;
    case json_error_null_byte_in_key:
        diag_report(diags, MSG_SYNTAX, span, "a key must not hold the character U+0000");
        break;
    case json_error_numeric_overflow:
        diag_report(diags, MSG_SYNTAX, span, "the number is too large");
        break;
    default:
        arena_exhausted(b->arena);
    }
}

static bool check_bytes(Diags *diags, const Source *source) {
    if (source->text.length > READ_MAX_BYTES) {
        diag_report(diags, MSG_TOO_LARGE, (Span){source, 0, 0},
                    "the file is larger than the %d MiB that spotc reads",
                    READ_MAX_BYTES / (1024 * 1024));
        return false;
    }
    size_t invalid = utf8_first_invalid(source->text);
    if (invalid == source->text.length) return true;
    diag_report(diags, MSG_INVALID_UTF8, (Span){source, (uint32_t)invalid, (uint32_t)invalid + 1},
                "byte 0x%02X is not valid UTF-8", (unsigned char)source->text.data[invalid]);
    return false;
}

bool read_json(Arena *arena, Diags *diags, const Source *source, Node *ret_root) {
    static const size_t flags =
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL;
    Str text = source->text;
    if (!check_bytes(diags, source)) return false;
    uint32_t begin = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    JsonBuilder builder = {.arena = arena, .source = source};
    if (!json_scan(arena, diags, source, begin, &builder.places)) return false;

    json_error_t error;
    json_t *value = json_loadb(text.data + begin, text.length - begin, flags, &error);
    if (value == NULL) {
        report_refusal(&builder, diags, begin + (size_t)error.position, json_error_code(&error));
        return false;
    }
    *ret_root = build_tree(&builder, value);
    return true;
}
