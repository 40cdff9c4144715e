// The YAML reader, with and without tags: its bounds, its places, and that it agrees with the JSON
// reader about what both accept.
#include "fuzz.h"

// What the parts of a tree add up to; every node is within the text and the bounds.
static size_t check_nodes(Node node, size_t depth) {
    Span span = node_full_span(node);
    size_t count = 1;
    FUZZ_REQUIRE(depth <= READ_MAX_DEPTH, "levels are bounded");
    FUZZ_REQUIRE(span.begin <= span.end && span.end <= span.source->text.length,
                 "a node is in its source");
    NODE_EACH(child, node) count += check_nodes(child, depth + 1);
    return count;
}

static void check_documents(const NodeVec *documents) {
    size_t count = 0;
    FUZZ_REQUIRE(documents->count > 0, "there is a document");
    for (size_t i = 0; i < documents->count; i++) count += check_nodes(documents->items[i], 0);
    FUZZ_REQUIRE(count <= READ_MAX_NODES, "nodes are bounded");
}

static bool same_documents(const NodeVec *a, const NodeVec *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) same = node_equal(a->items[i], b->items[i]);
    return same;
}

// Where plain YAML is read, tags of the caller's own change nothing.
static void check_tagged(Fuzz *fuzz, const Source *source, const NodeVec *plain) {
    NodeVec tagged = {0};
    bool done = fuzz_read_tagged(fuzz, source, &tagged);
    if (done) check_documents(&tagged);
    if (plain == NULL) return;
    FUZZ_REQUIRE(done, "more tags refuse nothing more");
    FUZZ_REQUIRE(same_documents(plain, &tagged), "more tags change nothing else");
}

static void check_json(Fuzz *fuzz, const Source *source, const NodeVec *documents) {
    Node root = NO_NODE;
    if (!read_json(&fuzz->arena, &fuzz->diags, source, &root)) return;
    FUZZ_REQUIRE(documents->count == 1, "JSON is one document");
    FUZZ_REQUIRE(node_equal(root, documents->items[0]), "JSON says the same in YAML");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    NodeVec documents = {0};
    fuzz_begin(&fuzz);
    const Source *source = fuzz_source(&fuzz, "input.yaml", data, size);
    bool done = read_yaml(&fuzz.arena, &fuzz.diags, source, &documents);
    FUZZ_REQUIRE((diags_errors(&fuzz.diags) > 0) == !done, "an error says why it cannot be read");
    (void)fuzz_messages(&fuzz);
    if (done) check_documents(&documents);
    check_tagged(&fuzz, source, done ? &documents : NULL);
    if (done) check_json(&fuzz, source, &documents);
    fuzz_end(&fuzz);
    return 0;
}
