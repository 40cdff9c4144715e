#include "restrict/bypass.h"

#include "model/embedded.h"
#include "model/key_rule.h"
#include "policy/cover.h"
#include "policy/match.h"

// A row of the table in which a role holds the action.
typedef struct Bypass {
    Node row;
    const Role *role;
    const Grant *grant; // the first
} Bypass;

typedef VEC(Bypass) BypassVec;

// Whether none of the conditions narrows the action.
static bool is_idle(const Grant *grant, Node row) {
    Str idle = node_text(NODE_GET(row, "idle_keys"));
    for (size_t i = 0; i < grant->conditions->count; i++) {
        if (!key_rule_names(idle, grant->conditions->items[i].key)) return false;
    }
    return true;
}

static bool is_bypass(const Narrowing *n, const Grant *grant, Node row) {
    if (grant->effect != EFFECT_ALLOW || !is_idle(grant, row) ||
        !action_covers(n->arena, grant->action, node_text(NODE_GET(row, "action"))))
        return false;
    return resource_covers(
        n->arena, grant->resource,
        narrowing_form(n, node_text(NODE_GET(row, "resource")), n->manifest->account));
}

static void find_bypasses(const Narrowing *n, const GrantVec *grants, const Role *role,
                          BypassVec *found) {
    NODE_EACH(row, embedded_root(STR("schema/iam/bypasses.tsv"))) {
        for (size_t i = 0; i < grants->count; i++) {
            const Grant *grant = &grants->items[i];
            if (narrowing_role(n, grant) != role || !is_bypass(n, grant, row)) continue;
            VEC_PUSH(n->arena, found, ((Bypass){row, role, grant}));
            break;
        }
    }
}

// What in the manifest takes the action away: the integration that gives it can be left out.
static Str remedy(const Narrowing *n, const Bypass *bypass) {
    Str key = node_text(NODE_GET(bypass->row, "narrowed_by"));
    LibraryPart part = library_part_at(n->library, bypass->grant->origin.given);
    if (key.length != 0)
        return str_format(n->arena, "narrow it with 'roles: {%.*s: {%.*s: […]}}'",
                          STR_ARG(bypass->role->id), STR_ARG(key));
    if (part.integration.length != 0)
        return str_format(n->arena, "leave integration '%.*s' of '%.*s' out",
                          STR_ARG(part.integration), STR_ARG(part.bundle->name));
    return STR("nothing narrows it; choose what does without, or accept it");
}

static void note_bypass(const Narrowing *n, Diagnostic *d, const Bypass *bypass) {
    Str action = node_text(NODE_GET(bypass->row, "action"));
    Str sid =
        node_text(NODE_GET(n->selection->statements.items[bypass->grant->statement].node, "sid"));
    diag_note(n->diags, d, bypass->grant->origin.given, "'%.*s' ('%.*s', role '%.*s') %.*s: %.*s",
              STR_ARG(action), STR_ARG(sid), STR_ARG(bypass->role->id),
              STR_ARG(node_text(NODE_GET(bypass->row, "means"))), STR_ARG(remedy(n, bypass)));
}

static void report_bypasses(const Narrowing *n, const BypassVec *found) {
    StrBuf names = strbuf_new(n->arena);
    for (size_t i = 0; i < found->count; i++) {
        if (i > 0) strbuf_add(&names, STR(", "));
        strbuf_add(&names, node_text(NODE_GET(found->items[i].row, "action")));
    }
    Diagnostic *d = diag_report(n->diags, MSG_RESTRICTION_BYPASSED,
                                node_key_span(n->selection->restriction.node),
                                "these restrictions do not hold while a role may do this on "
                                "everything: %.*s",
                                STR_ARG(strbuf_str(&names)));
    for (size_t i = 0; i < found->count; i++) note_bypass(n, d, &found->items[i]);
}

static void report_managed(const Narrowing *n) {
    StrBuf names = strbuf_new(n->arena);
    for (size_t i = 0; i < n->selection->roles.count; i++) {
        const Role *role = &n->selection->roles.items[i];
        for (size_t k = 0; k < role->managed.count; k++)
            strbuf_add_format(&names, "%s%.*s", names.length > 0 ? ", " : "",
                              STR_ARG(role->managed.items[k].name));
    }
    if (names.length > 0)
        diag_report(n->diags, MSG_UNRESTRICTED_MANAGED_POLICY,
                    node_key_span(n->selection->restriction.node),
                    "policies of AWS are attached as they are, without these restrictions: %.*s",
                    STR_ARG(strbuf_str(&names)));
}

void bypasses_report(const Narrowing *narrowing, const GrantVec *grants) {
    BypassVec found = {0};
    for (size_t i = 0; i < narrowing->selection->roles.count; i++)
        find_bypasses(narrowing, grants, &narrowing->selection->roles.items[i], &found);
    if (found.count > 0) report_bypasses(narrowing, &found);
    report_managed(narrowing);
}
