#include "policy/network.h"

#include <arpa/inet.h>
#include <string.h>

static int family_of(const Network *network) {
    return network->width == 32 ? AF_INET : AF_INET6;
}

bool network_parse(Str text, Network *ret_network) {
    char address[INET6_ADDRSTRLEN];
    size_t slash = str_find_byte(text, '/', 0);
    if (slash >= sizeof address) return false;
    for (size_t i = 0; i < slash; i++) address[i] = text.data[i];
    address[slash] = '\0';
    if (strlen(address) != slash) return false;
    Network network = {.width = strchr(address, ':') == NULL ? 32 : 128};
    uint64_t bits = network.width;
    if (inet_pton(family_of(&network), address, network.bytes) != 1) return false;
    if (slash < text.length && !str_to_u64(str_slice(text, slash + 1, text.length), &bits))
        return false;
    if (bits > network.width) return false;
    network.bits = (unsigned)bits;
    *ret_network = network;
    return true;
}

// The bits of byte `i` that count.
static unsigned char mask_of(const Network *network, unsigned i) {
    if (network->bits >= 8 * (i + 1)) return 0xFF;
    if (network->bits <= 8 * i) return 0;
    return (unsigned char)(0xFF << (8 - (network->bits - 8 * i)) & 0xFF);
}

bool network_holds(const Network *whole, const Network *part) {
    if (whole->width != part->width || whole->bits > part->bits) return false;
    for (unsigned i = 0; i < whole->width / 8; i++) {
        if (((whole->bytes[i] ^ part->bytes[i]) & mask_of(whole, i)) != 0) return false;
    }
    return true;
}

bool network_trim(const Network *network, Network *ret_trimmed) {
    Network trimmed = *network;
    for (unsigned i = 0; i < network->width / 8; i++) trimmed.bytes[i] &= mask_of(network, i);
    bool differs = memcmp(trimmed.bytes, network->bytes, ADDRESS_BYTES) != 0;
    *ret_trimmed = trimmed;
    return differs;
}

Str network_text(Arena *arena, const Network *network) {
    char address[INET6_ADDRSTRLEN];
    if (inet_ntop(family_of(network), network->bytes, address, sizeof address) == NULL)
        return (Str){0};
    return str_format(arena, "%s/%u", address, network->bits);
}
