#include "emit/context.h"
#include "emit/emit.h"
#include "emit/limits.h"
#include "emit/skeleton.h"
#include "model/embedded.h"

// Adds the members of each section of a part to the same section of the template.
static bool merge_part(const Emission *e, TreeBuilder *builder, uint32_t template, Node part,
                       Span asked) {
    NODE_EACH(section, part) {
        Node target = node_get((Node){&builder->tree, template}, node_key_text(section));
        uint32_t id = target.id;
        if (!node_exists(target)) {
            id = tree_mapping(builder);
            tree_put(builder, template, node_key_text(section), id);
        }
        NODE_EACH(member, section) {
            Str key = node_key_text(member);
            if (node_exists(node_get((Node){&builder->tree, id}, key))) {
                diag_report(e->diags, MSG_TEMPLATE_ERROR, asked,
                            "the template has two members '%.*s'", STR_ARG(key));
                return false;
            }
            tree_put(builder, id, key, tree_copy(builder, member));
        }
    }
    return true;
}

static bool add_part(const Emission *e, TreeBuilder *builder, uint32_t template, Node context,
                     const TemplatePart *part) {
    Str path = str_format(e->arena, "templates/%.*s", STR_ARG(part->name));
    Node skeleton = embedded_root(path);
    if (!node_exists(skeleton)) {
        diag_report(e->diags, MSG_BUNDLE_REFERENCE, part->asked, "there is no template part '%.*s'",
                    STR_ARG(part->name));
        return false;
    }
    TreeBuilder *scratch = ARENA_NEW(e->arena, TreeBuilder);
    tree_begin(scratch, e->arena, NULL);
    Node with_parameters = template_part_context(e->arena, context, part->parameters);
    uint32_t filled = skeleton_fill(scratch, e->diags, skeleton, with_parameters);
    return filled != 0 &&
           merge_part(e, builder, template, (Node){&scratch->tree, filled}, part->asked);
}

bool emit_template(const Emission *e) {
    TreeBuilder *builder = ARENA_NEW(e->arena, TreeBuilder);
    tree_begin(builder, e->arena, NULL);
    Node context = template_context(e->arena, e->manifest, e->selection);
    uint32_t id =
        skeleton_fill(builder, e->diags, embedded_root(STR("templates/stack.yaml")), context);
    if (id == 0) return false;
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        if (!add_part(e, builder, id, context, &e->selection->template_parts.items[i]))
            return false;
    }
    Node template = {&builder->tree, id};
    Artifact artifact = template_artifact(e, ARTIFACT_TEMPLATE, STR("template"), template);
    VEC_PUSH(e->arena, e->artifacts, artifact);
    bool ok = template_within_limits(e, template, artifact.bytes.length, "the template");
    // Elsewhere it is known how a larger one is handed over.
    bool sent =
        !node_exists(e->manifest->stack_set.settings) && e->manifest->template_url.length == 0;
    return ok && (!sent || template_fits_inline(e, artifact.bytes.length, "the template"));
}
