#include "validate/sound.h"

enum { MAX_FAULTS = 100 };

typedef struct Copier {
    TreeBuilder *builder;
    const bool *is_faulty; // by node
} Copier;

// A key that is missing is no fault of what is there.
static bool is_absence(Str keyword) {
    return str_equal(keyword, STR("required")) || str_equal(keyword, STR("dependentRequired"));
}

static uint32_t copy(Copier *c, Node node) {
    Span span = node_span(node);
    uint32_t id = tree_add(c->builder, node_kind(node), node_text(node), span.begin, span.end);
    NODE_EACH(child, node) {
        Node key = node_key(child);
        if (c->is_faulty[child.id] || c->is_faulty[key.id]) continue;
        uint32_t key_id = node_exists(key) ? copy(c, key) : 0;
        tree_append(c->builder, id, key_id, copy(c, child));
    }
    return id;
}

Node sound_part(Arena *arena, Diags *diags, Node schema, Node instance) {
    ViolationVec violations = {0};
    bool *is_faulty = ARENA_ARRAY(arena, bool, instance.tree->count);
    SchemaResult result = schema_validate(arena, diags, schema, instance, MAX_FAULTS, &violations);
    if (result != SCHEMA_INVALID || violations.count == MAX_FAULTS) return NO_NODE;
    for (size_t i = 0; i < violations.count; i++) {
        const Violation *violation = &violations.items[i];
        if (!is_absence(violation->name)) is_faulty[violation->instance.id] = true;
    }
    if (is_faulty[instance.id]) return NO_NODE;
    TreeBuilder *builder = ARENA_NEW(arena, TreeBuilder);
    tree_begin(builder, arena, instance.tree->source);
    Copier copier = {builder, is_faulty};
    uint32_t root = copy(&copier, instance);
    return (Node){&builder->tree, root};
}
