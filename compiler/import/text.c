#include "import/text.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// %XX becomes its byte (RFC 3986); all else stays.
static Str decode(Arena *arena, Str text) {
    char *bytes = arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t at = 0; at < text.length; at++) {
        bool escape = text.data[at] == '%' && text.length - at > 2;
        int high = escape ? hex_digit(text.data[at + 1]) : -1;
        int low = escape ? hex_digit(text.data[at + 2]) : -1;
        bool valid = high >= 0 && low >= 0;
        bytes[length++] = valid ? (char)(high * 16 + low) : text.data[at];
        if (valid) at += 2;
    }
    return (Str){bytes, length};
}

// How long an escape at the end of the bytes is, and what it stands for; 0 where there is none.
static size_t escape_at_end(Str text, char *ret_byte) {
    static const struct {
        Str mark;
        size_t length;
    } forms[] = {{{"%", 1}, 3}, {{"\\u00", 4}, 6}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = forms[i].length;
        if (text.length < length) continue;
        Str end = str_slice(text, text.length - length, text.length);
        int high = hex_digit(end.data[length - 2]), low = hex_digit(end.data[length - 1]);
        if (high < 0 || low < 0 || !str_starts_with(end, forms[i].mark)) continue;
        *ret_byte = (char)(high * 16 + low);
        return length;
    }
    return 0;
}

Str text_unescaped(Arena *arena, Str text) {
    char *bytes = arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t at = 0; at < text.length; at++) {
        char byte;
        size_t escape;
        bytes[length++] = text.data[at];
        while ((escape = escape_at_end((Str){bytes, length}, &byte)) > 0) {
            length -= escape;
            bytes[length++] = byte;
        }
    }
    return (Str){bytes, length};
}

static uint32_t copy_to(TreeBuilder *builder, Node node, Span place) {
    uint32_t copy = tree_add(builder, node_kind(node), node_text(node), place.begin, place.end);
    NODE_EACH(child, node) {
        Node name = node_key(child);
        uint32_t key = node_exists(name) ? copy_to(builder, name, place) : 0;
        tree_append(builder, copy, key, copy_to(builder, child, place));
    }
    return copy;
}

bool text_to_tree(Arena *arena, Str text, Node place, Node *ret_root) {
    Diags silent;
    Node root = NO_NODE;
    Source *source = ARENA_NEW(arena, Source);
    bool encoded = str_starts_with(text, STR("%"));
    *source = (Source){.text = encoded ? decode(arena, text) : text};
    diags_init(&silent, arena, 1);
    if (!read_json(arena, &silent, source, &root)) return false;
    TreeBuilder *builder = ARENA_NEW(arena, TreeBuilder);
    tree_begin(builder, arena, place.tree->source);
    uint32_t copy = copy_to(builder, root, node_span(place));
    *ret_root = (Node){&builder->tree, copy};
    return true;
}
