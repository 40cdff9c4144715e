#include "command/session.h"

#include "base/file.h"
#include "base/map.h"
#include "base/nearest.h"
#include "command/streams.h"
#include "read/load.h"
#include "read/read.h"

// The path of a folder that a manifest names, which is meant relative to the manifest.
static Str folder_path(Run *run, Node name) {
    Str manifest = node_span(name).source->name, folder = node_text(name);
    size_t slash = manifest.length;
    while (str_starts_with(folder, STR("./"))) folder = str_slice(folder, 2, folder.length);
    if (folder.length == 0) folder = STR(".");
    while (slash > 0 && manifest.data[slash - 1] != '/') slash--;
    if (slash == 0 || str_starts_with(folder, STR("/"))) return folder;
    return file_join(run->arena, str_slice(manifest, 0, slash), folder);
}

// The run's bundles and those of the folders; NULL where something is wrong with them.
static const Library *read_folders(Run *run, Node folders) {
    Library *library = ARENA_NEW(run->arena, Library);
    *library = library_copy(run->arena, &run->library);
    bool ok = true;
    NODE_EACH(name, folders) {
        Str path = folder_path(run, name);
        ok &= library_add_folder(run->arena, run->diags, &run->bundles_read, library, path,
                                 node_span(name));
    }
    if (library->unreadable) run_fail(run, EXIT_MACHINE);
    return ok && library_check(run->arena, run->diags, library) ? library : NULL;
}

// Tells a folder from all others, whichever path leads to it: what it is, or its path where there
// is none.
static Str folder_key(Run *run, Str path) {
    FolderId *id = ARENA_NEW(run->arena, FolderId);
    if (library_find_folder(run->arena, path, id)) return (Str){(const char *)id, sizeof *id};
    return str_format(run->arena, "no folder %.*s", STR_ARG(path));
}

// Tells a list of folders from all that have others, each where it stands first.
static Str folders_key(Run *run, Node folders) {
    StrMap seen = {0};
    StrBuf all = strbuf_new(run->arena);
    NODE_EACH(name, folders) {
        Str key = folder_key(run, folder_path(run, name));
        if (!strmap_set(run->arena, &seen, key, 0)) continue;
        strbuf_add_format(&all, "%zu:", key.length);
        strbuf_add(&all, key);
    }
    return strbuf_str(&all);
}

// The run's bundles, with those that the manifest adds: read once for all that name the same.
static const Library *library_of(Run *run, Node root) {
    Node folders = NODE_GET(root, "bundles");
    if (node_count(folders) == 0) return &run->library;
    Str key = folders_key(run, folders);
    uint32_t index = (uint32_t)run->libraries.count;
    if (strmap_get(&run->library_of_folders, key, &index)) return run->libraries.items[index];
    strmap_set(run->arena, &run->library_of_folders, key, index);
    const Library *library = read_folders(run, folders);
    VEC_PUSH(run->arena, &run->libraries, library);
    return library;
}

// Documents with an error are kept too: their names count. They have no library.
static void take_document(Run *run, Node root, Shared *shared, ManifestDocumentVec *documents) {
    Arena arena;
    Compilation c = {.arena = &arena, .diags = run->diags, .document = root};
    arena_init(&arena, run->arena->exhausted, run->arena->context);
    bool valid = pipeline_run(&c, PASS_READ, PASS_VALIDATE);
    ManifestDocument document = {
        .root = root, .name = node_text(NODE_GET(root, "name")), .shared = shared};
    if (valid) document.library = library_of(run, root);
    c.library = &run->library;
    if (!valid && !node_exists(NODE_GET(root, "bundles"))) pipeline_judge_rest(&c);
    arena_free(&arena);
    if (document.library == NULL) run_fail(run, EXIT_NO);
    VEC_PUSH(run->arena, documents, document);
}

