#include <sys/stat.h>

#include "command/diff.h"
#include "command/session.h"
#include "read/load.h"

const char *const diff_source_names[DIFF_SOURCE_COUNT] = {
    [DIFF_MANIFEST] = "manifest",
    [DIFF_POLICY] = "policy",
    [DIFF_TEMPLATE] = "template",
    [DIFF_FOLDER] = "output folder",
};

// --- what is no manifest ---

// A policy that is not as IAM has it grants what nobody can say.
static bool check_documents(Run *run, const Imported *imported) {
    for (size_t i = 0; i < imported->roles.count; i++) {
        const DocumentVec *documents = &imported->roles.items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            Node bad = documents->items[k].bad;
            if (!node_exists(bad)) continue;
            Diagnostic *d = diag_report(run->diags, MSG_NOT_A_POLICY, node_span(bad),
                                        "this is not as IAM's grammar of policies has it, so what "
                                        "the policy grants cannot be said");
            diag_note(run->diags, d, NO_SPAN, "spotc lint says what is wrong");
            run_fail(run, EXIT_USAGE);
            return false;
        }
    }
    return true;
}

static bool add_imported(Run *run, Str path, DiffSourceKind kind, const Imported *imported,
                         DiffSideVec *sides) {
    if (!check_documents(run, imported)) return false;
    DiffSide side = {.path = path, .kind = kind, .imported = *imported};
    VEC_PUSH(run->arena, sides, side);
    return true;
}

static bool read_folder(Run *run, Str path, DiffSideVec *sides) {
    Imported imported;
    ImportResult result = import_folder(run->arena, run->diags, path, NO_SPAN, &imported);
    if (result == IMPORT_DONE) return add_imported(run, path, DIFF_FOLDER, &imported, sides);
    run_fail(run, result == IMPORT_FAILED ? EXIT_MACHINE : EXIT_USAGE);
    return false;
}

static bool read_document_of(Run *run, Str path, const NodeVec *roots, DiffSideVec *sides) {
    Imported imported;
    DiffSourceKind kind =
        import_kind(roots->items[0]) == IMPORT_TEMPLATE ? DIFF_TEMPLATE : DIFF_POLICY;
    if (roots->count > 1) {
        diag_report(run->diags, MSG_SEVERAL_DOCUMENTS, node_span(roots->items[1]),
                    "one document is expected here, and this is the second");
    } else if (import_document(run->arena, run->diags, roots->items[0], &imported)) {
        return add_imported(run, path, kind, &imported, sides);
    }
    run_fail(run, EXIT_USAGE);
    return false;
}

// --- manifests ---

// What is made lives as long as the run: both sides are needed at once.
static bool add_manifest(Run *run, Str path, const ManifestDocument *document, DiffSideVec *sides) {
    Compilation c = {.arena = run->arena,
                     .diags = run->diags,
                     .library = document->library,
                     .document = document->root};
    if (!pipeline_run(&c, PASS_RESOLVE, PASS_LAYOUT)) return false;
    DiffSide side = {.path = path,
                     .kind = DIFF_MANIFEST,
                     .library = document->library,
                     .account = c.manifest.account,
                     .partition = c.manifest.partition.id};
    import_selection(run->arena, &c.manifest, &c.selection, &side.imported);
    VEC_PUSH(run->arena, sides, side);
    return true;
}

static bool is_wanted(const Run *run, const ManifestDocument *document) {
    return run->options.name.length == 0 || str_equal(run->options.name, document->name);
}

// A manifest with an error cannot be compared.
static bool read_manifests(Run *run, Str path, const Source *source, DiffSideVec *sides) {
    ManifestDocumentVec documents = {0};
    size_t errors = diags_errors(run->diags);
    session_take(run, source, &documents);
    bool ok = diags_errors(run->diags) == errors;
    for (size_t i = 0; i < documents.count; i++) {
        if (is_wanted(run, &documents.items[i]))
            ok &= add_manifest(run, path, &documents.items[i], sides);
    }
    if (ok && sides->count == 0)
        run_usage_error(run, "'%.*s' has no manifest '%.*s'", STR_ARG(path),
                        STR_ARG(run->options.name));
    if (!ok) run_fail(run, EXIT_USAGE);
    return ok && sides->count > 0;
}

// --- telling them apart ---

static bool is_folder(Run *run, Str path) {
    struct stat status;
    return !str_equal(path, STR("-")) && stat(str_to_c(run->arena, path), &status) == 0 &&
           S_ISDIR(status.st_mode);
}

bool diff_read_side(Run *run, Str path, DiffSideVec *ret_sides) {
    const Source *source = NULL;
    NodeVec roots = {0};
    if (is_folder(run, path)) return read_folder(run, path, ret_sides);
    LoadResult loaded = source_load(run->arena, run->diags, path, NO_SPAN, &source);
    if (loaded != LOAD_DONE) {
        run_fail(run, loaded == LOAD_FAILED ? EXIT_MACHINE : EXIT_USAGE);
        return false;
    }
    if (!import_read(run->arena, run->diags, source, &roots)) {
        run_fail(run, EXIT_USAGE);
        return false;
    }
    return import_kind(roots.items[0]) == IMPORT_MANIFEST
               ? read_manifests(run, path, source, ret_sides)
               : read_document_of(run, path, &roots, ret_sides);
}
