#include <stdlib.h>

#include "base/placeholder.h"
#include "resolve/resolver.h"

static void add_principal(Resolver *r, Role *role, Str text) {
    Str principal = text;
    if (is_account_id(text))
        principal = str_format(r->arena, "arn:%.*s:iam::%.*s:root",
                               STR_ARG(r->manifest->partition.id), STR_ARG(text));
    // An account's id and the ARN of its root are the same.
    for (size_t i = 0; i < role->principals.count; i++) {
        if (str_equal(role->principals.items[i], principal)) return;
    }
    VEC_PUSH(r->arena, &role->principals, principal);
}

// The principals of a trust profile carry ${{ partition }} and ${{ account }}.
static Str fill(Resolver *r, Str text) {
    StrBuf buf = strbuf_new(r->arena);
    TextPart part;
    for (size_t at = 0; text_next_part(text, &at, &part);) {
        if (!part.is_placeholder)
            strbuf_add(&buf, part.text);
        else
            strbuf_add(&buf, str_equal(part.text, STR("account")) ? r->manifest->account
                                                                  : r->manifest->partition.id);
    }
    return strbuf_str(&buf);
}

static Node trust_profile(Resolver *r, const Role *role) {
    Node profiles = NODE_GET(role->trust, "profiles");
    Node wanted = NODE_GET(role->settings, "trust");
    if (!node_exists(wanted))
        return node_get(profiles, node_text(NODE_GET(role->trust, "default_profile")));
    Node profile = node_get(profiles, node_text(wanted));
    if (!node_exists(profile))
        report_unknown(r, MSG_UNKNOWN_TRUST, wanted, "trust profile",
                       names_of_keys(r->arena, &r->meant, profiles), "trust profiles", NULL);
    return profile;
}

static void report_missing_principal(Resolver *r, const Role *role) {
    Span span = node_exists(role->settings) ? node_key_span(role->settings)
                                            : node_span(NODE_GET(r->manifest->root, "partition"));
    if (is_lost(r, STR("principals")) || r->manifest->partition.id.length == 0) return;
    Str why = node_text(NODE_GET(role->trust, "unpublished"));
    Diagnostic *d = diag_report(r->diags, MSG_MISSING_PRINCIPAL, span,
                                "nobody publishes whom role '%.*s' must trust in %.*s",
                                STR_ARG(role->id), STR_ARG(r->manifest->partition.name));
    if (why.length != 0) diag_note(r->diags, d, NO_SPAN, "%.*s", STR_ARG(why));
    diag_note(r->diags, d, NO_SPAN, "give the ARNs in 'roles: {%.*s: {principals: […]}}'",
              STR_ARG(role->id));
}

// Two keys say different things of one thing.
static void report_conflict(Resolver *r, const Role *role, const char *what, Node one, Node other) {
    Diagnostic *d = diag_report(r->diags, MSG_CONFLICTING_KEYS, node_key_span(one),
                                "for role '%.*s' %s is said twice", STR_ARG(role->id), what);
    diag_note(r->diags, d, node_key_span(other), "the other is here");
}

static void resolve_principals(Resolver *r, Role *role) {
    Node given = NODE_GET(role->settings, "principals");
    Node profile = trust_profile(r, role);
    if (node_exists(given)) {
        Node trust = NODE_GET(role->settings, "trust");
        if (node_exists(trust)) report_conflict(r, role, "whom to trust", trust, given);
        NODE_EACH(principal, given) {
            check_arn(r, principal, true);
            add_principal(r, role, node_text(principal));
        }
        return;
    }
    if (!node_exists(profile)) return; // an unknown profile was reported
    NODE_EACH(row, profile) {
        if (!node_is_string(NODE_GET(row, "partition"), r->manifest->partition.id)) continue;
        NODE_EACH(principal, NODE_GET(row, "principals"))
        add_principal(r, role, fill(r, node_text(principal)));
    }
    if (role->principals.count == 0) report_missing_principal(r, role);
}

