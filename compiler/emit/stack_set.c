// The stack that rolls the template out over accounts: templates/stack-set.yaml filled in.
#include "emit/document.h"
#include "emit/emit.h"
#include "emit/limits.h"
#include "model/quota.h"

static const char set_template[] = "the stack set's template";

typedef struct Builder {
    TreeBuilder *tree;
    const Emission *emission;
    const StackSet *set;
    uint32_t context;
} Builder;

static void put(const Builder *b, const char *key, uint32_t value) {
    tree_put(b->tree, b->context, str_of(key), value);
}

static void put_text(const Builder *b, const char *key, Str text) {
    put(b, key, tree_string(b->tree, text));
}

static void put_flag(const Builder *b, const char *key, bool value) {
    put(b, key, tree_add(b->tree, NODE_BOOLEAN, value ? STR("true") : STR("false"), 0, 0));
}

// Appends {key, `name`: value} to a list.
static void append_pair(const Builder *b, uint32_t list, Str key, const char *name,
                        uint32_t value) {
    uint32_t pair = tree_mapping(b->tree);
    tree_put(b->tree, pair, STR("key"), tree_string(b->tree, key));
    tree_put(b->tree, pair, str_of(name), value);
    tree_append(b->tree, list, 0, pair);
}

// --- parameters ---

// What whoever deploys the set gives, and the set hands on: tokens of the roles that are connected
// by the stack, as the template declares them.
static uint32_t handed_on(const Builder *b, Node template) {
    const RoleVec *roles = &b->emission->selection->roles;
    uint32_t list = tree_sequence(b->tree);
    for (size_t i = 0; i < roles->count; i++) {
        Str token = node_text(NODE_GET(roles->items[i].connect, "token"));
        Node definition = node_get(NODE_GET(template, "Parameters"), token);
        if (node_exists(definition))
            append_pair(b, list, token, "definition", tree_copy(b->tree, definition));
    }
    return list;
}

// Appends the name of each parameter that has another value in each account, or, with a value, its
// override.
static void add_overridden(const Builder *b, uint32_t list, Node external_id) {
    const Emission *e = b->emission;
    for (size_t i = 0; i < e->selection->roles.count; i++) {
        const Role *role = &e->selection->roles.items[i];
        if (!role->external_id_by_account) continue;
        Str name = role_external_id_parameter(e->arena, role->id);
        if (node_exists(external_id))
            append_pair(b, list, name, "value", tree_string(b->tree, node_text(external_id)));
        else
            tree_append(b->tree, list, 0, tree_string(b->tree, name));
    }
}

static void put_parameters(const Builder *b, Node template) {
    uint32_t parameters = handed_on(b, template), overridden = tree_sequence(b->tree);
    add_overridden(b, overridden, NO_NODE);
    put_flag(b, "has_values",
             node_count((Node){&b->tree->tree, parameters}) != 0 ||
                 node_count((Node){&b->tree->tree, overridden}) != 0);
    put(b, "parameters", parameters);
    put(b, "overridden", overridden);
}

// --- targets ---

// What an account with values of its own takes of the template at least, whatever the skeleton: its
// number and region within DeploymentTargets, Accounts, Regions and ParameterOverrides; and for
// each value, besides it, a name within ParameterKey and ParameterValue.
enum { LEAST_TARGET_BYTES = 100, LEAST_OVERRIDE_BYTES = 40 };

static size_t least_bytes(const StackSet *set, size_t values) {
    size_t bytes = 0;
    NODE_EACH(entry, set->accounts) {
        size_t own = node_text(NODE_GET(entry, "external_id")).length;
        bytes += LEAST_TARGET_BYTES + values * (LEAST_OVERRIDE_BYTES + own);
    }
    return bytes;
}

static uint32_t add_target(const Builder *b, uint32_t targets) {
    uint32_t target = tree_mapping(b->tree);
    tree_append(b->tree, targets, 0, target);
    return target;
}

