// Notes on services that the manifest's partition does not have: what is granted on them is kept.
#include "model/endpoint.h"
#include "resolve/resolver.h"

// What was found of a service.
typedef struct Presence {
    bool known;
    Diagnostic *absence;               // the message where the partition does not have it, or NULL
    const ChosenStatement *last_named; // the last statement that the message names
} Presence;

static Diagnostic *report_absence(Resolver *r, ServiceId service, Span asked) {
    const Partition *partition = &r->manifest->partition;
    Str prefix = service_prefix(service), name = service_name(service);
    if (endpoint_of(service, partition) != ENDPOINT_NONE) return NULL;
    return diag_report(r->diags, MSG_SERVICE_NOT_IN_PARTITION, asked,
                       "%.*s has no endpoint of %.*s (%.*s), so actions on it grant nothing there",
                       STR_ARG(partition->name), STR_ARG(prefix), STR_ARG(name));
}

// A pattern over several services is of none.
static void look_up(Resolver *r, Presence *services, Str prefix, Node action,
                    const ChosenStatement *chosen) {
    ServiceId id = 0;
    if (!catalogue_find_service(prefix, &id)) return;
    Presence *service = &services[id];
    if (!service->known) service->absence = report_absence(r, id, chosen->asked);
    service->known = true;
    if (service->last_named == chosen) return;
    service->last_named = chosen;
    Str sid = node_text(NODE_GET(chosen->node, "sid"));
    diag_note(r->diags, service->absence, node_span(action), "'%.*s' grants actions on it",
              STR_ARG(sid));
}

// Bundles keep the actions of a service together, so that most need no look-up.
static void look_at_statement(Resolver *r, Presence *services, const ChosenStatement *chosen) {
    Str last = {0};
    NODE_EACH(action, NODE_GET(chosen->node, "actions")) {
        Str text = node_text(action), prefix = str_slice(text, 0, str_find_byte(text, ':', 0));
        if (!str_equal(prefix, last)) look_up(r, services, prefix, action, chosen);
        last = prefix;
    }
}

void resolve_services(Resolver *r) {
    Presence *services = ARENA_ARRAY(r->arena, Presence, catalogue_service_count());
    if (!is_certain(r)) return; // what is chosen may change
    for (size_t i = 0; i < r->selection->statements.count; i++)
        look_at_statement(r, services, &r->selection->statements.items[i]);
}
