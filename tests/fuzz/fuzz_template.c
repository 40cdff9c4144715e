// CloudFormation templates, and whatever else holds policies: read, linted, compared with itself.
#include "granting.h"

static bool import(Fuzz *fuzz, Node root, Imported *ret_imported) {
    return import_document(&fuzz->arena, &fuzz->diags, root, ret_imported);
}

static void check_document(Fuzz *fuzz, Node root) {
    Imported old, new;
    size_t errors = diags_errors(&fuzz->diags);
    bool done = import(fuzz, root, &old);
    FUZZ_REQUIRE(done == (diags_errors(&fuzz->diags) == errors), "an error says why it fails");
    if (!done) return;
    FUZZ_REQUIRE(import(fuzz, root, &new), "what is read once is read twice");
    FUZZ_REQUIRE(old.roles.count == new.roles.count, "the same roles are found again");
    granting_lint(fuzz, &old.roles);
    granting_compare(fuzz, &old, &new);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    NodeVec documents = {0};
    fuzz_begin(&fuzz);
    bool done =
        import_read(&fuzz.arena, &fuzz.diags, fuzz_source(&fuzz, "input", data, size), &documents);
    for (size_t i = 0; done && i < documents.count; i++) check_document(&fuzz, documents.items[i]);
    (void)fuzz_messages(&fuzz);
    fuzz_end(&fuzz);
    return done ? 0 : -1;
}
