#include "resolve/resolver.h"

// Adds those that are checks of lint, or those that are not, by name.
static void add_names(Arena *arena, bool of_lint, StrVec *names) {
    size_t first = names->count;
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) {
        const Message *message = message_get((MessageId)id);
        if (message->acknowledgeable && message_is_check(message) == of_lint)
            VEC_PUSH(arena, names, str_of(message->name));
    }
    str_sort(names->items + first, names->count - first);
}

// A manifest's own checks come first: they are what is shown of a long list.
static void acknowledgeable_names(Arena *arena, StrVec *ret_names) {
    add_names(arena, false, ret_names);
    add_names(arena, true, ret_names);
}

// The node at a path like products.ocean.parameters, or no node.
static Node node_at_path(Node root, Str path) {
    Node node = root;
    for (size_t at = 0; at <= path.length;) {
        size_t dot = str_find_byte(path, '.', at);
        node = node_get(node, str_slice(path, at, dot));
        at = dot + 1;
    }
    return node;
}

// Where the entry holds: anywhere without `at`; nowhere where the manifest has no such key.
static Span place_of(Resolver *r, Node entry) {
    Node at = NODE_GET(entry, "at");
    if (!node_exists(at)) return NO_SPAN;
    Node target = node_at_path(r->manifest->root, node_text(at));
    if (node_exists(target)) return node_full_span(target);
    return (Span){node_span(entry).source, UINT32_MAX, UINT32_MAX};
}

static void report_unknown_check(Resolver *r, Node check, Names **names) {
    StrVec list = {0};
    if (*names == NULL) {
        acknowledgeable_names(r->arena, &list);
        *names = names_of_list(r->arena, &r->meant, &list);
    }
    report_unknown(r, MSG_UNKNOWN_CHECK, check, "check", *names, "checks to acknowledge", NULL);
}

// `names` are those of checks; NULL: not asked for yet.
static void take_entry(Resolver *r, Node entry, Names **names) {
    Node check = NODE_GET(entry, "check");
    if (!node_exists(check)) return; // the schema said so
    MessageId id = message_find(node_text(check));
    if (id == MESSAGE_COUNT) {
        report_unknown_check(r, check, names);
        return;
    }
    if (!message_get(id)->acknowledgeable) {
        diag_report(r->diags, MSG_NOT_ACKNOWLEDGEABLE, node_span(check),
                    "'%s' cannot be acknowledged", message_get(id)->name);
        return;
    }
    Acknowledgement acknowledgement = {.id = id,
                                       .where = place_of(r, entry),
                                       .reason = node_text(NODE_GET(entry, "reason")),
                                       .span = node_span(check)};
    VEC_PUSH(r->diags->arena, &r->diags->acknowledgements, acknowledgement);
}

void resolve_acknowledgements(Resolver *r) {
    Names *names = NULL;
    NODE_EACH(entry, NODE_GET(r->manifest->root, "acknowledge")) take_entry(r, entry, &names);
}
