#include "model/quota.h"

#include <assert.h>

#include "model/embedded.h"

static const char *const names[] = {
    [QUOTA_MANAGED_POLICY_CHARACTERS] = "managed-policy-characters",
    [QUOTA_ROLE_MANAGED_POLICIES] = "role-managed-policies",
    [QUOTA_ROLE_INLINE_CHARACTERS] = "role-inline-policies-characters",
    [QUOTA_USER_INLINE_CHARACTERS] = "user-inline-policies-characters",
    [QUOTA_GROUP_INLINE_CHARACTERS] = "group-inline-policies-characters",
    [QUOTA_TRUST_POLICY_CHARACTERS] = "trust-policy-characters",
    [QUOTA_TEMPLATE_INLINE_BYTES] = "template-inline-bytes",
    [QUOTA_TEMPLATE_BYTES] = "template-bytes",
    [QUOTA_TEMPLATE_RESOURCES] = "template-resources",
    [QUOTA_TEMPLATE_PARAMETERS] = "template-parameters",
    [QUOTA_TEMPLATE_OUTPUTS] = "template-outputs",
    [QUOTA_TEMPLATE_DESCRIPTION_BYTES] = "template-description-bytes",
};
static_assert(sizeof names / sizeof *names == QUOTA_COUNT, "a quota lacks its name");

const char *quota_name(QuotaId id) {
    return names[id];
}

uint64_t quota(QuotaId id) {
    uint64_t value = 0;
    NODE_EACH(row, embedded_root(STR("schema/iam/quotas.tsv"))) {
        if (!node_is_string(NODE_GET(row, "quota"), str_of(names[id]))) continue;
        if (str_to_u64(node_text(NODE_GET(row, "value")), &value)) return value;
    }
    assert(false); // a unit test looks each one up
    return 0;
}