static void report_no_external_id(Resolver *r, const Role *role, bool primary) {
    bool required = node_is_string(NODE_GET(role->trust, "external_id"), STR("required"));
    // What the schema refused of a stack set or fleet may have told whose external ids are wanted.
    if (node_exists(NODE_GET(r->original, "stack_set"))) return;
    if (node_exists(NODE_GET(r->original, "accounts"))) return;
    if (required ? is_lost(r, STR("external_id")) : !is_certain(r)) return;
    Span span = node_exists(role->settings) ? node_key_span(role->settings) : role->asked;
    Diagnostic *d =
        required
            ? diag_report(r->diags, MSG_MISSING_EXTERNAL_ID, span,
                          "role '%.*s' is never trusted without an external id", STR_ARG(role->id))
            : diag_report(r->diags, MSG_NO_EXTERNAL_ID, span,
                          "role '%.*s' is trusted without an external id", STR_ARG(role->id));
    if (primary)
        diag_note(r->diags, d, NO_SPAN, "give it as 'external_id' at the top of the manifest");
    else
        diag_note(r->diags, d, NO_SPAN, "give it in 'roles: {%.*s: {external_id: …}}'",
                  STR_ARG(role->id));
}

// The primary role's: at the top, or in the only entry of a stack set's accounts.
static Node primary_external_id(const Resolver *r) {
    Node top = NODE_GET(r->manifest->root, "external_id");
    return node_exists(top) ? top : stack_set_external_id(r);
}

// Every role may have one among its settings.
static void resolve_external_id(Resolver *r, Role *role) {
    bool primary = node_is_true(NODE_GET(role->trust, "primary"));
    if (primary && r->manifest->stack_set.spans_accounts) {
        resolve_external_ids_of_accounts(r, role);
        return;
    }
    Node own = NODE_GET(role->settings, "external_id");
    Node top = primary ? primary_external_id(r) : NO_NODE;
    if (node_exists(own) && node_exists(top)) report_conflict(r, role, "the external id", own, top);
    role->external_id = node_text(node_exists(own) ? own : top);
    if (role->external_id.length == 0) report_no_external_id(r, role, primary);
}

// With connect: automatic the stack makes the external id.
static void resolve_connection(Resolver *r, Role *role, Node connect) {
    Node own = NODE_GET(role->settings, "external_id");
    Node given = node_exists(own) ? own : primary_external_id(r);
    if (node_exists(given)) {
        Diagnostic *d = diag_report(r->diags, MSG_EXTERNAL_ID_NOT_NEEDED, node_key_span(given),
                                    "with automatic connection the stack makes the external id of "
                                    "role '%.*s' itself",
                                    STR_ARG(role->id));
        diag_note(r->diags, d, node_key_span(NODE_GET(r->manifest->root, "connect")),
                  "it is asked for here");
    }
    role->connect = connect;
    VEC_PUSH(r->arena, &r->selection->template_parts,
             ((TemplatePart){.name = node_text(NODE_GET(connect, "template")),
                             .asked = node_key_span(NODE_GET(r->manifest->root, "connect"))}));
}

static bool is_automatic(const Resolver *r) {
    return node_is_string(NODE_GET(r->manifest->root, "connect"), STR("automatic"));
}

// Whether the stack connects this role; says why where it cannot.
static bool is_connected(Resolver *r, const Role *role) {
    Node connect = NODE_GET(role->trust, "connect");
    if (!is_automatic(r) || !node_exists(connect)) return false;
    NODE_EACH(partition, NODE_GET(connect, "partitions")) {
        if (node_is_string(partition, r->manifest->partition.id)) return true;
    }
    if (r->manifest->partition.id.length == 0) return false; // an unknown partition was reported
    Diagnostic *d = diag_report(
        r->diags, MSG_CONNECT_UNAVAILABLE, node_span(NODE_GET(r->manifest->root, "connect")),
        "no automatic connection in %.*s", STR_ARG(r->manifest->partition.name));
    diag_note(r->diags, d, NO_SPAN, "%.*s", STR_ARG(node_text(NODE_GET(connect, "elsewhere"))));
    diag_note(r->diags, d, NO_SPAN, "leave 'connect' out, and enter the role's ARN in the console");
    return false;
}

