#include "base/map.h"

// An inner node (bit >= 0) tests one bit of the key, a leaf (bit < 0) holds a key.
typedef struct StrMapNode StrMapNode;
struct StrMapNode {
    int64_t bit;
    union {
        StrMapNode *child[2];
        struct {
            Str key;
            uint32_t value;
        } leaf;
    } as;
};

// Each byte is preceded by a bit that says that it exists, so that no key is a prefix of another.
static unsigned key_bit(Str key, int64_t bit) {
    size_t byte = (size_t)(bit / 9);
    unsigned within = (unsigned)(bit % 9);
    if (byte >= key.length) return 0;
    return within == 0 ? 1 : ((unsigned char)key.data[byte] >> (8 - within)) & 1U;
}

static StrMapNode *nearest_leaf(StrMapNode *node, Str key) {
    while (node->bit >= 0) node = node->as.child[key_bit(key, node->bit)];
    return node;
}

// The first bit in which two keys differ, or -1.
static int64_t first_difference(Str a, Str b) {
    size_t at = 0;
    while (at < a.length && at < b.length && a.data[at] == b.data[at]) at++;
    if (at == a.length && at == b.length) return -1;
    int64_t bit = (int64_t)at * 9;
    while (key_bit(a, bit) == key_bit(b, bit)) bit++;
    return bit;
}

static StrMapNode *new_leaf(Arena *arena, Str key, uint32_t value) {
    StrMapNode *leaf = ARENA_NEW(arena, StrMapNode);
    leaf->bit = -1;
    leaf->as.leaf.key = key;
    leaf->as.leaf.value = value;
    return leaf;
}

bool strmap_set(Arena *arena, StrMap *map, Str key, uint32_t value) {
    if (map->root == NULL) {
        map->root = new_leaf(arena, key, value);
        return true;
    }
    StrMapNode *near = nearest_leaf(map->root, key);
    int64_t bit = first_difference(key, near->as.leaf.key);
    if (bit < 0) {
        near->as.leaf.value = value;
        return false;
    }
    StrMapNode **place = &map->root;
    while ((*place)->bit >= 0 && (*place)->bit < bit)
        place = &(*place)->as.child[key_bit(key, (*place)->bit)];
    StrMapNode *inner = ARENA_NEW(arena, StrMapNode);
    inner->bit = bit;
    inner->as.child[key_bit(key, bit)] = new_leaf(arena, key, value);
    inner->as.child[!key_bit(key, bit)] = *place;
    *place = inner;
    return true;
}

bool strmap_get(const StrMap *map, Str key, uint32_t *ret_value) {
    if (map->root == NULL) return false;
    const StrMapNode *leaf = nearest_leaf(map->root, key);
    if (!str_equal(leaf->as.leaf.key, key)) return false;
    *ret_value = leaf->as.leaf.value;
    return true;
}
