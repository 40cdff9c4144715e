#include "lint/condition.h"
#include "lint/symbolic.h"

// "prefix:name", neither of them empty and without white space before the colon.
static bool is_well_formed(const KeyFacts *key) {
    return key->prefix.length != 0 && key->name.length != 0 &&
           str_find_byte(key->prefix, ' ', 0) == key->prefix.length;
}

void check_key_form(Lint *lint, const Unit *unit) {
    const Item *key = &unit->condition->key;
    const KeyFacts *facts = lint_key(lint, key->text);
    if (facts->is_open || is_well_formed(facts)) return;
    lint_report(lint, key->span,
                "'%.*s' is no condition key: one has the form 'service:name' or 'aws:name'",
                STR_ARG(key->text));
}

// "aws:ResourceTag" or "aws:ResourceTag/", which only make a key with a tag's key behind.
static bool lacks_tag_key(Lint *lint, Str key) {
    const char *rest = str_ends_with(key, STR("/")) ? "x" : "/x";
    const KeyFacts *facts =
        lint_key(lint, str_format(lint_arena(lint), "%.*s%s", STR_ARG(key), rest));
    return key_has_free_part(facts);
}

void check_tag_key(Lint *lint, const Unit *unit) {
    const Item *key = &unit->condition->key;
    const KeyFacts *facts = lint_key(lint, key->text);
    if (facts->is_open || facts->is_known || !lacks_tag_key(lint, key->text)) return;
    Str slash = str_ends_with(key->text, STR("/")) ? STR("") : STR("/");
    lint_report(lint, key->span, "'%.*s' names no tag; write '%.*s%.*s' and the tag's key",
                STR_ARG(key->text), STR_ARG(key->text), STR_ARG(slash));
}

// The steps of lint_spend that listing some hundred names takes.
enum { LISTING = 1000 };

// The keys that a misspelt one could be: those of its service, or the global ones.
static StrVec possible_keys(Arena *arena, Str prefix) {
    StrVec names = {0};
    ServiceId service;
    if (!catalogue_find_service(prefix, &service)) {
        for (size_t i = 0; i < global_key_count(); i++)
            VEC_PUSH(arena, &names, global_key_at(i).text);
        return names;
    }
    KeyList keys = service_keys(service);
    for (size_t i = 0; i < keys.count; i++) VEC_PUSH(arena, &names, key_text(keys.ids[i]));
    return names;
}

// The nearest key; what the caller chooses behind a slash, as a tag's key, stays as it is.
static Str nearest_key(Lint *lint, Str prefix, Str text) {
    Arena *arena = lint_arena(lint);
    if (!lint_spend(lint, LISTING)) return STR("");
    size_t slash = str_find_byte(text, '/', 0);
    StrVec names = possible_keys(arena, prefix);
    for (size_t i = 0; i < names.count; i++)
        names.items[i] = str_slice(names.items[i], 0, str_find_byte(names.items[i], '/', 0));
    Str near = lint_nearest(lint, str_slice(text, 0, slash), &names);
    if (near.length == 0) return near;
    return str_format(arena, "%.*s%.*s", STR_ARG(near),
                      STR_ARG(str_slice(text, slash, text.length)));
}

void check_known_key(Lint *lint, const Unit *unit) {
    const Item *key = &unit->condition->key;
    const KeyFacts *facts = lint_key(lint, key->text);
    if (facts->is_open || facts->is_known || !is_well_formed(facts)) return;
    Str near = nearest_key(lint, facts->prefix, key->text);
    if (near.length == 0)
        lint_report(lint, key->span, "there is no condition key '%.*s'", STR_ARG(key->text));
    else
        lint_report(lint, key->span, "there is no condition key '%.*s'; did you mean '%.*s'?",
                    STR_ARG(key->text), STR_ARG(near));
}

// "a,b" as "'a' or 'b'".
static Str alternatives(Arena *arena, Str list) {
    StrBuf out = strbuf_new(arena);
    for (size_t at = 0; at < list.length;) {
        size_t comma = str_find_byte(list, ',', at);
        if (at > 0) strbuf_add(&out, STR(" or "));
        strbuf_add_format(&out, "'%.*s'", STR_ARG(str_slice(list, at, comma)));
        at = comma + 1;
    }
    return strbuf_str(&out);
}

void check_deprecated_key(Lint *lint, const Unit *unit) {
    const Item *key = &unit->condition->key;
    const KeyFacts *facts = lint_key(lint, key->text);
    if (facts->is_open || !facts->is_global || !facts->global.deprecated) return;
    lint_report(lint, key->span, "'%.*s' is no longer supported; use %.*s", STR_ARG(key->text),
                STR_ARG(alternatives(lint_arena(lint), facts->global.instead)));
}

void check_untrustworthy_key(Lint *lint, const Unit *unit) {
    const Item *key = &unit->condition->key;
    const KeyFacts *facts = lint_key(lint, key->text);
    if (facts->is_open || !facts->is_global || !facts->global.from_caller) return;
    lint_report(lint, key->span,
                "'%.*s' is what the caller says it is, so that it protects nothing",
                STR_ARG(key->text));
}

static bool has_key_of(const DocumentStatement *statement, Str list) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        if (key_rule_names(list, statement->conditions.items[i].key.text)) return true;
    }
    return false;
}

// What the key of a condition is ruled to be, of this kind; NULL where there is no such rule or it
// was `seen`: the same keys again are the same fault.
static const KeyRule *unseen_rule(Lint *lint, const DocumentCondition *condition, unsigned kind,
                                  StrMap *seen) {
    ConditionFacts facts;
    if (!lint_condition(lint, condition, &facts) || !condition_compares(&facts)) return NULL;
    const KeyRule *rule = &facts.key->rules.of[kind];
    bool is_new = rule->key.length != 0 && strmap_set(lint_arena(lint), seen, rule->key, 0);
    return is_new ? rule : NULL;
}

void check_paired_keys(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    StrMap seen = {0};
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *c = &statement->conditions.items[i];
        const KeyRule *rule = unseen_rule(lint, c, KEY_RULE_PAIR, &seen);
        if (rule == NULL || has_key_of(statement, rule->value)) continue;
        lint_report(lint, c->key.span, "'%.*s' does little without a condition on %.*s: %.*s",
                    STR_ARG(c->key.text), STR_ARG(alternatives(lint_arena(lint), rule->value)),
                    STR_ARG(rule->form));
    }
}

// Of a list such as "ec2,iam,!iam:PassRole": whether it has the action's service, and not the
// action as an exception.
static bool services_have(Arena *arena, Str list, ActionId action) {
    Str exception = str_format(arena, "!%.*s", STR_ARG(action_text(action)));
    return key_rule_names(list, service_prefix(action_service(action))) &&
           !key_rule_names(list, exception);
}

static void check_services_of(Lint *lint, const Unit *unit, const Item *key, Str services) {
    ActionSet actions = lint_actions(lint, unit->statement);
    for (ActionId action = 0; action_set_next(actions, &action); action++) {
        if (services_have(lint_arena(lint), services, action)) continue;
        lint_report(lint, key->span, "requests of '%.*s' never have '%.*s'",
                    STR_ARG(action_text(action)), STR_ARG(key->text));
        return;
    }
}

void check_key_services(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    StrMap seen = {0};
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *c = &statement->conditions.items[i];
        const KeyRule *rule = unseen_rule(lint, c, KEY_RULE_SERVICES, &seen);
        if (rule != NULL) check_services_of(lint, unit, &c->key, rule->value);
    }
}
