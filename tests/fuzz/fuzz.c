#include "fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "diag/render.h"
#include "model/embedded.h"

enum { MAX_ERRORS = 20 };

_Noreturn void fuzz_fail(const char *file, int line, const char *what) {
    (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    abort();
}

static void no_memory(void *context) {
    (void)context;
    fuzz_fail(__FILE__, __LINE__, "an input that is bounded needs memory that is bounded");
}

void fuzz_begin(Fuzz *fuzz) {
    json_object_seed(1); // the same on every run
    arena_init(&fuzz->arena, no_memory, NULL);
    diags_init(&fuzz->diags, &fuzz->arena, MAX_ERRORS);
}

void fuzz_end(Fuzz *fuzz) {
    arena_free(&fuzz->arena);
}

// --- sources ---

const Source *fuzz_source_of(Fuzz *fuzz, const char *name, Str text) {
    Source *source = ARENA_NEW(&fuzz->arena, Source);
    *source = (Source){.name = str_of(name), .text = text};
    return source;
}

const Source *fuzz_source(Fuzz *fuzz, const char *name, const uint8_t *data, size_t size) {
    return fuzz_source_of(fuzz, name, (Str){(const char *)data, size});
}

static void fail_with_messages(Fuzz *fuzz, Str text) {
    Str messages = fuzz_messages(fuzz);
    (void)fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(text), STR_ARG(messages));
    fuzz_fail(__FILE__, __LINE__, "what spotc writes it can read");
}

int fuzz_documents(const uint8_t *data, size_t size, void (*use)(Fuzz *, const NodeVec *)) {
    Fuzz fuzz;
    NodeVec documents = {0};
    fuzz_begin(&fuzz);
    const Source *source = fuzz_source(&fuzz, "input.yaml", data, size);
    bool done = read_yaml(&fuzz.arena, &fuzz.diags, source, &documents);
    if (done) use(&fuzz, &documents);
    (void)fuzz_messages(&fuzz);
    fuzz_end(&fuzz);
    return done ? 0 : -1;
}

Node fuzz_reread(Fuzz *fuzz, const char *name, Str text) {
    const Source *source = fuzz_source_of(fuzz, name, text);
    NodeVec documents = {0};
    Node root = NO_NODE;
    bool is_json = str_ends_with(source->name, STR(".json"));
    bool done = is_json ? read_json(&fuzz->arena, &fuzz->diags, source, &root)
                        : fuzz_read_tagged(fuzz, source, &documents);
    if (!done) fail_with_messages(fuzz, text);
    FUZZ_REQUIRE(is_json || documents.count == 1, "one document is written");
    return is_json ? root : documents.items[0];
}

bool fuzz_read_tagged(Fuzz *fuzz, const Source *source, NodeVec *ret_documents) {
    Node rows = embedded_root(STR("schema/iam/template-functions.tsv"));
    YamlTag *tags = ARENA_ARRAY(&fuzz->arena, YamlTag, node_count(rows));
    size_t count = 0;
    NODE_EACH(row, rows) {
        Str tag = node_text(NODE_GET(row, "tag"));
        if (tag.length > 0) tags[count++] = (YamlTag){tag, node_text(NODE_GET(row, "function"))};
    }
    YamlTags all = {tags, count};
    return read_yaml_tagged(&fuzz->arena, &fuzz->diags, source, &all, ret_documents);
}

// --- messages ---

static bool is_harmless(uint32_t code) {
    bool control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0);
    bool turns = code == 0x061C || (code >= 0x200E && code <= 0x200F) ||
                 (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return !control && !turns;
}

static void check_for_people(Str text) {
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        size_t length = utf8_decode(text, at, &code);
        FUZZ_REQUIRE(length > 0, "messages are UTF-8");
        FUZZ_REQUIRE(is_harmless(code), "messages have no controls");
        at += length;
    }
}

