#include "restrict/beyond.h"

#include "restrict/instance.h"

// A restriction, whether an action is one that it does not reach (NULL: none is), and what is said
// where some of what is granted is beyond it, and where all is.
typedef struct Reach {
    const char *name;
    bool (*is_beyond)(const RestrictFacts *facts, ActionId action);
    const char *some, *all;
} Reach;

static bool is_beyond_vpcs(const RestrictFacts *facts, ActionId action) {
    return action_writes(action) && action_set_has(facts->reach_vpc, action) &&
           !action_has_key(action, facts->vpc_key);
}

// Acts on instances that exist, without their tags being known. What creates instances takes tags.
static bool is_untold(const RestrictFacts *facts, ActionId action) {
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource used = action_resource(action, i);
        if (is_instance(facts, used.id) && !instance_is_told(facts, action, &used) &&
            !has_key(used.keys, facts->request_tag))
            return true;
    }
    return false;
}

static bool is_beyond_managed(const RestrictFacts *facts, ActionId action) {
    return action_writes(action) &&
           (action_set_has(facts->reach_tag, action) || is_untold(facts, action));
}

static const Reach reaches[] = {
    {"regions", NULL, NULL, "this narrows nothing: no statement grants what is of a region"},
    {"vpcs", is_beyond_vpcs, "some of what is granted cannot be limited to VPCs",
     "this narrows nothing: no statement grants what can be limited to VPCs"},
    {"spot_managed_only", is_beyond_managed,
     "some of what is granted can reach instances whatever their tags",
     "this narrows nothing: no statement grants what the tags of instances can limit"},
};

// By service, the granted actions that are beyond, as they are written.
static bool collect(const Narrowing *n, const GrantVec *grants, const Reach *reach,
                    StrVec *by_service) {
    bool any = false;
    for (size_t i = 0; i < grants->count; i++) {
        const Grant *grant = &grants->items[i];
        ActionMatches matches;
        ActionId action = 0;
        ServiceId last = UINT32_MAX;
        if (grant->effect != EFFECT_ALLOW || reach->is_beyond == NULL) continue;
        catalogue_match(grant->action, &matches);
        while (catalogue_next(&matches, &action)) {
            if (action_service(action) == last || !reach->is_beyond(n->facts, action)) continue;
            last = action_service(action);
            VEC_PUSH(n->arena, &by_service[last], grant->action);
            any = true;
        }
    }
    return any;
}

static void note_actions(const Narrowing *n, Diagnostic *d, StrVec *actions) {
    StrBuf text = strbuf_new(n->arena);
    strvec_sort_unique(actions);
    for (size_t i = 0; i < actions->count; i++) {
        if (i > 0) strbuf_add(&text, STR(", "));
        strbuf_add(&text, actions->items[i]);
    }
    diag_note(n->diags, d, NO_SPAN, "%.*s", STR_ARG(strbuf_str(&text)));
}

static bool has_narrowed(const Narrowing *n, const char *name) {
    for (size_t i = 0; i < n->narrowing.count; i++) {
        if (str_equal(n->narrowing.items[i], str_of(name))) return true;
    }
    return false;
}

static void report(const Narrowing *n, const GrantVec *grants, const Reach *reach, Node asked) {
    StrVec *by_service = ARENA_ARRAY(n->arena, StrVec, catalogue_service_count());
    bool any = collect(n, grants, reach, by_service), narrowed = has_narrowed(n, reach->name);
    if (!any && narrowed) return;
    Diagnostic *d = diag_report(n->diags, MSG_BEYOND_RESTRICTION, node_key_span(asked), "%s",
                                narrowed ? reach->some : reach->all);
    for (ServiceId service = 0; service < catalogue_service_count(); service++) {
        if (by_service[service].count > 0) note_actions(n, d, &by_service[service]);
    }
}

void beyond_report(const Narrowing *narrowing, const GrantVec *grants) {
    for (size_t i = 0; i < sizeof reaches / sizeof *reaches; i++) {
        Node asked = node_get(narrowing->selection->restriction.node, str_of(reaches[i].name));
        bool wanted =
            node_exists(asked) && (node_kind(asked) != NODE_BOOLEAN || node_is_true(asked));
        if (wanted) report(narrowing, grants, &reaches[i], asked);
    }
}
