// `vpcs`: ec2:Vpc on the resource types that have it. Where an action changes something, an Allow
// with the condition stands on these types alone, because IAM checks an action for each resource of
// a request, and a resource without the key would fail it. What only reads, and tags, keeps its
// entries, with an operator that holds where a resource has no VPC: to name nearly all actions of
// ec2:Describe*, or a hundred types that can be tagged, would cost what AWS adds, and much room.
#include "restrict/types.h"

// The VPCs as the values of ec2:Vpc: their ARNs, in each of the regions, or in any.
static void add_arns(Narrowing *n, StrVec *arns) {
    const Restriction *restriction = &n->selection->restriction;
    static const Str any = {"*", 1};
    const Str *regions = restriction->regions.count > 0 ? restriction->regions.items : &any;
    size_t count = restriction->regions.count > 0 ? restriction->regions.count : 1;
    for (size_t i = 0; i < restriction->vpcs.count; i++) {
        for (size_t k = 0; k < count; k++)
            VEC_PUSH(n->arena, arns,
                     str_format(n->arena, "arn:%.*s:ec2:%.*s:%.*s:vpc/%.*s",
                                STR_ARG(n->manifest->partition.id), STR_ARG(regions[k]),
                                STR_ARG(n->manifest->account),
                                STR_ARG(restriction->vpcs.items[i])));
    }
    strvec_sort_unique(arns);
}

static bool is_of_vpc(const RestrictFacts *facts, ActionId action, const UsedResource *resource) {
    (void)action;
    return has_key(resource->keys, facts->vpc_key);
}

static bool begin(Narrowing *n, ActionSet actions, Str operator) {
    n->rule = (TypeRule){.actions = actions,
                         .is_about = is_of_vpc,
                         .facts = n->facts,
                         .operator= operator,
                         .key = restriction_fact(STR("vpcs"), STR("key"))};
    add_arns(n, &n->rule.values);
    return true;
}

static bool is_asked(const Narrowing *n) {
    return n->selection->restriction.vpcs.count > 0;
}

static bool dividing_begin(Narrowing *n, const GrantVec *grants) {
    (void)grants;
    return is_asked(n) && begin(n, n->facts->vpc_divided, STR("ArnLike"));
}

static void dividing_narrow(Narrowing *n, const Grant *grant) {
    narrowing_divide(n, grant, n->rule.actions, narrowing_by_type);
}

static bool whole_begin(Narrowing *n, const GrantVec *grants) {
    (void)grants;
    return is_asked(n) && begin(n, n->facts->vpc_whole, STR("ArnLikeIfExists"));
}

static void whole_narrow(Narrowing *n, const Grant *grant) {
    if (pattern_has_any(grant->action, n->rule.actions))
        narrowing_add(n, grant, n->rule.operator, n->rule.key, &n->rule.values);
    else
        narrowing_keep(n, grant);
}

const Restricter vpcs_dividing_restricter = {"restrict", "vpcs", dividing_begin, dividing_narrow,
                                             NULL};
const Restricter vpcs_whole_restricter = {"restrict", "vpcs", whole_begin, whole_narrow, NULL};
