#include "restrict/narrowing.h"

#include <assert.h>
#include <stdlib.h>

#include "model/arn.h"
#include "policy/cover.h"
#include "policy/match.h"
#include "policy/values.h"
#include "policy/wildcards.h"

size_t narrowing_role_index(const Narrowing *narrowing, const Grant *grant) {
    const RoleVec *roles = &narrowing->selection->roles;
    Str id = narrowing->selection->statements.items[grant->statement].role;
    size_t i = 0;
    while (i < roles->count && !str_equal(roles->items[i].id, id)) i++;
    assert(i < roles->count); // resolve makes a role for every statement
    return i;
}

const Role *narrowing_role(const Narrowing *narrowing, const Grant *grant) {
    return &narrowing->selection->roles.items[narrowing_role_index(narrowing, grant)];
}

void narrowing_keep(Narrowing *narrowing, const Grant *grant) {
    VEC_PUSH(narrowing->arena, &narrowing->out, *grant);
}

// --- conditions ---

static void add_unique(Arena *arena, StrVec *values, Str value) {
    VEC_PUSH(arena, values, value);
    strvec_sort_unique(values);
}

// The values that both lists let pass. Values of Arn operators are patterns.
static StrVec common_values(Arena *arena, Str operator, const StrVec * a, const StrVec *b) {
    bool arns = str_starts_with(operator, STR("Arn"));
    StrVec common = {0};
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            Str both = a->items[i];
            bool met = arns
                           ? resources_meet(arena, a->items[i], b->items[k], &both) == MEETING_KNOWN
                           : str_equal(a->items[i], b->items[k]);
            if (met) add_unique(arena, &common, both);
        }
    }
    return common;
}

static int order_of(const Condition *condition, Str operator, Str key) {
    int order = str_compare(condition->operator, operator);
    return order != 0 ? order : str_compare(condition->key, key);
}

// The place of the condition of the same operator and key, or the end; the case of keys does not
// count.
static size_t find_same(const ConditionVec *conditions, const Condition *added) {
    size_t i = 0;
    while (i < conditions->count &&
           !(str_equal(conditions->items[i].operator, added->operator) &&
             str_equal_ignoring_case(conditions->items[i].key, added->key)))
        i++;
    return i;
}

static const ConditionVec *conditions_narrowed(Arena *arena, const ConditionVec *conditions,
                                               size_t place, const StrVec *values) {
    ConditionVec *result = ARENA_NEW(arena, ConditionVec);
    for (size_t i = 0; i < conditions->count; i++) VEC_PUSH(arena, result, conditions->items[i]);
    Condition *same = &result->items[place];
    same->values = common_values(arena, same->operator, & same->values, values);
    return same->values.count > 0 ? result : NULL;
}

// The conditions with one more, in order. NULL where none of its values is left.
static const ConditionVec *conditions_with(Arena *arena, const ConditionVec *conditions,
                                           const Condition *added) {
    size_t same = find_same(conditions, added), i = 0;
    if (same < conditions->count)
        return conditions_narrowed(arena, conditions, same, &added->values);
    ConditionVec *result = ARENA_NEW(arena, ConditionVec);
    while (i < conditions->count &&
           order_of(&conditions->items[i], added->operator, added->key) < 0)
        VEC_PUSH(arena, result, conditions->items[i++]);
    VEC_PUSH(arena, result, *added);
    while (i < conditions->count) VEC_PUSH(arena, result, conditions->items[i++]);
    return result;
}

static void report_nothing_left(const Narrowing *narrowing, const Grant *grant, Str key) {
    const ChosenStatement *chosen = &narrowing->selection->statements.items[grant->statement];
    Diagnostic *d = diag_report(
        narrowing->diags, MSG_NOTHING_LEFT, chosen->asked,
        "'%.*s' of '%.*s' is left out: its own condition on %.*s and `%s` exclude each other",
        STR_ARG(grant->action), STR_ARG(node_text(NODE_GET(chosen->node, "sid"))), STR_ARG(key),
        narrowing->option);
    diag_note(narrowing->diags, d, grant->origin.given, "it is granted here");
}

