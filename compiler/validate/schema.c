#include "validate/schema.h"

#include "validate/reference.h"

// Schemas around one that are looked at in a step.
enum { SCOPES_PER_STEP = 4 };

void schema_run_begin(SchemaRun *run, Arena *arena, Diags *diags, Node root) {
    *run = (SchemaRun){.arena = arena, .diags = diags, .root = root, .steps = RUN_MAX_STEPS};
    run->scratch = strbuf_new(arena);
    run->members.arena = arena;
    keyword_index_init(&run->keywords);
    run->type = keyword_find(&run->keywords, STR("type"));
    run->id = keyword_find(&run->keywords, STR("$id"));
}

Patterns *schema_run_patterns(SchemaRun *run) {
    if (run->patterns == NULL) run->patterns = patterns_new(run->arena);
    return run->patterns;
}

void schema_run_stop_costly(SchemaRun *run, Node instance, const char *why) {
    if (run->stopped != SCHEMA_VALID) return;
    run->stopped = SCHEMA_TOO_COSTLY;
    diag_report(run->diags, MSG_SCHEMA_TOO_COSTLY, node_key_span(instance), "%s", why);
}

void schema_run_stop_unsupported(SchemaRun *run, Node schema, const char *why) {
    if (run->stopped != SCHEMA_VALID) return;
    run->stopped = SCHEMA_UNSUPPORTED;
    diag_report(run->diags, MSG_UNSUPPORTED_SCHEMA, node_span(schema), "%s", why);
}

bool schema_run_spend(SchemaRun *run, Node instance, uint64_t steps) {
    if (run->stopped != SCHEMA_VALID) return false;
    if (run->steps >= steps) {
        run->steps -= steps;
        return true;
    }
    schema_run_stop_costly(run, instance, "checking this by the schema takes too many steps");
    return false;
}

Node scope_member(const Scope *scope, Node mapping, Str key) {
    Members *members = &scope->run->members;
    if (!schema_run_spend(scope->run, scope->instance, members_price(members, mapping)))
        return NO_NODE;
    return members_get(members, mapping, key);
}

// The keywords of a schema that count for an instance. There are fewer in the table than here.
typedef struct Found {
    struct {
        const Keyword *keyword;
        uint32_t value;
    } items[KEYWORD_SLOTS / 2];
    size_t count;
    Node type, id;
} Found;

static void find_keywords(const Scope *scope, Found *found) {
    const SchemaRun *run = scope->run;
    found->count = 0;
    found->type = found->id = NO_NODE;
    NODE_EACH(value, scope->schema) {
        const Keyword *keyword = keyword_find(&run->keywords, node_key_text(value));
        if (keyword == run->type) found->type = value;
        if (keyword == run->id) found->id = value;
        if (keyword == NULL || keyword->apply == NULL || keyword == run->type) continue;
        if ((keyword->kinds >> scope->kind & 1U) == 0) continue;
        found->items[found->count].keyword = keyword;
        found->items[found->count++].value = value.id;
    }
}

static bool apply_found(const Scope *scope, const Found *found) {
    bool valid = true;
    for (size_t i = 0; i < found->count; i++) {
        Node value = {scope->schema.tree, found->items[i].value};
        if (!found->items[i].keyword->apply(scope, value)) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

static bool apply_keywords(const Scope *scope) {
    Found found;
    find_keywords(scope, &found);
    // Beside a wrong type all else would be noise.
    if (node_exists(found.type) && !apply_type(scope, found.type)) return false;
    bool begins_resource = node_exists(found.id) && scope->resource->root.id != scope->schema.id;
    if (!begins_resource) return apply_found(scope, &found);
    Resource resource = resource_of(scope->run, scope->resource, scope->schema);
    Scope inside = *scope;
    inside.resource = &resource;
    return apply_found(&inside, &found);
}

static bool apply_schema(const Scope *scope) {
    if (node_kind(scope->schema) != NODE_MAPPING) {
        if (node_is_true(scope->schema)) return true;
        return scope_fail(scope, scope->schema, scope->instance, (Str){0});
    }
    return apply_keywords(scope);
}

static bool enter(const Scope *scope) {
    SchemaRun *run = scope->run;
    if (!schema_run_spend(run, scope->instance, 1 + node_count(scope->schema))) return false;
    if (run->depth == RUN_MAX_DEPTH) {
        schema_run_stop_costly(run, scope->instance, "the schema nests too deeply for this");
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

// Whether the schema is being applied to this instance already. *ret_passed: the schemas around
// it that were looked at.
static bool is_applied(const Scope *scope, Node schema, uint32_t *ret_passed) {
    for (*ret_passed = 0; scope != NULL && scope->schema.id != schema.id; scope = scope->outer)
        ++*ret_passed;
    return scope != NULL;
}

bool scope_apply_target(const Scope *scope, Node schema, const Resource *resource) {
    uint32_t passed;
    if (is_applied(scope, schema, &passed)) {
        schema_run_stop_unsupported(scope->run, scope->schema,
                                    "references lead back here without going down into the value");
        return false;
    }
    if (!schema_run_spend(scope->run, scope->instance, passed / SCOPES_PER_STEP)) return false;
    Scope inner = *scope;
    inner.schema = schema;
    inner.resource = resource;
    inner.outer = scope;
    return enter(&inner);
}

SchemaResult schema_validate(Arena *arena, Diags *diags, Node schema, Node instance,
                             size_t max_violations, ViolationVec *ret_violations) {
    SchemaRun run;
    schema_run_begin(&run, arena, diags, schema);
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
    violations_sort(&run.violations);
    for (size_t i = 0; i < run.violations.count && i < max_violations; i++)
        VEC_PUSH(arena, ret_violations, run.violations.items[i]);
    return valid ? SCHEMA_VALID : SCHEMA_INVALID;
}
