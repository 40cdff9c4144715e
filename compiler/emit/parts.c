#include "emit/parts.h"

typedef struct Joining {
    const Emission *emission;
    TreeBuilder *builder;
    Span asked; // what asked for the part
} Joining;

// The members by their keys.
static StrMap members_of(const Joining *j, uint32_t mapping) {
    StrMap members = {0};
    NODE_EACH(member, ((Node){&j->builder->tree, mapping}))
    strmap_set(j->emission->arena, &members, str_copy(j->emission->arena, node_key_text(member)),
               member.id);
    return members;
}

static bool join(const Joining *j, uint32_t target, Node part, unsigned depth) {
    StrMap members = members_of(j, target);
    NODE_EACH(member, part) {
        Str key = node_key_text(member);
        uint32_t there = 0;
        bool taken = strmap_get(&members, key, &there);
        bool both = node_kind((Node){&j->builder->tree, there}) == NODE_MAPPING &&
                    node_kind(member) == NODE_MAPPING;
        if (!taken) {
            tree_put(j->builder, target, key, tree_copy(j->builder, member));
        } else if (depth == 0 || !both) {
            diag_report(j->emission->diags, MSG_TEMPLATE_ERROR, j->asked,
                        "the template has two members '%.*s'", STR_ARG(key));
            return false;
        } else if (!join(j, there, member, depth - 1)) {
            return false;
        }
    }
    return true;
}

static bool add_part(const Emission *e, const PartsForm *form, TreeBuilder *builder,
                     uint32_t target, Node context, const TemplatePart *part) {
    Str name = form->part_name(e->arena, part->name);
    if (!node_exists(templates_find(e->templates, name))) {
        diag_report(e->diags, MSG_BUNDLE_REFERENCE, part->asked, "there is no template part '%.*s'",
                    STR_ARG(name));
        return false;
    }
    Node with_parameters = template_part_context(e->arena, context, part->parameters, &form->style);
    Node filled = emit_fill(e, name, NODE_MAPPING, with_parameters);
    Joining joining = {e, builder, part->asked};
    return node_exists(filled) && join(&joining, target, filled, form->depth);
}

Node emit_assemble(const Emission *e, const PartsForm *form, Node context) {
    TreeBuilder *builder = ARENA_NEW(e->arena, TreeBuilder);
    Node base = emit_fill(e, form->skeleton, NODE_MAPPING, context);
    if (!node_exists(base)) return NO_NODE;
    tree_begin(builder, e->arena, base.tree->source);
    uint32_t root = tree_copy(builder, base);
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        if (!add_part(e, form, builder, root, context, &e->selection->template_parts.items[i]))
            return NO_NODE;
    }
    return (Node){&builder->tree, root};
}
