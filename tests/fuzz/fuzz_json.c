// The JSON reader: what it accepts it places rightly, and what is written of it reads the same.
#include "emit/json.h"
#include "fuzz.h"

enum { MOST_PIECES = 64 };

// Each value by itself reads as what it is in the whole.
static void check_piece(Fuzz *fuzz, Node node) {
    Span span = node_span(node);
    Str text = str_slice(span.source->text, span.begin, span.end);
    FUZZ_REQUIRE(node_equal(fuzz_reread(fuzz, "piece.json", text), node),
                 "a value is in its place");
}

static void check_pieces(Fuzz *fuzz, Node node, size_t *left) {
    if (*left == 0) return;
    (*left)--;
    check_piece(fuzz, node);
    NODE_EACH(child, node) check_pieces(fuzz, child, left);
}

static void check_written(Fuzz *fuzz, Node root) {
    Str text = json_pretty(&fuzz->arena, root);
    Node again = fuzz_reread(fuzz, "again.json", text);
    FUZZ_REQUIRE(fuzz_is_rounded(root) || node_equal(root, again), "what is written says the same");
    FUZZ_REQUIRE(str_equal(text, json_pretty(&fuzz->arena, again)), "it is written the same again");
    FUZZ_REQUIRE(json_minified_characters(&fuzz->arena, root) <= text.length,
                 "nothing is shorter than the minified form");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    Node root = NO_NODE;
    size_t pieces = MOST_PIECES;
    fuzz_begin(&fuzz);
    bool done =
        read_json(&fuzz.arena, &fuzz.diags, fuzz_source(&fuzz, "input.json", data, size), &root);
    FUZZ_REQUIRE((diags_errors(&fuzz.diags) > 0) == !done, "an error says why it cannot be read");
    (void)fuzz_messages(&fuzz);
    if (done) {
        check_pieces(&fuzz, root, &pieces);
        check_written(&fuzz, root);
    }
    fuzz_end(&fuzz);
    return 0;
}
