#include "emit/context.h"

#include "emit/document.h"

typedef struct Builder {
    TreeBuilder *tree;
    Arena *arena;
    const Manifest *manifest;
    DocumentStyle style;
} Builder;

static void put_text(const Builder *b, uint32_t mapping, const char *key, Str text) {
    tree_put(b->tree, mapping, str_of(key), tree_string(b->tree, text));
}

static uint32_t policies_of(const Builder *b, const Role *role, Str logical) {
    uint32_t list = tree_sequence(b->tree);
    for (size_t i = 0; i < role->policies.count; i++) {
        uint32_t policy = tree_mapping(b->tree);
        Str number = i == 0 ? (Str){0} : str_format(b->arena, "%zu", i + 1);
        put_text(b, policy, "logical_id",
                 str_format(b->arena, "%.*sPolicy%.*s", STR_ARG(logical), STR_ARG(number)));
        put_text(b, policy, "description",
                 str_format(b->arena, "What %.*s may do, part %zu of %zu",
                            STR_ARG(node_text(NODE_GET(role->trust, "title"))), i + 1,
                            role->policies.count));
        tree_put(b->tree, policy, STR("document"),
                 document_of_policy(b->tree, &role->policies.items[i], &b->style));
        tree_append(b->tree, list, 0, policy);
    }
    return list;
}

static uint32_t managed_arns_of(const Builder *b, const Role *role) {
    uint32_t list = tree_sequence(b->tree);
    for (size_t i = 0; i < role->managed.count; i++) {
        Str arn = str_format(b->arena, "arn:%.*s:iam::aws:policy/%.*s", STR_ARG(b->style.partition),
                             STR_ARG(role->managed.items[i].name));
        tree_append(b->tree, list, 0, document_text(b->tree, arn, &b->style));
    }
    return list;
}

static uint32_t tags_of(const Builder *b, Node tags) {
    uint32_t list = tree_sequence(b->tree);
    NODE_EACH(tag, tags) {
        uint32_t entry = tree_mapping(b->tree);
        put_text(b, entry, "key", node_key_text(tag));
        put_text(b, entry, "value", node_text(tag));
        tree_append(b->tree, list, 0, entry);
    }
    return list;
}

static void put_settings(const Builder *b, uint32_t role, Node settings) {
    Node name = NODE_GET(settings, "name"), path = NODE_GET(settings, "path");
    Node duration = NODE_GET(settings, "max_session_duration");
    if (node_exists(name)) put_text(b, role, "name", node_text(name));
    if (node_exists(path)) put_text(b, role, "path", node_text(path));
    // However it is written: 3600, +3600 and 3.6e3 are one number.
    if (node_exists(duration))
        tree_put(b->tree, role, STR("max_session_duration"),
                 tree_number(b->tree, (uint64_t)node_number(duration)));
    Node boundary = NODE_GET(settings, "permissions_boundary");
    if (node_exists(boundary))
        tree_put(b->tree, role, STR("permissions_boundary"),
                 document_text(b->tree, node_text(boundary), &b->style));
    Node tags = NODE_GET(settings, "tags");
    if (node_exists(tags)) tree_put(b->tree, role, STR("tags"), tags_of(b, tags));
}

static uint32_t role_of(const Builder *b, const Role *role) {
    uint32_t result = tree_mapping(b->tree);
    Str logical = role_logical_id(b->arena, role->id);
    Str parameter = role_external_id_parameter(b->arena, role->id);
    put_text(b, result, "id", role->id);
    put_text(b, result, "title", node_text(NODE_GET(role->trust, "title")));
    put_text(b, result, "description", node_text(NODE_GET(role->trust, "description")));
    put_text(b, result, "logical_id", logical);
    put_settings(b, result, role->settings);
    if (role->external_id.length != 0) put_text(b, result, "external_id", role->external_id);
    if (role->external_id.length != 0 || role->external_id_by_account)
        put_text(b, result, "external_id_parameter", parameter);
    tree_put(b->tree, result, STR("trust"), document_of_trust(b->tree, role, &b->style, parameter));
    tree_put(b->tree, result, STR("policies"), policies_of(b, role, logical));
    tree_put(b->tree, result, STR("managed_policy_arns"), managed_arns_of(b, role));
    return result;
}

static uint32_t boolean(TreeBuilder *tree, bool value) {
    return tree_add(tree, NODE_BOOLEAN, value ? STR("true") : STR("false"), 0, 0);
}

static Str description_of(const Builder *b, Str titles) {
    const Manifest *manifest = b->manifest;
    Str where = manifest->stack_set.spans_accounts
                    ? STR("each account of the stack set")
                    : str_format(b->arena, "account %.*s", STR_ARG(manifest->account));
    return str_format(b->arena, "What %.*s may do in %.*s, compiled from the manifest %.*s",
                      STR_ARG(titles), STR_ARG(where), STR_ARG(manifest->name));
}

Node template_context(Arena *arena, const Manifest *manifest, const Selection *selection) {
    Builder b = {.tree = ARENA_NEW(arena, TreeBuilder),
                 .arena = arena,
                 .manifest = manifest,
                 .style = {.partition = manifest->partition.id, .in_template = true}};
    if (manifest->stack_set.spans_accounts) b.style.own_account = manifest->account;
    tree_begin(b.tree, arena, NULL);
    uint32_t context = tree_mapping(b.tree), roles = tree_sequence(b.tree);
    bool parameters = false, spans = manifest->stack_set.spans_accounts;
    put_text(&b, context, "name", manifest->name);
    put_text(&b, context, "account", manifest->account);
    put_text(&b, context, "partition", manifest->partition.id);
    put_text(&b, context, "stack_name", manifest->stack_name);
    StrBuf titles = strbuf_new(arena);
    for (size_t i = 0; i < selection->roles.count; i++) {
        const Role *role = &selection->roles.items[i];
        if (i > 0) strbuf_add(&titles, i + 1 < selection->roles.count ? STR(", ") : STR(" and "));
        strbuf_add(&titles, node_text(NODE_GET(role->trust, "title")));
        tree_append(b.tree, roles, 0, role_of(&b, role));
        parameters |= role->external_id.length != 0 || role->external_id_by_account ||
                      node_exists(role->connect);
    }
    put_text(&b, context, "description", description_of(&b, strbuf_str(&titles)));
    tree_put(b.tree, context, STR("has_parameters"), boolean(b.tree, parameters));
    tree_put(b.tree, context, STR("spans_accounts"), boolean(b.tree, spans));
    tree_put(b.tree, context, STR("roles"), roles);
    return (Node){&b.tree->tree, context};
}

Node template_part_context(Arena *arena, Node context, Node parameters) {
    TreeBuilder *tree = ARENA_NEW(arena, TreeBuilder);
    tree_begin(tree, arena, NULL);
    uint32_t result = tree_mapping(tree);
    NODE_EACH(member, context)
    tree_put(tree, result, node_key_text(member), tree_copy(tree, member));
    uint32_t values = node_exists(parameters) ? tree_copy(tree, parameters) : tree_mapping(tree);
    tree_put(tree, result, STR("parameters"), values);
    return (Node){&tree->tree, result};
}
