#include "restrict/instance.h"

#include <assert.h>

bool is_instance(const RestrictFacts *facts, ResourceId resource) {
    return facts->instances[resource];
}

// Whether the service is the instances' own: its page has the keys for each resource of an action.
static bool is_home(const RestrictFacts *facts, ActionId action) {
    return action_service(action) == facts->home;
}

static bool is_named(const RestrictFacts *facts, ActionId action, const UsedResource *resource,
                     KeyId key) {
    return has_key(resource->keys, key) ||
           (!is_home(facts, action) && has_key(action_keys(action), key));
}

static bool is_of_type(const RestrictFacts *facts, ActionId action, const UsedResource *resource,
                       KeyId key) {
    return !is_home(facts, action) && has_key(resource_keys(resource->id), key);
}

typedef bool TakesKey(const RestrictFacts *facts, ActionId action, const UsedResource *resource,
                      KeyId key);

static bool find_such(const RestrictFacts *facts, ActionId action, const UsedResource *resource,
                      TakesKey *takes, KeyId *ret_key) {
    for (size_t i = 0; i < facts->told_by.count; i++) {
        if (!takes(facts, action, resource, facts->told_by.items[i])) continue;
        *ret_key = facts->told_by.items[i];
        return true;
    }
    return false;
}

// Other services list keys with the action, or with the resource type only.
static bool find_key(const RestrictFacts *facts, ActionId action, const UsedResource *resource,
                     KeyId *ret_key) {
    return find_such(facts, action, resource, is_named, ret_key) ||
           find_such(facts, action, resource, is_of_type, ret_key);
}

bool instance_is_told(const RestrictFacts *facts, ActionId action, const UsedResource *resource) {
    KeyId key = 0;
    return is_instance(facts, resource->id) && find_key(facts, action, resource, &key);
}

KeyId instance_key(const RestrictFacts *facts, ActionId action) {
    KeyId key = 0;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        if (is_instance(facts, resource.id) && find_key(facts, action, &resource, &key)) return key;
    }
    assert(false); // who asks knows that there is one
    return key;
}
