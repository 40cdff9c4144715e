// Keywords that apply several schemas to one value, or one schema under a condition.
#include "validate/reference.h"

// References that are followed to find what types a schema takes.
enum { MAX_HOPS = 16 };

bool apply_reference(const Scope *scope, Node value) {
    Node schema;
    Resource resource;
    if (!reference_resolve(scope->run, scope->resource, value, &schema, &resource)) {
        schema_run_stop_unsupported(scope->run, value, "the reference leads to no schema here");
        return false;
    }
    return scope_apply_target(scope, schema, &resource);
}

bool apply_all_of(const Scope *scope, Node value) {
    bool valid = true;
    NODE_EACH(schema, value) {
        if (!scope_apply(scope, schema, scope->instance)) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

static bool has_kind_of_any(const Scope *scope, Node choices) {
    NODE_EACH(choice, choices) {
        if (node_kind(choice) == scope->kind) return true;
    }
    return false;
}

// Whether a branch takes values of the instance's type at all.
static bool admits_type(const Scope *scope, Node schema, Resource resource, unsigned hops) {
    if (node_kind(schema) == NODE_BOOLEAN) return node_is_true(schema);
    Node type = NODE_GET(schema, "type");
    Node choices = NODE_GET(schema, "enum");
    Node only = NODE_GET(schema, "const");
    Node reference = NODE_GET(schema, "$ref");
    if (node_exists(type) && !scope_has_type(scope, type)) return false;
    if (node_exists(choices) && !has_kind_of_any(scope, choices)) return false;
    if (node_exists(only) && node_kind(only) != scope->kind) return false;
    resource = resource_of(scope->run, &resource, schema);
    if (!node_exists(reference) || hops == 0 ||
        !reference_resolve(scope->run, &resource, reference, &schema, &resource))
        return true;
    return admits_type(scope, schema, resource, hops - 1);
}

// Where one branch only takes the instance's type, that is the one that was meant, and what is
// wrong inside tells more than that no branch fits.
static bool fail_by_branch(const Scope *scope, Node branches) {
    Node meant = NO_NODE;
    size_t count = 0;
    if (!scope->report) return false;
    NODE_EACH(branch, branches) {
        if (!admits_type(scope, branch, *scope->resource, MAX_HOPS)) continue;
        meant = branch;
        count++;
    }
    if (count == 1) return scope_apply(scope, meant, scope->instance);
    return scope_fail(scope, branches, scope->instance, (Str){0});
}

bool apply_any_of(const Scope *scope, Node value) {
    NODE_EACH(schema, value) {
        if (scope_test(scope, schema, scope->instance)) return true;
    }
    return fail_by_branch(scope, value);
}

bool apply_one_of(const Scope *scope, Node value) {
    size_t valid = 0;
    NODE_EACH(schema, value) {
        if (scope_test(scope, schema, scope->instance)) valid++;
        if (valid > 1) return scope_fail(scope, value, scope->instance, STR("several"));
    }
    return valid == 1 || fail_by_branch(scope, value);
}

bool apply_not(const Scope *scope, Node value) {
    if (!scope_test(scope, value, scope->instance)) return true;
    return scope_fail(scope, value, scope->instance, (Str){0});
}

bool apply_if(const Scope *scope, Node value) {
    bool condition = scope_test(scope, value, scope->instance);
    Node schema = condition ? NODE_GET(scope->schema, "then") : NODE_GET(scope->schema, "else");
    return !node_exists(schema) || scope_apply(scope, schema, scope->instance);
}
