#include "model/library.h"

// The key that tells the kind of a bundle; its value is the name.
static const char *const kind_keys[] = {
    [BUNDLE_PRODUCT] = "product",
    [BUNDLE_PRESET] = "preset",
    [BUNDLE_TRUST] = "trust",
    [BUNDLE_RULES] = "rules",
};

static bool bundle_of_root(Node root, Bundle *ret_bundle) {
    for (unsigned kind = 0; kind < BUNDLE_KIND_COUNT; kind++) {
        Node name = node_get(root, str_of(kind_keys[kind]));
        if (node_exists(name)) {
            *ret_bundle = (Bundle){.kind = (BundleKind)kind, .name = node_text(name), .root = root};
            return true;
        }
    }
    return false;
}

static int bundle_compare(const Bundle *a, BundleKind kind, Str name) {
    if (a->kind != kind) return a->kind < kind ? -1 : 1;
    return str_compare(a->name, name);
}

// The index of the first bundle that does not come before (kind, name).
static size_t lower_bound(const Library *library, BundleKind kind, Str name) {
    size_t from = 0, to = library->bundles.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (bundle_compare(&library->bundles.items[middle], kind, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const Bundle *library_find(const Library *library, BundleKind kind, Str name) {
    size_t at = lower_bound(library, kind, name);
    if (at == library->bundles.count) return NULL;
    const Bundle *found = &library->bundles.items[at];
    return bundle_compare(found, kind, name) == 0 ? found : NULL;
}

const Bundle *library_of_kind(const Library *library, BundleKind kind, size_t *ret_count) {
    size_t from = lower_bound(library, kind, (Str){0});
    size_t to = from;
    while (to < library->bundles.count && library->bundles.items[to].kind == kind) to++;
    *ret_count = to - from;
    return library->bundles.items + from;
}

Library library_copy(Arena *arena, const Library *library) {
    Library copy = {.meant = library->meant};
    const Bundle *bundles = library->bundles.items;
    for (size_t i = 0; bundles != NULL && i < library->bundles.count; i++)
        VEC_PUSH(arena, &copy.bundles, bundles[i]);
    const FolderId *folders = library->folders.items;
    for (size_t i = 0; folders != NULL && i < library->folders.count; i++)
        VEC_PUSH(arena, &copy.folders, folders[i]);
    return copy;
}

static void name_parts(Arena *arena, Library *library, Bundle *bundle) {
    if (library->meant == NULL) {
        library->meant = ARENA_NEW(arena, Meant);
        meant_begin(library->meant, arena);
    }
    bundle->integrations =
        names_of_keys(arena, library->meant, NODE_GET(bundle->root, "integrations"));
    bundle->parameters = names_of_keys(arena, library->meant, NODE_GET(bundle->root, "parameters"));
}

bool library_add(Arena *arena, Diags *diags, Library *library, Node root) {
    Bundle bundle;
    if (!bundle_of_root(root, &bundle)) return false;
    Node name = node_get(root, str_of(kind_keys[bundle.kind]));
    const Bundle *other = library_find(library, bundle.kind, bundle.name);
    if (other != NULL) {
        Diagnostic *d = diag_report(diags, MSG_BUNDLE_CLASH, node_span(name),
                                    "there is a %s '%.*s' already; choose another name",
                                    kind_keys[bundle.kind], STR_ARG(bundle.name));
        diag_note(diags, d, node_key_span(node_get(other->root, str_of(kind_keys[bundle.kind]))),
                  "the other is here");
        return false;
    }
    size_t at = lower_bound(library, bundle.kind, bundle.name);
    name_parts(arena, library, &bundle);
    VEC_PUSH(arena, &library->bundles, bundle);
    for (size_t i = library->bundles.count - 1; i > at; i--)
        library->bundles.items[i] = library->bundles.items[i - 1];
    library->bundles.items[at] = bundle;
    return true;
}

void library_names(Arena *arena, const Library *library, BundleKind kind, bool shared,
                   StrVec *ret_names) {
    size_t count = 0;
    const Bundle *bundles = library_of_kind(library, kind, &count);
    for (size_t i = 0; i < count; i++) {
        if (shared || !node_is_true(NODE_GET(bundles[i].root, "shared")))
            VEC_PUSH(arena, ret_names, bundles[i].name);
    }
}

void node_key_names(Arena *arena, Node mapping, StrVec *ret_names) {
    NODE_EACH(child, mapping) VEC_PUSH(arena, ret_names, node_key_text(child));
}

static bool holds(Node node, Span span) {
    Span whole = node_full_span(node);
    return whole.source == span.source && whole.begin <= span.begin && span.end <= whole.end;
}

LibraryPart library_part_at(const Library *library, Span span) {
    for (size_t i = 0; i < library->bundles.count; i++) {
        LibraryPart part = {.bundle = &library->bundles.items[i]};
        if (!holds(part.bundle->root, span)) continue;
        NODE_EACH(integration, NODE_GET(part.bundle->root, "integrations")) {
            if (holds(integration, span)) part.integration = node_key_text(integration);
        }
        return part;
    }
    return (LibraryPart){0};
}

Str library_part(Arena *arena, const Library *library, Span span) {
    static const char *const titles[BUNDLE_KIND_COUNT] = {
        [BUNDLE_PRESET] = "preset ", [BUNDLE_TRUST] = "trust profile "};
    LibraryPart part = library_part_at(library, span);
    if (part.bundle == NULL) return (Str){0};
    const char *title = titles[part.bundle->kind];
    if (title != NULL) return str_format(arena, "%s%.*s", title, STR_ARG(part.bundle->name));
    if (part.integration.length == 0) return part.bundle->name;
    return str_format(arena, "%.*s/%.*s", STR_ARG(part.bundle->name), STR_ARG(part.integration));
}
