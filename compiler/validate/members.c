#include "validate/members.h"

// A walk over so many keys or items costs no more than an index.
enum { FEW = 32 };

// A node in the form of a key of StrMap.
typedef struct Identity {
    uintptr_t tree;
    uintptr_t id;
} Identity;

static Str identity_text(const Identity *identity) {
    return (Str){(const char *)identity, sizeof *identity};
}

static bool find_index(const Members *members, Node container, uint32_t *ret_place) {
    Identity identity = {(uintptr_t)container.tree, container.id};
    return strmap_get(&members->places, identity_text(&identity), ret_place);
}

uint64_t members_price(const Members *members, Node container) {
    uint32_t place;
    uint32_t count = node_count(container);
    return count > FEW && find_index(members, container, &place) ? 1 : count;
}

// Of a key that is there twice the first counts, as it does for node_get.
static StrMap make_index(Arena *arena, Node container) {
    StrMap index = {0};
    uint32_t at = 0, first;
    bool named = node_kind(container) == NODE_MAPPING;
    NODE_EACH(member, container) {
        Str key = named ? node_key_text(member) : str_format(arena, "%u", (unsigned)at++);
        if (!strmap_get(&index, key, &first)) (void)strmap_set(arena, &index, key, member.id);
    }
    return index;
}

static uint32_t add_index(Members *members, Node container) {
    Identity identity = {(uintptr_t)container.tree, container.id};
    uint32_t place = (uint32_t)members->indexes.count;
    Str key = str_copy(members->arena, identity_text(&identity));
    (void)strmap_set(members->arena, &members->places, key, place);
    VEC_PUSH(members->arena, &members->indexes, make_index(members->arena, container));
    return place;
}

static Node item_at(Node sequence, Str place) {
    uint64_t index = 0;
    bool leading_zero = place.length > 1 && place.data[0] == '0';
    if (leading_zero || !str_to_u64(place, &index)) return NO_NODE;
    Node item = node_first(sequence);
    while (index-- > 0 && node_exists(item)) item = node_next(item);
    return item;
}

Node members_get(Members *members, Node container, Str key) {
    uint32_t place, id;
    if (node_count(container) <= FEW)
        return node_kind(container) == NODE_SEQUENCE ? item_at(container, key)
                                                     : node_get(container, key);
    if (!find_index(members, container, &place)) place = add_index(members, container);
    return strmap_get(&members->indexes.items[place], key, &id) ? (Node){container.tree, id}
                                                                : NO_NODE;
}
