// Ways by which a role gets more rights than its policies give: rows of schema/iam/escalations.tsv.
// A way is open where each of its steps is allowed by a statement of the role, and denied by none.
#include "base/map.h"
#include "base/wildcard.h"
#include "lint/breadth.h"
#include "lint/check.h"
#include "lint/entries.h"
#include "lint/met.h"
#include "lint/symbolic.h"
#include "model/embedded.h"
#include "model/operator.h"

// An action on any resource of a type: "iam:PassRole@role?iam:PassedToService=ec2.amazonaws.com".
typedef struct Step {
    Str action;
    ActionId id;
    bool is_known;       // whether the catalogue has it, as `id`
    Str key, value;      // of the condition that it must pass, or empty
    ExampleVec examples; // of what it must reach
    bool denied;
    const DocumentStatement *statement; // the first that allows it, or NULL
    Span span;                          // of the action there
} Step;

typedef struct Steps {
    VEC(Step) items;
    StrMap indexes; // as written in the table
    // Of the statement that is looked at, for each step:
    const Item **matched; // the action that matches it, or NULL
    bool *taken;          // whether its Resource or NotResource takes in all that the step reaches
    bool *left_out;       // whether its NotResource does, as it may be filled in later
} Steps;

static Node escalation_rows(void) {
    return embedded_root(STR("schema/iam/escalations.tsv"));
}

// Takes the word that begins at *at; false at the end of the text.
static bool next_word(Str text, size_t *at, Str *ret_word) {
    if (*at >= text.length) return false;
    size_t end = str_find_byte(text, ' ', *at);
    *ret_word = str_slice(text, *at, end);
    *at = end + 1;
    return true;
}

static Step parse_step(Arena *arena, Str text) {
    size_t query = str_find_byte(text, '?', 0), equals = str_find_byte(text, '=', query);
    Str head = str_slice(text, 0, query);
    size_t at = str_find_byte(head, '@', 0);
    Str action = str_slice(head, 0, at), type = str_slice(head, at + 1, head.length);
    ActionId id = 0;
    bool is_known = catalogue_find_action(action, &id);
    return (Step){.action = action,
                  .id = id,
                  .is_known = is_known,
                  .key = str_slice(text, query + 1, equals),
                  .value = str_slice(text, equals + 1, text.length),
                  .examples = examples_of(arena, action, type)};
}

static void add_steps(Arena *arena, Steps *steps, Str words) {
    Str word;
    for (size_t at = 0; next_word(words, &at, &word);) {
        uint32_t index;
        if (strmap_get(&steps->indexes, word, &index)) continue;
        strmap_set(arena, &steps->indexes, word, (uint32_t)steps->items.count);
        VEC_PUSH(arena, &steps->items, parse_step(arena, word));
    }
}

static const Step *find_step(const Steps *steps, Str word) {
    uint32_t index = 0;
    strmap_get(&steps->indexes, word, &index);
    return &steps->items.items[index];
}

// --- what a statement says of the steps ---

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// Settles nearly all pairs of a pattern and an action without looking further.
static bool may_match(Str pattern, Str action) {
    for (size_t i = 0; i < pattern.length && i < action.length; i++) {
        char c = pattern.data[i];
        if (c == '*' || c == '?') return true;
        if (lower(c) != lower(action.data[i])) return false;
    }
    return true;
}

static void match_steps(Steps *steps, const DocumentStatement *statement) {
    for (size_t k = 0; k < steps->items.count; k++) steps->matched[k] = NULL;
    for (size_t i = 0; i < statement->actions.count; i++) {
        const Item *item = &statement->actions.items[i];
        Wildcard wildcard;
        bool ready = false;
        for (size_t k = 0; k < steps->items.count; k++) {
            Str action = steps->items.items[k].action;
            if (steps->matched[k] != NULL || !may_match(item->text, action)) continue;
            if (!ready) wildcard_init(&wildcard, item->text);
            ready = true;
            if (wildcard_matches(&wildcard, action)) steps->matched[k] = item;
        }
    }
}

