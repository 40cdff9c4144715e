#include "resolve/resolver.h"

// Regions come up, so one that only looks right is no error.
static void report_unlisted(Resolver *r, Node scalar, Str region) {
    StrVec regions = {0};
    if (r->regions == NULL) {
        partition_regions(r->arena, &r->manifest->partition, &regions);
        r->regions = names_of_list(r->arena, &r->meant, &regions);
    }
    Str offer = names_offer(r->regions, region);
    diag_report(r->diags, MSG_UNKNOWN_REGION, node_span(scalar), "no region '%.*s' is known%.*s",
                STR_ARG(region), STR_ARG(offer));
}

void check_region(Resolver *r, Node scalar, Str region) {
    Str wanted = r->manifest->partition.id;
    Partition found;
    if (region.length == 0 || has_wildcard(region) || wanted.length == 0) return;
    if (!partition_of_region(r->arena, region, &found))
        diag_report(r->diags, MSG_WRONG_PARTITION, node_span(scalar),
                    "'%.*s' is not a region of any partition", STR_ARG(region));
    else if (!str_equal(found.id, wanted))
        diag_report(r->diags, MSG_WRONG_PARTITION, node_span(scalar),
                    "region '%.*s' is of partition '%.*s', but the manifest's is '%.*s'",
                    STR_ARG(region), STR_ARG(found.id), STR_ARG(wanted));
    else if (!partition_lists_region(r->arena, &found, region))
        report_unlisted(r, scalar, region);
}

static void check_account(Resolver *r, Node scalar, Str account) {
    Str own = r->manifest->account;
    if (!is_account_id(account) || !is_account_id(own) || str_equal(account, own)) return;
    diag_report(r->diags, MSG_FOREIGN_ACCOUNT, node_span(scalar),
                "this ARN is of account %.*s, but the manifest's is %.*s", STR_ARG(account),
                STR_ARG(r->manifest->account));
}

void check_arn(Resolver *r, Node scalar, bool foreign) {
    Str text = node_text(scalar), wanted = r->manifest->partition.id;
    Arn arn;
    if (!arn_is_meant(text)) return;
    if (!arn_parse(text, &arn)) {
        diag_report(r->diags, MSG_INVALID_ARN, node_span(scalar),
                    "this is not an ARN: arn:partition:service:region:account:resource");
        return;
    }
    if (wanted.length == 0) return; // the manifest's partition was not found
    if (!str_equal(arn.partition, wanted)) {
        diag_report(r->diags, MSG_WRONG_PARTITION, node_span(scalar),
                    "this ARN is of partition '%.*s', but the manifest's is '%.*s'",
                    STR_ARG(arn.partition), STR_ARG(wanted));
        return;
    }
    check_region(r, scalar, arn.region);
    if (!foreign) check_account(r, scalar, arn.account);
}
