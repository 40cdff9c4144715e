// The same roles and policies for Terraform, in its JSON syntax.
#include "emit/emit.h"
#include "emit/json.h"
#include "emit/parts.h"

// A configuration is for the one account of its provider, and the parts of templates need
// counterparts: nothing is left out in silence.
static bool check_supported(const Emission *e) {
    bool ok = true;
    Node set = e->manifest->stack_set.settings;
    if (node_exists(set)) {
        Diagnostic *d = diag_report(e->diags, MSG_TERRAFORM_UNSUPPORTED, node_key_span(set),
                                    "a stack set has no counterpart in Terraform");
        diag_note(e->diags, d, NO_SPAN,
                  "give a manifest for each account, or 'accounts' without 'stack_set'");
        ok = false;
    }
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        const TemplatePart *part = &e->selection->template_parts.items[i];
        Str name = templates_terraform_name(e->arena, part->name);
        if (node_exists(templates_find(e->templates, name))) continue;
        Diagnostic *d = diag_report(e->diags, MSG_TERRAFORM_UNSUPPORTED, part->asked,
                                    "what '%.*s' adds to the stack has no counterpart in Terraform",
                                    STR_ARG(part->name));
        diag_note(e->diags, d, NO_SPAN, "it would be '%.*s' among the templates", STR_ARG(name));
        ok = false;
    }
    return ok;
}

bool emit_terraform(const Emission *e) {
    // Resources join by section and type.
    PartsForm form = {.skeleton = STR("terraform.yaml"),
                      .part_name = templates_terraform_name,
                      .depth = 2,
                      .style = {.partition = e->manifest->partition.id, .in_terraform = true}};
    if (!check_supported(e)) return false;
    Node context = emit_context(e->arena, e->manifest, e->selection, &form.style);
    Node root = emit_assemble(e, &form, context);
    if (!node_exists(root)) return false;
    VEC_PUSH(e->arena, e->artifacts,
             ((Artifact){.kind = ARTIFACT_TERRAFORM,
                         .name = STR("main.tf.json"),
                         .bytes = json_pretty(e->arena, root)}));
    return true;
}
