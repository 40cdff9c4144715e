#include "restrict/facts.h"

#include <assert.h>

#include "model/embedded.h"

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

KeyId restriction_key(Str restriction, Str fact) {
    KeyId key = 0;
    bool known = catalogue_find_key(restriction_fact(restriction, fact), &key);
    assert(known); // a unit test sees that it is
    (void)known;
    return key;
}

bool restriction_reaches(Str restriction, ActionId action) {
    Str service = service_prefix(action_service(action));
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        Node value = NODE_GET(row, "value");
        if (is_fact(row, restriction, STR("reaches")) &&
            (node_is_string(value, service) || node_is_string(value, action_text(action))))
            return true;
    }
    return false;
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
