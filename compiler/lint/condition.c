#include "lint/condition.h"

#include "lint/symbolic.h"

// What stands before and after the part of a key that the caller chooses: the catalogue has
// "ec2:ResourceTag/${TagKey}", "s3:ExistingObjectTag/<key>", "ssm:resourceTag/tag-key" and
// "glacier:ResourceTag/". False where there is no such part.
static bool divide_template(Str key, Str *ret_head, Str *ret_tail) {
    static const char *const marks[][2] = {{"${", "}"}, {"<", ">"}, {"tag-key", "tag-key"}};
    if (str_ends_with(key, STR("/"))) {
        *ret_head = key;
        *ret_tail = (Str){0};
        return true;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        Str end = str_of(marks[i][1]);
        size_t open = str_find(key, str_of(marks[i][0]), 0), close = str_find(key, end, open);
        if (close == key.length) continue;
        *ret_head = str_slice(key, 0, open);
        *ret_tail = str_slice(key, close + end.length, key.length);
        return true;
    }
    return false;
}

static bool fits_template(Str template, Str key) {
    Str head, tail;
    if (!divide_template(template, &head, &tail)) return false;
    if (key.length <= head.length + tail.length) return false;
    return str_equal_ignoring_case(head, str_slice(key, 0, head.length)) &&
           str_equal_ignoring_case(tail, str_slice(key, key.length - tail.length, key.length));
}

// Keys of identity providers have the provider's host before the colon, and any claim after it.
static bool is_of_provider(Str prefix) {
    return str_find_byte(prefix, '.', 0) < prefix.length;
}

static void find_global(Arena *arena, KeyFacts *facts, Str key) {
    KeyId id;
    facts->is_global = global_key_find(key, &facts->global);
    if (!facts->is_global) return;
    facts->is_known = true;
    facts->spelling = facts->global.text;
    facts->types = facts->global.types;
    if (catalogue_find_key(facts->spelling, &id)) VEC_PUSH(arena, &facts->ids, id);
}

// All that fit: the catalogue has "ssm:resourceTag/${TagKey}", ".../tag-key" and tags of AWS's own,
// each with other actions.
static void find_ids(Arena *arena, KeyFacts *facts, Str key) {
    ServiceId service;
    Str head, tail;
    KeyId id;
    if (catalogue_find_key(key, &id) && !divide_template(key, &head, &tail))
        VEC_PUSH(arena, &facts->ids, id);
    if (!catalogue_find_service(facts->prefix, &service)) return;
    KeyList keys = service_keys(service);
    for (size_t i = 0; i < keys.count; i++) {
        if (fits_template(key_text(keys.ids[i]), key)) VEC_PUSH(arena, &facts->ids, keys.ids[i]);
    }
}

static void find_in_catalogue(Arena *arena, KeyFacts *facts, Str key) {
    find_ids(arena, facts, key);
    if (facts->ids.count == 0) return;
    facts->is_known = true;
    facts->spelling = key_text(facts->ids.items[0]);
    for (size_t i = 0; i < facts->ids.count; i++)
        facts->types = (KeyTypes)(facts->types | key_types(facts->ids.items[i]));
}

static KeyFacts *find_key(Arena *arena, Str key) {
    KeyFacts *facts = ARENA_NEW(arena, KeyFacts);
    size_t colon = str_find_byte(key, ':', 0);
    if (colon < key.length) facts->prefix = str_slice(key, 0, colon);
    facts->name = str_slice(key, colon + 1, key.length);
    facts->is_open = is_symbolic(key) || is_of_provider(facts->prefix);
    if (facts->is_open) return facts;
    find_global(arena, facts, key);
    if (!facts->is_known) find_in_catalogue(arena, facts, key);
    key_rules_find(key, &facts->rules);
    return facts;
}

bool key_has_free_part(const KeyFacts *key) {
    Str head, tail;
    return key->is_known && divide_template(key->spelling, &head, &tail);
}

const KeyFacts *lint_key(Lint *lint, Str key) {
    ConditionCache *cache = lint_condition_cache(lint);
    Arena *arena = lint_cache_arena(lint);
    uint32_t index = (uint32_t)cache->key_facts.count;
    if (strmap_get(&cache->keys, key, &index)) return cache->key_facts.items[index];
    key = str_copy(arena, key);
    strmap_set(arena, &cache->keys, key, index);
    VEC_PUSH(arena, &cache->key_facts, find_key(arena, key));
    return cache->key_facts.items[index];
}

const OperatorFacts *lint_operator(Lint *lint, Str text) {
    ConditionCache *cache = lint_condition_cache(lint);
    Arena *arena = lint_cache_arena(lint);
    uint32_t index = (uint32_t)cache->operator_facts.count;
    if (strmap_get(&cache->operators, text, &index)) return cache->operator_facts.items[index];
    strmap_set(arena, &cache->operators, text, index);
    OperatorFacts *facts = ARENA_NEW(arena, OperatorFacts);
    facts->is_known = operator_parse(text, &facts->operator);
    VEC_PUSH(arena, &cache->operator_facts, facts);
    return facts;
}

