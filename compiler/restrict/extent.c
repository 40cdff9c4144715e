#include "restrict/extent.h"

#include "base/wildcard.h"
#include "model/arn.h"
#include "model/global_key.h"
#include "model/key_rule.h"
#include "model/operator.h"

#define ANY "\x01" // a character that no pattern spells
#define ANY4 ANY ANY ANY ANY

static Str example_name(const Narrowing *n, Str place) {
    if (str_equal(place, STR("Partition"))) return n->manifest->partition.id;
    if (str_equal(place, STR("Account"))) return n->manifest->account;
    if (str_ends_with(place, STR("Path"))) return STR(ANY "/" ANY);
    if (str_ends_with(place, STR("Uuid")))
        return STR(ANY4 ANY4 "-" ANY4 "-" ANY4 "-" ANY4 "-" ANY4 ANY4 ANY4);
    return STR(ANY);
}

Example example_make(const Narrowing *narrowing, ActionId action, Str form, Str idle_keys) {
    StrBuf text = strbuf_new(narrowing->arena);
    for (size_t at = 0; at < form.length;) {
        size_t open = str_find(form, STR("${"), at), close = str_find_byte(form, '}', open);
        strbuf_add(&text, str_slice(form, at, open));
        if (open == form.length) break;
        strbuf_add(&text, example_name(narrowing, str_slice(form, open + 2, close)));
        at = close + 1;
    }
    return (Example){action, strbuf_str(&text), idle_keys};
}

// --- resources ---

// With `*` for each `?` and each policy variable: names of one length together with names of
// another are all of them.
static Str widen(Arena *arena, Str pattern) {
    StrBuf text = strbuf_new(arena);
    for (size_t at = 0; at < pattern.length; at++) {
        bool is_variable = str_starts_with(str_slice(pattern, at, pattern.length), STR("${"));
        char c = pattern.data[at];
        strbuf_add_byte(&text, c == '?' || is_variable ? '*' : c);
        if (is_variable) at = str_find_byte(pattern, '}', at);
    }
    return strbuf_str(&text);
}

// One region's resources are enough, and in a stack set those of any account.
static Str resource_pattern(const Narrowing *n, Str resource) {
    Str wide = widen(n->arena, resource);
    Arn arn;
    if (!arn_parse(wide, &arn)) return wide;
    Str account = n->manifest->stack_set.spans_accounts ? STR("*") : arn.account;
    return str_format(n->arena, "arn:%.*s:%.*s:*:%.*s:%.*s", STR_ARG(arn.partition),
                      STR_ARG(arn.service), STR_ARG(account), STR_ARG(arn.resource));
}

static bool takes_resource(const Narrowing *n, Str resource, Str example) {
    Wildcard wildcard;
    wildcard_init(&wildcard, resource_pattern(n, resource));
    return wildcard_matches(&wildcard, example);
}

// --- conditions ---

// Whether a value is of wildcards alone: "*", or an ARN that has nothing else behind its type.
static bool is_any_value(Str value) {
    Arn arn;
    Str name = value;
    if (arn_parse(value, &arn)) {
        size_t slash = str_find_byte(arn.resource, '/', 0);
        name = slash == arn.resource.length ? arn.resource
                                            : str_slice(arn.resource, slash, arn.resource.length);
    }
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] != '*' && name.data[i] != '?' && name.data[i] != '/') return false;
    }
    return true;
}

// Whether the condition asks for certain values: most others pass no condition that does.
static bool asks_for_values(const Condition *condition) {
    Operator operator;
    if (!operator_parse(condition->operator, & operator) ||
        operator.family == FAMILY_NULL || operator.negated || operator.if_exists ||
        operator.quantifier == QUANTIFIER_ALL_VALUES)
        return false;
    for (size_t i = 0; operator.wildcards && i<condition->values.count; i++) {
        if (is_any_value(condition->values.items[i])) return false;
    }
    return true;
}

// Whether a list has the key; what stands in the place of ${TagKey} is not looked into.
static bool lists_key(KeyList keys, Str text) {
    for (size_t i = 0; i < keys.count; i++) {
        Str key = key_text(keys.ids[i]);
        size_t stem = str_find(key, STR("${"), 0);
        if (str_equal_ignoring_case(str_slice(key, 0, stem), str_slice(text, 0, stem)) &&
            (stem < key.length || stem == text.length))
            return true;
    }
    return false;
}

static bool action_takes(ActionId action, Str key) {
    bool takes = lists_key(action_keys(action), key);
    for (size_t i = 0; !takes && i < action_resource_count(action); i++) {
        UsedResource resource = action_resource(action, i);
        takes = lists_key(resource.keys, key) || lists_key(resource_keys(resource.id), key);
    }
    return takes;
}

// Whether the key tells what the action is done to, or with. The keys of every service tell who
// asks, when and from where, which its holder is or can be: all but the tags of the resource.
static bool is_about_target(Str text, ActionId action) {
    KeyRules rules = {0};
    GlobalKey global;
    key_rules_find(text, &rules);
    if (rules.of[KEY_RULE_RESOURCE_TAG].key.length != 0) return true;
    return !global_key_find(text, &global) && action_takes(action, text);
}

static bool narrows(const Condition *condition, const Example *example) {
    return !key_rule_names(example->idle_keys, condition->key) &&
           is_about_target(condition->key, example->action) && asks_for_values(condition);
}

bool extends_to(const Narrowing *narrowing, const Grant *grant, const Example *example) {
    for (size_t i = 0; i < grant->conditions->count; i++) {
        if (narrows(&grant->conditions->items[i], example)) return false;
    }
    return takes_resource(narrowing, grant->resource, example->resource);
}
