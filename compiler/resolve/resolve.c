#include "resolve/resolve.h"

#include "base/nearest.h"
#include "model/dynamic.h"
#include "resolve/resolver.h"

static Span first_key_span(Node mapping) {
    return node_key_span(node_first(mapping));
}

// As given, or as the vendor names its stacks (bundles/rules.yaml).
static Str stack_name(Resolver *r, Node given) {
    size_t count = 0;
    const Bundle *rules = library_of_kind(r->library, BUNDLE_RULES, &count);
    if (node_exists(given)) return node_text(given);
    Str prefix = count == 0 ? (Str){0} : node_text(NODE_GET(rules[0].root, "stack_prefix"));
    return str_format(r->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(r->manifest->name));
}

static void resolve_manifest(Resolver *r) {
    Node root = r->manifest->root;
    Node partition = NODE_GET(root, "partition");
    Node stack = NODE_GET(root, "stack");
    r->manifest->name = node_text(NODE_GET(root, "name"));
    r->manifest->account = node_text(NODE_GET(root, "account"));
    r->manifest->json_template = node_is_string(NODE_GET(stack, "format"), STR("json"));
    r->manifest->is_compact = node_is_string(NODE_GET(root, "layout"), STR("compact"));
    if (node_is_string(NODE_GET(root, "wildcards"), STR("exact")))
        r->manifest->wildcards = NODE_GET(root, "wildcards");
    r->manifest->template_url = node_text(NODE_GET(stack, "template_url"));
    r->manifest->stack_name = stack_name(r, NODE_GET(stack, "name"));
    bool known = partition_find(node_text(partition), &r->manifest->partition);
    if (!known && node_exists(partition)) {
        StrVec names = {0};
        partition_names(r->arena, &names);
        report_unknown(r, MSG_UNKNOWN_PARTITION, partition, "partition",
                       names_of_list(r->arena, &r->meant, &names), "partitions", NULL);
    }
}

// What a manifest's reasons and folders say goes into no template.
static void check_texts(Resolver *r) {
    NODE_EACH(member, r->manifest->root) {
        Str key = node_key_text(member);
        if (!str_equal(key, STR("acknowledge")) && !str_equal(key, STR("bundles")))
            (void)dynamic_refuse_all(r->diags, member);
    }
}

static void check_not_empty(Resolver *r) {
    size_t managed = 0;
    for (size_t i = 0; i < r->selection->roles.count; i++)
        managed += r->selection->roles.items[i].managed.count;
    if (r->selection->statements.count != 0 || managed != 0) return;
    Node products = NODE_GET(r->manifest->root, "products");
    Span span = node_exists(products) ? node_key_span(products) : first_key_span(r->manifest->root);
    if (is_certain(r))
        diag_report(r->diags, MSG_EMPTY_SELECTION, span,
                    "nothing is chosen, so nothing can be granted");
}

bool is_certain(const Resolver *r) {
    return !node_exists(r->original) && diags_errors(r->diags) == r->errors;
}

// Whether a member of `before` that `after` lacks has this key, or one that is near it.
static bool lost_from(Node before, Node after, Str key) {
    NODE_EACH(child, before) {
        Str name = node_key_text(child);
        Node left = node_kind(before) == NODE_MAPPING ? node_get(after, name) : NO_NODE;
        bool meant = !node_exists(left) && nearest_name(name, &key, 1).length != 0;
        if (meant || lost_from(child, left, key)) return true;
    }
    return false;
}

bool is_lost(const Resolver *r, Str key) {
    static const char *const deciding[] = {"permissions", "products", "roles"};
    Node rest = r->manifest->root;
    if (!node_exists(r->original)) return false;
    for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++) {
        Str name = str_of(deciding[i]);
        if (node_exists(node_get(r->original, name)) && !node_exists(node_get(rest, name)))
            return true;
    }
    return lost_from(r->original, rest, key);
}

bool resolve(Arena *arena, Diags *diags, const Library *library, Node document, Node original,
             const Part *without, Manifest *ret_manifest, Selection *ret_selection) {
    *ret_manifest = (Manifest){.root = document};
    *ret_selection = (Selection){0};
    Resolver r = {.arena = arena,
                  .diags = diags,
                  .library = library,
                  .manifest = ret_manifest,
                  .selection = ret_selection,
                  .errors = diags_errors(diags),
                  .original = original,
                  .without = without};
    meant_begin(&r.meant, arena);
    resolve_manifest(&r);
    check_texts(&r);
    resolve_acknowledgements(&r);
    resolve_stack_set(&r);
    resolve_products(&r);
    resolve_statements(&r);
    check_not_empty(&r);
    resolve_roles(&r);
    resolve_restriction(&r);
    resolve_services(&r);
    check_stack_set(&r);
    return diags_errors(diags) == r.errors;
}
