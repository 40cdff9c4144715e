#include "policy/evaluate.h"

#include "base/map.h"
#include "base/wildcard.h"
#include "policy/evaluate_condition.h"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

// The last character, and what stands before the first wildcard, settle most pairs.
static bool action_matches(Str pattern, Str action) {
    Wildcard wildcard;
    size_t head = 0;
    if (pattern.length == 0 || action.length == 0) return false; // neither is an action
    char last = pattern.data[pattern.length - 1];
    if (!is_wildcard(last) && lower(last) != lower(action.data[action.length - 1])) return false;
    while (head < pattern.length && !is_wildcard(pattern.data[head])) {
        if (head == action.length || lower(pattern.data[head]) != lower(action.data[head]))
            return false;
        head++;
    }
    if (head == pattern.length) return head == action.length;
    if (action.length > WILDCARD_LONGEST_TEXT) return false;
    wildcard_init(&wildcard, str_slice(pattern, head, pattern.length));
    return wildcard_matches(&wildcard, str_slice(action, head, action.length));
}

bool statement_has_action(const DocumentStatement *statement, Str action, const Item **ret_action) {
    const Item *found = NULL;
    for (size_t i = 0; i < statement->actions.count && found == NULL; i++) {
        if (action_matches(statement->actions.items[i].text, action))
            found = &statement->actions.items[i];
    }
    *ret_action = statement->not_action ? NULL : found;
    return (found != NULL) != statement->not_action;
}

static Str lower_copy(Arena *arena, Str text) {
    char *bytes = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++) bytes[i] = lower(text.data[i]);
    return (Str){bytes, text.length};
}

// Appends the names that are not there yet; `seen` has those that are.
static void add_names(Arena *arena, const StrVec *names, StrMap *seen, StrVec *ret_names) {
    for (size_t i = 0; i < names->count; i++) {
        if (strmap_set(arena, seen, lower_copy(arena, names->items[i]), 0))
            VEC_PUSH(arena, ret_names, names->items[i]);
    }
}

// Whether the statement's Resource, or NotResource, has the request's; and which pattern of it.
static Truth judge_resources(const Judge *judge, Judged *judged) {
    const DocumentStatement *statement = judged->statement;
    Str resource = judge->request->resource;
    size_t mark = judge->noted->count;
    Truth any = TRUTH_NO;
    for (size_t i = 0; i < statement->resources.count && any != TRUTH_YES; i++) {
        const Item *pattern = &statement->resources.items[i];
        Truth one = resource_matches(judge, pattern->text, statement->not_resource);
        if (one > any) judged->resource = pattern;
        any = truth_or(any, one);
    }
    if (any != TRUTH_UNKNOWN) judge->noted->count = mark;
    judged->depends.resource = any == TRUTH_UNKNOWN && resource.length == 0;
    if (!statement->not_resource) return any;
    judged->resource = NULL;
    return truth_not(any);
}

static Truth judge_conditions(const Judge *judge, Judged *judged) {
    const DocumentStatement *statement = judged->statement;
    Truth all = TRUTH_YES;
    for (size_t i = 0; i < statement->conditions.count && all != TRUTH_NO; i++) {
        all = truth_and(all, condition_holds(judge, &statement->conditions.items[i]));
        if (all == TRUTH_NO) judged->failed = &statement->conditions.items[i];
    }
    return all;
}

static void judge_statement(Arena *arena, const Request *request, Judged *judged) {
    StrVec noted = {0};
    StrMap seen = {0};
    Judge judge = {.arena = arena, .request = request, .noted = &noted};
    judged->applies = judge_resources(&judge, judged);
    if (judged->applies != TRUTH_NO)
        judged->applies = truth_and(judged->applies, judge_conditions(&judge, judged));
    if (judged->applies == TRUTH_UNKNOWN)
        add_names(arena, &noted, &seen, &judged->depends.keys);
    else
        judged->depends.resource = false;
}

static void judge_document(Arena *arena, const Document *document, const Request *request,
                           JudgedVec *ret_judged) {
    for (size_t i = 0; i < document->statements.count; i++) {
        Judged judged = {.document = document, .statement = &document->statements.items[i]};
        if (!statement_has_action(judged.statement, request->action, &judged.action)) continue;
        judge_statement(arena, request, &judged);
        VEC_PUSH(arena, ret_judged, judged);
    }
}

// The strongest answer of the statements of one effect.
static Truth strongest(const JudgedVec *judged, Effect effect) {
    Truth truth = TRUTH_NO;
    for (size_t i = 0; i < judged->count; i++) {
        if (judged->items[i].statement->effect == effect)
            truth = truth_or(truth, judged->items[i].applies);
    }
    return truth;
}

// What the undecided statements depend on; of Allows only where none applies for sure.
static Dependence collect(Arena *arena, const JudgedVec *judged, bool allows) {
    Dependence all = {0};
    StrMap seen = {0};
    for (size_t i = 0; i < judged->count; i++) {
        const Judged *one = &judged->items[i];
        if (one->applies != TRUTH_UNKNOWN) continue;
        if (one->statement->effect == EFFECT_ALLOW && !allows) continue;
        all.resource |= one->depends.resource;
        add_names(arena, &one->depends.keys, &seen, &all.keys);
    }
    return all;
}

Evaluation evaluate(Arena *arena, const DocumentVec *documents, const Request *request) {
    Evaluation result = {0};
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->items[i].kind == DOCUMENT_IDENTITY)
            judge_document(arena, &documents->items[i], request, &result.judged);
    }
    Truth allow = strongest(&result.judged, EFFECT_ALLOW);
    Truth deny = strongest(&result.judged, EFFECT_DENY);
    result.allowed = truth_and(allow, truth_not(deny));
    result.by_deny = deny == TRUTH_YES || (allow != TRUTH_NO && deny == TRUTH_UNKNOWN);
    if (result.allowed == TRUTH_UNKNOWN)
        result.depends = collect(arena, &result.judged, allow == TRUTH_UNKNOWN);
    return result;
}
