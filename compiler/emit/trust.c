#include "emit/document.h"
#include "emit/emit.h"
#include "emit/json.h"
#include "model/quota.h"

// Above the default quota a role cannot be made unless the account's quota was raised.
static bool check_size(const Emission *e, const Role *role, size_t characters) {
    size_t limit = (size_t)quota(QUOTA_TRUST_POLICY_CHARACTERS);
    if (characters <= limit) return true;
    Node principals = NODE_GET(role->settings, "principals");
    Span span = node_exists(principals) ? node_key_span(principals)
                                        : node_key_span(node_first(e->manifest->root));
    const Diagnostic *d = diag_report(
        e->diags, MSG_TRUST_TOO_LARGE, span,
        "the trust policy of role '%.*s' has %zu characters, more than the default quota of %zu",
        STR_ARG(role->id), characters, limit);
    return d != NULL && d->severity != SEVERITY_ERROR;
}

static bool emit_role(const Emission *e, const Role *role) {
    TreeBuilder builder;
    tree_begin(&builder, e->arena, NULL);
    DocumentStyle style = {.partition = e->manifest->partition.id};
    Node root = {&builder.tree, document_of_trust(&builder, role, &style, (Str){0})};
    size_t characters = json_minified_characters(e->arena, root);
    VEC_PUSH(e->arena, e->artifacts,
             ((Artifact){.kind = ARTIFACT_TRUST,
                         .name = str_format(e->arena, "%.*s-trust-policy.json", STR_ARG(role->id)),
                         .bytes = json_pretty(e->arena, root),
                         .role = role->id,
                         .characters = characters}));
    return check_size(e, role, characters);
}

bool emit_trust(const Emission *e) {
    bool ok = true;
    for (size_t i = 0; i < e->selection->roles.count; i++) {
        const Role *role = &e->selection->roles.items[i];
        // Where the stack makes the external id, nobody knows it before; where each account has its
        // own, no one policy is that of all.
        if (!node_exists(role->connect) && !role->external_id_by_account) ok &= emit_role(e, role);
    }
    return ok;
}
