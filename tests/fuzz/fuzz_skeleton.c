// Template skeletons: the input's first document is the skeleton, the second what it can name.
#include "emit/skeleton.h"
#include "emit/yaml.h"
#include "fuzz.h"

static Node fill(Fuzz *fuzz, Node skeleton, Node context) {
    TreeBuilder *builder = ARENA_NEW(&fuzz->arena, TreeBuilder);
    size_t steps = 0;
    tree_begin(builder, &fuzz->arena, NULL);
    uint32_t root = skeleton_fill(builder, &fuzz->diags, skeleton, context, &steps);
    return root == 0 ? NO_NODE : (Node){&builder->tree, root};
}

// Whether what was filled is still within what can be read; a key and its value count as two.
static bool fits(Node node, size_t depth, size_t *count) {
    *count += 2;
    if (depth >= READ_MAX_DEPTH || *count > READ_MAX_NODES) return false;
    NODE_EACH(child, node) {
        if (!fits(child, depth + 1, count)) return false;
    }
    return true;
}

static void check_filled(Fuzz *fuzz, Node skeleton, Node context) {
    Node once = fill(fuzz, skeleton, context);
    bool failed = diags_errors(&fuzz->diags) > 0;
    Node twice = fill(fuzz, skeleton, context);
    FUZZ_REQUIRE(node_exists(once) != failed, "an error says why it cannot be filled");
    FUZZ_REQUIRE(node_exists(once) == node_exists(twice) && node_equal(once, twice),
                 "the same skeleton gives the same");
    size_t count = 0;
    if (failed || !fits(once, 0, &count)) return;
    Str text = yaml_text(&fuzz->arena, once);
    if (text.length > READ_MAX_BYTES) return;
    Node again = fuzz_reread(fuzz, "filled.yaml", text);
    FUZZ_REQUIRE(fuzz_same_template(fuzz, once, again), "what is filled can be written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    NodeVec documents = {0};
    fuzz_begin(&fuzz);
    bool done = fuzz_read_tagged(&fuzz, fuzz_source(&fuzz, "input.yaml", data, size), &documents);
    done = done && documents.count == 2 && node_kind(documents.items[1]) == NODE_MAPPING;
    if (done) check_filled(&fuzz, documents.items[0], documents.items[1]);
    (void)fuzz_messages(&fuzz);
    fuzz_end(&fuzz);
    return done ? 0 : -1;
}
