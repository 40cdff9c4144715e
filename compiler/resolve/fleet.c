#include "resolve/fleet.h"

#include "base/map.h"

// Bytes of the texts of all entries, what they share counted for each: each has its own copy.
enum { MOST_TEXT = 10 * 1024 * 1024 };

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
    tree_begin(builder, arena, NULL); // without room for as much as the whole file has
    builder->tree.source = span.source;
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
    size_t count = node_count(accounts);
    size_t own = tree_size(accounts), own_text = tree_text_size(accounts);
    size_t shared = tree_size(document) - own, shared_text = tree_text_size(document) - own_text;
    Span span = node_key_span(accounts);
    if (shared * count + own > READ_MAX_NODES)
        diag_report(diags, MSG_TOO_MANY_NODES, span,
                    "these %zu accounts make more than %d nodes of what they share", count,
                    READ_MAX_NODES);
    else if (shared_text * count + own_text > MOST_TEXT)
        diag_report(diags, MSG_TOO_MANY_NODES, span,
                    "these %zu accounts make more than %d MiB of text of what they share", count,
                    MOST_TEXT / (1024 * 1024));
    else
        return true;
    return false;
}

// The key of the manifest that has an account's external id; none where the stack makes the id.
static Node external_id_of(Node manifest) {
    bool is_made = node_is_string(NODE_GET(manifest, "connect"), STR("automatic"));
    Node id = is_made ? NO_NODE : NODE_GET(manifest, "external_id");
    return node_kind(id) == NODE_STRING ? id : NO_NODE;
}

// Manifests of one account may have one external id. Said once for each id.
static void check_external_ids(Arena *arena, Diags *diags, const NodeVec *all, size_t from) {
    StrMap first = {0}, told = {0};
    for (size_t i = from; i < all->count; i++) {
        uint32_t other = (uint32_t)i;
        Node id = external_id_of(all->items[i]), account = NODE_GET(all->items[i], "account");
        if (!node_exists(id) || !node_exists(account)) continue;
        if (!strmap_get(&first, node_text(id), &other))
            strmap_set(arena, &first, node_text(id), other);
        Node earlier = NODE_GET(all->items[other], "account");
        if (str_equal(node_text(account), node_text(earlier))) continue;
        if (!strmap_set(arena, &told, node_text(id), 0)) continue;
        Diagnostic *d = diag_report(diags, MSG_SHARED_EXTERNAL_ID, node_key_span(id),
                                    "an external id is that of one account, and this one is given "
                                    "to two");
        diag_note(diags, d, node_span(earlier), "to this account");
        diag_note(diags, d, node_span(account), "and to this one");
    }
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
    size_t first = ret_manifests->count;
    NODE_EACH(entry, accounts) {
        bool is_nested = report_nested(diags, entry);
        if (!is_nested) VEC_PUSH(arena, ret_manifests, merge(arena, document, entry));
        ok &= !is_nested;
    }
    check_external_ids(arena, diags, ret_manifests, first);
    return ok;
}
