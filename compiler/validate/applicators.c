// Keywords that apply schemas to the members of a mapping and the items of a sequence.
#include "read/number.h"
#include "validate/run.h"

static bool is_false(Node schema) {
    return node_kind(schema) == NODE_BOOLEAN && !node_is_true(schema);
}

// Walks over the schema's properties or the instance's members, whichever are fewer.
bool apply_properties(const Scope *scope, Node value) {
    bool valid = true, by_schema = node_count(value) < node_count(scope->instance);
    Node fewer = by_schema ? value : scope->instance, others = by_schema ? scope->instance : value;
    NODE_EACH(one, fewer) {
        Node other = scope_member(scope, others, node_key_text(one));
        Node schema = by_schema ? one : other, member = by_schema ? other : one;
        if (node_exists(other) && !scope_apply(scope, schema, member)) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

bool apply_pattern_properties(const Scope *scope, Node value) {
    bool valid = true;
    NODE_EACH(member, scope->instance) {
        NODE_EACH(schema, value) {
            if (!scope_matches(scope, node_key_text(schema), node_key(member))) continue;
            if (!scope_apply(scope, schema, member)) valid = false;
        }
        if (!valid && !scope->report) break;
    }
    return valid;
}

static bool is_additional(const Scope *scope, Node member, Node properties, Node patterns) {
    if (node_exists(scope_member(scope, properties, node_key_text(member)))) return false;
    NODE_EACH(schema, patterns) {
        if (scope_matches(scope, node_key_text(schema), node_key(member))) return false;
    }
    return true;
}

bool apply_additional_properties(const Scope *scope, Node value) {
    bool valid = true;
    Node properties = NODE_GET(scope->schema, "properties");
    Node patterns = NODE_GET(scope->schema, "patternProperties");
    NODE_EACH(member, scope->instance) {
        if (!is_additional(scope, member, properties, patterns)) continue;
        if (is_false(value))
            valid = scope_fail(scope, value, member, (Str){0});
        else if (!scope_apply(scope, value, member))
            valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

bool apply_property_names(const Scope *scope, Node value) {
    bool valid = true;
    NODE_EACH(member, scope->instance) {
        if (!scope_apply_to_key(scope, value, node_key(member))) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

bool apply_dependent_schemas(const Scope *scope, Node value) {
    bool valid = true;
    NODE_EACH(schema, value) {
        if (!node_exists(scope_member(scope, scope->instance, node_key_text(schema)))) continue;
        if (!scope_apply(scope, schema, scope->instance)) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

bool apply_prefix_items(const Scope *scope, Node value) {
    bool valid = true;
    Node schema = node_first(value);
    NODE_EACH(item, scope->instance) {
        if (!node_exists(schema) || (!valid && !scope->report)) break;
        if (!scope_apply(scope, schema, item)) valid = false;
        schema = node_next(schema);
    }
    return valid;
}

bool apply_items(const Scope *scope, Node value) {
    bool valid = true;
    uint32_t prefix = node_count(NODE_GET(scope->schema, "prefixItems")), index = 0;
    NODE_EACH(item, scope->instance) {
        if (index++ < prefix) continue;
        if (is_false(value)) return scope_fail(scope, value, item, (Str){0});
        if (!scope_apply(scope, value, item)) valid = false;
        if (!valid && !scope->report) break;
    }
    return valid;
}

// The number in a keyword beside `contains`, or `otherwise` where it is not there.
static uint64_t bound(Node keyword, uint64_t otherwise) {
    Number number = {0};
    if (!node_exists(keyword)) return otherwise;
    (void)number_parse(node_text(keyword), &number);
    return number_to_u64(&number);
}

bool apply_contains(const Scope *scope, Node value) {
    Node at_least = NODE_GET(scope->schema, "minContains");
    Node at_most = NODE_GET(scope->schema, "maxContains");
    uint64_t count = 0, most = bound(at_most, UINT64_MAX);
    NODE_EACH(item, scope->instance) count += scope_test(scope, value, item);
    if (count > most) return scope_fail(scope, at_most, scope->instance, (Str){0});
    if (count >= bound(at_least, 1)) return true;
    Node keyword = node_exists(at_least) ? at_least : value;
    return scope_fail(scope, keyword, scope->instance, (Str){0});
}