// A target for each account, since each has its own external id.
static void add_target_each(const Builder *b, uint32_t targets) {
    NODE_EACH(entry, b->set->accounts) {
        uint32_t target = add_target(b, targets), accounts = tree_sequence(b->tree);
        uint32_t overrides = tree_sequence(b->tree);
        Str account = node_text(NODE_GET(entry, "account"));
        tree_append(b->tree, accounts, 0, tree_string(b->tree, account));
        add_overridden(b, overrides, NODE_GET(entry, "external_id"));
        tree_put(b->tree, target, STR("accounts"), accounts);
        tree_put(b->tree, target, STR("overrides"), overrides);
    }
}

// One target for all.
static void add_target_all(const Builder *b, uint32_t targets) {
    uint32_t target = add_target(b, targets), accounts = tree_sequence(b->tree);
    NODE_EACH(entry, b->set->accounts)
    tree_append(b->tree, accounts, 0, tree_string(b->tree, node_text(NODE_GET(entry, "account"))));
    tree_put(b->tree, target, STR("accounts"), accounts);
}

static bool put_targets(const Builder *b) {
    const Emission *e = b->emission;
    uint32_t targets = tree_sequence(b->tree);
    size_t values = 0;
    for (size_t i = 0; i < e->selection->roles.count; i++)
        values += e->selection->roles.items[i].external_id_by_account;
    size_t least = values == 0 ? 0 : least_bytes(b->set, values);
    if (!template_may_fit(e, least, b->set->accounts, set_template)) return false;
    if (values != 0)
        add_target_each(b, targets);
    else
        add_target_all(b, targets);
    put(b, "targets", targets);
    return true;
}

// --- settings ---

// Numbers however they are written; words by the flags `strict` and `soft`.
static void put_preferences(const Builder *b) {
    Node all = NODE_GET(b->set->settings, "operation_preferences");
    Node mode = NODE_GET(all, "concurrency_mode");
    uint32_t numbers = tree_mapping(b->tree);
    NODE_EACH(preference, all) {
        if (node_kind(preference) == NODE_NUMBER)
            tree_put(b->tree, numbers, node_key_text(preference),
                     tree_number(b->tree, (uint64_t)node_number(preference)));
    }
    put_flag(b, "has_preferences", node_count(all) != 0);
    put(b, "preferences", numbers);
    put_flag(b, "strict", node_is_string(mode, STR("strict")));
    put_flag(b, "soft", node_is_string(mode, STR("soft")));
}

static void put_tags(const Builder *b) {
    uint32_t list = tree_sequence(b->tree);
    NODE_EACH(tag, NODE_GET(b->set->settings, "tags"))
    append_pair(b, list, node_key_text(tag), "value", tree_string(b->tree, node_text(tag)));
    put(b, "tags", list);
}

static bool has_role_names(const Selection *selection) {
    for (size_t i = 0; i < selection->roles.count; i++) {
        if (node_exists(NODE_GET(selection->roles.items[i].settings, "name"))) return true;
    }
    return false;
}

static void put_settings(const Builder *b) {
    const Manifest *manifest = b->emission->manifest;
    Node settings = b->set->settings, name = NODE_GET(settings, "name");
    Node deployment = NODE_GET(settings, "auto_deployment");
    Node enabled = NODE_GET(deployment, "enabled");
    DocumentStyle style = {.partition = manifest->partition.id, .in_template = true};
    put_text(b, "name", node_exists(name) ? node_text(name) : manifest->stack_name);
    put_text(b, "account", manifest->account);
    put_text(b, "manifest", manifest->name);
    put(b, "settings", tree_copy(b->tree, settings));
    put(b, "administration_role",
        document_text(b->tree, node_text(NODE_GET(settings, "administration_role")), &style));
    put_flag(b, "service_managed", b->set->service_managed);
    put_flag(b, "delegated", node_is_string(NODE_GET(settings, "call_as"), STR("delegated-admin")));
    // It would not look at the accounts that are listed, but deploy into all that join.
    put_flag(b, "auto_deployment",
             node_exists(enabled) ? node_is_true(enabled) : !node_exists(b->set->accounts));
    put_flag(b, "retain_stacks", node_is_true(NODE_GET(deployment, "retain_stacks")));
    put_flag(b, "named", has_role_names(b->emission->selection));
    put_preferences(b);
    put_tags(b);
}

