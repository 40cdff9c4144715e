// Keywords that look at one value, not through it.
#include "base/map.h"
#include "base/utf8.h"
#include "read/number.h"
#include "validate/canonical.h"
#include "validate/run.h"

// Lists up to here are compared pair by pair where they hold scalars only.
enum { FEW_ITEMS = 12 };

static bool is_type(const Scope *scope, Str name) {
    static const struct {
        Str name;
        NodeKind kind;
    } types[] = {
        {{"string", 6}, NODE_STRING},  {{"object", 6}, NODE_MAPPING},
        {{"array", 5}, NODE_SEQUENCE}, {{"boolean", 7}, NODE_BOOLEAN},
        {{"number", 6}, NODE_NUMBER},  {{"null", 4}, NODE_NULL},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal(name, types[i].name)) return scope->kind == types[i].kind;
    }
    Number number; // "integer"
    return scope->kind == NODE_NUMBER && number_parse(node_text(scope->instance), &number) &&
           number_is_integer(&number);
}

bool scope_has_type(const Scope *scope, Node types) {
    if (node_kind(types) == NODE_STRING) return is_type(scope, node_text(types));
    NODE_EACH(name, types) {
        if (is_type(scope, node_text(name))) return true;
    }
    return false;
}

static bool fail(const Scope *scope, Node keyword) {
    return scope_fail(scope, keyword, scope->instance, (Str){0});
}

bool apply_type(const Scope *scope, Node value) {
    return scope_has_type(scope, value) || fail(scope, value);
}

// The canonical text of a sequence or mapping, at a price: it takes room in the arena.
static bool canonical(const Scope *scope, Node node, Str *ret_text) {
    uint64_t price = 8 * (1 + (uint64_t)tree_size(node));
    if (!schema_run_spend(scope->run, scope->instance, price)) return false;
    StrBuf *scratch = &scope->run->scratch;
    scratch->length = 0;
    canonical_write(scratch, node);
    *ret_text = str_copy(scope->run->arena, strbuf_str(scratch));
    return schema_run_spend(scope->run, scope->instance, ret_text->length / 8);
}

static bool is_container(NodeKind kind) {
    return kind == NODE_SEQUENCE || kind == NODE_MAPPING;
}

// *canonical_instance is made when it is first needed.
static bool instance_equals(const Scope *scope, Node other, Str *canonical_instance) {
    Str text = {0};
    if (scope->kind != node_kind(other)) return false;
    if (scope->kind == NODE_STRING) return str_equal(node_text(scope->instance), node_text(other));
    if (!is_container(scope->kind)) return node_equal(scope->instance, other);
    if (node_count(scope->instance) != node_count(other)) return false;
    if (canonical_instance->length == 0 && !canonical(scope, scope->instance, canonical_instance))
        return false;
    return canonical(scope, other, &text) && str_equal(text, *canonical_instance);
}

bool apply_enum(const Scope *scope, Node value) {
    Str canonical_instance = {0};
    if (!schema_run_spend(scope->run, scope->instance, node_count(value))) return false;
    NODE_EACH(choice, value) {
        if (instance_equals(scope, choice, &canonical_instance)) return true;
    }
    return fail(scope, value);
}

bool apply_const(const Scope *scope, Node value) {
    Str canonical_instance = {0};
    return instance_equals(scope, value, &canonical_instance) || fail(scope, value);
}

// Negative, 0 or positive, as the instance is below, at or above the keyword's number.
static int compare_to(const Scope *scope, Node value) {
    Number number = {0}, bound = {0};
    (void)number_parse(node_text(scope->instance), &number);
    (void)number_parse(node_text(value), &bound);
    return number_compare(&number, &bound);
}

bool apply_minimum(const Scope *scope, Node value) {
    return compare_to(scope, value) >= 0 || fail(scope, value);
}

bool apply_maximum(const Scope *scope, Node value) {
    return compare_to(scope, value) <= 0 || fail(scope, value);
}

bool apply_exclusive_minimum(const Scope *scope, Node value) {
    return compare_to(scope, value) > 0 || fail(scope, value);
}

bool apply_exclusive_maximum(const Scope *scope, Node value) {
    return compare_to(scope, value) < 0 || fail(scope, value);
}

