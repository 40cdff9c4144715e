#include "model/endpoint.h"

#include "model/embedded.h"

static Node row_of_service(Str prefix) {
    NODE_EACH(row, embedded_root(STR("schema/iam/service-partitions.tsv"))) {
        if (node_is_string(NODE_GET(row, "service"), prefix)) return row;
    }
    return NO_NODE;
}

Endpoint endpoint_of(ServiceId service, const Partition *partition) {
    Node says = node_get(row_of_service(service_prefix(service)), partition->id);
    if (node_is_string(says, STR("yes"))) return ENDPOINT_THERE;
    return node_is_string(says, STR("no")) ? ENDPOINT_NONE : ENDPOINT_UNKNOWN;
}
