#include "import/reach.h"

#include "model/embedded.h"

// Appends the texts in a value that was made, those of a mapping with their names.
static void add_texts(Fold *fold, Node value, const Decision *when, ItemVec *ret_named) {
    if (node_kind(value) >= NODE_SEQUENCE) {
        NODE_EACH(child, value) add_texts(fold, child, when, ret_named);
        return;
    }
    Str key = node_key_text(value), text = node_text(value);
    if (!fold_pay(fold, key.length + text.length + FOLD_NODE_COST, node_span(value))) return;
    if (key.length > 0) text = str_format(fold->arena, "%.*s=%.*s", STR_ARG(key), STR_ARG(text));
    VEC_PUSH(fold->arena, ret_named,
             ((Item){.text = text, .span = node_span(value), .when = when}));
}

static Reach reach_of(Fold *fold, Node resource, Str property) {
    Reach reach = {.resource = node_key_text(resource), .property = property};
    FoldItemVec items = {0};
    fold_items(fold, node_get(NODE_GET(resource, "Properties"), property), &items);
    for (size_t i = 0; i < items.count && !fold->failed; i++) {
        Node value = {&fold->tree->tree, fold_value(fold, items.items[i].node)};
        add_texts(fold, value, items.items[i].when, &reach.named);
    }
    return reach;
}

void reach_take(Fold *fold, Node resource, ReachVec *ret_reaches) {
    Str type = node_text(NODE_GET(resource, "Type"));
    NODE_EACH(row, embedded_root(STR("schema/iam/template-reach.tsv"))) {
        if (!node_is_string(NODE_GET(row, "type"), type)) continue;
        Reach reach = reach_of(fold, resource, node_text(NODE_GET(row, "property")));
        VEC_PUSH(fold->arena, ret_reaches, reach);
    }
}
