#include "lower/lower.h"

#include <assert.h>
#include <stdlib.h>

#include "base/placeholder.h"
#include "model/catalogue.h"
#include "model/dynamic.h"

typedef struct Lowering {
    Arena *arena;
    Diags *diags;
    const Manifest *manifest;
    const ChosenStatement *chosen;
} Lowering;

// What the manifest gives a parameter, or no node.
static Node value_of(const ChosenStatement *chosen, Str name) {
    return chosen->parameters == NULL ? NO_NODE : names_get(chosen->parameters, name);
}

static Str placeholder_value(const Lowering *l, Str name) {
    if (str_equal(name, STR("partition"))) return l->manifest->partition.id;
    if (str_equal(name, STR("account"))) return l->manifest->account;
    Node value = value_of(l->chosen, name);
    assert(node_exists(value));
    return node_text(value);
}

// Bundle and manifest have no dynamic reference; what they make together may be one.
static Str fill(const Lowering *l, Node scalar) {
    Str text = node_text(scalar);
    if (str_find_byte(text, '$', 0) == text.length) return text;
    StrBuf buf = strbuf_new(l->arena);
    TextPart part;
    for (size_t at = 0; text_next_part(text, &at, &part);)
        strbuf_add(&buf, part.is_placeholder ? placeholder_value(l, part.text) : part.text);
    (void)dynamic_refuse(l->diags, scalar, strbuf_str(&buf));
    return strbuf_str(&buf);
}

// Appends what one scalar stands for: itself filled in, or the items of a list parameter.
static void add_filled(const Lowering *l, Node scalar, StrVec *values) {
    Str name;
    if (text_is_placeholder(node_text(scalar), &name)) {
        Node value = value_of(l->chosen, name);
        if (node_kind(value) == NODE_SEQUENCE) {
            NODE_EACH(item, value) VEC_PUSH(l->arena, values, node_text(item));
            return;
        }
    }
    VEC_PUSH(l->arena, values, fill(l, scalar));
}

// Values, and the bytes of their texts.
typedef struct Extent {
    size_t count, bytes;
} Extent;

// Adds the values that one scalar stands for.
static void count_filled(const ChosenStatement *chosen, Node scalar, Extent *extent) {
    Str text = node_text(scalar);
    TextPart part;
    for (size_t at = 0; text_next_part(text, &at, &part);) {
        Node value = part.is_placeholder ? value_of(chosen, part.text) : NO_NODE;
        extent->bytes += part.text.length + tree_text_size(value);
        extent->count += node_count(value) > 1 ? node_count(value) - 1 : 0;
    }
    extent->count++;
}

static Extent count_values(const ChosenStatement *chosen, Node value, size_t most) {
    Extent extent = {0};
    if (node_kind(value) != NODE_SEQUENCE) count_filled(chosen, value, &extent);
    NODE_EACH(item, value) {
        if (extent.count <= most) count_filled(chosen, item, &extent);
    }
    return extent;
}

// Each resource and action is held against those beside it, which covers which: so many pairs, or
// bytes that are looked at in them, take as long as a grant, and so many bytes the room of one.
enum { PAIRS = 16, PAIRED_BYTES = 1024, BYTES = 64 };

static void count_statement(const ChosenStatement *chosen, size_t most, LowerCount *count) {
    Extent resources = count_values(chosen, NODE_GET(chosen->node, "resources"), most);
    size_t actions = node_count(NODE_GET(chosen->node, "actions"));
    count->kept += resources.count * actions + resources.bytes / BYTES;
    count->compared += (resources.count * resources.count + actions * actions) / PAIRS +
                       resources.count * resources.bytes / PAIRED_BYTES;
    NODE_EACH(keys, NODE_GET(chosen->node, "conditions")) {
        NODE_EACH(value, keys) {
            Extent values = count_values(chosen, value, most);
            count->kept += values.count + values.bytes / BYTES;
        }
    }
}

LowerCount lower_count(const Selection *selection, size_t most) {
    LowerCount count = {0};
    for (size_t i = 0; i < selection->statements.count && count.kept <= most; i++)
        count_statement(&selection->statements.items[i], most, &count);
    return count;
}

static int compare_conditions(const void *a, const void *b) {
    const Condition *x = a, *y = b;
    int order = str_compare(x->operator, y->operator);
    return order != 0 ? order : str_compare(x->key, y->key);
}

static const ConditionVec *lower_conditions(const Lowering *l, Node conditions) {
    ConditionVec *result = ARENA_NEW(l->arena, ConditionVec);
    NODE_EACH(keys, conditions) {
        NODE_EACH(value, keys) {
            Condition condition = {.operator= node_key_text(keys), .key = node_key_text(value)};
            if (node_kind(value) == NODE_SEQUENCE)
                NODE_EACH(item, value) add_filled(l, item, &condition.values);
            else
                add_filled(l, value, &condition.values);
            strvec_sort_unique(&condition.values);
            VEC_PUSH(l->arena, result, condition);
        }
    }
    if (result->count > 1)
        qsort(result->items, result->count, sizeof *result->items, compare_conditions);
    return result;
}

static void lower_statement(const Lowering *l, uint32_t index, GrantVec *grants) {
    Node node = l->chosen->node;
    bool deny = node_is_string(NODE_GET(node, "effect"), STR("Deny"));
    StrVec resources = {0};
    NODE_EACH(resource, NODE_GET(node, "resources")) add_filled(l, resource, &resources);
    Grant grant = {.statement = index,
                   .effect = deny ? EFFECT_DENY : EFFECT_ALLOW,
                   .conditions = lower_conditions(l, NODE_GET(node, "conditions")),
                   .origin.asked = l->chosen->asked};
    NODE_EACH(action, NODE_GET(node, "actions")) {
        grant.action = catalogue_spelling(l->arena, node_text(action));
        grant.origin.given = node_span(action);
        for (size_t i = 0; i < resources.count; i++) {
            grant.resource = resources.items[i];
            VEC_PUSH(l->arena, grants, grant);
        }
    }
}

bool lower(Arena *arena, Diags *diags, const Manifest *manifest, const Selection *selection,
           GrantVec *ret_grants) {
    size_t errors = diags_errors(diags);
    for (size_t i = 0; i < selection->statements.count; i++) {
        Lowering l = {arena, diags, manifest, &selection->statements.items[i]};
        lower_statement(&l, (uint32_t)i, ret_grants);
    }
    return diags_errors(diags) == errors;
}
