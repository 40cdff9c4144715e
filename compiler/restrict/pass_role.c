// `roles.<id>.pass_role`: iam:PassRole on these roles only, and to the services that the vendor has
// roles passed to.
#include "restrict/narrowing.h"

static const char pass_role_action[] = "iam:PassRole";

static bool pass_role_begin(Narrowing *n, const GrantVec *grants) {
    bool asked = false;
    (void)grants;
    n->rule = (TypeRule){.actions = action_set_new(n->arena)};
    action_set_add_pattern(n->rule.actions, str_of(pass_role_action));
    n->used = ARENA_ARRAY(n->arena, bool, n->selection->roles.count);
    for (size_t i = 0; i < n->selection->roles.count; i++)
        asked |= node_exists(n->selection->roles.items[i].pass_role);
    return asked;
}

static void report_unknown_meeting(const Narrowing *n, const Grant *grant, Node pattern) {
    Diagnostic *d = diag_report(n->diags, MSG_NOTHING_LEFT, node_span(pattern),
                                "it cannot be told which roles are both here and in '%.*s', so "
                                "none of those may be passed",
                                STR_ARG(grant->resource));
    diag_note(n->diags, d, grant->origin.given, "it is granted here");
}

// Appends what is left of a grant for one of the manifest's patterns.
static Meeting narrow_to(Narrowing *n, const Grant *grant, Node pattern) {
    Grant narrow = *grant;
    Meeting meeting =
        resources_meet(n->arena, grant->resource, node_text(pattern), &narrow.resource);
    if (meeting == MEETING_UNKNOWN) report_unknown_meeting(n, grant, pattern);
    if (meeting == MEETING_KNOWN)
        narrowing_add(n, &narrow, STR("StringEquals"), STR("iam:PassedToService"),
                      &n->selection->passed_to);
    return meeting;
}

// Appends what is left of a grant of the action itself.
static void narrow_action(Narrowing *n, const Grant *grant, ActionId action) {
    const Role *role = narrowing_role(n, grant);
    bool apart = true;
    (void)action;
    n->used[narrowing_role_index(n, grant)] = true;
    NODE_EACH(pattern, role->pass_role) apart &= narrow_to(n, grant, pattern) == MEETING_NONE;
    if (!apart) return;
    Diagnostic *d = diag_report(n->diags, MSG_NOTHING_LEFT, node_key_span(role->pass_role),
                                "none of these is a role that '%.*s' lets the role pass",
                                STR_ARG(grant->resource));
    diag_note(n->diags, d, grant->origin.given, "it is granted here");
}

static void pass_role_narrow(Narrowing *n, const Grant *grant) {
    if (node_exists(narrowing_role(n, grant)->pass_role))
        narrowing_divide(n, grant, n->rule.actions, narrow_action);
    else
        narrowing_keep(n, grant);
}

static void pass_role_end(const Narrowing *n) {
    for (size_t i = 0; i < n->selection->roles.count; i++) {
        const Role *role = &n->selection->roles.items[i];
        if (node_exists(role->pass_role) && !n->used[i])
            diag_report(n->diags, MSG_UNUSED_PASS_ROLE, node_key_span(role->pass_role),
                        "nothing that is chosen lets role '%.*s' pass roles", STR_ARG(role->id));
    }
}

const Restricter pass_role_restricter = {"pass_role", NULL, pass_role_begin, pass_role_narrow,
                                         pass_role_end};
