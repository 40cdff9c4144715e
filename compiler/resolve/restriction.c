// `restrict`, and which roles a role may pass. Whatever the vendor has to do with it stands in its
// rules (bundles/rules.yaml).
#include "resolve/resolver.h"

static void take_texts(Resolver *r, Node list, StrVec *ret_texts) {
    NODE_EACH(item, list) VEC_PUSH(r->arena, ret_texts, node_text(item));
    strvec_sort_unique(ret_texts);
}

static void take_regions(Resolver *r, Node regions) {
    NODE_EACH(region, regions) check_region(r, region, node_text(region));
    take_texts(r, regions, &r->selection->restriction.regions);
}

// The tag of the first vendor, by name, that says how it tags what it makes.
static void take_managed_tag(Resolver *r) {
    size_t count = 0;
    const Bundle *rules = library_of_kind(r->library, BUNDLE_RULES, &count);
    for (size_t i = 0; i < count; i++) {
        Node tag = NODE_GET(rules[i].root, "managed_tag");
        if (!node_exists(tag)) continue;
        r->selection->restriction.tag = node_text(NODE_GET(tag, "key"));
        r->selection->restriction.tag_value = node_text(NODE_GET(tag, "value"));
        return;
    }
}

static void take_passed_to(Resolver *r) {
    size_t count = 0;
    const Bundle *rules = library_of_kind(r->library, BUNDLE_RULES, &count);
    for (size_t i = 0; i < count; i++) {
        NODE_EACH(row, NODE_GET(rules[i].root, "passes_roles_to")) {
            if (node_is_string(NODE_GET(row, "partition"), r->manifest->partition.id))
                take_texts(r, NODE_GET(row, "services"), &r->selection->passed_to);
        }
    }
}

static void take_pass_role(Resolver *r, Role *role) {
    role->pass_role = NODE_GET(role->settings, "pass_role");
    NODE_EACH(arn, role->pass_role) check_arn(r, arn, false);
}

void resolve_restriction(Resolver *r) {
    Restriction *restriction = &r->selection->restriction;
    Node node = NODE_GET(r->manifest->root, "restrict");
    take_regions(r, NODE_GET(node, "regions"));
    take_texts(r, NODE_GET(node, "vpcs"), &restriction->vpcs);
    if (node_is_true(NODE_GET(node, "spot_managed_only"))) take_managed_tag(r);
    if (restriction->regions.count + restriction->vpcs.count + restriction->tag.length != 0)
        restriction->node = node;
    take_passed_to(r);
    for (size_t i = 0; i < r->selection->roles.count; i++)
        take_pass_role(r, &r->selection->roles.items[i]);
}
