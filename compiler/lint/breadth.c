#include "lint/breadth.h"

#include "base/wildcard.h"
#include "lint/symbolic.h"
#include "model/arn.h"

// A name that no pattern spells: only wildcards that take any text match it.
#define ANY_NAME "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"

static bool is_star(Str text) {
    return str_equal(text, STR("*"));
}

// The resource of an ARN's form with each ${Name} replaced: "role/" ANY_NAME.
static Str example_of(Arena *arena, Str resource) {
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

// The resource part of a pattern, where nothing in it is filled in later.
static bool parse_pattern(Arena *arena, Str pattern, Arn *ret_arn) {
    if (!has_wildcard(pattern) || !arn_parse(symbolic_pattern(arena, pattern), ret_arn))
        return false;
    return str_ends_with(pattern, ret_arn->resource);
}

static bool pattern_takes(Arena *arena, const Arn *pattern, Str form) {
    // The form's own placeholders hold no colons.
    Arn arn;
    Wildcard wildcard;
    if (!arn_parse(form, &arn) || !str_equal_ignoring_case(pattern->service, arn.service))
        return false;
    Str example = example_of(arena, arn.resource);
    if (example.length > WILDCARD_LONGEST_TEXT) return false;
    wildcard_init(&wildcard, pattern->resource);
    return wildcard_matches(&wildcard, example);
}

static bool takes_type(Arena *arena, const Arn *pattern, ResourceId type) {
    for (size_t i = 0; i < resource_arn_count(type); i++) {
        if (pattern_takes(arena, pattern, resource_arn(type, i))) return true;
    }
    return false;
}

static bool takes_every(Arena *arena, Str pattern, ActionId action, Str type) {
    Arn arn;
    if (is_star(pattern)) return true;
    if (!parse_pattern(arena, pattern, &arn)) return false;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        ResourceId id = action_resource(action, i).id;
        bool meant = type.length == 0 || str_equal(type, resource_name(id));
        if (meant && takes_type(arena, &arn, id)) return true;
    }
    return false;
}

bool takes_all_of_type(Arena *arena, const DocumentStatement *statement, Str action, Str type) {
    ActionId id;
    bool known = catalogue_find_action(action, &id);
    for (size_t i = 0; i < statement->resources.count; i++) {
        Str pattern = statement->resources.items[i].text;
        bool taken = known ? takes_every(arena, pattern, id, type) : is_star(pattern);
        if (taken) return !statement->not_resource;
    }
    return statement->not_resource;
}
