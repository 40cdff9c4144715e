// The quotas of AWS: rows of schema/iam/quotas.tsv.
#ifndef SPOTC_MODEL_QUOTA_H
#define SPOTC_MODEL_QUOTA_H

#include <stdint.h>

// One row a quota that spotc keeps to; the names are those of the table.
typedef enum QuotaId {
    QUOTA_MANAGED_POLICY_CHARACTERS,
    QUOTA_ROLE_MANAGED_POLICIES,
    QUOTA_ROLE_INLINE_CHARACTERS,
    QUOTA_USER_INLINE_CHARACTERS,
    QUOTA_GROUP_INLINE_CHARACTERS,
    QUOTA_TRUST_POLICY_CHARACTERS,
    QUOTA_TEMPLATE_INLINE_BYTES,
    QUOTA_TEMPLATE_BYTES,
    QUOTA_TEMPLATE_RESOURCES,
    QUOTA_TEMPLATE_PARAMETERS,
    QUOTA_TEMPLATE_OUTPUTS,
    QUOTA_TEMPLATE_DESCRIPTION_BYTES,
    QUOTA_COUNT
} QuotaId;

// The value in the unit that the table names.
uint64_t quota(QuotaId id);

// The name in the table.
const char *quota_name(QuotaId id);

#endif
