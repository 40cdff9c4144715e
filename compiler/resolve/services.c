// Notes on services that the manifest's partition does not have: what is granted on them is kept.
#include "model/endpoint.h"
#include "resolve/resolver.h"

typedef struct Absences {
    Resolver *r;
    bool *known;          // by service: whether it was looked up
    Diagnostic **notices; // by service: where it is absent, its message
} Absences;

// A pattern over several services is of none.
static bool service_of_action(Str action, ServiceId *ret_service) {
    Str prefix = str_slice(action, 0, str_find_byte(action, ':', 0));
    return catalogue_find_service(prefix, ret_service);
}

static Diagnostic *report_absence(Resolver *r, ServiceId service, Span asked) {
    const Partition *partition = &r->manifest->partition;
    Str prefix = service_prefix(service), name = service_name(service);
    if (endpoint_of(service, partition) != ENDPOINT_NONE) return NULL;
    return diag_report(r->diags, MSG_SERVICE_NOT_IN_PARTITION, asked,
                       "%.*s has no endpoint of %.*s (%.*s), so actions on it grant nothing there",
                       STR_ARG(partition->name), STR_ARG(prefix), STR_ARG(name));
}

// Says of each absent service once in which statements it stands.
static void look_at_statement(const Absences *a, const ChosenStatement *chosen) {
    const Diagnostic *last = NULL;
    NODE_EACH(action, NODE_GET(chosen->node, "actions")) {
        ServiceId service = 0;
        if (!service_of_action(node_text(action), &service)) continue;
        if (!a->known[service]) {
            a->known[service] = true;
            a->notices[service] = report_absence(a->r, service, chosen->asked);
        }
        Diagnostic *notice = a->notices[service];
        if (notice == NULL || notice == last) continue;
        Str sid = node_text(NODE_GET(chosen->node, "sid"));
        diag_note(a->r->diags, notice, node_span(action), "'%.*s' grants actions on it",
                  STR_ARG(sid));
        last = notice;
    }
}

void resolve_services(Resolver *r) {
    size_t count = catalogue_service_count();
    Absences a = {.r = r,
                  .known = ARENA_ARRAY(r->arena, bool, count),
                  .notices = ARENA_ARRAY(r->arena, Diagnostic *, count)};
    if (!is_certain(r)) return; // what is chosen may change
    for (size_t i = 0; i < r->selection->statements.count; i++)
        look_at_statement(&a, &r->selection->statements.items[i]);
}
