#include "import/symbol.h"

#include <string.h>

uint32_t symbol_of_name(Fold *f, Str name, Span span) {
    StrBuf buf = strbuf_new(f->arena);
    strbuf_add(&buf, STR("${"));
    fold_write(f, &buf, name, span);
    strbuf_add_byte(&buf, '}');
    return fold_add(f, NODE_STRING, strbuf_str(&buf), span);
}

// Where a symbolic text that begins at `at` ends, one past its brace; `at` where there is none.
static size_t symbol_end(Str text, size_t at) {
    size_t end = at + 2;
    if (!str_starts_with(str_slice(text, at, end), STR("${"))) return at;
    while (end < text.length && strchr("${}", text.data[end]) == NULL) end++;
    if (end == text.length || text.data[end] != '}') return at;
    Str name = str_slice(text, at + 2, end);
    return symbol_is_filled_in(name) ? end + 1 : at;
}

// Appends a text. Its own `${Name}` become `<Name>`.
static void add_text(Fold *f, StrBuf *out, Str text, Span span) {
    for (size_t at = 0, end; at < text.length && !f->failed; at = end) {
        end = symbol_end(text, at);
        if (end > at) {
            strbuf_add_byte(out, '<');
            fold_write(f, out, str_slice(text, at + 2, end - 1), span);
            strbuf_add_byte(out, '>');
        } else {
            end = at + 1;
            if (strchr("${}*?%<>,[]=", text.data[at]) != NULL)
                strbuf_add_format(out, "%%%02X", (unsigned char)text.data[at]);
            else
                fold_write(f, out, str_slice(text, at, end), span);
        }
    }
}

static const Str reference = {"{{resolve:", sizeof "{{resolve:" - 1};

// Where the braces are that close a reference whose content begins at `at`, other than those of
// symbols in it; the end of the text where there are none.
static size_t reference_end(Str text, size_t at) {
    while (at + 1 < text.length) {
        Str two = str_slice(text, at, at + 2);
        if (str_equal(two, STR("}}"))) return at;
        if (str_equal(two, STR("${"))) at = str_find_byte(text, '}', at);
        at++;
    }
    return text.length;
}

Str symbol_of_references(Fold *f, Str text, Span span) {
    StrBuf out = strbuf_new(f->arena);
    size_t done = 0;
    while (!f->failed) {
        size_t open = str_find(text, reference, done);
        size_t close = reference_end(text, open + reference.length);
        if (close >= text.length) break;
        fold_write(f, &out, str_slice(text, done, open), span);
        strbuf_add(&out, STR("${Fn::Resolve:"));
        add_text(f, &out, str_slice(text, open + reference.length, close), span);
        strbuf_add_byte(&out, '}');
        done = close + 2;
    }
    if (done == 0) return text;
    fold_write(f, &out, str_slice(text, done, text.length), span);
    return strbuf_str(&out);
}

static void add_node(Fold *f, StrBuf *out, Node node, Span span);

static void add_members(Fold *f, StrBuf *out, Node node, Span span) {
    NODE_EACH(child, node) {
        if (child.id != node_first(node).id) strbuf_add_byte(out, ',');
        if (node_exists(node_key(child))) {
            add_text(f, out, node_key_text(child), span);
            strbuf_add_byte(out, '=');
        }
        add_node(f, out, child, span);
    }
}

static void add_node(Fold *f, StrBuf *out, Node node, Span span) {
    if (node_kind(node) < NODE_SEQUENCE) {
        add_text(f, out, node_text(node), span);
        return;
    }
    strbuf_add_byte(out, '[');
    add_members(f, out, node, span);
    strbuf_add_byte(out, ']');
}

void symbol_write(Fold *f, StrBuf *out, Node node, Span span) {
    add_node(f, out, node, span);
}

uint32_t symbol_of_call(Fold *f, Str function, Node argument, Str elsewhere, Span span) {
    StrBuf buf = strbuf_new(f->arena);
    strbuf_add(&buf, STR("${"));
    add_text(f, &buf, function, span);
    strbuf_add_byte(&buf, ':');
    if (node_kind(argument) == NODE_SEQUENCE)
        add_members(f, &buf, argument, span);
    else
        add_node(f, &buf, argument, span);
    if (elsewhere.length > 0) strbuf_add_byte(&buf, ';');
    fold_write(f, &buf, elsewhere, span);
    strbuf_add_byte(&buf, '}');
    return fold_add(f, NODE_STRING, strbuf_str(&buf), span);
}
