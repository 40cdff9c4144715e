// The YAML emitter: what it writes reads the same, and what was read is written the same again.
// The input is JSON or YAML, whichever it reads as; JSON has texts that YAML's own syntax has not.
#include "emit/json.h"
#include "emit/yaml.h"
#include "fuzz.h"

static bool read_input(Fuzz *fuzz, const uint8_t *data, size_t size, NodeVec *ret_documents) {
    Node root = NO_NODE;
    const Source *source = fuzz_source(fuzz, "input", data, size);
    if (!read_json(&fuzz->arena, &fuzz->diags, source, &root))
        return fuzz_read_tagged(fuzz, source, ret_documents);
    VEC_PUSH(&fuzz->arena, ret_documents, root);
    return true;
}

// What aliases share is written out each time, so that a small input can make what cannot be read.
static bool fits(Str text) {
    return text.length <= READ_MAX_BYTES;
}

static void check_round_trip(Fuzz *fuzz, Node root) {
    Arena *arena = &fuzz->arena;
    Str text = yaml_text(arena, root);
    if (!fits(text)) return;
    Node again = fuzz_reread(fuzz, "again.yaml", text);
    FUZZ_REQUIRE(fuzz_same_template(fuzz, root, again), "what is written says the same");
    FUZZ_REQUIRE(str_equal(text, yaml_text(arena, again)), "it is written the same again");
    Str json_text = json_pretty(arena, again);
    if (!fits(json_text)) return;
    Node json = fuzz_reread(fuzz, "again.json", json_text);
    FUZZ_REQUIRE(fuzz_is_rounded(root) || fuzz_same_template(fuzz, root, json),
                 "as JSON it says the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    NodeVec documents = {0};
    fuzz_begin(&fuzz);
    bool done = read_input(&fuzz, data, size, &documents);
    for (size_t i = 0; done && i < documents.count; i++)
        check_round_trip(&fuzz, documents.items[i]);
    fuzz_end(&fuzz);
    return done ? 0 : -1;
}
