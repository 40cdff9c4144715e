#include "validate/meant.h"

#include <string.h>

#include "base/nearest.h"

enum {
    MOST_COMPARISONS = 20000, // of names with each other, for all messages on a document
    LONGEST_NAME = 256,       // that is looked up; what nearest_name offers is shorter
};

void meant_begin(Meant *meant, Arena *arena) {
    *meant = (Meant){.arena = arena, .comparisons = MOST_COMPARISONS};
}

static Str id_text(const uint32_t *id) {
    return (Str){(const char *)id, sizeof *id};
}

static StrVec collect_keys(Arena *arena, Node schema) {
    StrVec keys = {0};
    NODE_EACH(property, NODE_GET(schema, "properties")) {
        bool forbidden = node_kind(property) == NODE_BOOLEAN && !node_is_true(property);
        if (!forbidden) VEC_PUSH(arena, &keys, node_key_text(property));
    }
    return keys;
}

StrVec meant_keys(Meant *meant, Node schema) {
    uint32_t place = (uint32_t)meant->keys.count;
    if (strmap_get(&meant->places, id_text(&schema.id), &place)) return meant->keys.items[place];
    (void)strmap_set(meant->arena, &meant->places, str_copy(meant->arena, id_text(&schema.id)),
                     place);
    VEC_PUSH(meant->arena, &meant->keys, collect_keys(meant->arena, schema));
    return meant->keys.items[place];
}

Str meant_name(Meant *meant, Str name, const StrVec *choices) {
    if (meant->comparisons < choices->count) return (Str){0};
    meant->comparisons -= choices->count;
    return nearest_name(name, choices->items, choices->count);
}

// A key of `misspelled`; its bytes are in `bytes`.
static Str misspelled_key(char bytes[], Node mapping, Str key) {
    memcpy(bytes, &mapping.id, sizeof mapping.id);
    memcpy(bytes + sizeof mapping.id, key.data, key.length);
    return (Str){bytes, sizeof mapping.id + key.length};
}

void meant_note_misspelled(Meant *meant, Node mapping, Str key) {
    char bytes[sizeof mapping.id + LONGEST_NAME];
    if (key.length == 0 || key.length > LONGEST_NAME) return;
    Str copy = str_copy(meant->arena, misspelled_key(bytes, mapping, key));
    (void)strmap_set(meant->arena, &meant->misspelled, copy, 0);
}

bool meant_is_misspelled(const Meant *meant, Node mapping, Str key) {
    char bytes[sizeof mapping.id + LONGEST_NAME];
    uint32_t value;
    if (key.length == 0 || key.length > LONGEST_NAME) return false;
    return strmap_get(&meant->misspelled, misspelled_key(bytes, mapping, key), &value);
}
