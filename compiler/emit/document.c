#include "emit/document.h"

#include "model/arn.h"

#define POLICY_VERSION STR("2012-10-17")

// In Fn::Sub `${…}` is CloudFormation's; IAM's policy variables are written `${!…}`.
static void add_escaped(StrBuf *out, Str text) {
    for (size_t at = 0; at < text.length;) {
        size_t dollar = str_find(text, STR("${"), at);
        strbuf_add(out, str_slice(text, at, dollar));
        if (dollar < text.length) strbuf_add(out, STR("${!"));
        at = dollar < text.length ? dollar + 2 : dollar;
    }
}

static uint32_t function(TreeBuilder *builder, Str name, Str argument) {
    uint32_t result = tree_mapping(builder);
    tree_put(builder, result, name, tree_string(builder, argument));
    return result;
}

static bool is_own_account(Str text, const DocumentStyle *style) {
    return style->in_template && style->own_account.length != 0 &&
           str_equal(text, style->own_account);
}

// An ARN of the manifest's partition; its parts are slices of the text.
static uint32_t sub_of_arn(TreeBuilder *builder, Str text, const Arn *arn,
                           const DocumentStyle *style) {
    StrBuf buf = strbuf_new(builder->arena);
    size_t rest = sizeof "arn:" - 1 + arn->partition.length;
    strbuf_add(&buf, STR("arn:${AWS::Partition}"));
    if (is_own_account(arn->account, style)) {
        size_t account = (size_t)(arn->account.data - text.data);
        add_escaped(&buf, str_slice(text, rest, account));
        strbuf_add(&buf, STR("${AWS::AccountId}"));
        rest = account + arn->account.length;
    }
    add_escaped(&buf, str_slice(text, rest, text.length));
    return function(builder, STR("Fn::Sub"), strbuf_str(&buf));
}

uint32_t document_text(TreeBuilder *builder, Str text, const DocumentStyle *style) {
    Arn arn;
    if (is_own_account(text, style)) return function(builder, STR("Ref"), STR("AWS::AccountId"));
    if (!style->in_template || !arn_parse(text, &arn) ||
        !str_equal(arn.partition, style->partition))
        return tree_string(builder, text);
    return sub_of_arn(builder, text, &arn, style);
}

static uint32_t texts(TreeBuilder *builder, const StrVec *values, const DocumentStyle *style) {
    uint32_t list = tree_sequence(builder);
    for (size_t i = 0; i < values->count; i++)
        tree_append(builder, list, 0, document_text(builder, values->items[i], style));
    return list;
}

static uint32_t conditions(TreeBuilder *builder, const ConditionVec *all,
                           const DocumentStyle *style) {
    uint32_t result = tree_mapping(builder), keys = 0;
    for (size_t i = 0; i < all->count; i++) {
        const Condition *c = &all->items[i];
        if (i == 0 || !str_equal(c->operator, all->items[i - 1].operator)) {
            keys = tree_mapping(builder);
            tree_put(builder, result, c->operator, keys);
        }
        tree_put(builder, keys, c->key,
                 c->values.count == 1 ? document_text(builder, c->values.items[0], style)
                                      : texts(builder, &c->values, style));
    }
    return result;
}

static uint32_t statement(TreeBuilder *builder, const Statement *s, const DocumentStyle *style) {
    uint32_t result = tree_mapping(builder);
    tree_put(builder, result, STR("Sid"), tree_string(builder, s->sid));
    tree_put(builder, result, STR("Effect"), tree_string(builder, str_of(effect_names[s->effect])));
    tree_put(builder, result, STR("Action"), texts(builder, &s->actions, style));
    tree_put(builder, result, STR("Resource"), texts(builder, &s->resources, style));
    if (s->conditions->count != 0)
        tree_put(builder, result, STR("Condition"), conditions(builder, s->conditions, style));
    return result;
}

// {Version, Statement: []}; *ret_statements is the empty list.
static uint32_t document(TreeBuilder *builder, uint32_t *ret_statements) {
    uint32_t result = tree_mapping(builder);
    *ret_statements = tree_sequence(builder);
    tree_put(builder, result, STR("Version"), tree_string(builder, POLICY_VERSION));
    tree_put(builder, result, STR("Statement"), *ret_statements);
    return result;
}

uint32_t document_of_policy(TreeBuilder *builder, const Policy *policy,
                            const DocumentStyle *style) {
    uint32_t statements, result = document(builder, &statements);
    for (size_t i = 0; i < policy->statements.count; i++)
        tree_append(builder, statements, 0,
                    statement(builder, &policy->statements.items[i], style));
    return result;
}

Str document_external_id_reference(Arena *arena, const Role *role) {
    return str_format(arena, "${local.%.*s_external_id}", STR_ARG(role->id));
}

static uint32_t external_id(TreeBuilder *builder, const Role *role, const DocumentStyle *style,
                            Str parameter) {
    if (style->in_terraform && node_exists(role->connect))
        return tree_string(builder, document_external_id_reference(builder->arena, role));
    if (!style->in_template) return document_text(builder, role->external_id, style);
    if (node_exists(role->connect)) parameter = node_text(NODE_GET(role->connect, "external_id"));
    return function(builder, STR("Ref"), parameter);
}

// A principal's account is named because that one is meant, never the one that a stack is in.
static uint32_t principals_of(TreeBuilder *builder, const Role *role, const DocumentStyle *style) {
    DocumentStyle as_named = *style;
    as_named.own_account = (Str){0};
    return texts(builder, &role->principals, &as_named);
}

static bool has_external_id(const Role *role) {
    return role->external_id.length != 0 || role->external_id_by_account ||
           node_exists(role->connect);
}

uint32_t document_of_trust(TreeBuilder *builder, const Role *role, const DocumentStyle *style,
                           Str external_id_parameter) {
    uint32_t statements, result = document(builder, &statements);
    uint32_t s = tree_mapping(builder), principal = tree_mapping(builder);
    tree_append(builder, statements, 0, s);
    tree_put(builder, s, STR("Effect"), tree_string(builder, STR("Allow")));
    tree_put(builder, s, STR("Principal"), principal);
    tree_put(builder, principal, STR("AWS"), principals_of(builder, role, style));
    tree_put(builder, s, STR("Action"), tree_string(builder, STR("sts:AssumeRole")));
    if (!has_external_id(role)) return result;
    uint32_t condition = tree_mapping(builder), equals = tree_mapping(builder);
    tree_put(builder, s, STR("Condition"), condition);
    tree_put(builder, condition, STR("StringEquals"), equals);
    tree_put(builder, equals, STR("sts:ExternalId"),
             external_id(builder, role, style, external_id_parameter));
    return result;
}
