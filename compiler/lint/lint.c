#include "lint/lint.h"

#include "base/nearest.h"
#include "import/unread.h"
#include "lint/check.h"
#include "lint/condition.h"
#include "model/arn.h"

enum { WORD = 64, FOUND_WORDS = (MESSAGE_COUNT + WORD - 1) / WORD };

// STEPS are a thousand times what a policy within the quotas of IAM needs. The manifests of a file
// have STEPS_IN_SUM: enough for 1,000 restricted accounts, or 5,000 different ones with
// `permissions: full`.
enum { STEPS = 1 << 24, STEPS_IN_SUM = 3 * STEPS, NAME_STEP = 4 };

// What was found in a thing, but not what was found in the things around it.
typedef struct Found {
    uint64_t bits[FOUND_WORDS];
} Found;

struct Lint {
    Arena *arena;  // of the whole run
    Arena scratch; // of the check that is running
    Diags *diags;
    LintConfig *config;  // or NULL
    const Check *checks; // sorted by subject, else in the order of their rows
    size_t first[SUBJECT_COUNT + 1];
    const Check *running;
    const DocumentStatement *statement; // that is looked at, or NULL
    Found found[SUBJECT_COUNT];         // by the subject that it was found in
    const DocumentStatement *expanded;
    ActionSet actions; // of `expanded`
    ArnForms *forms;   // or NULL: not asked for yet
    const DocumentStatement *reaching;
    Reach reach; // of `reaching`
    ConditionCache conditions;
    size_t steps;    // that may still be spent
    bool is_stopped; // they were too few
};

// All that can stand in a statement is on one level.
static Subject level_of(Subject subject) {
    return subject > SUBJECT_ACTION ? SUBJECT_ACTION : subject;
}

static bool is_found(const Lint *lint, MessageId id, Subject level) {
    for (unsigned i = 0; i <= level; i++) {
        if ((lint->found[i].bits[id / WORD] >> id % WORD & 1) != 0) return true;
    }
    return false;
}

static bool may_run(const Lint *lint, const Check *check, const Unit *unit) {
    if (unit->document != NULL && (check->kinds & 1u << unit->document->kind) == 0) return false;
    for (const MessageId *need = check->needs; *need != MESSAGE_COUNT; need++) {
        if (is_found(lint, *need, level_of(check->subject))) return false;
    }
    return true;
}

static void look_at(Lint *lint, Subject subject, const Unit *unit) {
    lint->found[level_of(subject)] = (Found){{0}};
    lint->statement = unit->statement;
    for (size_t i = lint->first[subject]; i < lint->first[subject + 1]; i++) {
        lint->running = &lint->checks[i];
        if (!may_run(lint, lint->running, unit)) continue;
        lint->running->look(lint, unit);
        arena_reset(&lint->scratch);
    }
}

static void look_in_statement(Lint *lint, Unit unit) {
    const DocumentStatement *s = unit.statement;
    Unit part = unit;
    for (size_t i = 0; i < s->actions.count; i++) {
        part.action = &s->actions.items[i];
        look_at(lint, SUBJECT_ACTION, &part);
    }
    part = unit;
    for (size_t i = 0; i < s->resources.count; i++) {
        part.resource = &s->resources.items[i];
        look_at(lint, SUBJECT_RESOURCE, &part);
    }
    part = unit;
    for (size_t i = 0; i < s->principals.count; i++) {
        part.principal = &s->principals.items[i];
        look_at(lint, SUBJECT_PRINCIPAL, &part);
    }
    part = unit;
    for (size_t i = 0; i < s->conditions.count; i++) {
        part.condition = &s->conditions.items[i];
        look_at(lint, SUBJECT_CONDITION, &part);
    }
}

static void look_in_role(Lint *lint, const RoleDocuments *role) {
    Unit unit = {.role = role};
    look_at(lint, SUBJECT_ROLE, &unit);
    for (size_t i = 0; i < role->documents.count; i++) {
        unit.document = &role->documents.items[i];
        unit.statement = NULL;
        look_at(lint, SUBJECT_DOCUMENT, &unit);
        for (size_t k = 0; k < unit.document->statements.count; k++) {
            unit.statement = &unit.document->statements.items[k];
            look_at(lint, SUBJECT_STATEMENT, &unit);
            look_in_statement(lint, unit);
        }
    }
}

