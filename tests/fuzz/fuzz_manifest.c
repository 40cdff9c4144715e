// A manifest from bytes to outputs in memory: the library's own calls, and the passes under them.
// Two runs give the same, what was emitted grants what was chosen, and check agrees with compile.
#include <string.h>

#include "fuzz.h"
#include "import/import.h"
#include "pipeline.h"
#include "same_access.h"
#include "spotc.h"

// --- the library's own calls ---

static void no_memory(void *context) {
    (void)context;
    fuzz_fail(__FILE__, __LINE__, "an input that is bounded needs memory that is bounded");
}

static void check_same_files(const Spotc *a, const Spotc *b) {
    FUZZ_REQUIRE(spotc_file_count(a) == spotc_file_count(b), "two runs make as many files");
    for (size_t i = 0; i < spotc_file_count(a); i++) {
        SpotcFile left = spotc_file(a, i), right = spotc_file(b, i);
        FUZZ_REQUIRE(strcmp(left.manifest, right.manifest) == 0, "of the same manifests");
        FUZZ_REQUIRE(strcmp(left.name, right.name) == 0, "of the same names");
        FUZZ_REQUIRE(left.length == right.length &&
                         memcmp(left.bytes, right.bytes, left.length) == 0,
                     "of the same bytes");
    }
}

static bool has_errors(Fuzz *fuzz, Spotc *session) {
    const char *text = spotc_messages(session, "json");
    Node list = fuzz_reread(fuzz, "messages.json", str_of(text));
    FUZZ_REQUIRE(node_kind(list) == NODE_SEQUENCE, "the messages are a list");
    NODE_EACH(message, list) {
        if (node_is_string(NODE_GET(message, "severity"), STR("error"))) return true;
    }
    return false;
}

// Returns what spotc_compile does.
static int check_library(Fuzz *fuzz, const uint8_t *data, size_t size) {
    Spotc *first = spotc_open(no_memory, NULL), *second = spotc_open(no_memory, NULL);
    int result = spotc_compile(first, "input.yaml", (const char *)data, size);
    FUZZ_REQUIRE(result == spotc_compile(second, "input.yaml", (const char *)data, size),
                 "two runs end alike");
    check_same_files(first, second);
    FUZZ_REQUIRE(strcmp(spotc_messages(first, "text"), spotc_messages(second, "text")) == 0,
                 "two runs say the same");
    FUZZ_REQUIRE(has_errors(fuzz, first) == (result != 0), "an error says why it fails");
    spotc_close(first);
    spotc_close(second);
    return result;
}

// --- what was emitted ---

static void add_emitted(Fuzz *fuzz, const Compilation *c, const Role *role,
                        DocumentVec *documents) {
    for (size_t i = 0; i < c->artifacts.count; i++) {
        const Artifact *artifact = &c->artifacts.items[i];
        Document document = {0};
        Node bad = NO_NODE;
        bool wanted = artifact->kind == ARTIFACT_POLICY || artifact->kind == ARTIFACT_TRUST;
        if (!wanted || !str_equal(artifact->role, role->id)) continue;
        Node root = fuzz_reread(fuzz, "policy.json", artifact->bytes);
        DocumentKind kind = artifact->kind == ARTIFACT_TRUST ? DOCUMENT_TRUST : DOCUMENT_IDENTITY;
        FUZZ_REQUIRE(document_from_tree(&fuzz->arena, root, kind, &document, &bad),
                     "policies are as IAM has them");
        VEC_PUSH(&fuzz->arena, documents, document);
    }
}

static bool has_trust(const DocumentVec *documents) {
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->items[i].kind == DOCUMENT_TRUST) return true;
    }
    return false;
}

// A role that the stack connects has its trust policy in the template only.
static DocumentVec comparable(Fuzz *fuzz, const DocumentVec *chosen, bool trust) {
    DocumentVec documents = {0};
    for (size_t i = 0; i < chosen->count; i++) {
        if (trust || chosen->items[i].kind != DOCUMENT_TRUST)
            VEC_PUSH(&fuzz->arena, &documents, chosen->items[i]);
    }
    return documents;
}

static void check_emitted(Fuzz *fuzz, const Compilation *c) {
    Imported imported = {0};
    import_selection(&fuzz->arena, &c->manifest, &c->selection, &imported);
    for (size_t i = 0; i < c->artifacts.count; i++) {
        const Artifact *artifact = &c->artifacts.items[i];
        if (artifact->kind != ARTIFACT_RUNBOOK) // which is for people
            (void)fuzz_reread(fuzz, str_to_c(&fuzz->arena, artifact->name), artifact->bytes);
    }
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        DocumentVec emitted = {0};
        add_emitted(fuzz, c, &c->selection.roles.items[i], &emitted);
        DocumentVec chosen =
            comparable(fuzz, &imported.roles.items[i].documents, has_trust(&emitted));
        require_same_access(fuzz, &emitted, &chosen, "what is emitted grants what was chosen");
    }
}

// --- the passes ---

// In an arena of its own, which is gone when the messages are shown, as it is in the commands.
static bool compile(Fuzz *fuzz, const Library *library, Node document) {
    Arena arena;
    Compilation c = {
        .arena = &arena, .diags = &fuzz->diags, .library = library, .document = document};
    arena_init(&arena, fuzz->arena.exhausted, fuzz->arena.context);
    size_t errors = diags_errors(&fuzz->diags);
    bool valid = pipeline_run(&c, PASS_READ, PASS_VALIDATE);
    if (!valid) pipeline_judge_rest(&c);
    bool done = valid && pipeline_run(&c, PASS_RESOLVE, PASS_EMIT);
    FUZZ_REQUIRE(done == (diags_errors(&fuzz->diags) == errors), "an error says why it fails");
    if (done) check_emitted(fuzz, &c);
    arena_free(&arena);
    return done;
}

static bool compile_all(Fuzz *fuzz, const Source *source) {
    Library library = {0};
    NodeVec roots = {0}, manifests = {0};
    library_init(&fuzz->arena, &library);
    if (!read_yaml(&fuzz->arena, &fuzz->diags, source, &roots)) return false;
    bool done = true;
    for (size_t i = 0; i < roots.count; i++)
        done &= pipeline_documents(&fuzz->arena, &fuzz->diags, roots.items[i], &manifests);
    for (size_t i = 0; i < manifests.count; i++)
        done &= compile(fuzz, &library, manifests.items[i]);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    fuzz_begin(&fuzz);
    int result = check_library(&fuzz, data, size);
    bool done = compile_all(&fuzz, fuzz_source(&fuzz, "input.yaml", data, size));
    FUZZ_REQUIRE(done == (result == 0), "the passes end as the library does");
    (void)fuzz_messages(&fuzz);
    fuzz_end(&fuzz);
    return 0;
}
