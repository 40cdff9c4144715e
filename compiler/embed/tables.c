#include "embed/embed.h"

// Bytes as a C string literal, some to a line so that the file can be read.
static void write_literal(StrBuf *out, Str bytes) {
    strbuf_add(out, STR("    \""));
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char c = (unsigned char)bytes.data[i];
        if (i > 0 && i % 80 == 0) strbuf_add(out, STR("\"\n    \""));
        if (c == '"' || c == '\\')
            strbuf_add_format(out, "\\%c", c);
        else if (c >= 0x20 && c < 0x7F && c != '?')
            strbuf_add_byte(out, (char)c);
        else
            strbuf_add_format(out, "\\%03o", c);
    }
    strbuf_add_byte(out, '"');
}

static void write_chars(StrBuf *out, const char *name, size_t number, Str bytes) {
    strbuf_add_format(out, "static const char %s%zu[] =\n", name, number);
    write_literal(out, bytes);
    strbuf_add(out, STR(";\n"));
}

static void write_records(StrBuf *out, size_t number, const Tree *tree) {
    strbuf_add_format(out, "static const NodeRecord records%zu[] = {\n", number);
    for (uint32_t i = 0; i < tree->count; i++) {
        const NodeRecord *r = &tree->records[i];
        strbuf_add_format(out, "    {%u, %u, %u, %u, %u, %u, %u, %u, %u, %u},\n", r->kind, r->count,
                          r->first, r->last, r->next, r->key, r->text, r->length, r->begin, r->end);
    }
    strbuf_add(out, STR("};\n"));
}

// The source without its text: where each line begins is enough to name places. Its name must not
// look like that of a file of the user's.
static void write_source(StrBuf *out, size_t number, const Source *source) {
    uint32_t lines = 1;
    strbuf_add_format(out, "static const uint32_t lines%zu[] = {0", number);
    for (size_t i = 0; i < source->text.length; i++) {
        if (source->text.data[i] != '\n') continue;
        strbuf_add_format(out, lines % 12 == 0 ? ",\n    %zu" : ", %zu", i + 1);
        lines++;
    }
    strbuf_add(out, STR("};\n"));
    strbuf_add_format(
        out,
        "static const Source source%zu = {{\"<built-in>/%.*s\", %zu}, {0, 0}, lines%zu, %u};\n",
        number, STR_ARG(source->name), source->name.length + sizeof "<built-in>/" - 1, number,
        lines);
}

void embed_tree(StrBuf *out, size_t number, Node root, Str text) {
    const Tree *tree = root.tree;
    if (text.length != 0) write_chars(out, "text", number, text);
    write_source(out, number, tree->source);
    write_chars(out, "pool", number, (Str){tree->pool, tree->pool_length});
    write_records(out, number, tree);
    strbuf_add_format(out,
                      "static const Tree tree%zu = {&source%zu, records%zu, pool%zu, %u, %u};\n\n",
                      number, number, number, number, tree->count, tree->pool_length);
}