// The checks by subject, so that looking at a thing walks over its own checks only.
static void sort_checks(Lint *lint) {
    size_t count, at = 0;
    const Check *rows = lint_checks(&count);
    Check *sorted = ARENA_ARRAY(lint->arena, Check, count);
    for (unsigned subject = 0; subject < SUBJECT_COUNT; subject++) {
        lint->first[subject] = at;
        for (size_t i = 0; i < count; i++) {
            if (rows[i].subject == subject) sorted[at++] = rows[i];
        }
    }
    lint->first[SUBJECT_COUNT] = at;
    lint->checks = sorted;
}

// What was not looked for may be there, so that nothing found is no good sign.
static void report_stop(const Lint *lint, const RoleDocuments *role) {
    Span span = role->documents.count > 0 ? role->documents.items[0].span : role->span;
    diag_report(lint->diags, MSG_POLICY_TOO_COSTLY, span,
                "not all checks were made: they would take more steps than spotc allows");
}

// What may be spent on the roles that come now.
static size_t steps_left(const LintConfig *config) {
    size_t left = config == NULL ? STEPS : STEPS_IN_SUM - config->spent;
    return left < STEPS ? left : STEPS;
}

void lint_roles(Arena *arena, Diags *diags, const RoleDocumentsVec *roles, LintConfig *config) {
    Lint lint = {.arena = arena,
                 .diags = diags,
                 .config = config,
                 .actions = action_set_new(arena),
                 .steps = steps_left(config)};
    size_t steps = lint.steps;
    if (steps == 0) return; // that not all was judged has been said
    arena_init(&lint.scratch, arena->exhausted, arena->context);
    sort_checks(&lint);
    for (size_t i = 0; i < roles->count; i++) {
        bool was_stopped = lint.is_stopped;
        look_in_role(&lint, &roles->items[i]);
        if (lint.is_stopped && !was_stopped) report_stop(&lint, &roles->items[i]);
    }
    if (config != NULL) config->spent += steps - lint.steps;
    arena_free(&lint.scratch);
}

Arena *lint_arena(Lint *lint) {
    return &lint->scratch;
}

Arena *lint_cache_arena(const Lint *lint) {
    return lint->arena;
}

ConditionCache *lint_condition_cache(Lint *lint) {
    return &lint->conditions;
}

Diags *lint_diags(const Lint *lint) {
    return lint->diags;
}

// Puts what the configuration accepts, or NULL, in force. Returns how many were before.
static size_t accept(Diags *diags, MessageId id, const AcceptedFinding *accepted) {
    size_t in_force = diags->acknowledgements.count;
    if (accepted != NULL) {
        Acknowledgement entry = {.id = id, .reason = accepted->reason, .span = accepted->span};
        VEC_PUSH(diags->arena, &diags->acknowledgements, entry);
    }
    return in_force;
}

void lint_unread(Arena *arena, Diags *diags, const UnreadVec *unread, LintConfig *config) {
    if (unread->count == 0) return;
    const AcceptedFinding *accepted = lint_config_find(
        arena, config, MSG_NOT_JUDGED_WHOLE, unread->items[0].span.source->name, (Str){0});
    size_t in_force = accept(diags, MSG_NOT_JUDGED_WHOLE, accepted);
    unread_report(diags, unread);
    diags->acknowledgements.count = in_force;
}

// How many messages of a place's source the cap kept back; SIZE_MAX where it has none yet.
static size_t hidden_of(const Diags *diags, Span span) {
    uint32_t index = 0;
    size_t hidden = 0;
    if (!strmap_get(&diags->sources, source_identity(&span.source), &index)) return SIZE_MAX;
    for (unsigned i = 0; i < COUNT_KINDS; i++) hidden += diags->counts.items[index].hidden[i];
    return hidden;
}

