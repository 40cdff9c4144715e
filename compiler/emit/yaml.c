#include "emit/yaml.h"

#include <yaml.h>

#include "base/guard.h"

// CloudFormation's intrinsic functions that have a short form on one scalar.
static const struct {
    const char *function, *tag;
    const char *joined_by; // of a list of two texts, or NULL where a scalar is needed
} short_forms[] = {
    {"Ref", "!Ref", NULL},
    {"Fn::Sub", "!Sub", NULL},
    {"Fn::GetAtt", "!GetAtt", "."},
};

typedef struct Writer {
    Arena *arena;
    yaml_emitter_t emitter;
    StrBuf out;
} Writer;

static int add_bytes(void *data, unsigned char *bytes, size_t size) {
    strbuf_add(data, (Str){(const char *)bytes, size});
    return 1;
}

// What is emitted always is a well-formed sequence of events in valid UTF-8, so the only failure
// is lack of memory.
static void emit(Writer *w, yaml_event_t *event, int initialised) {
    if (!initialised || !yaml_emitter_emit(&w->emitter, event)) arena_exhausted(w->arena);
}

static bool is_printable_ascii(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < 0x20 || text.data[i] > 0x7E) return false;
    }
    return true;
}

static yaml_scalar_style_t style_of(Str text) {
    if (yaml_is_plain(text)) return YAML_PLAIN_SCALAR_STYLE;
    if (yaml_is_block(text)) return YAML_LITERAL_SCALAR_STYLE;
    return is_printable_ascii(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE
                                    : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

static void write_scalar(Writer *w, Str text, const char *tag, yaml_scalar_style_t style) {
    yaml_event_t event;
    bool untagged = tag == NULL;
    emit(w, &event,
         yaml_scalar_event_initialize(&event, NULL, (const yaml_char_t *)tag,
                                      (const yaml_char_t *)(text.data == NULL ? "" : text.data),
                                      (int)text.length, untagged, untagged, style));
}

static void write_text(Writer *w, Str text) {
    write_scalar(w, text, NULL, style_of(text));
}

// The scalar of a short form, where the mapping is one.
static bool short_form(Arena *arena, Node mapping, const char **ret_tag, Str *ret_text) {
    Node value = node_first(mapping);
    if (node_count(mapping) != 1) return false;
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++) {
        if (!str_equal(node_key_text(value), str_of(short_forms[i].function))) continue;
        *ret_tag = short_forms[i].tag;
        *ret_text = node_text(value);
        if (node_kind(value) == NODE_STRING) return true;
        Node first = node_first(value), second = node_next(first);
        if (short_forms[i].joined_by == NULL || node_count(value) != 2 ||
            node_kind(first) != NODE_STRING || node_kind(second) != NODE_STRING)
            return false;
        *ret_text = str_format(arena, "%.*s%s%.*s", STR_ARG(node_text(first)),
                               short_forms[i].joined_by, STR_ARG(node_text(second)));
        return true;
    }
    return false;
}

static void write_node(Writer *w, Node node);

static void write_mapping(Writer *w, Node node) {
    yaml_event_t event;
    const char *tag = NULL;
    Str text;
    if (short_form(w->arena, node, &tag, &text)) {
        write_scalar(w, text, tag, style_of(text));
        return;
    }
    yaml_mapping_style_t style =
        node_count(node) == 0 ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
    emit(w, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style));
    NODE_EACH(child, node) {
        write_text(w, node_key_text(child));
        write_node(w, child);
    }
    emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

static void write_sequence(Writer *w, Node node) {
    yaml_event_t event;
    yaml_sequence_style_t style =
        node_count(node) == 0 ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    emit(w, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style));
    NODE_EACH(child, node) write_node(w, child);
    emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

static void write_node(Writer *w, Node node) {
    switch (node_kind(node)) {
    case NODE_MAPPING:
        write_mapping(w, node);
        break;
    case NODE_SEQUENCE:
        write_sequence(w, node);
        break;
    case NODE_STRING:
        write_text(w, node_text(node));
        break;
    case NODE_NONE:
    case NODE_NULL:
        write_scalar(w, STR("null"), NULL, YAML_PLAIN_SCALAR_STYLE);
        break;
    case NODE_BOOLEAN:
        write_scalar(w, node_is_true(node) ? STR("true") : STR("false"), NULL,
                     YAML_PLAIN_SCALAR_STYLE);
        break;
    case NODE_NUMBER:
        write_scalar(w, node_text(node), NULL, YAML_PLAIN_SCALAR_STYLE);
        break;
    }
}

static void write_document(Writer *w, Node node) {
    yaml_event_t event;
    emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    write_node(w, node);
    emit(w, &event, yaml_document_end_event_initialize(&event, 1));
    emit(w, &event, yaml_stream_end_event_initialize(&event));
}

// U+FDD0 to U+FDEF: for libyaml characters like others, but no file that spotc reads may have them.
static bool has_noncharacter(Str text) {
    size_t at = 0;
    while ((at = str_find(text, STR("\xEF\xB7"), at)) < text.length) {
        unsigned char last = (unsigned char)text.data[at + 2];
        if (last >= 0x90 && last <= 0xAF) return true;
        at += 3;
    }
    return false;
}

static bool any_noncharacter(Node node) {
    if (has_noncharacter(node_text(node)) || has_noncharacter(node_key_text(node))) return true;
    NODE_EACH(child, node) {
        if (any_noncharacter(child)) return true;
    }
    return false;
}

static void release(void *emitter) {
    yaml_emitter_delete(emitter);
}

Str yaml_text(Arena *arena, Node node) {
    Writer *w = ARENA_NEW(arena, Writer);
    w->arena = arena;
    w->out = strbuf_new(arena);
    if (!yaml_emitter_initialize(&w->emitter)) arena_exhausted(arena);
    yaml_emitter_set_output(&w->emitter, add_bytes, &w->out);
    yaml_emitter_set_encoding(&w->emitter, YAML_UTF8_ENCODING);
    yaml_emitter_set_unicode(&w->emitter, !any_noncharacter(node));
    yaml_emitter_set_width(&w->emitter, -1);
    yaml_emitter_set_indent(&w->emitter, 2);
    Guard guard;
    guard_begin(&guard, arena, release, &w->emitter);
    write_document(w, node);
    guard_end(&guard);
    yaml_emitter_delete(&w->emitter);
    return strbuf_str(&w->out);
}
