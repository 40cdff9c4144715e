#include "resolve/fleet.h"

static void put_member(TreeBuilder *builder, uint32_t mapping, Node member) {
    uint32_t key = tree_copy(builder, node_key(member));
    tree_append(builder, mapping, key, tree_copy(builder, member));
}

// Where the manifest is said to be: what only an entry can give is missing there, all else in what
// they share.
static Span place_of(Node document, Node entry) {
    bool is_named = node_exists(NODE_GET(entry, "name")) || node_exists(NODE_GET(document, "name"));
    return node_span(is_named && node_exists(NODE_GET(entry, "account")) ? document : entry);
}

// The document's keys in their order, each as the entry has it where it does, then the entry's own.
static Node merge(Arena *arena, Node document, Node entry) {
    TreeBuilder *builder = ARENA_NEW(arena, TreeBuilder);
    Span span = place_of(document, entry);
    tree_begin(builder, arena, span.source);
    uint32_t root = tree_add(builder, NODE_MAPPING, (Str){0}, span.begin, span.end);
    NODE_EACH(member, document) {
        Str key = node_key_text(member);
        Node own = node_get(entry, key);
        if (!str_equal(key, STR("accounts")))
            put_member(builder, root, node_exists(own) ? own : member);
    }
    NODE_EACH(member, entry) {
        Str key = node_key_text(member);
        if (!str_equal(key, STR("accounts")) && !node_exists(node_get(document, key)))
            put_member(builder, root, member);
    }
    return (Node){&builder->tree, root};
}

static bool is_fleet(Node document) {
    return node_exists(NODE_GET(document, "accounts")) &&
           !node_exists(NODE_GET(document, "stack_set"));
}

// The list's own form is for the schema to judge; here it is only looked whether it can be used.
static bool is_usable(Node accounts) {
    if (node_kind(accounts) != NODE_SEQUENCE || node_count(accounts) == 0) return false;
    NODE_EACH(entry, accounts) {
        if (node_kind(entry) != NODE_MAPPING) return false;
    }
    return true;
}

// A fleet of fleets.
static bool report_nested(Diags *diags, Node entry) {
    Node nested = NODE_GET(entry, "accounts");
    if (!node_exists(nested)) return false;
    diag_report(diags, MSG_UNKNOWN_KEY, node_key_span(nested),
                "an entry of 'accounts' has no 'accounts' of its own");
    return true;
}

static bool report_account(Diags *diags, Node document) {
    Node account = NODE_GET(document, "account");
    if (!node_exists(account)) return true;
    Diagnostic *d = diag_report(diags, MSG_CONFLICTING_KEYS, node_key_span(account),
                                "'account' and 'accounts' exclude each other");
    diag_note(diags, d, node_key_span(NODE_GET(document, "accounts")), "the other is here");
    return false;
}

static bool report_size(Diags *diags, Node document, Node accounts) {
    size_t shared = tree_size(document) - tree_size(accounts);
    if (shared * node_count(accounts) + tree_size(accounts) <= READ_MAX_NODES) return true;
    diag_report(diags, MSG_TOO_MANY_NODES, node_key_span(accounts),
                "these %u accounts make more than %d nodes of what they share",
                node_count(accounts), READ_MAX_NODES);
    return false;
}

// The others are expanded where one is refused, so that all that is wrong is told at once.
bool fleet_expand(Arena *arena, Diags *diags, Node document, NodeVec *ret_manifests) {
    Node accounts = NODE_GET(document, "accounts");
    if (!is_fleet(document) || !is_usable(accounts)) {
        VEC_PUSH(arena, ret_manifests, document);
        return true;
    }
    if (!report_account(diags, document) || !report_size(diags, document, accounts)) return false;
    bool ok = true;
    NODE_EACH(entry, accounts) {
        bool is_nested = report_nested(diags, entry);
        if (!is_nested) VEC_PUSH(arena, ret_manifests, merge(arena, document, entry));
        ok &= !is_nested;
    }
    return ok;
}