bool apply_multiple_of(const Scope *scope, Node value) {
    Number number = {0}, divisor = {0};
    (void)number_parse(node_text(scope->instance), &number);
    (void)number_parse(node_text(value), &divisor);
    return number_is_multiple(&number, &divisor) || fail(scope, value);
}

static uint64_t count_of(Node value) {
    uint64_t plain = 0;
    Number number = {0};
    if (str_to_u64(node_text(value), &plain)) return plain;
    (void)number_parse(node_text(value), &number);
    return number_to_u64(&number);
}

static bool at_least(const Scope *scope, Node value, uint64_t size) {
    return size >= count_of(value) || fail(scope, value);
}

static bool at_most(const Scope *scope, Node value, uint64_t size) {
    return size <= count_of(value) || fail(scope, value);
}

bool apply_min_length(const Scope *scope, Node value) {
    return at_least(scope, value, utf8_count(node_text(scope->instance)));
}

bool apply_max_length(const Scope *scope, Node value) {
    return at_most(scope, value, utf8_count(node_text(scope->instance)));
}

bool apply_min_items(const Scope *scope, Node value) {
    return at_least(scope, value, node_count(scope->instance));
}

bool apply_max_items(const Scope *scope, Node value) {
    return at_most(scope, value, node_count(scope->instance));
}

bool apply_min_properties(const Scope *scope, Node value) {
    return at_least(scope, value, node_count(scope->instance));
}

bool apply_max_properties(const Scope *scope, Node value) {
    return at_most(scope, value, node_count(scope->instance));
}

bool scope_matches(const Scope *scope, Str pattern, Node text) {
    SchemaRun *run = scope->run;
    if (!schema_run_spend(run, text, 1)) return false;
    PatternResult result =
        patterns_match(schema_run_patterns(run), pattern, node_text(text), &run->steps);
    if (result == PATTERN_TOO_COSTLY)
        schema_run_stop_costly(run, text,
                               "matching this with the schema's pattern takes too many steps");
    return result == PATTERN_MATCHES;
}

bool apply_pattern(const Scope *scope, Node value) {
    return scope_matches(scope, node_text(value), scope->instance) || fail(scope, value);
}

static bool holds_few_scalars(Node sequence) {
    if (node_count(sequence) > FEW_ITEMS) return false;
    NODE_EACH(item, sequence) {
        if (is_container(node_kind(item))) return false;
    }
    return true;
}

static Node repeated_of_few(Node sequence) {
    NODE_EACH(item, sequence) {
        for (Node other = node_first(sequence); other.id != item.id; other = node_next(other)) {
            if (node_equal(other, item)) return item;
        }
    }
    return NO_NODE;
}

static Node repeated_of_many(const Scope *scope) {
    StrMap seen = {0};
    NODE_EACH(item, scope->instance) {
        Str text = {0};
        if (!canonical(scope, item, &text)) return NO_NODE;
        if (!strmap_set(scope->run->arena, &seen, text, 0)) return item;
    }
    return NO_NODE;
}

bool apply_unique_items(const Scope *scope, Node value) {
    if (!node_is_true(value) || node_count(scope->instance) < 2) return true;
    Node repeated = holds_few_scalars(scope->instance) ? repeated_of_few(scope->instance)
                                                       : repeated_of_many(scope);
    return !node_exists(repeated) || scope_fail(scope, value, repeated, (Str){0});
}

static bool require_keys(const Scope *scope, Node keyword, Node names) {
    bool valid = true;
    NODE_EACH(name, names) {
        if (node_exists(scope_member(scope, scope->instance, node_text(name)))) continue;
        valid = scope_fail(scope, keyword, scope->instance, node_text(name));
        if (!scope->report) break;
    }
    return valid;
}

bool apply_required(const Scope *scope, Node value) {
    return require_keys(scope, value, value);
}

bool apply_dependent_required(const Scope *scope, Node value) {
    bool valid = true;
    NODE_EACH(names, value) {
        if (!node_exists(scope_member(scope, scope->instance, node_key_text(names)))) continue;
        valid &= require_keys(scope, value, names);
    }
    return valid;
}
