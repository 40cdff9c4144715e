#include "lint/breadth.h"

#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"

// A name that no pattern spells: only wildcards that take any text match it.
#define ANY_NAME "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"

// The resource of a form of ARN with each ${Name} replaced: "role/" ANY_NAME.
static Str example_text(Arena *arena, Str resource) {
    StrBuf out = strbuf_new(arena);
    for (size_t at = 0; at < resource.length;) {
        size_t open = str_find(resource, STR("${"), at);
        strbuf_add(&out, str_slice(resource, at, open));
        if (open == resource.length) break;
        strbuf_add(&out, STR(ANY_NAME));
        at = str_find_byte(resource, '}', open) + 1;
    }
    return strbuf_str(&out);
}

static void add_examples(Arena *arena, ResourceId type, ExampleVec *examples) {
    for (size_t i = 0; i < resource_arn_count(type); i++) {
        Arn form;
        if (!arn_parse(resource_arn(type, i), &form)) continue;
        Example example = {form.service, example_text(arena, form.resource)};
        if (example.resource.length <= WILDCARD_LONGEST_TEXT) VEC_PUSH(arena, examples, example);
    }
}

ExampleVec examples_of(Arena *arena, Str action, Str type) {
    ExampleVec examples = {0};
    ActionId id;
    if (!catalogue_find_action(action, &id)) return examples;
    for (size_t i = 0; i < action_resource_count(id); i++) {
        ResourceId resource = action_resource(id, i).id;
        if (type.length == 0 || str_equal(type, resource_name(resource)))
            add_examples(arena, resource, &examples);
    }
    return examples;
}

bool breadth_of(Arena *arena, Str entry, Breadth *ret_breadth) {
    Arn arn;
    ret_breadth->everything = names_every_resource(arena, entry);
    if (ret_breadth->everything) return true;
    if (!has_wildcard(entry) || !arn_parse(symbolic_pattern(arena, entry), &arn)) return false;
    // What is filled in later stands there as a wildcard that is not written.
    if (!str_ends_with(entry, arn.resource)) return false;
    ret_breadth->service = arn.service;
    ret_breadth->is_service_open = false;
    wildcard_init(&ret_breadth->resource, arn.resource);
    return true;
}

static bool matches(Str pattern, Str text) {
    Wildcard wildcard;
    wildcard_init(&wildcard, pattern);
    return wildcard_matches(&wildcard, text);
}

bool breadth_filled_in(Arena *arena, Str entry, unsigned colons, Breadth *ret_breadth) {
    Arn arn;
    Str pattern = symbolic_pattern(arena, entry);
    if (colons > 0 && !symbolic_spread(arena, entry, colons, &pattern)) return false;
    ret_breadth->everything = names_every_resource(arena, pattern);
    if (ret_breadth->everything) return true;
    size_t head = str_find_byte(pattern, ':', 0);
    if (!matches(str_slice(pattern, 0, head), STR("arn"))) return false;
    Str rest = str_slice(pattern, head, pattern.length);
    if (!arn_parse(str_format(arena, "arn%.*s", STR_ARG(rest)), &arn)) return false;
    ret_breadth->service = arn.service;
    ret_breadth->is_service_open = true;
    wildcard_init(&ret_breadth->resource, arn.resource);
    return true;
}

static bool takes_service(const Breadth *breadth, Str service) {
    return str_equal_ignoring_case(breadth->service, service) ||
           (breadth->is_service_open && matches(breadth->service, service));
}

bool breadth_takes(const Breadth *breadth, const ExampleVec *examples) {
    if (breadth->everything) return true;
    for (size_t i = 0; i < examples->count; i++) {
        const Example *example = &examples->items[i];
        if (takes_service(breadth, example->service) &&
            wildcard_matches(&breadth->resource, example->resource))
            return true;
    }
    return false;
}
