// Ranges of IP addresses as policies write them. Owns nothing.
#ifndef SPOTC_POLICY_NETWORK_H
#define SPOTC_POLICY_NETWORK_H

#include "base/str.h"

enum { ADDRESS_BYTES = 16 };

// An address and how many of its first bits count.
typedef struct Network {
    unsigned char bytes[ADDRESS_BYTES]; // in network order; of IPv4 the first four
    unsigned width;                     // bits of an address: 32 or 128
    unsigned bits;                      // that count
} Network;

// Reads "203.0.113.0/24", "2001:db8::/32" or a single address. Returns false for anything else.
bool network_parse(Str text, Network *ret_network);

// Whether every address of `part` is in `whole`.
bool network_holds(const Network *whole, const Network *part);

// The same range without bits beyond those that count; true where there were any.
bool network_trim(const Network *network, Network *ret_trimmed);

// As policies write it.
Str network_text(Arena *arena, const Network *network);

#endif
