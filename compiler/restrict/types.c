#include "restrict/types.h"

#include "restrict/facts.h"

// `arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}` with the manifest's partition, and
// `*` for all else.
static Str fill_form(const Narrowing *n, Str form) {
    StrBuf text = strbuf_new(n->arena);
    for (size_t at = 0; at < form.length;) {
        size_t open = str_find(form, STR("${"), at), close = str_find_byte(form, '}', open);
        strbuf_add(&text, str_slice(form, at, open));
        if (open == form.length) break;
        bool is_partition = str_equal(str_slice(form, open + 2, close), STR("Partition"));
        strbuf_add(&text, is_partition ? n->manifest->partition.id : STR("*"));
        at = close + 1;
    }
    return strbuf_str(&text);
}

bool rule_is_about(const TypeRule *rule, const UsedResource *resource) {
    return has_key(resource->keys, rule->about) &&
           (rule->type.length == 0 || str_equal(resource_name(resource->id), rule->type));
}

bool rule_is_about_action(const TypeRule *rule, ActionId action) {
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        if (rule_is_about(rule, &resource)) return true;
    }
    return false;
}

static void push(Narrowing *n, const Grant *grant, bool conditioned) {
    if (conditioned)
        narrowing_add(n, grant, n->rule.operator, n->rule.key, &n->rule.values);
    else
        narrowing_keep(n, grant);
}

// Appends what the grant and one resource type have in common.
static void narrow_type(Narrowing *n, const Grant *grant, const UsedResource *resource,
                        bool *unclear) {
    bool conditioned = rule_is_about(&n->rule, resource);
    for (size_t i = 0; i < resource_arn_count(resource->id); i++) {
        Grant part = *grant;
        Str form = fill_form(n, resource_arn(resource->id, i));
        Meeting meeting = resources_meet(n->arena, grant->resource, form, &part.resource);
        if (meeting == MEETING_KNOWN) push(n, &part, conditioned);
        *unclear |= meeting == MEETING_UNKNOWN;
    }
}

static bool is_about_all(ActionId action, const TypeRule *rule) {
    bool all = true;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        all &= rule_is_about(rule, &resource);
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

static void narrow_action(Narrowing *n, const Grant *grant, ActionId action) {
    bool unclear = false;
    size_t before = n->out->count;
    if (is_about_all(action, &n->rule)) {
        push(n, grant, true);
        return;
    }
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        narrow_type(n, grant, &resource, &unclear);
    }
    if (!unclear) return;
    n->out->count = before;
    push(n, grant, true);
    report_unclear(n, grant);
}

void narrowing_by_type(Narrowing *narrowing, const Grant *grant) {
    narrowing_divide(narrowing, grant, narrowing->rule.actions, narrow_action);
}
