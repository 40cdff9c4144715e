#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/nearest.h"
#include "model/embedded.h"
#include "model/library.h"
#include "read/load.h"
#include "read/read.h"
#include "validate/report.h"

// A file of anything may have fewer of the keys of bundles by chance.
enum { SURE_KEYS = 4 };

// Of one library.
enum { MAX_FOLDER_DEPTH = 8, MAX_FOLDERS = 200 };

// Of all libraries of a run.
enum { MAX_FILES = 2000, MAX_BYTES = 4 * 1024 * 1024 };

// What files count for at least, in bytes. One that is too large or broken may have been read in
// vain, and aliases make many values of few bytes.
enum { COST_OF_TOO_LARGE = MAX_BYTES / 4, COST_OF_BROKEN = MAX_BYTES / 32, COST_OF_VALUE = 8 };

typedef struct Folder {
    Arena *arena;
    Diags *diags;
    BundlesRead *read;
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

// What is wrong with the keys of what a manifest had read; no text: it surely is a bundle.
typedef struct KeyFault {
    Span span;
    const char *what;
} KeyFault;

// The form of the bundle that a document seems to be, which tells the kind by its first key; or no
// node. It stands in the schema: of a product as $defs/productFile.
static Node form_of(Node root) {
    static const char suffix[] = "File";
    Node forms = NODE_GET(embedded_root(STR("schema/bundle.schema.json")), "$defs");
    NODE_EACH(form, forms) {
        Str name = node_key_text(form);
        if (!str_ends_with(name, str_of(suffix))) continue;
        Str kind = str_slice(name, 0, name.length - (sizeof suffix - 1));
        if (node_is_string(node_first(NODE_GET(form, "required")), kind) &&
            node_exists(node_get(root, kind)))
            return form;
    }
    return NO_NODE;
}

// Whether all of a kind's required keys are there, each as it is or misspelled.
static bool has_required(Node form, const StrVec *keys) {
    NODE_EACH(key, NODE_GET(form, "required")) {
        if (nearest_name(node_text(key), keys->items, keys->count).length == 0) return false;
    }
    return true;
}

// Whether so many of a kind's keys are there, as they are, that it is no chance.
static bool has_enough(Node root, const StrVec *known) {
    size_t count = 0;
    for (size_t i = 0; i < known->count; i++) count += node_exists(node_get(root, known->items[i]));
    return count >= SURE_KEYS;
}

// The first key that no bundle of this kind has, not even misspelled; or no node.
static Node foreign_key(Node root, const StrVec *known) {
    NODE_EACH(value, root) {
        if (nearest_name(node_key_text(value), known->items, known->count).length == 0)
            return value;
    }
    return NO_NODE;
}

static KeyFault find_fault(Arena *arena, Node root) {
    Node form = form_of(root);
    Span begin = node_span(root);
    StrVec known = {0}, keys = {0};
    begin.end = begin.begin;
    node_key_names(arena, NODE_GET(form, "properties"), &known);
    Node foreign = node_exists(form) ? foreign_key(root, &known) : NO_NODE;
    if (node_exists(foreign))
        return (KeyFault){node_key_span(foreign), "it has a key that no such bundle has"};
    node_key_names(arena, root, &keys);
    if (node_exists(form) && has_required(form, &keys) && has_enough(root, &known))
        return (KeyFault){.what = NULL};
    return (KeyFault){begin, "it lacks keys that every bundle has"};
}

static bool is_valid(Arena *arena, Node root) {
    Diags quiet;
    diags_init(&quiet, arena, 1);
    return validate_document(arena, &quiet, embedded_root(STR("schema/bundle.schema.json")), root);
}

// A place without what stands there.
static Span hidden(const Folder *f, const Source *source, Span span) {
    span.source = source_without_text(f->arena, source);
    return span;
}

// Reads a document, of which the bytes are counted already; counts what it costs beyond them.
static bool read_counted(const Folder *f, Diags *diags, const Source *source, Node *ret_root) {
    size_t cost = COST_OF_BROKEN, bytes = source->text.length;
    bool done = read_document(f->arena, diags, source, ret_root);
    if (done) cost = ret_root->tree->pool_length + (size_t)COST_OF_VALUE * ret_root->tree->count;
    if (cost > bytes) f->read->bytes += cost - bytes;
    return done;
}

static KeyFault read_quietly(const Folder *f, const Source *source, Node *ret_root) {
    Diags quiet;
    diags_init(&quiet, f->arena, 1);
    if (!read_counted(f, &quiet, source, ret_root)) {
        const Diagnostic *first = quiet.items.items[0];
        return (KeyFault){first->span, message_get(first->id)->title};
    }
    KeyFault fault = find_fault(f->arena, *ret_root);
    if (fault.what != NULL && is_valid(f->arena, *ret_root)) fault.what = NULL;
    return fault;
}

// Reads what a manifest had read. It may be any file of the machine, so that nothing of it is told
// before it is known to be a bundle, and nothing is kept if it is none.
static bool read_unshown(const Folder *f, const Source *source, Node *ret_root) {
    ArenaMark mark = arena_mark(f->arena);
    KeyFault fault = read_quietly(f, source, ret_root);
    if (fault.what == NULL) return true;
    arena_rewind(f->arena, mark);
    return report_not_a_bundle(f, hidden(f, source, fault.span), fault.what);
}

// A folder of bundles is small; what is not small was named by mistake, `/` for one.
static bool report_too_much(const Folder *f, Str path) {
    diag_report(f->diags, MSG_TOO_LARGE, f->asked,
                "too much for a folder of bundles at '%.*s': at most %d levels and %d folders are "
                "read, and in one run %d files and %d MiB",
                STR_ARG(path), MAX_FOLDER_DEPTH, MAX_FOLDERS, MAX_FILES, MAX_BYTES / (1024 * 1024));
    return false;
}

// Counts what was found at `path` towards what a run may read. False where that is too much.
static bool count_read(const Folder *f, Str path, size_t files, size_t bytes) {
    f->read->files += files;
    f->read->bytes += bytes;
    f->read->full = f->read->files > MAX_FILES || f->read->bytes > MAX_BYTES;
    return !f->read->full || report_too_much(f, path);
}

static bool load(const Folder *f, Str path, const Source **ret_source) {
    LoadResult loaded = source_load(f->arena, f->diags, path, f->asked, ret_source);
    f->library->unreadable |= loaded == LOAD_FAILED;
    if (loaded == LOAD_INVALID) (void)count_read(f, path, 0, COST_OF_TOO_LARGE);
    return loaded == LOAD_DONE && count_read(f, path, 0, (*ret_source)->text.length);
}

static bool add_file(const Folder *f, Str path) {
    const Source *source = NULL;
    Node root = NO_NODE;
    if (!load(f, path, &source)) return false;
    bool is_read = f->asked.source == NULL ? read_counted(f, f->diags, source, &root)
                                           : read_unshown(f, source, &root);
    if (!count_read(f, path, 0, 0) || !is_read) return false;
    Node schema = embedded_root(STR("schema/bundle.schema.json"));
    return validate_document(f->arena, f->diags, schema, root) &&
           library_add(f->arena, f->diags, f->library, root);
}

bool library_find_folder(Arena *arena, Str path, FolderId *ret_folder) {
    struct stat status;
    if (str_find_byte(path, '\0', 0) < path.length) return false; // no path: stat would cut it
    if (stat(str_to_c(arena, path), &status) != 0) return false;
    *ret_folder = (FolderId){(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    return true;
}

// Whether the folder is among those that were added; it is from now on. Two paths may lead to it.
static bool is_known(const Folder *f, Str path) {
    FolderId id;
    if (!library_find_folder(f->arena, path, &id)) return false;
    for (size_t i = 0; i < f->library->folders.count; i++) {
        const FolderId *known = &f->library->folders.items[i];
        if (known->device == id.device && known->inode == id.inode) return true;
    }
    VEC_PUSH(f->arena, &f->library->folders, id);
    return false;
}

// Adds what `path` holds; entries that are neither bundles nor folders are none of our business.
static bool add_folder(const Folder *f, Str path, size_t depth, bool must_be_folder) {
    StrVec names = {0};
    int error = 0;
    if (is_known(f, path)) return true;
    if (depth > MAX_FOLDER_DEPTH || f->library->folders.count > MAX_FOLDERS)
        return report_too_much(f, path);
    if (file_list(f->arena, path, &names, &error) != FILE_DONE) {
        if (!must_be_folder && (error == ENOTDIR || error == ENOENT || error == ELOOP)) return true;
        f->library->unreadable |= !file_is_mistaken(error);
        diag_report(f->diags, MSG_CANNOT_READ, f->asked,
                    "cannot read the bundles folder '%.*s': %.*s", STR_ARG(path),
                    STR_ARG(file_error(f->arena, error)));
        return false;
    }
    bool ok = count_read(f, path, names.count, 0);
    for (size_t i = 0; i < names.count && !f->read->full; i++) {
        Str name = names.items[i];
        Str inner = file_join(f->arena, path, name);
        if (str_starts_with(name, STR("."))) continue;
        ok &= is_bundle_name(name) ? add_file(f, inner) : add_folder(f, inner, depth + 1, false);
        if (f->library->folders.count > MAX_FOLDERS) return false;
    }
    return ok;
}

bool library_add_folder(Arena *arena, Diags *diags, BundlesRead *read, Library *library, Str folder,
                        Span asked) {
    Folder f = {arena, diags, read, library, asked};
    return !read->full && count_read(&f, folder, 1, 0) && add_folder(&f, folder, 0, true);
}
