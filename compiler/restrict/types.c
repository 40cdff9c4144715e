#include "restrict/types.h"

static void push(Narrowing *n, const Grant *grant, bool conditioned) {
    if (conditioned)
        narrowing_add(n, grant, n->rule.operator, n->rule.key, &n->rule.values);
    else
        narrowing_keep(n, grant);
}

// Appends what the grant and one resource type have in common.
static void narrow_type(Narrowing *n, const Grant *grant, ActionId action,
                        const UsedResource *resource, bool *unclear) {
    bool conditioned = n->rule.is_about(n->rule.facts, action, resource);
    for (size_t i = 0; i < resource_arn_count(resource->id); i++) {
        Grant part = *grant;
        Str form = narrowing_form(n, resource_arn(resource->id, i), STR("*"));
        Meeting meeting = resources_meet(n->arena, grant->resource, form, &part.resource);
        if (meeting == MEETING_KNOWN) push(n, &part, conditioned);
        *unclear |= meeting == MEETING_UNKNOWN;
    }
}

static bool is_about_all(ActionId action, const TypeRule *rule) {
    bool all = true;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        all &= rule->is_about(rule->facts, action, &resource);
    }
    return all;
}

static void report_unclear(const Narrowing *n, const Grant *grant) {
    const ChosenStatement *chosen = &n->selection->statements.items[grant->statement];
    Diagnostic *d = diag_report(n->diags, MSG_RESTRICTED_WHOLE, chosen->asked,
                                "'%.*s' on '%.*s' is restricted as a whole", STR_ARG(grant->action),
                                STR_ARG(grant->resource));
    diag_note(n->diags, d, grant->origin.given, "of which type these resources are cannot be told");
}

void narrowing_by_type(Narrowing *n, const Grant *grant, ActionId action) {
    bool unclear = false;
    size_t before = n->out.count;
    if (is_about_all(action, &n->rule)) {
        push(n, grant, true);
        return;
    }
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        narrow_type(n, grant, action, &resource, &unclear);
    }
    if (!unclear) return;
    n->out.count = before;
    push(n, grant, true);
    report_unclear(n, grant);
}
