// Where what a role may do comes from: statements to grants, bundles and lines of the manifest.
#include "command/explain.h"
#include "policy/match.h"

Str explain_place(Arena *arena, Span span) {
    if (span.source == NULL) return (Str){0};
    Position at = source_position(span.source, span.begin);
    return str_format(arena, "%.*s:%u:%u", STR_ARG(span.source->name), at.line, at.column);
}

static Str name_part(Arena *arena, const Bundle *bundle, Str integration) {
    if (bundle->kind == BUNDLE_PRESET)
        return str_format(arena, "preset %.*s", STR_ARG(bundle->name));
    if (integration.length == 0) return bundle->name;
    return str_format(arena, "%.*s/%.*s", STR_ARG(bundle->name), STR_ARG(integration));
}

static bool same_span(Span a, Span b) {
    return a.source == b.source && a.begin == b.begin && a.end == b.end;
}

static bool is_listed(const GrantSourceVec *sources, const Origin *origin) {
    for (size_t i = 0; i < sources->count; i++) {
        const Origin *known = &sources->items[i].origin;
        if (same_span(known->asked, origin->asked) && same_span(known->given, origin->given))
            return true;
    }
    return false;
}

// What layout made of a judged statement, which is one of a policy of the role.
static const Statement *statement_of(const Explanation *e, const Judged *judged) {
    size_t policy = (size_t)(judged->document - e->question->documents.items);
    size_t at = (size_t)(judged->statement - judged->document->statements.items);
    return &e->question->role->policies.items[policy].statements.items[at];
}

static void add_source(const Explanation *e, const Given *given, GrantSourceVec *sources) {
    const Compilation *c = e->question->compilation;
    if (!action_covers(c->arena, given->action, action_text(e->action))) return;
    if (is_listed(sources, &given->origin)) return;
    GrantSource source = {library_part(c->arena, c->library, given->origin.given), given->origin};
    VEC_PUSH(c->arena, sources, source);
}

// A pattern of the statement can stand for actions beside the one that is asked for.
void explain_sources(const Explanation *e, const Judged *judged, GrantSourceVec *ret_sources) {
    const Statement *statement = statement_of(e, judged);
    for (size_t i = 0; i < statement->actions.count; i++) {
        const GivenVec *given = &statement->given[i];
        for (size_t k = 0; k < given->count; k++) add_source(e, &given->items[k], ret_sources);
    }
}

static bool gives(Arena *arena, Node part, Str action) {
    NODE_EACH(statement, NODE_GET(part, "statements")) {
        if (node_is_string(NODE_GET(statement, "effect"), STR("Deny"))) continue;
        NODE_EACH(pattern, NODE_GET(statement, "actions")) {
            if (action_covers(arena, node_text(pattern), action)) return true;
        }
    }
    return false;
}

void explain_givers(Arena *arena, const Library *library, Str action, StrVec *ret_names) {
    for (size_t i = 0; i < library->bundles.count; i++) {
        const Bundle *bundle = &library->bundles.items[i];
        if (gives(arena, bundle->root, action))
            VEC_PUSH(arena, ret_names, name_part(arena, bundle, (Str){0}));
        NODE_EACH(integration, NODE_GET(bundle->root, "integrations")) {
            if (gives(arena, integration, action))
                VEC_PUSH(arena, ret_names, name_part(arena, bundle, node_key_text(integration)));
        }
    }
}
