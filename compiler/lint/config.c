#include "lint/config.h"

#include "base/nearest.h"
#include "model/embedded.h"
#include "policy/match.h"
#include "validate/report.h"

static void report_unknown_check(Arena *arena, Diags *diags, Node check) {
    StrVec names = {0};
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) {
        const Message *message = message_get((MessageId)id);
        if (message_is_check(message)) VEC_PUSH(arena, &names, str_of(message->name));
    }
    str_sort(names.items, names.count);
    Str name = node_text(check), near = nearest_name(name, names.items, names.count);
    if (near.length == 0)
        diag_report(diags, MSG_UNKNOWN_CHECK, node_span(check), "lint has no check '%.*s'",
                    STR_ARG(name));
    else
        diag_report(diags, MSG_UNKNOWN_CHECK, node_span(check),
                    "lint has no check '%.*s'; did you mean '%.*s'?", STR_ARG(name), STR_ARG(near));
}

static bool read_entry(Arena *arena, Diags *diags, Node entry, LintConfig *config) {
    Node check = NODE_GET(entry, "check");
    MessageId id = message_find(node_text(check));
    if (id == MESSAGE_COUNT || !message_is_check(message_get(id))) {
        report_unknown_check(arena, diags, check);
        return false;
    }
    AcceptedFinding accepted = {.id = id,
                                .reason = node_text(NODE_GET(entry, "reason")),
                                .file = node_text(NODE_GET(entry, "file")),
                                .statement = node_text(NODE_GET(entry, "statement")),
                                .span = node_span(check)};
    VEC_PUSH(arena, &config->accepted, accepted);
    return true;
}

bool lint_config_read(Arena *arena, Diags *diags, Node root, LintConfig *ret_config) {
    Node schema = embedded_root(STR("schema/lint.schema.json"));
    bool ok = validate_document(arena, diags, schema, root);
    if (!ok) return false;
    NODE_EACH(entry, NODE_GET(root, "acknowledge"))
    ok &= read_entry(arena, diags, entry, ret_config);
    return ok;
}

// A pattern without a folder is one of the name's last part.
static bool names_file(Arena *arena, Str pattern, Str file) {
    if (pattern.length == 0) return true;
    if (str_find_byte(pattern, '/', 0) == pattern.length) {
        for (size_t slash; (slash = str_find_byte(file, '/', 0)) < file.length;)
            file = str_slice(file, slash + 1, file.length);
    }
    return action_covers(arena, pattern, file);
}

const AcceptedFinding *lint_config_find(Arena *arena, LintConfig *config, MessageId id, Str file,
                                        Str sid) {
    for (size_t i = 0; i < config->accepted.count; i++) {
        AcceptedFinding *accepted = &config->accepted.items[i];
        if (accepted->id != id || !names_file(arena, accepted->file, file)) continue;
        if (accepted->statement.length != 0 && !str_equal(accepted->statement, sid)) continue;
        accepted->used = true;
        return accepted;
    }
    return NULL;
}

void lint_config_settle(Diags *diags, const LintConfig *config) {
    for (size_t i = 0; i < config->accepted.count; i++) {
        const AcceptedFinding *accepted = &config->accepted.items[i];
        if (!accepted->used)
            diag_report(diags, MSG_UNUSED_ACKNOWLEDGEMENT, accepted->span,
                        "nothing here needs '%s' to be acknowledged",
                        message_get(accepted->id)->name);
    }
}
