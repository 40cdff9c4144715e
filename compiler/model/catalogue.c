#include "model/catalogue.h"

#include "model/catalogue_tables.h"

static Str pool_text(PoolText text) {
    return (Str){catalogue_pool + text.at, text.length};
}

static KeyList key_list(uint16_t place) {
    return (KeyList){catalogue_lists + place + 1, catalogue_lists[place]};
}

Str catalogue_source(void) {
    return pool_text(catalogue_about[0]);
}

Str catalogue_version(void) {
    return pool_text(catalogue_about[1]);
}

Str catalogue_date(void) {
    return pool_text(catalogue_about[2]);
}

size_t catalogue_service_count(void) {
    return catalogue_counts.services;
}

size_t catalogue_action_count(void) {
    return catalogue_counts.actions;
}

static unsigned char lower(char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

// How many bytes of a text of the pool agree with `head`, case apart, of which `same` are known to.
static inline size_t agreement(PoolText text, Str head, size_t same) {
    const char *data = catalogue_pool + text.at;
    size_t most = text.length < head.length ? text.length : head.length;
    while (same < most &&
           (data[same] == head.data[same] || lower(data[same]) == lower(head.data[same])))
        same++;
    return same;
}

// Whether a text that agrees with `head` in `same` bytes stands before all that begin with it.
static inline bool stands_before(PoolText text, Str head, size_t same) {
    if (same == head.length) return false;
    return same == text.length || lower(catalogue_pool[text.at + same]) < lower(head.data[same]);
}

typedef struct Found {
    uint32_t id;
    bool begins; // its text begins with what was looked for
} Found;

// The first of the numbers [from, to) whose text does not stand before (or, where `beyond`, among)
// those that begin with `head`. What agrees at both ends of the rest agrees in between.
static inline __attribute__((always_inline)) Found
search(Str head, bool beyond, uint32_t from, uint32_t to, PoolText (*text_of)(uint32_t)) {
    size_t same_below = 0, same_above = 0;
    bool begins = false;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        PoolText text = text_of(middle);
        size_t same = agreement(text, head, same_below < same_above ? same_below : same_above);
        if (stands_before(text, head, same) || (beyond && same == head.length)) {
            from = middle + 1;
            same_below = same;
        } else {
            to = middle;
            same_above = same;
            begins = same == head.length;
        }
    }
    return (Found){from, begins};
}

static PoolText prefix_text(uint32_t service) {
    return catalogue_services[service].prefix;
}

static PoolText name_text(uint32_t action) {
    const ActionRecord *record = &catalogue_actions[action];
    uint32_t skipped = catalogue_services[record->service].prefix.length + 1;
    return (PoolText){record->text + skipped, record->length - skipped};
}

static PoolText key_pool_text(uint32_t key) {
    return catalogue_keys[key].text;
}

bool catalogue_find_service(Str prefix, ServiceId *ret_service) {
    Found found = search(prefix, false, 0, catalogue_counts.services, prefix_text);
    if (!found.begins || prefix_text(found.id).length != prefix.length) return false;
    *ret_service = found.id;
    return true;
}

Str service_prefix(ServiceId service) {
    return pool_text(catalogue_services[service].prefix);
}

Str service_name(ServiceId service) {
    return pool_text(catalogue_services[service].name);
}

ActionId service_first_action(ServiceId service) {
    return catalogue_services[service].first_action;
}

size_t service_action_count(ServiceId service) {
    return catalogue_services[service].action_count;
}

KeyList service_keys(ServiceId service) {
    return key_list(catalogue_services[service].keys);
}

ActionId service_action_bound(ServiceId service, Str head, bool beyond) {
    ActionId first = catalogue_services[service].first_action;
    ActionId end = first + catalogue_services[service].action_count;
    return search(head, beyond, first, end, name_text).id;
}

bool catalogue_find_action(Str text, ActionId *ret_action) {
    uint32_t slot = action_slot(text.data, text.length);
    for (; catalogue_slots[slot] != 0; slot = (slot + 1) % ACTION_SLOTS) {
        ActionId action = catalogue_slots[slot] - 1U;
        Str known = action_text(action);
        if (!str_equal(text, known) && !str_equal_ignoring_case(text, known)) continue;
        *ret_action = action;
        return true;
    }
    return false;
}

ServiceId action_service(ActionId action) {
    return catalogue_actions[action].service;
}

Str action_text(ActionId action) {
    const ActionRecord *record = &catalogue_actions[action];
    return (Str){catalogue_pool + record->text, record->length};
}

Str action_name(ActionId action) {
    return pool_text(name_text(action));
}

AccessLevels action_access(ActionId action) {
    return catalogue_actions[action].access;
}

KeyList action_keys(ActionId action) {
    return key_list(catalogue_actions[action].keys);
}

size_t action_resource_count(ActionId action) {
    return catalogue_lists[catalogue_actions[action].used];
}

UsedResource action_resource(ActionId action, size_t index) {
    const uint16_t *item = catalogue_lists + catalogue_actions[action].used + 1 + 2 * index;
    return (UsedResource){.id = item[0] & ~(unsigned)USED_REQUIRED,
                          .required = (item[0] & USED_REQUIRED) != 0,
                          .keys = key_list(item[1])};
}

size_t catalogue_resource_count(void) {
    return catalogue_counts.resources;
}

// Resource types stand by service, as services do.
static ResourceId first_resource_from(ServiceId service) {
    ResourceId from = 0, to = catalogue_counts.resources;
    while (from < to) {
        ResourceId middle = from + (to - from) / 2;
        if (catalogue_resources[middle].service < service)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

ResourceId service_first_resource(ServiceId service) {
    return first_resource_from(service);
}

ResourceId service_resource_end(ServiceId service) {
    return first_resource_from(service + 1);
}

Str resource_name(ResourceId resource) {
    return pool_text(catalogue_resources[resource].name);
}

ServiceId resource_service(ResourceId resource) {
    return catalogue_resources[resource].service;
}

KeyList resource_keys(ResourceId resource) {
    return key_list(catalogue_resources[resource].keys);
}

size_t resource_arn_count(ResourceId resource) {
    return catalogue_resources[resource].arn_count;
}

Str resource_arn(ResourceId resource, size_t index) {
    return pool_text(catalogue_arns[catalogue_resources[resource].first_arn + index]);
}

bool catalogue_find_key(Str text, KeyId *ret_key) {
    Found found = search(text, false, 0, catalogue_counts.keys, key_pool_text);
    if (!found.begins || key_pool_text(found.id).length != text.length) return false;
    *ret_key = found.id;
    return true;
}

Str key_text(KeyId key) {
    return pool_text(catalogue_keys[key].text);
}

KeyTypes key_types(KeyId key) {
    return catalogue_keys[key].types;
}
