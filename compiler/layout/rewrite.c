#include "layout/rewrite.h"

#include "layout/statements.h"
#include "policy/minimise.h"
#include "policy/wildcards.h"

// Returns the characters of all statements without their Sids.
static size_t measure(Arena *arena, StatementVec *statements) {
    size_t sum = 0;
    for (size_t i = 0; i < statements->count; i++) {
        statement_measure(arena, &statements->items[i]);
        sum += statements->items[i].body_characters;
    }
    return sum;
}

// A note a service, for whoever reviews what may come to be granted.
static void note_made(Arena *arena, Diags *diags, Diagnostic *diagnostic, const StrVec *made) {
    for (size_t i = 0; i < made->count;) {
        StrBuf list = strbuf_new(arena);
        size_t length = str_find_byte(made->items[i], ':', 0) + 1;
        Str service = str_slice(made->items[i], 0, length);
        for (; i < made->count && str_starts_with(made->items[i], service); i++)
            strbuf_add_format(&list, "%s%.*s", list.length == 0 ? "" : ", ",
                              STR_ARG(made->items[i]));
        Str text = strbuf_str(&list);
        diag_note(diags, diagnostic, NO_SPAN, "%.*s", STR_ARG(text));
    }
}

// Says what was saved as well, so that manifests of a fleet which make other wildcards of one key
// do not have the same message.
static void report_made(Arena *arena, Diags *diags, Span asked, Str role, StrVec *made,
                        size_t saved) {
    strvec_sort_unique(made);
    if (made->count == 0) return;
    bool one = made->count == 1;
    Diagnostic *d = diag_report(
        diags, MSG_FUTURE_ACTIONS, asked,
        "%zu %s made for role '%.*s' %s %zu characters, and also %s what AWS will add "
        "under %s",
        (size_t)made->count, one ? "wildcard" : "wildcards", STR_ARG(role), one ? "saves" : "save",
        saved, one ? "matches" : "match", one ? "its name" : "their names");
    note_made(arena, diags, d, made);
}

size_t rewrite_work(const Manifest *manifest, const StatementVec *statements) {
    enum { MERGING = 2, SHORTENING = 5 };
    size_t actions = 0, merging = manifest->is_compact ? MERGING : 0;
    size_t shortening = node_exists(manifest->wildcards) ? SHORTENING : 0;
    for (size_t i = 0; i < statements->count; i++) actions += statements->items[i].actions.count;
    return actions * (merging + shortening);
}

void rewrite_statements(Arena *arena, Diags *diags, const Manifest *manifest, Str role,
                        StatementVec *statements) {
    StrVec made = {0};
    if (manifest->is_compact) statements_merge(arena, statements);
    if (!manifest->is_compact && !node_exists(manifest->wildcards)) return;
    size_t before = measure(arena, statements);
    if (!node_exists(manifest->wildcards)) return;
    for (size_t i = 0; i < statements->count; i++)
        statement_shorten(arena, &statements->items[i], &made);
    size_t saved = before - measure(arena, statements);
    report_made(arena, diags, node_span(manifest->wildcards), role, &made, saved);
}
