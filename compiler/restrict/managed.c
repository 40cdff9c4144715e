// `spot_managed_only`: of the instances that exist the role acts only on those that carry the
// vendor's tag. What creates instances stays free: they have no tags before they are there.
//
// So that the role cannot tag its way to an instance of somebody else, it may tag only what it
// creates in the same request (ec2:CreateAction), and what carries the vendor's tag already. Both
// hold for every type of resource: an instance's tags are as good as what is kept of others'.
#include "restrict/instance.h"
#include "restrict/types.h"

static const char name[] = "spot_managed_only";
static const char tag_key[] = "${TagKey}";

// ec2:ResourceTag/${TagKey}, or another such key, with the vendor's tag.
static Str resource_tag(const Narrowing *n, KeyId id) {
    Str key = key_text(id);
    Str stem = str_slice(key, 0, str_find(key, str_of(tag_key), 0));
    return str_format(n->arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(n->selection->restriction.tag));
}

static TypeRule instance_rule(Narrowing *n, ActionSet actions) {
    TypeRule rule = {.actions = actions,
                     .is_about = instance_is_told,
                     .facts = n->facts,
                     .operator= STR("StringEquals"),
                     .key = resource_tag(n, n->facts->tag_key)};
    VEC_PUSH(n->arena, &rule.values, n->selection->restriction.tag_value);
    return rule;
}

// --- tags ---

static bool is_asked(const Narrowing *n) {
    return n->selection->restriction.tag.length != 0;
}

static void add_creating(Narrowing *n, const Grant *grant) {
    ActionMatches matches;
    ActionId action = 0;
    if (grant->effect != EFFECT_ALLOW) return;
    catalogue_match(grant->action, &matches);
    while (catalogue_next(&matches, &action)) {
        if (action_set_has(n->facts->creating, action))
            action_set_add(n->creating[narrowing_role_index(n, grant)], action);
    }
}

static bool tags_begin(Narrowing *n, const GrantVec *grants) {
    if (!is_asked(n)) return false;
    n->rule = instance_rule(n, n->facts->tagging);
    n->creating = ARENA_ARRAY(n->arena, ActionSet, n->selection->roles.count);
    for (size_t i = 0; i < n->selection->roles.count; i++)
        n->creating[i] = action_set_new(n->arena);
    for (size_t i = 0; i < grants->count; i++) add_creating(n, &grants->items[i]);
    return true;
}

// Tagging as part of what the role may create.
static void keep_creating(Narrowing *n, const Grant *grant) {
    ActionSet creating = n->creating[narrowing_role_index(n, grant)];
    StrVec names = {0};
    for (ActionId action = 0; action_set_next(creating, &action); action++)
        VEC_PUSH(n->arena, &names, action_name(action));
    strvec_sort_unique(&names);
    if (names.count > 0)
        narrowing_add(n, grant, STR("StringEquals"),
                      restriction_fact(str_of(name), STR("create-key")), &names);
}

static void narrow_tagging(Narrowing *n, const Grant *grant, ActionId action) {
    if (has_key(action_keys(action), n->facts->create_key)) keep_creating(n, grant);
    narrowing_add(n, grant, n->rule.operator, n->rule.key, &n->rule.values);
}

static void tags_narrow(Narrowing *n, const Grant *grant) {
    narrowing_divide(n, grant, n->rule.actions, narrow_tagging);
}

// --- instances ---

static bool instances_begin(Narrowing *n, const GrantVec *grants) {
    (void)grants;
    if (!is_asked(n)) return false;
    n->rule = instance_rule(n, n->facts->acting);
    return true;
}

// By the key that the action has for the tags of instances.
static void narrow_instances(Narrowing *n, const Grant *grant, ActionId action) {
    n->rule.key = resource_tag(n, instance_key(n->facts, action));
    narrowing_by_type(n, grant, action);
}

static void instances_narrow(Narrowing *n, const Grant *grant) {
    narrowing_divide(n, grant, n->rule.actions, narrow_instances);
}

const Restricter managed_tags_restricter = {"restrict", name, tags_begin, tags_narrow, NULL};
const Restricter managed_instances_restricter = {"restrict", name, instances_begin,
                                                 instances_narrow, NULL};
