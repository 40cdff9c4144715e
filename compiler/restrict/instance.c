#include "restrict/instance.h"

#include <assert.h>

#include "model/arn.h"
#include "model/embedded.h"
#include "restrict/facts.h"

static const char name[] = "spot_managed_only";

static Str instance_form(void) {
    return restriction_fact(str_of(name), STR("form"));
}

bool is_instance(ResourceId resource) {
    for (size_t i = 0; i < resource_arn_count(resource); i++) {
        if (str_equal(resource_arn(resource, i), instance_form())) return true;
    }
    return false;
}

// Whether the service is the instances' own: its page has the keys for each resource of an action.
static bool is_home(ActionId action) {
    Arn form;
    return arn_parse(instance_form(), &form) &&
           str_equal(form.service, service_prefix(action_service(action)));
}

static bool is_named(ActionId action, const UsedResource *resource, KeyId key) {
    return has_key(resource->keys, key) || (!is_home(action) && has_key(action_keys(action), key));
}

static bool is_of_type(ActionId action, const UsedResource *resource, KeyId key) {
    return !is_home(action) && has_key(resource_keys(resource->id), key);
}

typedef bool TakesKey(ActionId action, const UsedResource *resource, KeyId key);

static bool find_such(ActionId action, const UsedResource *resource, TakesKey *takes,
                      KeyId *ret_key) {
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        bool is_ours = node_is_string(NODE_GET(row, "restriction"), str_of(name)) &&
                       (node_is_string(NODE_GET(row, "fact"), STR("key")) ||
                        node_is_string(NODE_GET(row, "fact"), STR("other-key")));
        if (is_ours && catalogue_find_key(node_text(NODE_GET(row, "value")), ret_key) &&
            takes(action, resource, *ret_key))
            return true;
    }
    return false;
}

// Other services list keys with the action, or with the resource type only.
static bool find_key(ActionId action, const UsedResource *resource, KeyId *ret_key) {
    return find_such(action, resource, is_named, ret_key) ||
           find_such(action, resource, is_of_type, ret_key);
}

bool instance_is_told(ActionId action, const UsedResource *resource) {
    KeyId key = 0;
    return is_instance(resource->id) && find_key(action, resource, &key);
}

KeyId instance_key(ActionId action) {
    KeyId key = 0;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        if (is_instance(resource.id) && find_key(action, &resource, &key)) return key;
    }
    assert(false); // who asks knows that there is one
    return key;
}
