// Where what a role may do comes from: statements to grants, bundles and lines of the manifest.
#include "command/explain.h"
#include "model/arn.h"
#include "policy/match.h"

Str explain_place(Arena *arena, Span span) {
    if (span.source == NULL) return (Str){0};
    Position at = source_position(span.source, span.begin);
    return str_format(arena, "%.*s:%u:%u", STR_ARG(span.source->name), at.line, at.column);
}

static bool holds(Node node, Span span) {
    Span whole = node_full_span(node);
    return whole.source == span.source && whole.begin <= span.begin && span.end <= whole.end;
}

static Str name_part(Arena *arena, const Bundle *bundle, Str integration) {
    if (bundle->kind == BUNDLE_PRESET)
        return str_format(arena, "preset %.*s", STR_ARG(bundle->name));
    if (integration.length == 0) return bundle->name;
    return str_format(arena, "%.*s/%.*s", STR_ARG(bundle->name), STR_ARG(integration));
}

static Str part_of(Arena *arena, const Library *library, Span span) {
    for (size_t i = 0; i < library->bundles.count; i++) {
        const Bundle *bundle = &library->bundles.items[i];
        bool is_giver = bundle->kind == BUNDLE_PRODUCT || bundle->kind == BUNDLE_PRESET;
        if (!is_giver || !holds(bundle->root, span)) continue;
        NODE_EACH(integration, NODE_GET(bundle->root, "integrations")) {
            if (holds(integration, span))
                return name_part(arena, bundle, node_key_text(integration));
        }
        return name_part(arena, bundle, (Str){0});
    }
    return (Str){0};
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

static bool same_conditions(const DocumentStatement *statement, const ConditionVec *conditions) {
    if (statement->conditions.count != conditions->count) return false;
    for (size_t i = 0; i < conditions->count; i++) {
        const DocumentCondition *one = &statement->conditions.items[i];
        const Condition *other = &conditions->items[i];
        if (!str_equal(one->operator.text, other->operator) ||
            !str_equal(one->key.text, other->key) || one->values.count != other->values.count)
            return false;
        for (size_t k = 0; k < other->values.count; k++) {
            if (!str_equal(one->values.items[k].text, other->values.items[k])) return false;
        }
    }
    return true;
}

static bool has_resource(Arena *arena, const DocumentStatement *statement, Str resource) {
    for (size_t i = 0; i < statement->resources.count; i++) {
        if (action_covers(arena, statement->resources.items[i].text, resource)) return true;
    }
    return false;
}

// Whether a grant may have gone into the statement: it says what the statement says, or less.
static bool is_part(const Explanation *e, const DocumentStatement *statement, const Grant *grant) {
    Arena *arena = e->question->compilation->arena;
    return grant->effect == statement->effect && same_conditions(statement, grant->conditions) &&
           has_resource(arena, statement, grant->resource);
}

// Sids that were made unique, or are those of parts, have a number behind them.
static bool has_sid(const DocumentStatement *statement, const ChosenStatement *chosen) {
    return str_starts_with(statement->sid.text, node_text(NODE_GET(chosen->node, "sid")));
}

// The statement that a grant went into: the one that has its Sid, else, where layout dropped that
// as a repeat or merged it, the first that says the same.
static const Judged *statement_of(const Explanation *e, const Grant *grant) {
    const Compilation *c = e->question->compilation;
    const ChosenStatement *chosen = &c->selection.statements.items[grant->statement];
    const Judged *first = NULL;
    for (size_t i = 0; i < e->evaluation.judged.count; i++) {
        const Judged *judged = &e->evaluation.judged.items[i];
        if (!is_part(e, judged->statement, grant)) continue;
        if (has_sid(judged->statement, chosen)) return judged;
        if (first == NULL) first = judged;
    }
    return first;
}

static bool is_asked(const Explanation *e, const Grant *grant) {
    const Compilation *c = e->question->compilation;
    Str role = c->selection.statements.items[grant->statement].role;
    return str_equal(role, e->question->role->id) &&
           action_covers(c->arena, grant->action, action_text(e->action));
}

void explain_sources(const Explanation *e, const Judged *judged, GrantSourceVec *ret_sources) {
    const Compilation *c = e->question->compilation;
    for (size_t i = 0; i < c->grants.count; i++) {
        const Grant *grant = &c->grants.items[i];
        if (!is_asked(e, grant) || statement_of(e, grant) != judged) continue;
        if (is_listed(ret_sources, &grant->origin)) continue;
        GrantSource source = {part_of(c->arena, c->library, grant->origin.given), grant->origin};
        VEC_PUSH(c->arena, ret_sources, source);
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
