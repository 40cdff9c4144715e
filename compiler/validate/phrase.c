#include "validate/phrase.h"

#include "base/utf8.h"

enum { EXCERPT_LENGTH = 60, NAMES_SHOWN_OF_MANY = 3, PARTS_SHOWN = 100 };

Str phrase_excerpt(Arena *arena, Str text) {
    uint32_t code;
    size_t at = 0, count = 0;
    while (at < text.length && count < EXCERPT_LENGTH) {
        size_t length = utf8_decode(text, at, &code);
        at += length == 0 ? 1 : length;
        count++;
    }
    if (at >= text.length) return text;
    return str_format(arena, "%.*s…", (int)at, text.data);
}

Str phrase_as_written(Node value) {
    Span span = node_span(value);
    bool at_hand = node_kind(value) != NODE_STRING && span.source != NULL &&
                   span.begin < span.end && span.end <= span.source->text.length;
    return at_hand ? str_slice(span.source->text, span.begin, span.end) : node_text(value);
}

Str phrase_value(Arena *arena, Node value) {
    Str text = phrase_excerpt(arena, phrase_as_written(value));
    switch (node_kind(value)) {
    case NODE_STRING:
        return str_format(arena, "'%.*s'", STR_ARG(text));
    case NODE_SEQUENCE:
        return STR("a list");
    case NODE_MAPPING:
        return STR("a mapping");
    case NODE_NULL:
        return text.length <= 1 ? STR("empty") : text;
    default:
        return text;
    }
}

Str phrase_kind(Arena *arena, Node value) {
    switch (node_kind(value)) {
    case NODE_STRING:
        return STR("a string");
    case NODE_NUMBER:
        return str_format(arena, "the number %.*s", STR_ARG(phrase_value(arena, value)));
    default:
        return phrase_value(arena, value);
    }
}

Str phrase_type(Str json_type) {
    static const struct {
        const char *type, *phrase;
    } types[] = {
        {"string", "a string"},       {"number", "a number"}, {"integer", "a whole number"},
        {"boolean", "true or false"}, {"array", "a list"},    {"object", "a mapping"},
        {"null", "nothing"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal(json_type, str_of(types[i].type))) return str_of(types[i].phrase);
    }
    return json_type;
}

void phrase_types(Arena *arena, Node types, StrVec *ret_phrases) {
    if (node_kind(types) == NODE_STRING)
        VEC_PUSH(arena, ret_phrases, phrase_type(node_text(types)));
    NODE_EACH(type, types) VEC_PUSH(arena, ret_phrases, phrase_type(node_text(type)));
}

Str phrase_join(Arena *arena, const StrVec *parts, const char *last_separator) {
    StrBuf out = strbuf_new(arena);
    for (size_t i = 0; i < parts->count; i++) {
        bool last = i + 1 == parts->count;
        if (i == PARTS_SHOWN) {
            strbuf_add(&out, STR(", …"));
            break;
        }
        if (i > 0) strbuf_add(&out, last ? str_of(last_separator) : STR(", "));
        strbuf_add(&out, parts->items[i]);
    }
    return strbuf_str(&out);
}

Str phrase_names(Arena *arena, const StrVec *names) {
    StrBuf out = strbuf_new(arena);
    bool many = names->count > NAMES_SHOWN_OF_MANY + 1;
    size_t shown = many ? NAMES_SHOWN_OF_MANY : names->count;
    for (size_t i = 0; i < shown; i++) {
        if (i > 0) strbuf_add(&out, STR(", "));
        strbuf_add(&out, phrase_excerpt(arena, names->items[i]));
    }
    if (many) strbuf_add(&out, STR(", …"));
    return strbuf_str(&out);
}
