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

bool emit_template(const Emission *e) {
    Node template = emit_stack(e);
    if (!node_exists(template)) return false;
    Artifact artifact = template_artifact(e, ARTIFACT_TEMPLATE, STR("template"), template);
    VEC_PUSH(e->arena, e->artifacts, artifact);
    bool ok = template_within_limits(e, template, artifact.bytes.length, "the template");
    // Elsewhere it is known how a larger one is handed over.
    bool sent =
        !node_exists(e->manifest->stack_set.settings) && e->manifest->template_url.length == 0;
    return ok && (!sent || template_fits_inline(e, artifact.bytes.length, "the template"));
}
