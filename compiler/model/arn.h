// Amazon resource names. An Arn points into the text that it was parsed from.
#ifndef SPOTC_MODEL_ARN_H
#define SPOTC_MODEL_ARN_H

#include "base/str.h"

// arn:partition:service:region:account:resource
typedef struct Arn {
    Str partition, service, region, account, resource;
} Arn;

// True where the text begins with "arn:" and so means to be one.
bool arn_is_meant(Str text);

// True and the parts where the text has all six (IAM User Guide, "Amazon Resource Names").
bool arn_parse(Str text, Arn *ret_arn);

// True where the text holds `*` or `?`, IAM's wildcards.
bool has_wildcard(Str text);

// True for the twelve digits of an account id.
bool is_account_id(Str text);

#endif