static bool read_roots(Run *run, const Source *source, NodeVec *roots) {
    if (!str_ends_with(source->name, STR(".json")))
        return read_yaml(run->arena, run->diags, source, roots);
    Node root = NO_NODE;
    if (!read_json(run->arena, run->diags, source, &root)) return false;
    VEC_PUSH(run->arena, roots, root);
    return true;
}

static bool check_count(Run *run, const NodeVec *manifests) {
    if (manifests->count <= MOST_MANIFESTS) return true;
    diag_report(run->diags, MSG_TOO_MANY_MANIFESTS, node_span(manifests->items[MOST_MANIFESTS]),
                "this is manifest %d, and a file may have %d", MOST_MANIFESTS + 1, MOST_MANIFESTS);
    run_fail(run, EXIT_NO);
    return false;
}

static void take_source(Run *run, const Source *source, ManifestDocumentVec *documents) {
    NodeVec roots = {0}, manifests = {0};
    if (!read_roots(run, source, &roots)) {
        run_fail(run, EXIT_NO);
        return;
    }
    for (size_t i = 0; i < roots.count; i++) {
        if (!pipeline_documents(run->arena, run->diags, roots.items[i], &manifests))
            run_fail(run, EXIT_NO);
    }
    if (!check_count(run, &manifests)) return;
    Shared *shared = shared_new(run->arena);
    for (size_t i = 0; i < manifests.count; i++)
        take_document(run, manifests.items[i], shared, documents);
}

static void load_file(Run *run, size_t index, ManifestDocumentVec *documents) {
    static const ExitStatus statuses[] = {[LOAD_DONE] = EXIT_DONE,
                                          [LOAD_MISSING] = EXIT_USAGE,
                                          [LOAD_FAILED] = EXIT_MACHINE,
                                          [LOAD_INVALID] = EXIT_NO};
    const Source *source = NULL;
    Str path = run->options.arguments.items[index];
    LoadResult loaded = source_load(run->arena, run->diags, path, NO_SPAN, &source);
    run_fail(run, statuses[loaded]);
    if (loaded == LOAD_DONE) take_source(run, source, documents);
}

static void report_duplicate(Run *run, const ManifestDocument *first,
                             const ManifestDocument *second) {
    Diagnostic *d =
        diag_report(run->diags, MSG_DUPLICATE_NAME, node_span(NODE_GET(second->root, "name")),
                    "another manifest is named '%.*s', and both would be written to "
                    "the same folder",
                    STR_ARG(second->name));
    diag_note(run->diags, d, node_span(NODE_GET(first->root, "name")), "the other is here");
    run_fail(run, EXIT_NO);
}

// Shows what else is wrong with a manifest that will not be written.
static void judge(Run *run, const ManifestDocument *document) {
    Arena arena;
    Compilation c;
    (void)session_compile(run, document, PASS_EMIT, &arena, &c);
    arena_free(&arena);
}