static void check_places(const Diags *diags) {
    for (size_t i = 0; i < diags->items.count; i++) {
        Span span = diags->items.items[i]->span;
        FUZZ_REQUIRE(span.begin <= span.end, "a place ends after it begins");
        FUZZ_REQUIRE(span.source == NULL || span.source->text.data == NULL ||
                         (span.begin <= span.source->text.length &&
                          span.end <= span.source->text.length + 1),
                     "a place is in its source, or is its end");
    }
}

Str fuzz_messages(Fuzz *fuzz) {
    StrBuf all = strbuf_new(&fuzz->arena);
    check_places(&fuzz->diags);
    for (const DiagFormat *row = diag_formats; row->name != NULL; row++) {
        StrBuf out = strbuf_new(&fuzz->arena);
        row->render(&fuzz->diags, &(RenderOptions){.version = STR("fuzz")}, &out);
        Str text = strbuf_str(&out);
        bool is_json = strcmp(row->name, "json") == 0 || strcmp(row->name, "sarif") == 0;
        if (is_json && text.length > 0)
            FUZZ_REQUIRE(node_exists(fuzz_reread(fuzz, "messages.json", text)), "JSON is written");
        else
            check_for_people(text);
        strbuf_add(&all, text);
    }
    return strbuf_str(&all);
}

// --- trees ---

// A function's argument as a short form has it.
static Str joined(Fuzz *fuzz, Node value) {
    Node first = node_first(value), second = node_next(first);
    bool two = node_kind(value) == NODE_SEQUENCE && node_count(value) == 2 &&
               node_kind(first) == NODE_STRING && node_kind(second) == NODE_STRING;
    if (!two) return node_kind(value) == NODE_STRING ? node_text(value) : (Str){0};
    return str_format(&fuzz->arena, "%.*s.%.*s", STR_ARG(node_text(first)),
                      STR_ARG(node_text(second)));
}

static bool same_call(Fuzz *fuzz, Node a, Node b) {
    if (node_count(a) != 1 || node_count(b) != 1) return false;
    a = node_first(a);
    b = node_first(b);
    if (!str_equal(node_key_text(a), STR("Fn::GetAtt"))) return false;
    Str left = joined(fuzz, a), right = joined(fuzz, b);
    return str_equal(node_key_text(b), STR("Fn::GetAtt")) && left.length > 0 &&
           str_equal(left, right);
}

bool fuzz_same_template(Fuzz *fuzz, Node a, Node b) {
    bool holds = node_kind(a) == NODE_MAPPING || node_kind(a) == NODE_SEQUENCE;
    if (!holds || node_kind(a) != node_kind(b)) return node_equal(a, b);
    if (node_kind(a) == NODE_MAPPING && same_call(fuzz, a, b)) return true;
    if (node_count(a) != node_count(b)) return false;
    // Keys are written in the tree's order.
    Node other = node_first(b);
    NODE_EACH(child, a) {
        if (!str_equal(node_key_text(child), node_key_text(other))) return false;
        if (!fuzz_same_template(fuzz, child, other)) return false;
        other = node_next(other);
    }
    return true;
}

bool fuzz_is_rounded(Node node) {
    uint64_t value = 0;
    bool fits = str_to_u64(node_text(node), &value) && value <= INT64_MAX;
    if (node_kind(node) == NODE_NUMBER && !fits) return true;
    NODE_EACH(child, node) {
        if (fuzz_is_rounded(child)) return true;
    }
    return false;
}

// --- choices ---

size_t fuzz_pick(Bytes *bytes, size_t count) {
    if (bytes->left == 0) return 0;
    bytes->left--;
    return *bytes->data++ % count;
}

Str fuzz_line(Bytes *bytes, size_t most) {
    Str rest = {(const char *)bytes->data, bytes->left};
    size_t end = str_find_byte(rest, '\n', 0), taken = end < bytes->left ? end + 1 : end;
    bytes->data += taken;
    bytes->left -= taken;
    return str_slice(rest, 0, end < most ? end : most);
}