static void take_steps(Arena *arena, Steps *steps, const DocumentStatement *statement) {
    for (size_t k = 0; k < steps->items.count; k++) steps->taken[k] = false;
    for (size_t i = 0; i < statement->resources.count; i++) {
        Breadth breadth;
        if (!breadth_of(arena, statement->resources.items[i].text, &breadth)) continue;
        for (size_t k = 0; k < steps->items.count; k++)
            steps->taken[k] |= breadth_takes(&breadth, &steps->items.items[k].examples);
    }
}

static void leave_entry_out(Arena *arena, Steps *steps, Str entry) {
    for (unsigned colons = 0; colons <= BREADTH_COLONS; colons++) {
        ArenaMark mark = arena_mark(arena);
        Breadth breadth;
        bool is_arn = breadth_filled_in(arena, entry, colons, &breadth);
        for (size_t k = 0; is_arn && k < steps->items.count; k++)
            steps->left_out[k] =
                steps->left_out[k] || breadth_takes(&breadth, &steps->items.items[k].examples);
        arena_rewind(arena, mark);
    }
}

// What a NotResource may leave out once it is filled in.
static void leave_steps_out(Arena *arena, Steps *steps, const DocumentStatement *statement) {
    for (size_t k = 0; k < steps->items.count; k++) steps->left_out[k] = false;
    for (size_t i = 0; statement->not_resource && i < statement->resources.count; i++) {
        Str text = statement->resources.items[i].text;
        if (is_symbolic(text)) leave_entry_out(arena, steps, text);
    }
}

static bool value_takes(const Operator *operator, Str value, Str text) {
    if (!operator->wildcards) return str_equal_ignoring_case(value, text);
    Wildcard wildcard;
    wildcard_init(&wildcard, value);
    return text.length <= WILDCARD_LONGEST_TEXT && wildcard_matches(&wildcard, text);
}

// Whether a request whose key has `text` passes. What is filled in later is taken to keep it out.
static bool condition_passes(const DocumentCondition *condition, Str text) {
    Operator operator;
    if (!operator_parse(condition->operator.text, &operator)) return false;
    bool taken = false, unknown = false;
    for (size_t i = 0; i < condition->values.count; i++) {
        Str value = condition->values.items[i].text;
        unknown |= str_find(value, STR("${"), 0) < value.length;
        taken |= value_takes(&operator, value, text);
    }
    if (operator.comparison == COMPARE_ABSENT)
        return !value_takes(&operator, condition->values.items[0].text, STR("true"));
    return operator.negated ? !taken && !unknown : taken;
}

// Conditions that the role meets whatever it does.
static bool is_harmless(Str key) {
    NODE_EACH(row, embedded_root(STR("schema/iam/escalation-conditions.tsv"))) {
        if (str_equal_ignoring_case(key, node_text(NODE_GET(row, "key")))) return true;
    }
    return false;
}

// Whether the holder of the role meets a condition whatever it does for this step.
static bool is_met_anyway(Lint *lint, const DocumentCondition *condition, const Step *step) {
    return is_harmless(condition->key.text) ||
           (step->is_known && !condition_narrows(lint, condition, step->id));
}

static bool conditions_pass(Lint *lint, const DocumentStatement *statement, const Step *step) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        bool is_own = step->key.length != 0 &&
                      str_equal_ignoring_case(condition->key.text, step->key) &&
                      condition->values.count != 0;
        if (!(is_own ? condition_passes(condition, step->value)
                     : is_met_anyway(lint, condition, step)))
            return false;
    }
    return true;
}

static bool any_symbolic(const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++) {
        if (is_symbolic(items->items[i].text)) return true;
    }
    return false;
}

// Whether what is filled in later may leave nothing over of a NotAction.
static bool may_be_empty(const DocumentStatement *statement) {
    return statement->not_action && any_symbolic(&statement->actions);
}

static void apply_allow(Lint *lint, Step *step, const DocumentStatement *statement,
                        const Item *action) {
    if (step->statement != NULL || !conditions_pass(lint, statement, step)) return;
    step->statement = statement;
    step->span = action != NULL ? action->span : statement->span;
}

static bool any_decided(const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++) {
        if (items->items[i].when != NULL) return true;
    }
    return false;
}