void narrowing_add(Narrowing *narrowing, const Grant *grant, Str operator, Str key,
                   const StrVec *values) {
    Condition added = {.operator= operator, .key = key, .values = *values};
    Grant narrow = *grant;
    narrowing->narrowed = true;
    narrow.conditions = conditions_with(narrowing->arena, grant->conditions, &added);
    if (narrow.conditions != NULL)
        narrowing_keep(narrowing, &narrow);
    else
        report_nothing_left(narrowing, grant, key);
}

// --- resources ---

static Str form_value(const Narrowing *narrowing, Str name, Str account) {
    if (str_equal(name, STR("Partition"))) return narrowing->manifest->partition.id;
    return str_equal(name, STR("Account")) ? account : STR("*");
}

Str narrowing_form(const Narrowing *narrowing, Str form, Str account) {
    StrBuf text = strbuf_new(narrowing->arena);
    for (size_t at = 0; at < form.length;) {
        size_t open = str_find(form, STR("${"), at), close = str_find_byte(form, '}', open);
        strbuf_add(&text, str_slice(form, at, open));
        if (open == form.length) break;
        strbuf_add(&text, form_value(narrowing, str_slice(form, open + 2, close), account));
        at = close + 1;
    }
    return strbuf_str(&text);
}

enum { MEETING_STEPS = 100 * 1000 };

// What two parts of ARNs have in common.
static Meeting parts_meet(Matcher *matcher, Str a, Str b, Str *ret_both) {
    Pattern x = pattern_make(matcher, a, PATTERN_VARIABLES),
            y = pattern_make(matcher, b, PATTERN_VARIABLES);
    bool first = pattern_covers(matcher, &x, &y) == TRUTH_YES;
    if (!first && pattern_covers(matcher, &y, &x) != TRUTH_YES)
        return pattern_is_disjoint(matcher, &x, &y) ? MEETING_NONE : MEETING_UNKNOWN;
    *ret_both = first ? b : a;
    return MEETING_KNOWN;
}

// With a policy variable in one of them, only one that is the other's whole is sure.
static bool is_sure(Str a, Str b, Str both) {
    bool open = str_find(a, STR("${"), 0) < a.length || str_find(b, STR("${"), 0) < b.length;
    return !open || str_equal(both, a) || str_equal(both, b);
}

Meeting resources_meet(Arena *arena, Str a, Str b, Str *ret_both) {
    Matcher matcher = matcher_new(arena, MEETING_STEPS);
    Str left[ARN_PARTS], right[ARN_PARTS], both[ARN_PARTS];
    bool all_known = true;
    if (str_equal(a, STR("*")) || str_equal(b, STR("*"))) {
        *ret_both = str_equal(a, STR("*")) ? b : a;
        return MEETING_KNOWN;
    }
    if (!arn_divide(a, left) || !arn_divide(b, right)) return MEETING_UNKNOWN;
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < ARN_PARTS; i++) {
        Meeting meeting = parts_meet(&matcher, left[i], right[i], &both[i]);
        if (meeting == MEETING_NONE) return MEETING_NONE;
        all_known &= meeting == MEETING_KNOWN;
        if (!all_known) continue;
        if (i > 0) strbuf_add_byte(&text, ':');
        strbuf_add(&text, both[i]);
    }
    if (!all_known || !is_sure(a, b, strbuf_str(&text))) return MEETING_UNKNOWN;
    *ret_both = strbuf_str(&text);
    return MEETING_KNOWN;
}

// --- actions ---

static StrVec names_of(Arena *arena, ActionSet set) {
    StrVec names = {0};
    for (ActionId action = 0; action_set_next(set, &action); action++)
        VEC_PUSH(arena, &names, action_text(action));
    str_sort(names.items, names.count);
    return names;
}

