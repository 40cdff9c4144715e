#include "command/input.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lint/bundle.h"
#include "model/embedded.h"
#include "read/load.h"
#include "validate/report.h"

const char *const input_kind_names[INPUT_KIND_COUNT] = {
    [INPUT_MANIFEST] = "manifest",    [INPUT_POLICY] = "policy", [INPUT_TEMPLATE] = "template",
    [INPUT_FOLDER] = "output folder", [INPUT_BUNDLE] = "bundle",
};

// What cannot be read cannot be judged.
static bool fail(Run *run, bool machine) {
    run_fail(run, machine ? EXIT_MACHINE : EXIT_USAGE);
    return false;
}

// Looks whether the path is a folder. What is not there is found out when it is read.
static bool look_at(Run *run, Str path, bool *ret_is_folder) {
    struct stat status;
    *ret_is_folder = false;
    if (str_equal(path, STR("-"))) return true;
    bool seen = stat(str_to_c(run->arena, path), &status) == 0;
    int error = errno;
    if (!seen && !file_is_mistaken(error)) {
        diag_report(run->diags, MSG_CANNOT_READ, NO_SPAN, "cannot read '%.*s': %.*s", STR_ARG(path),
                    STR_ARG(file_error(run->arena, error)));
        return fail(run, true);
    }
    *ret_is_folder = seen && S_ISDIR(status.st_mode);
    return true;
}

static bool load_folder(Run *run, Str path, InputVec *inputs) {
    Input input = {.path = path, .kind = INPUT_FOLDER};
    ImportResult result = import_folder(run->arena, run->diags, path, NO_SPAN, &input.imported);
    if (result != IMPORT_DONE) return fail(run, result == IMPORT_FAILED);
    VEC_PUSH(run->arena, inputs, input);
    return true;
}

static bool is_wanted(const Run *run, const ManifestDocument *document) {
    return run->options.name.length == 0 || str_equal(run->options.name, document->name);
}

static bool load_manifest(Run *run, Str path, const Source *source, InputVec *inputs) {
    ManifestDocumentVec documents = {0};
    size_t errors = diags_errors(run->diags);
    // A fault of bundles that the other side has too was reported there.
    bool ok = session_take(run, source, &documents);
    for (size_t i = 0; i < documents.count; i++) {
        const ManifestDocument *document = &documents.items[i];
        Input input = {.path = path,
                       .kind = INPUT_MANIFEST,
                       .imported = {.name = document->name},
                       .manifest = *document};
        if (is_wanted(run, document)) VEC_PUSH(run->arena, inputs, input);
    }
    return (ok && diags_errors(run->diags) == errors) || fail(run, false);
}

// Bundles are read as strictly as compile reads them, and judged by themselves.
static bool load_bundle(Run *run, Str path, Node root, InputVec *inputs) {
    Input input = {.path = path, .kind = INPUT_BUNDLE, .imported = {.name = path, .root = root}};
    Node schema = embedded_root(STR("schema/bundle.schema.json"));
    if (!validate_document(run->arena, run->diags, schema, root)) return fail(run, false);
    (void)lint_bundle_documents(run->arena, root, &input.imported.roles);
    VEC_PUSH(run->arena, inputs, input);
    return true;
}

static bool load_document(Run *run, Str path, Node root, InputVec *inputs) {
    Input input = {.path = path,
                   .kind = import_kind(root) == IMPORT_TEMPLATE ? INPUT_TEMPLATE : INPUT_POLICY};
    if (lint_is_bundle(root)) return load_bundle(run, path, root, inputs);
    if (!import_document(run->arena, run->diags, root, &input.imported)) return fail(run, false);
    VEC_PUSH(run->arena, inputs, input);
    return true;
}

bool input_load(Run *run, Str path, InputVec *ret_inputs) {
    const Source *source = NULL;
    NodeVec roots = {0};
    bool is_folder;
    if (!look_at(run, path, &is_folder)) return false;
    if (is_folder) return load_folder(run, path, ret_inputs);
    LoadResult loaded = source_load(run->arena, run->diags, path, NO_SPAN, &source);
    if (loaded != LOAD_DONE) return fail(run, loaded == LOAD_FAILED);
    if (!import_read(run->arena, run->diags, source, &roots)) return fail(run, false);
    // Manifests are read again as strictly as compile reads them.
    if (import_kind(roots.items[0]) == IMPORT_MANIFEST && !lint_is_bundle(roots.items[0]))
        return load_manifest(run, path, source, ret_inputs);
    bool ok = true;
    for (size_t i = 0; i < roots.count; i++)
        ok &= load_document(run, path, roots.items[i], ret_inputs);
    return ok;
}

bool input_compile(Run *run, Arena *arena, Input *input) {
    if (input->kind != INPUT_MANIFEST) return true;
    Compilation *c = ARENA_NEW(arena, Compilation);
    size_t errors = diags_errors(run->diags);
    bool done = session_compile_in(run, &input->manifest, PASS_LAYOUT, arena, c);
    if (diags_errors(run->diags) > errors) return fail(run, false);
    if (!done) return false;
    import_selection(arena, &c->manifest, &c->selection, &input->imported);
    input->compilation = c;
    return true;
}
