#include "restrict/facts.h"

#include <assert.h>

#include "model/arn.h"
#include "model/embedded.h"
#include "restrict/instance.h"

enum { WRITING = 1 << ACCESS_WRITE | 1 << ACCESS_PERMISSIONS | 1 << ACCESS_TAGGING };

static bool is_fact(Node row, Str restriction, Str fact) {
    return node_is_string(NODE_GET(row, "restriction"), restriction) &&
           node_is_string(NODE_GET(row, "fact"), fact);
}

Str restriction_fact(Str restriction, Str fact) {
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        if (is_fact(row, restriction, fact)) return node_text(NODE_GET(row, "value"));
    }
    assert(false); // the table has it
    return (Str){0};
}

static KeyId key_of(Str text) {
    KeyId key = 0;
    bool known = catalogue_find_key(text, &key);
    assert(known); // a unit test sees that it is
    (void)known;
    return key;
}

KeyId restriction_key(Str restriction, Str fact) {
    return key_of(restriction_fact(restriction, fact));
}

static void add_service(ActionSet set, ServiceId service) {
    ActionId first = service_first_action(service);
    for (size_t i = 0; i < service_action_count(service); i++)
        action_set_add(set, first + (ActionId)i);
}

// The actions, and all those of the services, that change what the restriction is about.
static ActionSet find_reach(Arena *arena, Str restriction) {
    ActionSet reach = action_set_new(arena);
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        Str value = node_text(NODE_GET(row, "value"));
        ServiceId service = 0;
        ActionId action = 0;
        if (!is_fact(row, restriction, STR("reaches"))) continue;
        if (catalogue_find_service(value, &service))
            add_service(reach, service);
        else if (catalogue_find_action(value, &action))
            action_set_add(reach, action);
    }
    return reach;
}

static void find_told_by(Arena *arena, Str restriction, RestrictFacts *facts) {
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        if (is_fact(row, restriction, STR("key")) || is_fact(row, restriction, STR("other-key")))
            VEC_PUSH(arena, &facts->told_by, key_of(node_text(NODE_GET(row, "value"))));
    }
}

static bool has_form(ResourceId resource, Str form) {
    for (size_t i = 0; i < resource_arn_count(resource); i++) {
        if (str_equal(resource_arn(resource, i), form)) return true;
    }
    return false;
}

static void find_instances(Arena *arena, Str restriction, RestrictFacts *facts) {
    Str form = restriction_fact(restriction, STR("form"));
    bool *instances = ARENA_ARRAY(arena, bool, catalogue_resource_count());
    Arn arn;
    for (ResourceId id = 0; id < catalogue_resource_count(); id++)
        instances[id] = has_form(id, form);
    facts->instances = instances;
    bool known = arn_parse(form, &arn) && catalogue_find_service(arn.service, &facts->home);
    assert(known); // a unit test sees that it is
    (void)known;
}

// --- sets of actions ---

static void find_global(Arena *arena, RestrictFacts *facts) {
    facts->free = action_set_new(arena);
    NODE_EACH(row, embedded_root(STR("schema/iam/global-actions.tsv"))) {
        Str pattern = node_text(NODE_GET(row, "pattern"));
        VEC_PUSH(arena, &facts->global, pattern);
        action_set_add_pattern(facts->free, pattern);
    }
}

static void find_of_vpc(Arena *arena, RestrictFacts *facts) {
    facts->vpc_divided = action_set_new(arena);
    facts->vpc_whole = action_set_new(arena);
    for (ActionId action = 0; action < catalogue_action_count(); action++) {
        bool divided = action_writes(action) && !action_tags(action);
        if (action_has_key(action, facts->vpc_key))
            action_set_add(divided ? facts->vpc_divided : facts->vpc_whole, action);
    }
}

static void find_tagging(Arena *arena, RestrictFacts *facts) {
    facts->tagging = action_set_new(arena);
    for (ActionId action = 0; action < catalogue_action_count(); action++) {
        if (action_tags(action) && action_has_key(action, facts->tag_key))
            action_set_add(facts->tagging, action);
    }
}

// Those that take aws:RequestTag, and are not for tags.
static void find_creating(Arena *arena, RestrictFacts *facts) {
    Str key = key_text(facts->create_key);
    ServiceId service = 0;
    facts->creating = action_set_new(arena);
    if (!catalogue_find_service(str_slice(key, 0, str_find_byte(key, ':', 0)), &service)) return;
    for (size_t i = 0; i < service_action_count(service); i++) {
        ActionId action = service_first_action(service) + (ActionId)i;
        if (!action_tags(action) && action_has_key(action, facts->request_tag))
            action_set_add(facts->creating, action);
    }
}

static bool acts_on_told(const RestrictFacts *facts, ActionId action) {
    bool acts = false;
    for (size_t i = 0; !acts && i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        acts = instance_is_told(facts, action, &resource);
    }
    return acts;
}

static void find_acting(Arena *arena, RestrictFacts *facts) {
    facts->acting = action_set_new(arena);
    for (ActionId action = 0; action < catalogue_action_count(); action++) {
        if (action_writes(action) && !action_set_has(facts->tagging, action) &&
            acts_on_told(facts, action))
            action_set_add(facts->acting, action);
    }
}

const RestrictFacts *facts_make(Arena *arena) {
    Str vpcs = STR("vpcs"), managed = STR("spot_managed_only");
    RestrictFacts *facts = ARENA_NEW(arena, RestrictFacts);
    *facts = (RestrictFacts){.vpc_key = restriction_key(vpcs, STR("key")),
                             .reach_vpc = find_reach(arena, vpcs),
                             .tag_key = restriction_key(managed, STR("key")),
                             .create_key = restriction_key(managed, STR("create-key")),
                             .request_tag = key_of(STR("aws:RequestTag/${TagKey}")),
                             .reach_tag = find_reach(arena, managed)};
    find_global(arena, facts);
    find_of_vpc(arena, facts);
    find_told_by(arena, managed, facts);
    find_instances(arena, managed, facts);
    find_tagging(arena, facts);
    find_creating(arena, facts);
    find_acting(arena, facts);
    return facts;
}

bool action_writes(ActionId action) {
    return (action_access(action) & WRITING) != 0;
}

bool action_tags(ActionId action) {
    return (action_access(action) >> ACCESS_TAGGING & 1) != 0;
}

bool has_key(KeyList keys, KeyId key) {
    for (size_t i = 0; i < keys.count; i++) {
        if (keys.ids[i] == key) return true;
    }
    return false;
}

bool action_has_key(ActionId action, KeyId key) {
    for (size_t i = 0; i < action_resource_count(action); i++) {
        if (has_key(action_resource(action, i).keys, key)) return true;
    }
    return false;
}