// --- the template ---

// Whether a mapping at or below the node has such a key; templates are of bounded depth.
static bool has_key(Node node, Str key) {
    if (node_kind(node) == NODE_MAPPING && node_exists(node_get(node, key))) return true;
    NODE_EACH(child, node) {
        if (has_key(child, key)) return true;
    }
    return false;
}

static bool has_transform(Node template) {
    return node_exists(NODE_GET(template, "Transform")) || has_key(template, STR("Fn::Transform"));
}

static void report_template(const Builder *b, const char *why) {
    diag_report(b->emission->diags, MSG_STACK_SET_TEMPLATE, node_key_span(b->set->settings), "%s",
                why);
}

static bool check_template(const Builder *b, Node template) {
    size_t errors = diags_errors(b->emission->diags);
    if (b->set->service_managed && has_transform(template))
        report_template(b, "a service-managed stack set takes no template with transforms");
    NODE_EACH(resource, NODE_GET(template, "Resources")) {
        Node type = NODE_GET(resource, "Type");
        if (node_is_string(type, STR("AWS::CloudFormation::Stack")) ||
            node_is_string(type, STR("AWS::CloudFormation::StackSet")))
            report_template(b, "a stack set takes no template with stacks or stack sets in it");
    }
    return diags_errors(b->emission->diags) == errors;
}

// Inline where it fits; else by the address that the manifest gives.
static bool put_template(const Builder *b, const Artifact *template) {
    const Emission *e = b->emission;
    size_t limit = (size_t)quota(QUOTA_TEMPLATE_INLINE_BYTES);
    put_text(b, "stack_description", node_text(NODE_GET(template->root, "Description")));
    put_flag(b, "transforms", has_transform(template->root));
    if (template->bytes.length <= limit) {
        put_text(b, "template_body", template->bytes);
        return true;
    }
    put_text(b, "template_url", e->manifest->template_url);
    if (e->manifest->template_url.length != 0) return true;
    Diagnostic *d = diag_report(e->diags, MSG_STACK_SET_TEMPLATE, node_key_span(b->set->settings),
                                "the template has %zu bytes, and a stack set takes %zu along",
                                template->bytes.length, limit);
    diag_note(e->diags, d, NO_SPAN,
              "upload it to S3, and give its address as 'stack: "
              "{template_url: …}'");
    return false;
}

static bool add_artifact(const Emission *e, Node template) {
    Artifact artifact = template_artifact(e, ARTIFACT_STACK_SET, STR("stack-set"), template);
    VEC_PUSH(e->arena, e->artifacts, artifact);
    return template_within_limits(e, template, artifact.bytes.length, set_template) &&
           template_fits_inline(e, artifact.bytes.length, set_template);
}

bool emit_stack_set(const Emission *e) {
    const Artifact *template = emit_artifact(e, ARTIFACT_TEMPLATE);
    if (!node_exists(e->manifest->stack_set.settings) || template == NULL) return true;
    Builder b = {
        .tree = ARENA_NEW(e->arena, TreeBuilder), .emission = e, .set = &e->manifest->stack_set};
    tree_begin(b.tree, e->arena, NULL);
    b.context = tree_mapping(b.tree);
    put_settings(&b);
    put_parameters(&b, template->root);
    if (!put_targets(&b) || !put_template(&b, template) || !check_template(&b, template->root))
        return false;
    Node filled =
        emit_fill(e, STR("stack-set.yaml"), NODE_MAPPING, (Node){&b.tree->tree, b.context});
    return node_exists(filled) && add_artifact(e, filled);
}
