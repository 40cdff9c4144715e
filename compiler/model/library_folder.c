#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "model/embedded.h"
#include "model/library.h"
#include "read/load.h"
#include "read/read.h"
#include "validate/report.h"

enum { MAX_FOLDER_DEPTH = 8, MAX_FOLDERS = 200, MAX_BUNDLES = 2000 };

typedef struct Folder {
    Arena *arena;
    Diags *diags;
    Library *library;
    Span asked;
} Folder;

static bool is_bundle_name(Str name) {
    return str_ends_with(name, STR(".yaml")) || str_ends_with(name, STR(".yml")) ||
           str_ends_with(name, STR(".json"));
}

static bool report_not_a_bundle(const Folder *f, Span span, const char *what) {
    Diagnostic *d =
        diag_report(f->diags, MSG_NOT_A_BUNDLE, span, "this file is not a bundle: %s", what);
    diag_note(f->diags, d, f->asked,
              "a manifest has this folder read, so nothing of the file is "
              "shown; with 'spotc list --bundles' it is");
    return false;
}

static bool has_keys(Node root, Node required) {
    NODE_EACH(key, required) {
        if (!node_exists(node_get(root, node_text(key)))) return false;
    }
    return true;
}

// Whether a document has all the keys that bundles of its kind must have. What a kind requires, and
// that its own name is a key, stands in the schema: of a product as $defs/productFile.
static bool is_bundle(Node root) {
    static const char suffix[] = "File";
    Node forms = NODE_GET(embedded_root(STR("schema/bundle.schema.json")), "$defs");
    NODE_EACH(form, forms) {
        Str name = node_key_text(form);
        if (!str_ends_with(name, str_of(suffix))) continue;
        Str kind = str_slice(name, 0, name.length - (sizeof suffix - 1));
        if (node_exists(node_get(root, kind)) && has_keys(root, NODE_GET(form, "required")))
            return true;
    }
    return false;
}

// Reads what a manifest had read. It may be any file of the machine, so that nothing of it is told
// before it is known to be a bundle.
static bool read_unshown(const Folder *f, const Source *source, Node *ret_root) {
    Diags quiet;
    diags_init(&quiet, f->arena, 1);
    Span span = {source_without_text(f->arena, source), 0, 0};
    if (!read_document(f->arena, &quiet, source, ret_root)) {
        const Diagnostic *first = quiet.items.items[0];
        span.begin = first->span.begin;
        span.end = first->span.end;
        return report_not_a_bundle(f, span, message_get(first->id)->title);
    }
    span.begin = span.end = node_span(*ret_root).begin;
    return is_bundle(*ret_root) ||
           report_not_a_bundle(f, span, "it lacks keys that every bundle has");
}

static bool add_file(const Folder *f, Str path) {
    const Source *source = NULL;
    Node root = NO_NODE;
    LoadResult loaded = source_load(f->arena, f->diags, path, f->asked, &source);
    f->library->unreadable |= loaded == LOAD_FAILED;
    if (loaded != LOAD_DONE) return false;
    bool is_read = f->asked.source == NULL ? read_document(f->arena, f->diags, source, &root)
                                           : read_unshown(f, source, &root);
    if (!is_read) return false;
    Node schema = embedded_root(STR("schema/bundle.schema.json"));
    return validate_document(f->arena, f->diags, schema, root) &&
           library_add(f->arena, f->diags, f->library, root);
}

// Whether the folder is among those that were added; it is from now on. Two paths may lead to it.
static bool is_known(const Folder *f, Str path) {
    struct stat status;
    if (stat(str_to_c(f->arena, path), &status) != 0) return false;
    FolderId id = {(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    for (size_t i = 0; i < f->library->folders.count; i++) {
        const FolderId *known = &f->library->folders.items[i];
        if (known->device == id.device && known->inode == id.inode) return true;
    }
    VEC_PUSH(f->arena, &f->library->folders, id);
    return false;
}

// A folder of bundles is small; what is not small was named by mistake, `/` for one.
static bool has_room(const Folder *f, Str path, size_t depth) {
    bool fits = depth <= MAX_FOLDER_DEPTH && f->library->folders.count <= MAX_FOLDERS &&
                f->library->bundles.count < MAX_BUNDLES;
    if (!fits)
        diag_report(f->diags, MSG_TOO_LARGE, f->asked,
                    "too much for a folder of bundles at '%.*s': at most %d levels, %d folders "
                    "and %d bundles are read",
                    STR_ARG(path), MAX_FOLDER_DEPTH, MAX_FOLDERS, MAX_BUNDLES);
    return fits;
}

// Adds what `path` holds; entries that are neither bundles nor folders are none of our business.
static bool add_folder(const Folder *f, Str path, size_t depth, bool must_be_folder) {
    StrVec names = {0};
    int error = 0;
    if (is_known(f, path)) return true;
    if (!has_room(f, path, depth)) return false;
    if (file_list(f->arena, path, &names, &error) != FILE_DONE) {
        if (!must_be_folder && (error == ENOTDIR || error == ENOENT || error == ELOOP)) return true;
        f->library->unreadable |= !file_is_mistaken(error);
        diag_report(f->diags, MSG_CANNOT_READ, f->asked,
                    "cannot read the bundles folder '%.*s': %.*s", STR_ARG(path),
                    STR_ARG(file_error(f->arena, error)));
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < names.count; i++) {
        Str name = names.items[i];
        Str inner = file_join(f->arena, path, name);
        if (str_starts_with(name, STR("."))) continue;
        if (!is_bundle_name(name))
            ok &= add_folder(f, inner, depth + 1, false);
        else if (has_room(f, path, depth))
            ok &= add_file(f, inner);
        else
            return false;
        if (f->library->folders.count > MAX_FOLDERS) return false;
    }
    return ok;
}

bool library_add_folder(Arena *arena, Diags *diags, Library *library, Str folder, Span asked) {
    Folder f = {arena, diags, library, asked};
    return add_folder(&f, folder, 0, true);
}