// Takes out manifests of one name, all of them, and those without their bundles.
static void drop_unusable(Run *run, ManifestDocumentVec *documents) {
    StrMap first_of_name = {0};
    bool *dropped = ARENA_ARRAY(run->arena, bool, documents->count);
    for (size_t i = 0; i < documents->count; i++) {
        uint32_t first = 0;
        if (documents->items[i].name.length == 0) continue;
        if (strmap_get(&first_of_name, documents->items[i].name, &first)) {
            report_duplicate(run, &documents->items[first], &documents->items[i]);
            dropped[first] = dropped[i] = true;
        } else {
            strmap_set(run->arena, &first_of_name, documents->items[i].name, (uint32_t)i);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const ManifestDocument document = documents->items[i];
        if (document.library == NULL) continue;
        if (dropped[i])
            judge(run, &document);
        else
            documents->items[kept++] = document;
    }
    documents->count = kept;
}

void session_load(Run *run, size_t first, size_t last, ManifestDocumentVec *ret_documents) {
    if (first == last) run_usage_error(run, "which manifest? ('-' reads standard input)");
    for (size_t i = first; i < last; i++) load_file(run, i, ret_documents);
    drop_unusable(run, ret_documents);
}

bool session_take(Run *run, const Source *source, ManifestDocumentVec *ret_documents) {
    take_source(run, source, ret_documents);
    size_t taken = ret_documents->count;
    drop_unusable(run, ret_documents);
    return ret_documents->count == taken;
}

const ManifestDocument *session_choose(Run *run, const ManifestDocumentVec *documents) {
    Str name = run->options.name;
    StrVec names = {0};
    for (size_t i = 0; i < documents->count; i++) {
        if (str_equal(name, documents->items[i].name)) return &documents->items[i];
        VEC_PUSH(run->arena, &names, documents->items[i].name);
    }
    if (documents->count == 0) return NULL; // what is wrong was reported
    if (name.length == 0 && documents->count == 1) return &documents->items[0];
    Str all = run_names(run, &names);
    if (name.length == 0)
        run_usage_error(run, "several manifests: choose one with --name (%.*s)", STR_ARG(all));
    else
        run_usage_error(run, "no manifest '%.*s' among %.*s", STR_ARG(name), STR_ARG(all));
    return NULL;
}

bool session_compile(Run *run, const ManifestDocument *document, PassId last, Arena *arena,
                     Compilation *ret_compilation) {
    arena_init(arena, run->arena->exhausted, run->arena->context);
    return session_compile_in(run, document, last, arena, ret_compilation);
}

bool session_compile_in(Run *run, const ManifestDocument *document, PassId last, Arena *arena,
                        Compilation *ret_compilation) {
    *ret_compilation = (Compilation){.arena = arena,
                                     .diags = run->diags,
                                     .library = document->library,
                                     .document = document->root,
                                     .shared = document->shared,
                                     .asked = &run->options.emit,
                                     .templates = &run->templates};
    size_t warnings = diags_warnings(run->diags);
    if (document->shared->work == 0) {
        run_fail(run, EXIT_NO); // what is wrong was reported
        return false;
    }
    bool ok = pipeline_run(ret_compilation, PASS_RESOLVE, last);
    if (run->options.werror && diags_warnings(run->diags) > warnings) ok = false;
    if (!ok) run_fail(run, EXIT_NO);
    return ok;
}

bool session_dump(Run *run, const ManifestDocumentVec *documents) {
    Str name = run->options.dump_after;
    if (name.length == 0) return false;
    PassId pass = pass_find(name);
    if (pass == PASS_COUNT) {
        Str names[PASS_COUNT];
        for (unsigned i = 0; i < PASS_COUNT; i++) names[i] = str_of(passes[i].name);
        Str all = names_in_full(run->arena, names, PASS_COUNT);
        run_usage_error(run, "no pass '%.*s'; there are %.*s", STR_ARG(name), STR_ARG(all));
        return true;
    }
    for (size_t i = 0; i < documents->count; i++) {
        Arena arena;
        Compilation c;
        if (session_compile(run, &documents->items[i], pass, &arena, &c))
            passes[pass].dump(&c, &run->out);
        arena_free(&arena);
        streams_relieve(run);
    }
    return true;
}

bool session_choose_role(Run *run, const Compilation *c, const Role **ret_role) {
    const RoleVec *roles = &c->selection.roles;
    Str wanted = run->options.role;
    StrVec ids = {0};
    for (size_t i = 0; i < roles->count; i++) {
        if (str_equal(wanted, roles->items[i].id)) {
            *ret_role = &roles->items[i];
            return true;
        }
        VEC_PUSH(run->arena, &ids, roles->items[i].id);
    }
    *ret_role = &roles->items[0];
    if (wanted.length == 0 && roles->count == 1) return true;
    Str all = run_names(run, &ids);
    if (wanted.length == 0)
        run_usage_error(run, "several roles: choose one with --role (%.*s)", STR_ARG(all));
    else
        run_usage_error(run, "the manifest makes no role '%.*s'; it makes %.*s", STR_ARG(wanted),
                        STR_ARG(all));
    return false;
}