static void check_connection(Resolver *r) {
    if (!is_automatic(r) || !is_certain(r)) return;
    for (size_t i = 0; i < r->selection->roles.count; i++) {
        if (node_exists(r->selection->roles.items[i].connect)) return;
    }
    diag_report(r->diags, MSG_CONNECT_UNAVAILABLE,
                node_span(NODE_GET(r->manifest->root, "connect")),
                "nothing that is chosen makes a role that can be connected automatically");
}

static int compare_roles(const void *a, const void *b) {
    return str_compare(((const Role *)a)->id, ((const Role *)b)->id);
}

static bool is_made(const Resolver *r, Str id) {
    for (size_t i = 0; i < r->selection->roles.count; i++) {
        if (str_equal(r->selection->roles.items[i].id, id)) return true;
    }
    return false;
}

static void report_unknown_role(Resolver *r, Node name, Names **names) {
    StrVec list = {0};
    if (*names == NULL) {
        library_names(r->arena, r->library, BUNDLE_TRUST, true, &list);
        *names = names_of_list(r->arena, &r->meant, &list);
    }
    report_unknown(r, MSG_UNKNOWN_ROLE, name, "role", *names, "roles", NULL);
}

// Settings of roles that do not exist, or that nothing chosen makes.
static void check_settings(Resolver *r, Node settings) {
    Names *names = NULL;
    NODE_EACH(role, settings) {
        Str id = node_key_text(role);
        if (library_find(r->library, BUNDLE_TRUST, id) == NULL) {
            report_unknown_role(r, node_key(role), &names);
        } else if (!is_made(r, id) && is_certain(r)) {
            diag_report(r->diags, MSG_UNUSED_ROLE, node_key_span(role),
                        "nothing that is chosen makes the role '%.*s'", STR_ARG(id));
        }
    }
}

// Role names are unique in an account whatever their case (IAM User Guide, "IAM and STS quotas").
static void check_role_names(Resolver *r) {
    const RoleVec *roles = &r->selection->roles;
    for (size_t i = 0; i < roles->count; i++) {
        Node name = NODE_GET(roles->items[i].settings, "name");
        for (size_t k = 0; node_exists(name) && k < i; k++) {
            Node other = NODE_GET(roles->items[k].settings, "name");
            if (!node_exists(other) || !str_equal_ignoring_case(node_text(name), node_text(other)))
                continue;
            Diagnostic *d = diag_report(r->diags, MSG_CONFLICTING_KEYS, node_span(name),
                                        "two roles are named '%.*s'", STR_ARG(node_text(name)));
            diag_note(r->diags, d, node_span(other), "the other is here");
        }
    }
}

static void check_unused_external_id(Resolver *r) {
    Node top = primary_external_id(r);
    if (!node_exists(top) || !is_certain(r)) return;
    for (size_t i = 0; i < r->selection->roles.count; i++) {
        if (node_is_true(NODE_GET(r->selection->roles.items[i].trust, "primary"))) return;
    }
    diag_report(r->diags, MSG_UNUSED_EXTERNAL_ID, node_key_span(top),
                "nothing that is chosen makes the role that this external id is for");
}

void resolve_roles(Resolver *r) {
    Node settings = NODE_GET(r->manifest->root, "roles");
    RoleVec *roles = &r->selection->roles;
    if (roles->count > 1) qsort(roles->items, roles->count, sizeof *roles->items, compare_roles);
    check_settings(r, settings);
    for (size_t i = 0; i < roles->count; i++) {
        Role *role = &roles->items[i];
        const Bundle *trust = library_find(r->library, BUNDLE_TRUST, role->id);
        if (trust == NULL) continue; // library_check refuses such bundles
        role->trust = trust->root;
        role->settings = node_get(settings, role->id);
        Node boundary = NODE_GET(role->settings, "permissions_boundary");
        if (node_exists(boundary)) check_arn(r, boundary, false);
        resolve_principals(r, role);
        if (is_connected(r, role))
            resolve_connection(r, role, NODE_GET(role->trust, "connect"));
        else if (!is_automatic(r) || !node_exists(NODE_GET(role->trust, "connect")))
            resolve_external_id(r, role);
    }
    check_role_names(r);
    check_connection(r);
    check_unused_external_id(r);
}
