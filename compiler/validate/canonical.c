#include "validate/canonical.h"

#include <stdlib.h>

#include "read/number.h"

// The length in front keeps texts apart whatever they hold.
static void write_string(StrBuf *out, Str text) {
    strbuf_add_format(out, "s%zu:", text.length);
    strbuf_add(out, text);
}

static void write_number(StrBuf *out, Str text) {
    Number number;
    strbuf_add_byte(out, 'n');
    if (number_parse(text, &number)) number_write_canonical(&number, out);
    strbuf_add_byte(out, ';');
}

static int compare_keys(const void *a, const void *b) {
    return str_compare(node_key_text(*(const Node *)a), node_key_text(*(const Node *)b));
}

static void write_mapping(StrBuf *out, Node node) {
    size_t count = 0;
    Node *members = ARENA_ARRAY(out->arena, Node, node_count(node));
    NODE_EACH(member, node) members[count++] = member;
    if (count > 1) qsort(members, count, sizeof *members, compare_keys);
    strbuf_add_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        write_string(out, node_key_text(members[i]));
        canonical_write(out, members[i]);
    }
    strbuf_add_byte(out, '}');
}

void canonical_write(StrBuf *out, Node node) {
    switch (node_kind(node)) {
    case NODE_NONE:
        break;
    case NODE_NULL:
        strbuf_add_byte(out, 'z');
        break;
    case NODE_BOOLEAN:
        strbuf_add_byte(out, node_is_true(node) ? 't' : 'f');
        break;
    case NODE_NUMBER:
        write_number(out, node_text(node));
        break;
    case NODE_STRING:
        write_string(out, node_text(node));
        break;
    case NODE_SEQUENCE:
        strbuf_add_byte(out, '[');
        NODE_EACH(item, node) canonical_write(out, item);
        strbuf_add_byte(out, ']');
        break;
    case NODE_MAPPING:
        write_mapping(out, node);
        break;
    }
}
