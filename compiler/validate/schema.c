#include "validate/schema.h"

#include "validate/reference.h"

void run_begin(Run *run, Arena *arena, Diags *diags, Node root) {
    *run = (Run){.arena = arena, .diags = diags, .root = root, .steps = RUN_MAX_STEPS};
    keyword_index_init(&run->keywords);
}

Patterns *run_patterns(Run *run) {
    if (run->patterns == NULL) run->patterns = patterns_new(run->arena);
    return run->patterns;
}

void run_stop_costly(Run *run, Node instance, const char *why) {
    if (run->stopped != SCHEMA_VALID) return;
    run->stopped = SCHEMA_TOO_COSTLY;
    diag_report(run->diags, MSG_SCHEMA_TOO_COSTLY, node_key_span(instance), "%s", why);
}

void run_stop_unsupported(Run *run, Node schema, const char *why) {
    if (run->stopped != SCHEMA_VALID) return;
    run->stopped = SCHEMA_UNSUPPORTED;
    diag_report(run->diags, MSG_UNSUPPORTED_SCHEMA, node_span(schema), "%s", why);
}

bool run_spend(Run *run, Node instance, uint64_t steps) {
    if (run->stopped != SCHEMA_VALID) return false;
    if (run->steps >= steps) {
        run->steps -= steps;
        return true;
    }
    run_stop_costly(run, instance, "checking this by the schema takes too many steps");
    return false;
}

static bool is_scalar(NodeKind kind) {
    return kind != NODE_SEQUENCE && kind != NODE_MAPPING;
}

// Violations beside which nothing else is worth saying of a sequence or mapping.
static bool condemns_whole(Str name) {
    static const char *const names[] = {"type", "enum", "const", "false", "additionalProperties",
                                        "items"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, str_of(names[i]))) return true;
    }
    return false;
}

static bool is_noted(const Run *run, const Violation *v) {
    bool scalar = is_scalar(node_kind(v->instance));
    for (size_t i = 0; i < run->violations.count; i++) {
        const Violation *old = &run->violations.items[i];
        if (old->instance.id != v->instance.id) continue;
        if (scalar || condemns_whole(old->name)) return true;
        if (str_equal(old->name, v->name) && str_equal(old->detail, v->detail)) return true;
    }
    return false;
}

bool scope_fail(const Scope *scope, Node keyword, Node instance, Str detail) {
    Run *run = scope->run;
    if (!scope->report || run->violations.count == RUN_MAX_VIOLATIONS) return false;
    bool is_false = node_kind(scope->schema) == NODE_BOOLEAN;
    Violation violation = {
        .instance = instance,
        .schema = scope->schema,
        .keyword = keyword,
        .name = is_false ? STR("false") : node_key_text(keyword),
        .detail = detail,
    };
    if (!run_spend(run, instance, run->violations.count) || is_noted(run, &violation)) return false;
    VEC_PUSH(run->arena, &run->violations, violation);
    return false;
}

static bool apply_keywords(const Scope *scope) {
    bool valid = true;
    Node type = NODE_GET(scope->schema, "type");
    if (node_exists(type) && !apply_type(scope, type)) return false; // all else would be noise
    NODE_EACH(value, scope->schema) {
        const Keyword *keyword = keyword_find(&scope->run->keywords, node_key_text(value));
        if (keyword == NULL || keyword->apply == NULL || value.id == type.id) continue;
        if ((keyword->kinds >> scope->kind & 1U) == 0) continue;
        if (!keyword->apply(scope, value)) valid = false;
        if (!valid && !scope->report) return false;
    }
    return valid;
}

static bool apply_schema(const Scope *scope) {
    if (node_kind(scope->schema) != NODE_MAPPING) {
        if (node_is_true(scope->schema)) return true;
        return scope_fail(scope, scope->schema, scope->instance, (Str){0});
    }
    return apply_keywords(scope);
}

static bool enter(const Scope *scope) {
    Run *run = scope->run;
    if (!run_spend(run, scope->instance, 1 + node_count(scope->schema))) return false;
    if (run->depth == RUN_MAX_DEPTH) {
        run_stop_costly(run, scope->instance, "the schema nests too deeply for this");
        return false;
    }
    run->depth++;
    bool valid = apply_schema(scope);
    run->depth--;
    return valid;
}

static bool apply_inside(const Scope *scope, Node schema, Node instance, NodeKind kind,
                         bool report) {
    Scope inner = *scope;
    inner.schema = schema;
    inner.instance = instance;
    inner.kind = kind;
    inner.outer = instance.id == scope->instance.id ? scope : NULL;
    inner.report = report;
    if (!node_exists(NODE_GET(schema, "$id"))) return enter(&inner);
    Resource resource = resource_of(scope->run, scope->resource, schema);
    inner.resource = &resource;
    return enter(&inner);
}

bool scope_apply(const Scope *scope, Node schema, Node instance) {
    bool same = instance.id == scope->instance.id;
    NodeKind kind = same ? scope->kind : node_kind(instance);
    return apply_inside(scope, schema, instance, kind, scope->report);
}

bool scope_apply_to_key(const Scope *scope, Node schema, Node key) {
    return apply_inside(scope, schema, key, NODE_STRING, scope->report);
}

bool scope_test(const Scope *scope, Node schema, Node instance) {
    bool same = instance.id == scope->instance.id;
    NodeKind kind = same ? scope->kind : node_kind(instance);
    return apply_inside(scope, schema, instance, kind, false);
}

bool scope_apply_target(const Scope *scope, Node schema, const Resource *resource) {
    for (const Scope *s = scope; s != NULL; s = s->outer) {
        if (s->schema.id != schema.id) continue;
        run_stop_unsupported(scope->run, scope->schema,
                             "references lead back here without going down into the value");
        return false;
    }
    Scope inner = *scope;
    inner.schema = schema;
    inner.resource = resource;
    inner.outer = scope;
    return enter(&inner);
}

// By place in the instance; those of one node keep the order in which they were found.
static void sort_violations(ViolationVec *violations) {
    for (size_t i = 1; i < violations->count; i++) {
        Violation moved = violations->items[i];
        size_t at = i;
        for (; at > 0 && violations->items[at - 1].instance.id > moved.instance.id; at--)
            violations->items[at] = violations->items[at - 1];
        violations->items[at] = moved;
    }
}

SchemaResult schema_validate(Arena *arena, Diags *diags, Node schema, Node instance,
                             size_t max_violations, ViolationVec *ret_violations) {
    Run run;
    run_begin(&run, arena, diags, schema);
    Resource document = resource_of_document(&run);
    Scope scope = {
        .run = &run,
        .schema = schema,
        .instance = instance,
        .kind = node_kind(instance),
        .resource = &document,
        .report = max_violations > 0,
    };
    bool valid = enter(&scope);
    if (run.stopped != SCHEMA_VALID) return run.stopped;
    sort_violations(&run.violations);
    for (size_t i = 0; i < run.violations.count && i < max_violations; i++)
        VEC_PUSH(arena, ret_violations, run.violations.items[i]);
    return valid ? SCHEMA_VALID : SCHEMA_INVALID;
}
