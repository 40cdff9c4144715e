#include "lint/config.h"

#include "base/nearest.h"
#include "model/embedded.h"
#include "policy/match.h"
#include "validate/report.h"

// What lint says, and of messages that are no checks those that it can do nothing about.
static bool is_for_lint(MessageId id) {
    return id != MESSAGE_COUNT && (id == MSG_NOT_JUDGED_WHOLE || message_is_check(message_get(id)));
}

static void report_unknown_check(Arena *arena, Diags *diags, Node check) {
    StrVec names = {0};
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) {
        const Message *message = message_get((MessageId)id);
        if (is_for_lint((MessageId)id)) VEC_PUSH(arena, &names, str_of(message->name));
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

// A file has one name, however its folders are written: "a/b", "./a//b" are "./a/b". So a pattern
// that begins with `*` also takes in what is in the folder of the run itself.
static Str plain_path(Arena *arena, Str path) {
    StrBuf out = strbuf_new(arena);
    bool begins = !str_starts_with(path, STR("*"));
    if (begins && !str_starts_with(path, STR("/"))) strbuf_add(&out, STR("."));
    for (size_t at = 0; at < path.length;) {
        size_t slash = str_find_byte(path, '/', at);
        Str part = str_slice(path, at, slash);
        at = slash + 1;
        if (part.length == 0 || str_equal(part, STR("."))) continue;
        if (begins) strbuf_add(&out, STR("/"));
        strbuf_add(&out, part);
        begins = true;
    }
    return strbuf_str(&out);
}

static Str file_pattern(Arena *arena, Node file) {
    return node_exists(file) ? plain_path(arena, node_text(file)) : (Str){0};
}

static bool read_entry(Arena *arena, Diags *diags, Node entry, LintConfig *config) {
    Node check = NODE_GET(entry, "check");
    if (node_text(check).length == 0) return false; // the schema said so
    MessageId id = message_find(node_text(check));
    if (!is_for_lint(id)) {
        report_unknown_check(arena, diags, check);
        return false;
    }
    AcceptedFinding accepted = {.id = id,
                                .reason = node_text(NODE_GET(entry, "reason")),
                                .file = file_pattern(arena, NODE_GET(entry, "file")),
                                .statement = node_text(NODE_GET(entry, "statement")),
                                .span = node_span(check)};
    VEC_PUSH(arena, &config->accepted, accepted);
    return true;
}

bool lint_config_read(Arena *arena, Diags *diags, Node root, LintConfig *ret_config) {
    Node schema = embedded_root(STR("schema/lint.schema.json"));
    bool ok = validate_document(arena, diags, schema, root);
    NODE_EACH(entry, NODE_GET(root, "acknowledge"))
    ok &= read_entry(arena, diags, entry, ret_config);
    return ok;
}

// Wildcards are those of the pattern: in the name of a file they stand for themselves.
static bool matches_file(Arena *arena, Str pattern, Str file) {
    Matcher matcher = matcher_new(arena, UINT64_MAX);
    Pattern whole = pattern_make(&matcher, pattern, PATTERN_PLAIN);
    Pattern name = pattern_make(&matcher, plain_path(arena, file), PATTERN_LITERAL);
    return pattern_covers(&matcher, &whole, &name) == TRUTH_YES;
}

// Findings come file by file, so the last answer is nearly always the one that is wanted.
static bool names_file(Arena *arena, AcceptedFinding *accepted, Str file) {
    if (accepted->file.length == 0) return true;
    if (accepted->asked.data != file.data || accepted->asked.length != file.length) {
        accepted->asked = file;
        accepted->answer = matches_file(arena, accepted->file, file);
    }
    return accepted->answer;
}

const AcceptedFinding *lint_config_find(Arena *arena, LintConfig *config, MessageId id, Str file,
                                        Str sid) {
    for (size_t i = 0; i < config->accepted.count; i++) {
        AcceptedFinding *accepted = &config->accepted.items[i];
        if (accepted->id != id || !names_file(arena, accepted, file)) continue;
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
