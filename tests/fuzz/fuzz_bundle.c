// Bundles: each document of the input is one. What the schema and the library accept is compiled,
// as far as a manifest can choose it, and linted.
#include "fuzz.h"
#include "lint/bundle.h"
#include "lint/lint.h"
#include "model/embedded.h"
#include "pipeline.h"
#include "validate/report.h"

static bool add_bundles(Fuzz *fuzz, const NodeVec *documents, Library *library) {
    Node schema = embedded_root(STR("schema/bundle.schema.json"));
    for (size_t i = 0; i < documents->count; i++) {
        if (!validate_document(&fuzz->arena, &fuzz->diags, schema, documents->items[i]) ||
            !library_add(&fuzz->arena, &fuzz->diags, library, documents->items[i]))
            return false;
    }
    return library_check(&fuzz->arena, &fuzz->diags, library);
}

// {name, account, external_id, products: {<product>: {integrations: all}}}, or the preset.
static Node manifest_of(Fuzz *fuzz, Node bundle) {
    TreeBuilder *builder = ARENA_NEW(&fuzz->arena, TreeBuilder);
    Str product = node_text(NODE_GET(bundle, "product"));
    Str preset = node_text(NODE_GET(bundle, "preset"));
    tree_begin(builder, &fuzz->arena, fuzz_source_of(fuzz, "manifest.yaml", STR("fuzz")));
    uint32_t root = tree_mapping(builder);
    tree_put(builder, root, STR("name"), tree_string(builder, STR("fuzz")));
    tree_put(builder, root, STR("account"), tree_string(builder, STR("123456789012")));
    tree_put(builder, root, STR("external_id"), tree_string(builder, STR("spotinst:aws:x:1")));
    if (preset.length > 0)
        tree_put(builder, root, STR("permissions"), tree_string(builder, preset));
    if (product.length > 0) {
        uint32_t products = tree_mapping(builder), chosen = tree_mapping(builder);
        tree_put(builder, chosen, STR("integrations"), tree_string(builder, STR("all")));
        tree_put(builder, products, product, chosen);
        tree_put(builder, root, STR("products"), products);
    }
    return (Node){&builder->tree, root};
}

static void compile(Fuzz *fuzz, const Library *library, Node bundle) {
    Compilation c = {.arena = &fuzz->arena,
                     .diags = &fuzz->diags,
                     .library = library,
                     .document = manifest_of(fuzz, bundle)};
    size_t errors = diags_errors(&fuzz->diags);
    bool done = pipeline_run(&c, PASS_READ, PASS_EMIT);
    FUZZ_REQUIRE(done == (diags_errors(&fuzz->diags) == errors), "an error says why it fails");
    for (size_t i = 0; done && i < c.artifacts.count; i++) {
        const Artifact *artifact = &c.artifacts.items[i];
        (void)fuzz_reread(fuzz, str_to_c(&fuzz->arena, artifact->name), artifact->bytes);
    }
}

static void use(Fuzz *fuzz, const NodeVec *documents) {
    Library built_in = {0};
    library_init(&fuzz->arena, &built_in);
    Library library = library_copy(&fuzz->arena, &built_in);
    size_t errors = diags_errors(&fuzz->diags);
    bool good = add_bundles(fuzz, documents, &library);
    FUZZ_REQUIRE(good == (diags_errors(&fuzz->diags) == errors), "an error says what is wrong");
    for (size_t i = 0; i < documents->count; i++) {
        RoleDocumentsVec roles = {0};
        if (lint_is_bundle(documents->items[i]) &&
            lint_bundle_documents(&fuzz->arena, documents->items[i], &roles))
            lint_roles(&fuzz->arena, &fuzz->diags, &roles, NULL);
        if (good) compile(fuzz, &library, documents->items[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return fuzz_documents(data, size, use);
}
