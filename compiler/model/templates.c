#include "model/templates.h"

#include "model/embedded.h"

#define FOLDER STR("templates/")

// What `spotc init` prints is a manifest, not a skeleton.
static bool is_skeleton(Str path) {
    return str_starts_with(path, FOLDER) && !str_equal(path, STR("templates/starter.yaml"));
}

static Str file_name(Str path) {
    return str_slice(path, FOLDER.length, path.length);
}

static Node find_built_in(Str name) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        if (is_skeleton(file->path) && str_equal(file_name(file->path), name))
            return (Node){file->tree, file->root};
    }
    return NO_NODE;
}

static const OwnTemplate *find_own(const Templates *templates, Str name) {
    for (size_t i = 0; templates != NULL && i < templates->own.count; i++) {
        if (str_equal(templates->own.items[i].name, name)) return &templates->own.items[i];
    }
    return NULL;
}

Node templates_find(const Templates *templates, Str name) {
    const OwnTemplate *own = find_own(templates, name);
    return own != NULL ? own->root : find_built_in(name);
}

bool templates_is_own(const Templates *templates, Str name) {
    return find_own(templates, name) != NULL;
}

Str templates_terraform_name(Arena *arena, Str part) {
    Str end = STR(".yaml");
    Str stem = str_ends_with(part, end) ? str_slice(part, 0, part.length - end.length) : part;
    return str_format(arena, "%.*s.terraform.yaml", STR_ARG(stem));
}

static void add_part(Arena *arena, Node template, StrVec *names) {
    if (!node_exists(template)) return;
    VEC_PUSH(arena, names, node_text(template));
    VEC_PUSH(arena, names, templates_terraform_name(arena, node_text(template)));
}

static void add_parts(Arena *arena, Node bundle, StrVec *names) {
    add_part(arena, NODE_GET(bundle, "template"), names);
    add_part(arena, NODE_GET(NODE_GET(bundle, "connect"), "template"), names);
    NODE_EACH(integration, NODE_GET(bundle, "integrations"))
    add_part(arena, NODE_GET(integration, "template"), names);
}

void templates_names(Arena *arena, const Library *library, StrVec *ret_names) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (is_skeleton(embedded_files[i].path))
            VEC_PUSH(arena, ret_names, file_name(embedded_files[i].path));
    }
    for (size_t i = 0; i < library->bundles.count; i++)
        add_parts(arena, library->bundles.items[i].root, ret_names);
    strvec_sort_unique(ret_names);
}
