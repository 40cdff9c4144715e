#include "model/dynamic.h"

bool text_is_dynamic(Str text) {
    return str_find(text, STR("{{resolve:"), 0) < text.length;
}

bool dynamic_refuse(Diags *diags, Node scalar, Str text) {
    if (!text_is_dynamic(text)) return true;
    Diagnostic *d = diag_report(diags, MSG_INVALID_VALUE, node_span(scalar),
                                "a dynamic reference, '{{resolve:…}}', cannot stand here");
    diag_note(diags, d, NO_SPAN,
              "CloudFormation would put another text in its place, which spotc cannot judge and "
              "the policy files would not have");
    return false;
}

bool dynamic_refuse_all(Diags *diags, Node node) {
    bool ok = dynamic_refuse(diags, node_key(node), node_key_text(node));
    ok &= dynamic_refuse(diags, node, node_text(node));
    NODE_EACH(child, node) ok &= dynamic_refuse_all(diags, child);
    return ok;
}