// A fleet repeats a finding as often as it has manifests. What is neither shown nor kept back is a
// repeat, of which nothing stays but the room it took.
static Diagnostic *report_once(Diags *diags, MessageId id, Span span, Str text) {
    size_t hidden = hidden_of(diags, span);
    ArenaMark mark = arena_mark(diags->arena);
    Diagnostic *d = diag_report(diags, id, span, "%.*s", STR_ARG(text));
    if (d == NULL && hidden_of(diags, span) == hidden) arena_rewind(diags->arena, mark);
    return d;
}

// Reports with what the configuration accepts in force.
static Diagnostic *report(Lint *lint, Span span, Str sid, Str text) {
    MessageId id = lint->running->id;
    Diags *diags = lint->diags;
    const AcceptedFinding *accepted = NULL;
    if (lint->config != NULL && span.source != NULL)
        accepted = lint_config_find(&lint->scratch, lint->config, id, span.source->name, sid);
    size_t in_force = accept(diags, id, accepted);
    Diagnostic *d = report_once(diags, id, span, text);
    diags->acknowledgements.count = in_force;
    return d;
}

// What was compiled has no tree of its own.
static bool is_compiled(const DocumentStatement *statement) {
    return statement != NULL && !node_exists(statement->node);
}

static Diagnostic *report_in(Lint *lint, const DocumentStatement *statement, Span span, Str text) {
    const Check *check = lint->running;
    Str sid = statement == NULL ? (Str){0} : statement->sid.text;
    lint->found[level_of(check->subject)].bits[check->id / WORD] |= (uint64_t)1 << check->id % WORD;
    if (!is_compiled(statement)) return report(lint, span, sid, text);
    Diagnostic *d = report(lint, statement->span, sid, text);
    if (sid.length == 0)
        diag_note(lint->diags, d, span, "it comes from here");
    else
        diag_note(lint->diags, d, span, "it comes from here, in statement '%.*s'", STR_ARG(sid));
    return d;
}

Diagnostic *lint_report(Lint *lint, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = str_vformat(&lint->scratch, format, args);
    va_end(args);
    return report_in(lint, lint->statement, span, text);
}

Diagnostic *lint_report_in(Lint *lint, const DocumentStatement *statement, Span span,
                           const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = str_vformat(&lint->scratch, format, args);
    va_end(args);
    return report_in(lint, statement, span, text);
}

bool lint_spend(Lint *lint, size_t steps) {
    // The last step is not for spending: none are left only where that has been said.
    bool enough = steps < lint->steps;
    lint->steps = enough ? lint->steps - steps : 0;
    lint->is_stopped |= !enough;
    return enough;
}

Str lint_nearest(Lint *lint, Str name, const StrVec *choices) {
    bool affordable = lint_spend(lint, choices->count * (1 + name.length / NAME_STEP));
    return affordable ? nearest_name(name, choices->items, choices->count) : (Str){0};
}

ArnForms *lint_arn_forms(Lint *lint) {
    if (lint->forms == NULL) {
        lint->forms = ARENA_NEW(lint->arena, ArnForms);
        arn_forms_init(lint->forms, lint->arena, &lint->scratch);
    }
    return lint->forms;
}

const Reach *lint_reach(Lint *lint, const DocumentStatement *statement) {
    if (lint->reaching != statement) {
        lint->reaching = statement;
        lint->reach = statement_reach(lint_arn_forms(lint), statement);
    }
    return &lint->reach;
}

bool lint_may_match(Lint *lint, Str pattern) {
    return lint_spend(lint, catalogue_match_cost(pattern));
}

ActionSet lint_actions(Lint *lint, const DocumentStatement *statement) {
    if (lint->expanded == statement) return lint->actions;
    lint->expanded = statement;
    action_set_clear(lint->actions);
    bool all = true;
    for (size_t i = 0; i < statement->actions.count && all; i++) {
        all = lint_may_match(lint, statement->actions.items[i].text);
        if (all) action_set_add_pattern(lint->actions, statement->actions.items[i].text);
    }
    if (statement->not_action) action_set_complement(lint->actions);
    if (!all) action_set_clear(lint->actions);
    return lint->actions;
}
