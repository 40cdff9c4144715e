#include "lint/size.h"

#include "lint/symbolic.h"

static size_t text_characters(Arena *arena, Str text) {
    size_t characters = 2;
    Str written = symbolic_example(arena, text);
    for (size_t i = 0; i < written.length; i++) {
        unsigned char c = (unsigned char)written.data[i];
        if ((c & 0xC0) == 0x80) continue;
        characters += c == '"' || c == '\\' || c < 0x20 ? 2 : 1;
    }
    return characters;
}

size_t policy_characters(Arena *arena, Node node) {
    NodeKind kind = node_kind(node);
    if (kind == NODE_STRING) return text_characters(arena, node_text(node));
    if (kind != NODE_SEQUENCE && kind != NODE_MAPPING) return node_text(node).length;
    size_t characters = node_count(node) == 0 ? 2 : 1;
    NODE_EACH(child, node) {
        if (kind == NODE_MAPPING) characters += text_characters(arena, node_key_text(child)) + 1;
        characters += policy_characters(arena, child) + 1;
    }
    return characters;
}
