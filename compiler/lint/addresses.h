// How many addresses the networks of a condition take in. Owns nothing.
#ifndef SPOTC_LINT_ADDRESSES_H
#define SPOTC_LINT_ADDRESSES_H

#include "lint/check.h"
#include "policy/network.h"

// Whether no request from the internet comes from the network (schema/iam/private-networks.tsv).
bool network_is_private(const Network *network);

// Whether the networks of a condition take in every address of IPv4 or of IPv6, alone or together.
bool takes_every_address(Lint *lint, const DocumentCondition *condition);

// Whether they have more addresses in a row than any single holder has, private ones left out
// (schema/iam/widest-networks.tsv): then strangers' are among them.
bool takes_addresses_of_many(Lint *lint, const DocumentCondition *condition);

#endif
