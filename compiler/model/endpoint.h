// Which services are in which partition: rows of schema/iam/service-partitions.tsv. Owned by the
// binary.
#ifndef SPOTC_MODEL_ENDPOINT_H
#define SPOTC_MODEL_ENDPOINT_H

#include "model/catalogue.h"
#include "model/partition.h"

typedef enum Endpoint {
    ENDPOINT_UNKNOWN, // the table does not say; some permissions have no endpoint of their own
    ENDPOINT_NONE,
    ENDPOINT_THERE
} Endpoint;

// Whether a service has an endpoint in a partition.
Endpoint endpoint_of(ServiceId service, const Partition *partition);

#endif
