#include "embed/embed.h"

#include "model/library.h"
#include "read/load.h"
#include "read/read.h"
#include "validate/report.h"
#include "validate/schema.h"

typedef struct Embedding {
    Arena *arena;
    Diags *diags;
    NodeVec roots;
    Library library;
    Node bundle_schema;
} Embedding;

static bool read_file(Embedding *e, Str path, Node *ret_root) {
    const Source *source = NULL;
    if (source_load(e->arena, e->diags, path, NO_SPAN, &source) != LOAD_DONE) return false;
    if (str_ends_with(path, STR(".tsv"))) return read_tsv(e->arena, e->diags, source, ret_root);
    return read_document(e->arena, e->diags, source, ret_root);
}

static bool is_schema(Str path) {
    return str_ends_with(path, STR(".schema.json"));
}

// A file that is printed as it is: its comments and layout matter.
static bool keeps_text(Str path) {
    return is_schema(path) || str_equal(path, STR("templates/starter.yaml"));
}

static bool check_file(Embedding *e, Str path, Node root) {
    if (is_schema(path)) return schema_check_supported(e->arena, e->diags, root);
    if (!str_starts_with(path, STR("bundles/"))) return true;
    return validate_document(e->arena, e->diags, e->bundle_schema, root) &&
           library_add(e->arena, e->diags, &e->library, root);
}

static bool read_and_check(Embedding *e, const StrVec *paths) {
    bool ok = true;
    for (size_t i = 0; i < paths->count; i++) {
        Node root = NO_NODE;
        ok &= read_file(e, paths->items[i], &root);
        VEC_PUSH(e->arena, &e->roots, root);
        if (str_equal(paths->items[i], STR("schema/bundle.schema.json"))) e->bundle_schema = root;
    }
    for (size_t i = 0; ok && i < paths->count; i++)
        ok &= check_file(e, paths->items[i], e->roots.items[i]);
    return ok && library_check(e->arena, e->diags, &e->library);
}

static void write_index(StrBuf *out, const StrVec *paths, const NodeVec *roots) {
    strbuf_add(out, STR("const EmbeddedFile embedded_files[] = {\n"));
    for (size_t i = 0; i < paths->count; i++) {
        Str path = paths->items[i];
        strbuf_add_format(out, "    {{\"%.*s\", %zu}, &tree%zu, %u, ", STR_ARG(path), path.length,
                          i, roots->items[i].id);
        if (keeps_text(path))
            strbuf_add_format(out, "{text%zu, sizeof text%zu - 1}},\n", i, i);
        else
            strbuf_add(out, STR("{0, 0}},\n"));
    }
    strbuf_add_format(out, "};\nconst size_t embedded_file_count = %zu;\n", paths->count);
}

bool embed_files(Arena *arena, Diags *diags, const StrVec *paths, StrBuf *out) {
    Embedding e = {.arena = arena, .diags = diags};
    if (!read_and_check(&e, paths)) return false;
    strbuf_add(out, STR("// Made by embed from schema/, bundles/ and templates/.\n"
                        "#include \"model/embedded.h\"\n\n"));
    for (size_t i = 0; i < paths->count; i++) {
        Node root = e.roots.items[i];
        Str text = keeps_text(paths->items[i]) ? root.tree->source->text : (Str){0};
        embed_tree(out, i, root, text);
    }
    write_index(out, paths, &e.roots);
    return true;
}
