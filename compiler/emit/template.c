#include "emit/emit.h"
#include "emit/limits.h"
#include "emit/parts.h"

static Str own_name(Arena *arena, Str part) {
    (void)arena;
    return part;
}

Node emit_stack(const Emission *e) {
    // Sections join; what they hold has names of its own.
    PartsForm form = {.skeleton = STR("stack.yaml"), .part_name = own_name, .depth = 1};
    Node context = template_context(e->arena, e->manifest, e->selection);
    return emit_assemble(e, &form, context);
}

// CloudFormation takes no template without Resources.
static bool check_resources(const Emission *e, Node template) {
    Node resources = NODE_GET(template, "Resources");
    if (node_kind(resources) == NODE_MAPPING && node_count(resources) != 0) return true;
    Node skeleton = templates_find(e->templates, STR("stack.yaml"));
    Node place = node_exists(resources) ? resources : skeleton;
    diag_report(e->diags, MSG_TEMPLATE_ERROR, node_key_span(place),
                "the template has no Resources");
    return false;
}

bool emit_template(const Emission *e) {
    Node template = emit_stack(e);
    if (!node_exists(template) || !check_resources(e, template)) return false;
    Artifact artifact = template_artifact(e, ARTIFACT_TEMPLATE, STR("template"), template);
    VEC_PUSH(e->arena, e->artifacts, artifact);
    bool ok = template_within_limits(e, template, artifact.bytes.length, "the template");
    // Elsewhere it is known how a larger one is handed over.
    bool sent =
        !node_exists(e->manifest->stack_set.settings) && e->manifest->template_url.length == 0;
    return ok && (!sent || template_fits_inline(e, artifact.bytes.length, "the template"));
}
