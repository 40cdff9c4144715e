#include "restrict/bypass.h"

#include "base/wildcard.h"
#include "model/embedded.h"
#include "policy/cover.h"
#include "policy/match.h"
#include "restrict/extent.h"

// A row of the table, and by role the first grant that lets the role do it.
typedef struct Bypass {
    Node row;
    Str action;
    Example example;
    const Grant **grants;
    size_t denied; // how many grants a Deny took back
} Bypass;

typedef VEC(Bypass) BypassVec;

// One that is open to a role.
typedef struct OpenBypass {
    const Bypass *bypass;
    const Role *role;
    const Grant *grant;
} OpenBypass;

typedef VEC(OpenBypass) OpenBypassVec;

static BypassVec read_bypasses(const Narrowing *n) {
    BypassVec bypasses = {0};
    NODE_EACH(row, embedded_root(STR("schema/iam/bypasses.tsv"))) {
        Bypass bypass = {.row = row, .action = node_text(NODE_GET(row, "action"))};
        ActionId action = 0;
        (void)catalogue_find_action(bypass.action, &action); // a unit test sees that it is there
        bypass.example = example_make(n, action, node_text(NODE_GET(row, "resource")),
                                      node_text(NODE_GET(row, "idle_keys")));
        bypass.grants = ARENA_ARRAY(n->arena, const Grant *, n->selection->roles.count);
        VEC_PUSH(n->arena, &bypasses, bypass);
    }
    return bypasses;
}

// Of so many grants of an action it is looked whether they are denied; more is not worth the time.
enum { MOST_DENIED = 64 };

// Whether a Deny of the role takes back all that a grant has of an action.
static bool is_denied(const Narrowing *n, const GrantVec *grants, const Grant *allow, Str action) {
    for (size_t i = 0; i < grants->count; i++) {
        const Grant *grant = &grants->items[i];
        if (grant->effect == EFFECT_DENY && grant->conditions->count == 0 &&
            narrowing_role(n, grant) == narrowing_role(n, allow) &&
            action_covers(n->arena, grant->action, action) &&
            resource_covers(n->arena, grant->resource, allow->resource))
            return true;
    }
    return false;
}

static void take_grant(const Narrowing *n, const GrantVec *grants, const Grant *grant,
                       Bypass *bypass) {
    if (bypass->denied < MOST_DENIED && is_denied(n, grants, grant, bypass->action))
        bypass->denied++;
    else
        bypass->grants[narrowing_role_index(n, grant)] = grant;
}

static void find_bypasses(const Narrowing *n, const GrantVec *grants, const Grant *grant,
                          const BypassVec *bypasses) {
    size_t role = narrowing_role_index(n, grant);
    Wildcard actions;
    wildcard_init(&actions, grant->action);
    for (size_t i = 0; i < bypasses->count; i++) {
        Bypass *bypass = &bypasses->items[i];
        if (bypass->grants[role] == NULL && wildcard_matches(&actions, bypass->action) &&
            extends_to(n, grant, &bypass->example))
            take_grant(n, grants, grant, bypass);
    }
}

static OpenBypassVec open_bypasses(const Narrowing *n, const BypassVec *bypasses) {
    OpenBypassVec open = {0};
    for (size_t role = 0; role < n->selection->roles.count; role++) {
        for (size_t i = 0; i < bypasses->count; i++) {
            const Bypass *bypass = &bypasses->items[i];
            if (bypass->grants[role] != NULL)
                VEC_PUSH(
                    n->arena, &open,
                    ((OpenBypass){bypass, &n->selection->roles.items[role], bypass->grants[role]}));
        }
    }
    return open;
}

// What in the manifest takes the action away: the integration that gives it can be left out.
static Str remedy(const Narrowing *n, const OpenBypass *open) {
    Str key = node_text(NODE_GET(open->bypass->row, "narrowed_by"));
    LibraryPart part = library_part_at(n->library, open->grant->origin.given);
    if (key.length != 0)
        return str_format(n->arena, "narrow it with 'roles: {%.*s: {%.*s: […]}}'",
                          STR_ARG(open->role->id), STR_ARG(key));
    if (part.integration.length != 0)
        return str_format(n->arena, "leave integration '%.*s' of '%.*s' out",
                          STR_ARG(part.integration), STR_ARG(part.bundle->name));
    return STR("nothing narrows it; choose what does without, or accept it");
}

static void note_bypass(const Narrowing *n, Diagnostic *d, const OpenBypass *open) {
    Str sid =
        node_text(NODE_GET(n->selection->statements.items[open->grant->statement].node, "sid"));
    diag_note(n->diags, d, open->grant->origin.given, "'%.*s' ('%.*s', role '%.*s') %.*s: %.*s",
              STR_ARG(open->bypass->action), STR_ARG(sid), STR_ARG(open->role->id),
              STR_ARG(node_text(NODE_GET(open->bypass->row, "means"))), STR_ARG(remedy(n, open)));
}

static void report_bypasses(const Narrowing *n, const OpenBypassVec *open) {
    StrBuf names = strbuf_new(n->arena);
    for (size_t i = 0; i < open->count; i++) {
        if (i > 0) strbuf_add(&names, STR(", "));
        strbuf_add(&names, open->items[i].bypass->action);
    }
    Diagnostic *d = diag_report(n->diags, MSG_RESTRICTION_BYPASSED,
                                node_key_span(n->selection->restriction.node),
                                "these restrictions do not hold while a role may do this on "
                                "everything: %.*s",
                                STR_ARG(strbuf_str(&names)));
    for (size_t i = 0; i < open->count; i++) note_bypass(n, d, &open->items[i]);
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
    BypassVec bypasses = read_bypasses(narrowing);
    for (size_t i = 0; i < grants->count; i++) {
        if (grants->items[i].effect == EFFECT_ALLOW)
            find_bypasses(narrowing, grants, &grants->items[i], &bypasses);
    }
    OpenBypassVec open = open_bypasses(narrowing, &bypasses);
    if (open.count > 0) report_bypasses(narrowing, &open);
    report_managed(narrowing);
}
