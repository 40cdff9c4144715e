#include "emit/context.h"

#include "emit/emit.h"
#include "emit/json.h"
#include "emit/literal.h"
#include "model/quota.h"

typedef struct Builder {
    TreeBuilder *tree;
    Arena *arena;
    const Manifest *manifest;
    DocumentStyle style;
    bool with_files;
} Builder;

static void put_text(const Builder *b, uint32_t mapping, const char *key, Str text) {
    if (b->style.in_terraform) text = literal_terraform(b->arena, text);
    tree_put(b->tree, mapping, str_of(key), tree_string(b->tree, text));
}

static void put_flag(const Builder *b, uint32_t mapping, const char *key, bool value) {
    tree_put(b->tree, mapping, str_of(key),
             tree_add(b->tree, NODE_BOOLEAN, value ? STR("true") : STR("false"), 0, 0));
}

static void put_number(const Builder *b, uint32_t mapping, const char *key, uint64_t value) {
    tree_put(b->tree, mapping, str_of(key), tree_number(b->tree, value));
}

// An ARN, in the context's style.
static uint32_t arn_node(const Builder *b, Str arn) {
    if (b->style.in_terraform) return tree_string(b->tree, literal_terraform(b->arena, arn));
    return document_text(b->tree, arn, &b->style);
}

// Where `part` is last in the text, or the text's length.
static size_t find_last(Str text, Str part) {
    size_t last = text.length;
    for (size_t at = str_find(text, part, 0); at < text.length; at = str_find(text, part, at + 1))
        last = at;
    return last;
}

// JSON in which only the last occurrence of `reference` is an expression.
static Str terraform_json(Arena *arena, Str json, Str reference) {
    size_t at = reference.length == 0 ? json.length : find_last(json, reference);
    size_t end = at == json.length ? at : at + reference.length;
    Str before = literal_terraform(arena, str_slice(json, 0, at));
    Str after = literal_terraform(arena, str_slice(json, end, json.length));
    return str_format(arena, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(str_slice(json, at, end)),
                      STR_ARG(after));
}

// A policy document; for Terraform, whose resources take policies as text, as JSON.
static void put_document(const Builder *b, uint32_t mapping, const char *key, uint32_t document,
                         Str reference) {
    Node node = {&b->tree->tree, document};
    if (!b->style.in_terraform) {
        tree_put(b->tree, mapping, str_of(key), document);
        return;
    }
    Str json = terraform_json(b->arena, json_minified(b->arena, node), reference);
    tree_put(b->tree, mapping, str_format(b->arena, "%s_json", key), tree_string(b->tree, json));
}

// What the files say that stand beside the page.
static void put_file(const Builder *b, uint32_t mapping, const Role *role, size_t index) {
    const Policy *policy = &role->policies.items[index];
    put_text(b, mapping, "file", policy_file_name(b->arena, role->id, index + 1));
    put_number(b, mapping, "characters", policy->characters);
    put_number(b, mapping, "limit", quota(QUOTA_MANAGED_POLICY_CHARACTERS));
    put_text(b, mapping, "access", access_levels_text(b->arena, policy_access(policy)));
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
        put_number(b, policy, "number", i + 1);
        if (b->with_files) put_file(b, policy, role, i);
        put_document(b, policy, "document",
                     document_of_policy(b->tree, &role->policies.items[i], &b->style), (Str){0});
        tree_append(b->tree, list, 0, policy);
    }
    return list;
}

static uint32_t managed_arns_of(const Builder *b, const Role *role) {
    uint32_t list = tree_sequence(b->tree);
    for (size_t i = 0; i < role->managed.count; i++) {
        Str arn = str_format(b->arena, "arn:%.*s:iam::aws:policy/%.*s", STR_ARG(b->style.partition),
                             STR_ARG(role->managed.items[i].name));
        tree_append(b->tree, list, 0, arn_node(b, arn));
    }
    return list;
}