// Whether a template's conditions, those of the statement, what could not be read of the document,
// or what is filled in later into a NotAction may leave it, or a part of it, out.
static bool is_certain(const Document *document, const DocumentStatement *statement) {
    return document->when == NULL && statement->when == NULL && statement->conditions.count == 0 &&
           !node_exists(document->bad) && !any_decided(&statement->actions) &&
           !any_decided(&statement->resources) && !may_be_empty(statement);
}

static void apply_statement(Lint *lint, Steps *steps, const Document *document,
                            const DocumentStatement *statement) {
    if (statement->effect == EFFECT_ALLOW && may_be_empty(statement)) return;
    match_steps(steps, statement);
    take_steps(lint_arena(lint), steps, statement);
    leave_steps_out(lint_arena(lint), steps, statement);
    bool certain = is_certain(document, statement);
    for (size_t k = 0; k < steps->items.count; k++) {
        Step *step = &steps->items.items[k];
        const Item *action = steps->matched[k];
        if ((action != NULL) == statement->not_action) continue;
        if (steps->taken[k] == statement->not_resource || steps->left_out[k]) continue;
        if (statement->effect == EFFECT_ALLOW)
            apply_allow(lint, step, statement, action);
        else
            step->denied |= certain;
    }
}

static Steps steps_of_role(Lint *lint, const RoleDocuments *role) {
    Arena *arena = lint_arena(lint);
    Steps steps = {0};
    NODE_EACH(row, escalation_rows()) {
        add_steps(arena, &steps, node_text(NODE_GET(row, "needs")));
        add_steps(arena, &steps, node_text(NODE_GET(row, "unless")));
    }
    steps.matched = ARENA_ARRAY(arena, const Item *, steps.items.count);
    steps.taken = ARENA_ARRAY(arena, bool, steps.items.count);
    steps.left_out = ARENA_ARRAY(arena, bool, steps.items.count);
    for (size_t i = 0; i < role->documents.count; i++) {
        const Document *document = &role->documents.items[i];
        if (document->kind != DOCUMENT_IDENTITY) continue;
        for (size_t k = 0; k < document->statements.count; k++)
            apply_statement(lint, &steps, document, &document->statements.items[k]);
    }
    return steps;
}

// --- what follows for a way ---

static bool is_open(const Step *step) {
    return step->statement != NULL && !step->denied;
}

static bool is_way_open(const Steps *steps, Node row) {
    Str word;
    Str needs = node_text(NODE_GET(row, "needs")), unless = node_text(NODE_GET(row, "unless"));
    for (size_t at = 0; next_word(needs, &at, &word);) {
        if (!is_open(find_step(steps, word))) return false;
    }
    for (size_t at = 0; next_word(unless, &at, &word);) {
        if (is_open(find_step(steps, word))) return false;
    }
    return true;
}

static Str actions_of(Arena *arena, const Steps *steps, Str needs) {
    StrBuf out = strbuf_new(arena);
    Str word;
    for (size_t at = 0; next_word(needs, &at, &word);) {
        if (out.length != 0) strbuf_add(&out, STR(", "));
        strbuf_add(&out, find_step(steps, word)->action);
    }
    return strbuf_str(&out);
}

static void note_steps(Lint *lint, Diagnostic *d, const Steps *steps, Str needs) {
    size_t at = 0;
    Str word;
    next_word(needs, &at, &word);
    while (next_word(needs, &at, &word)) {
        const Step *step = find_step(steps, word);
        diag_note(lint_diags(lint), d, step->span, "%.*s is allowed here", STR_ARG(step->action));
    }
}

// "rewrite a managed policy (iam:CreatePolicyVersion)"
static Str way_text(Arena *arena, const Steps *steps, Node row) {
    Str title = node_text(NODE_GET(row, "title"));
    Str actions = actions_of(arena, steps, node_text(NODE_GET(row, "needs")));
    return str_format(arena, "%.*s (%.*s)", STR_ARG(title), STR_ARG(actions));
}

static const Step *first_step(const Steps *steps, Node row) {
    size_t at = 0;
    Str first = {0};
    next_word(node_text(NODE_GET(row, "needs")), &at, &first);
    return find_step(steps, first);
}