bool lint_condition(Lint *lint, const DocumentCondition *condition, ConditionFacts *ret_facts) {
    const OperatorFacts *op = lint_operator(lint, condition->operator.text);
    const KeyFacts *key = lint_key(lint, condition->key.text);
    if (!op->is_known || key->is_open) return false;
    *ret_facts = (ConditionFacts){.operator= op->operator, .key = key };
    return true;
}

static bool list_has(KeyList keys, KeyId key) {
    for (size_t i = 0; i < keys.count; i++) {
        if (keys.ids[i] == key) return true;
    }
    return false;
}

static bool action_has_key(ActionId action, KeyId key) {
    if (list_has(action_keys(action), key)) return true;
    for (size_t i = 0; i < action_resource_count(action); i++) {
        if (list_has(action_resource(action, i).keys, key)) return true;
    }
    return false;
}

// Only services whose own page has the key can have actions with it.
static ActionSet actions_of_key(Arena *arena, KeyId key) {
    ActionSet set = action_set_new(arena);
    for (ServiceId service = 0; service < catalogue_service_count(); service++) {
        if (!list_has(service_keys(service), key)) continue;
        ActionId first = service_first_action(service);
        for (size_t i = 0; i < service_action_count(service); i++) {
            ActionId action = first + (ActionId)i;
            if (action_has_key(action, key)) action_set_add(set, action);
        }
    }
    return set;
}

static ActionSet actions_of_id(Lint *lint, KeyId key) {
    ConditionCache *cache = lint_condition_cache(lint);
    Arena *arena = lint_cache_arena(lint);
    uint32_t index = (uint32_t)cache->key_actions.count;
    if (strmap_get(&cache->actions, key_text(key), &index)) return cache->key_actions.items[index];
    strmap_set(arena, &cache->actions, key_text(key), index);
    VEC_PUSH(arena, &cache->key_actions, actions_of_key(arena, key));
    return cache->key_actions.items[index];
}

ActionSet lint_key_actions(Lint *lint, const KeyFacts *key) {
    ConditionCache *cache = lint_condition_cache(lint);
    if (key->ids.count == 1) return actions_of_id(lint, key->ids.items[0]);
    if (cache->united.words == NULL) cache->united = action_set_new(lint_cache_arena(lint));
    action_set_clear(cache->united);
    for (size_t i = 0; i < key->ids.count; i++)
        action_set_unite(cache->united, actions_of_id(lint, key->ids.items[i]));
    return cache->united;
}

ActionSet lint_named_actions(Lint *lint, const DocumentStatement *statement) {
    ConditionCache *cache = lint_condition_cache(lint);
    if (cache->naming == statement) return cache->named;
    cache->naming = statement;
    if (cache->named.words == NULL) cache->named = action_set_new(lint_cache_arena(lint));
    action_set_clear(cache->named);
    for (size_t i = 0; i < statement->actions.count; i++) {
        ActionId action;
        if (catalogue_find_action(statement->actions.items[i].text, &action))
            action_set_add(cache->named, action);
    }
    return cache->named;
}

ActionSet lint_scratch_actions(Lint *lint) {
    ConditionCache *cache = lint_condition_cache(lint);
    if (cache->scratch.words == NULL) cache->scratch = action_set_new(lint_cache_arena(lint));
    return cache->scratch;
}

// {"Null": {key: "false"}} is true of requests that have the key.
static void collect_required(Lint *lint, const DocumentStatement *statement, StrMap *ret_required) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *c = &statement->conditions.items[i];
        const OperatorFacts *facts = lint_operator(lint, c->operator.text);
        bool requires =
            facts->is_known && facts->operator.family == FAMILY_NULL && facts->
                               operator.quantifier == QUANTIFIER_NONE && c->values.count == 1 &&
                               str_equal_ignoring_case(c->values.items[0].text, STR("false"));
        if (!requires) continue;
        Arena *arena = lint_cache_arena(lint);
        strmap_set(arena, ret_required, str_lower(arena, c->key.text), 0);
    }
}

bool lint_requires_key(Lint *lint, const DocumentStatement *statement, Str key) {
    ConditionCache *cache = lint_condition_cache(lint);
    uint32_t ignored;
    if (cache->statement != statement) {
        cache->statement = statement;
        cache->required = (StrMap){0};
        collect_required(lint, statement, &cache->required);
    }
    return strmap_get(&cache->required, str_lower(lint_arena(lint), key), &ignored);
}

bool lint_matches(Lint *lint, Str expression, Str text) {
    ConditionCache *cache = lint_condition_cache(lint);
    uint64_t steps = 1000 + 100 * (uint64_t)text.length;
    if (cache->patterns == NULL) cache->patterns = patterns_new(lint_cache_arena(lint));
    return patterns_match(cache->patterns, expression, text, &steps) == PATTERN_MATCHES;
}