// The same with a number each, for what needs a name of its own.
static uint32_t managed_policies_of(const Builder *b, const Role *role) {
    uint32_t list = tree_sequence(b->tree), arns = managed_arns_of(b, role);
    uint64_t number = 0;
    NODE_EACH(arn, ((Node){&b->tree->tree, arns})) {
        uint32_t policy = tree_mapping(b->tree);
        put_number(b, policy, "number", ++number);
        tree_put(b->tree, policy, STR("arn"), tree_copy(b->tree, arn));
        tree_append(b->tree, list, 0, policy);
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
        put_number(b, role, "max_session_duration", (uint64_t)node_number(duration));
    Node boundary = NODE_GET(settings, "permissions_boundary");
    if (node_exists(boundary))
        tree_put(b->tree, role, STR("permissions_boundary"), arn_node(b, node_text(boundary)));
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
    put_flag(b, result, "connected", node_exists(role->connect));
    put_settings(b, result, role->settings);
    if (role->external_id.length != 0) put_text(b, result, "external_id", role->external_id);
    if (role->external_id.length != 0 || role->external_id_by_account)
        put_text(b, result, "external_id_parameter", parameter);
    put_document(b, result, "trust", document_of_trust(b->tree, role, &b->style, parameter),
                 node_exists(role->connect) ? document_external_id_reference(b->arena, role)
                                            : (Str){0});
    tree_put(b->tree, result, STR("policies"), policies_of(b, role, logical));
    tree_put(b->tree, result, STR("managed_policy_arns"), managed_arns_of(b, role));
    tree_put(b->tree, result, STR("managed_policies"), managed_policies_of(b, role));
    return result;
}

static Str description_of(const Builder *b, Str titles) {
    const Manifest *manifest = b->manifest;
    Str where = manifest->stack_set.spans_accounts
                    ? STR("each account of the stack set")
                    : str_format(b->arena, "account %.*s", STR_ARG(manifest->account));
    return str_format(b->arena, "What %.*s may do in %.*s, compiled from the manifest %.*s",
                      STR_ARG(titles), STR_ARG(where), STR_ARG(manifest->name));
}

// "Spot, Eco and Acme", and the roles themselves.
static Str put_roles(const Builder *b, uint32_t context, const RoleVec *roles) {
    StrBuf titles = strbuf_new(b->arena);
    uint32_t list = tree_sequence(b->tree);
    for (size_t i = 0; i < roles->count; i++) {
        if (i > 0) strbuf_add(&titles, i + 1 < roles->count ? STR(", ") : STR(" and "));
        strbuf_add(&titles, node_text(NODE_GET(roles->items[i].trust, "title")));
        tree_append(b->tree, list, 0, role_of(b, &roles->items[i]));
    }
    tree_put(b->tree, context, STR("roles"), list);
    return strbuf_str(&titles);
}

static void put_flags(const Builder *b, uint32_t context, const RoleVec *roles) {
    bool parameters = false, policies = false, attachments = false;
    for (size_t i = 0; i < roles->count; i++) {
        const Role *role = &roles->items[i];
        parameters |= role->external_id.length != 0 || role->external_id_by_account ||
                      node_exists(role->connect);
        policies |= role->policies.count != 0;
        attachments |= role->policies.count + role->managed.count != 0;
    }
    put_flag(b, context, "has_parameters", parameters);
    put_flag(b, context, "has_policies", policies);
    put_flag(b, context, "has_attachments", attachments);
    put_flag(b, context, "spans_accounts", b->manifest->stack_set.spans_accounts);
}

Node emit_context(Arena *arena, const Manifest *manifest, const Selection *selection,
                  const DocumentStyle *style) {
    Builder b = {.tree = ARENA_NEW(arena, TreeBuilder),
                 .arena = arena,
                 .manifest = manifest,
                 .style = *style,
                 .with_files = !style->in_template && !style->in_terraform};
    tree_begin(b.tree, arena, NULL);
    uint32_t context = tree_mapping(b.tree);
    put_text(&b, context, "name", manifest->name);
    put_text(&b, context, "account", manifest->account);
    put_text(&b, context, "partition", manifest->partition.id);
    put_text(&b, context, "stack_name", manifest->stack_name);
    Str titles = put_roles(&b, context, &selection->roles);
    put_text(&b, context, "description", description_of(&b, titles));
    put_flags(&b, context, &selection->roles);
    return (Node){&b.tree->tree, context};
}

Node template_context(Arena *arena, const Manifest *manifest, const Selection *selection) {
    DocumentStyle style = {.partition = manifest->partition.id, .in_template = true};
    if (manifest->stack_set.spans_accounts) style.own_account = manifest->account;
    return emit_context(arena, manifest, selection, &style);
}

// A parameter is a text or a list of texts.
static uint32_t parameter(TreeBuilder *tree, Node value, const DocumentStyle *style) {
    if (!style->in_terraform) return tree_copy(tree, value);
    if (node_kind(value) != NODE_SEQUENCE)
        return tree_string(tree, literal_terraform(tree->arena, node_text(value)));
    uint32_t list = tree_sequence(tree);
    NODE_EACH(item, value)
    tree_append(tree, list, 0, tree_string(tree, literal_terraform(tree->arena, node_text(item))));
    return list;
}

Node template_part_context(Arena *arena, Node context, Node parameters,
                           const DocumentStyle *style) {
    TreeBuilder *tree = ARENA_NEW(arena, TreeBuilder);
    tree_begin(tree, arena, NULL);
    uint32_t result = tree_mapping(tree), values = tree_mapping(tree);
    NODE_EACH(member, context)
    tree_put(tree, result, node_key_text(member), tree_copy(tree, member));
    NODE_EACH(value, parameters)
    tree_put(tree, values, node_key_text(value), parameter(tree, value, style));
    tree_put(tree, result, STR("parameters"), values);
    return (Node){&tree->tree, result};
}