// Ways that begin with one entry of Action are one fault: the entry allows too much.
typedef struct Ways {
    const Step *first;
    VEC(Node) rows; // in the order of the table
} Ways;

typedef VEC(Ways) WaysVec;

static bool is_same_place(Span a, Span b) {
    return a.source == b.source && a.begin == b.begin && a.end == b.end;
}

static Ways *ways_from(Arena *arena, WaysVec *groups, const Step *first) {
    for (size_t i = 0; i < groups->count; i++) {
        Ways *ways = &groups->items[i];
        if (ways->first->statement == first->statement &&
            is_same_place(ways->first->span, first->span))
            return ways;
    }
    VEC_PUSH(arena, groups, ((Ways){.first = first}));
    return &groups->items[groups->count - 1];
}

static WaysVec open_ways(Arena *arena, const Steps *steps) {
    WaysVec groups = {0};
    NODE_EACH(row, escalation_rows()) {
        if (!is_way_open(steps, row)) continue;
        Ways *ways = ways_from(arena, &groups, first_step(steps, row));
        VEC_PUSH(arena, &ways->rows, row);
    }
    return groups;
}

static Diagnostic *report_first(Lint *lint, const Steps *steps, const Ways *ways) {
    Str way = way_text(lint_arena(lint), steps, ways->rows.items[0]);
    const Step *first = ways->first;
    if (ways->rows.count == 1)
        return lint_report_in(lint, first->statement, first->span,
                              "a way to more rights: whoever holds this can %.*s", STR_ARG(way));
    return lint_report_in(lint, first->statement, first->span,
                          "%zu ways to more rights: whoever holds this can %.*s", ways->rows.count,
                          STR_ARG(way));
}

static void report_ways(Lint *lint, const Steps *steps, const Ways *ways,
                        const RoleDocuments *role) {
    Node row = ways->rows.items[0];
    Str reason = node_text(NODE_GET(row, "reason")), instead = node_text(NODE_GET(row, "instead"));
    Diagnostic *d = report_first(lint, steps, ways);
    note_steps(lint, d, steps, node_text(NODE_GET(row, "needs")));
    diag_note(lint_diags(lint), d, NO_SPAN, "%.*s", STR_ARG(reason));
    diag_note(lint_diags(lint), d, NO_SPAN, "instead: %.*s", STR_ARG(instead));
    for (size_t i = 1; i < ways->rows.count; i++) {
        Str way = way_text(lint_arena(lint), steps, ways->rows.items[i]);
        diag_note(lint_diags(lint), d, NO_SPAN, "or can %.*s", STR_ARG(way));
    }
    if (role->boundary.text.length != 0)
        diag_note(lint_diags(lint), d, role->boundary.span,
                  "the role's permissions boundary may prevent it: what that allows is not known "
                  "here");
}

static bool is_met_by_role(Lint *lint, const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        if (!is_harmless(condition->key.text) && !condition_is_always_met(lint, condition))
            return false;
    }
    return true;
}

// Whoever may do all there is cannot get more: all-actions says so.
static bool allows_all(Lint *lint, const DocumentStatement *statement) {
    return statement->effect == EFFECT_ALLOW && !statement->not_action &&
           !statement->not_resource && every_action_of(statement) != NULL &&
           has_every_resource(lint_arena(lint), statement) && is_met_by_role(lint, statement);
}

static bool is_administrator(Lint *lint, const RoleDocuments *role) {
    for (size_t i = 0; i < role->documents.count; i++) {
        const Document *document = &role->documents.items[i];
        if (document->kind != DOCUMENT_IDENTITY) continue;
        for (size_t k = 0; k < document->statements.count; k++) {
            if (allows_all(lint, &document->statements.items[k])) return true;
        }
    }
    return false;
}

void check_escalation(Lint *lint, const Unit *unit) {
    if (is_administrator(lint, unit->role)) return;
    Steps steps = steps_of_role(lint, unit->role);
    WaysVec groups = open_ways(lint_arena(lint), &steps);
    for (size_t i = 0; i < groups.count; i++)
        report_ways(lint, &steps, &groups.items[i], unit->role);
}