static void report_divided(const Narrowing *narrowing, const Grant *grant) {
    const ChosenStatement *chosen = &narrowing->selection->statements.items[grant->statement];
    Diagnostic *d =
        diag_report(narrowing->diags, MSG_WILDCARD_DIVIDED, chosen->asked,
                    "'%.*s' of '%.*s' is divided: what is narrowed by name, the rest by other "
                    "wildcards and names",
                    STR_ARG(grant->action), STR_ARG(node_text(NODE_GET(chosen->node, "sid"))));
    diag_note(narrowing->diags, d, grant->origin.given,
              "some of what it matches is narrowed, and some is not");
}

// Appends to the parts what of a grant's wildcard a shorter list writes as `wildcard`; where this
// could match one day what the grant never would, its actions.
static void add_part(Arena *arena, Str granted, Str wildcard, StrVec *parts) {
    ActionMatches matches;
    ActionId action = 0;
    if (action_covers(arena, granted, wildcard)) {
        VEC_PUSH(arena, parts, wildcard);
        return;
    }
    catalogue_match(wildcard, &matches);
    while (catalogue_next(&matches, &action)) VEC_PUSH(arena, parts, action_text(action));
}

static void write_rest(Narrowing *narrowing, Str granted, ActionSet rest, StrVec *parts) {
    static const ConditionVec none = {0};
    StrVec made = {0};
    Statement statement = {.actions = names_of(narrowing->arena, rest), .conditions = &none};
    statement_shorten(narrowing->arena, &statement, &made);
    for (size_t i = 0; i < statement.actions.count; i++)
        add_part(narrowing->arena, granted, statement.actions.items[i], parts);
}

// The rest of a wildcard that grants have is the same for all of them.
static const StrVec *rest_of(Narrowing *narrowing, Str granted, ActionSet rest) {
    uint32_t place = (uint32_t)narrowing->divided.count;
    if (!strmap_get(&narrowing->rests, granted, &place)) {
        VEC_PUSH(narrowing->arena, &narrowing->divided, (Rest){0});
        strmap_set(narrowing->arena, &narrowing->rests, granted, place);
        write_rest(narrowing, granted, rest, &narrowing->divided.items[place].parts);
    }
    return &narrowing->divided.items[place].parts;
}

static void keep_rest(Narrowing *narrowing, const Grant *grant, ActionSet rest) {
    const StrVec *parts = rest_of(narrowing, grant->action, rest);
    for (size_t i = 0; i < parts->count; i++) {
        Grant part = *grant;
        part.action = parts->items[i];
        narrowing_keep(narrowing, &part);
    }
    report_divided(narrowing, grant);
}

bool pattern_has_any(Str pattern, ActionSet actions) {
    ActionMatches matches;
    ActionId action = 0;
    catalogue_match(pattern, &matches);
    while (catalogue_next(&matches, &action)) {
        if (action_set_has(actions, action)) return true;
    }
    return false;
}

void narrowing_divide(Narrowing *narrowing, const Grant *grant, ActionSet actions,
                      void (*narrow)(Narrowing *narrowing, const Grant *grant, ActionId action)) {
    ActionMatches matches;
    ActionId action = 0;
    if (!pattern_has_any(grant->action, actions)) {
        narrowing_keep(narrowing, grant);
        return;
    }
    action_set_clear(narrowing->granted);
    catalogue_match(grant->action, &matches);
    while (catalogue_next(&matches, &action)) {
        Grant part = *grant;
        part.action = action_text(action);
        if (action_set_has(actions, action))
            narrow(narrowing, &part, action);
        else
            action_set_add(narrowing->granted, action);
    }
    if (!action_set_is_empty(narrowing->granted)) keep_rest(narrowing, grant, narrowing->granted);
}
