// Where what a role may do comes from: statements to grants, bundles and lines of the manifest.
#include "command/explain.h"
#include "emit/emit.h"
#include "model/arn.h"
#include "policy/match.h"

static Item item_at(Str text, Span span) {
    return (Item){.text = text, .span = span};
}

static void add_items(Arena *arena, const StrVec *texts, Span span, ItemVec *items) {
    for (size_t i = 0; i < texts->count; i++)
        VEC_PUSH(arena, items, item_at(texts->items[i], span));
}

static DocumentStatement convert(Arena *arena, const Statement *statement) {
    Span asked = statement->origin.asked, given = statement->origin.given;
    DocumentStatement result = {
        .sid = item_at(statement->sid, given), .effect = statement->effect, .span = asked};
    add_items(arena, &statement->actions, given, &result.actions);
    add_items(arena, &statement->resources, given, &result.resources);
    for (size_t i = 0; i < statement->conditions->count; i++) {
        const Condition *condition = &statement->conditions->items[i];
        DocumentCondition converted = {.operator= item_at(condition->operator, given),
                                       .key = item_at(condition->key, given)};
        add_items(arena, &condition->values, given, &converted.values);
        VEC_PUSH(arena, &result.conditions, converted);
    }
    return result;
}

DocumentVec explain_documents(Arena *arena, const Role *role) {
    DocumentVec documents = {0};
    for (size_t i = 0; i < role->policies.count; i++) {
        const Policy *policy = &role->policies.items[i];
        Document document = {.kind = DOCUMENT_IDENTITY,
                             .name = policy_file_name(arena, role->id, i + 1)};
        for (size_t k = 0; k < policy->statements.count; k++)
            VEC_PUSH(arena, &document.statements, convert(arena, &policy->statements.items[k]));
        VEC_PUSH(arena, &documents, document);
    }
    return documents;
}

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

Str explain_part_of(Arena *arena, const Library *library, Span span) {
    for (size_t i = 0; i < library->bundles.count; i++) {
        const Bundle *bundle = &library->bundles.items[i];
        bool gives = bundle->kind == BUNDLE_PRODUCT || bundle->kind == BUNDLE_PRESET;
        if (!gives || !holds(bundle->root, span)) continue;
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

// Whether a grant went into the statement: it says what the statement says, or less.
static bool is_part(const Question *question, const DocumentStatement *statement, Str action,
                    const Grant *grant) {
    const Compilation *c = question->compilation;
    Str role = c->selection.statements.items[grant->statement].role;
    return str_equal(role, question->role->id) && grant->effect == statement->effect &&
           action_covers(c->arena, grant->action, action) &&
           same_conditions(statement, grant->conditions) &&
           has_resource(c->arena, statement, grant->resource);
}

void explain_sources(const Question *question, const Judged *judged, Str action,
                     GrantSourceVec *ret_sources) {
    const Compilation *c = question->compilation;
    for (size_t i = 0; i < c->grants.count; i++) {
        const Grant *grant = &c->grants.items[i];
        if (!is_part(question, judged->statement, action, grant)) continue;
        if (is_listed(ret_sources, &grant->origin)) continue;
        GrantSource source = {explain_part_of(c->arena, c->library, grant->origin.given),
                              grant->origin};
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
