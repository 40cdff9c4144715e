// What a check is given, and how it reports. A Lint lives for one lint_roles; the texts of a Unit
// belong to the documents.
#ifndef SPOTC_LINT_CHECK_H
#define SPOTC_LINT_CHECK_H

#include "lint/lint.h"
#include "lint/reach.h"
#include "policy/expand.h"

// What a check looks at, from the outside in: each role, each of its documents, each statement, and
// in it each action, resource, principal and condition.
typedef enum Subject {
    SUBJECT_ROLE,
    SUBJECT_DOCUMENT,
    SUBJECT_STATEMENT,
    SUBJECT_ACTION,    // one entry of Action or NotAction
    SUBJECT_RESOURCE,  // one entry of Resource or NotResource
    SUBJECT_PRINCIPAL, // one kind of principal with its ids
    SUBJECT_CONDITION, // one operator, key and values
    SUBJECT_COUNT
} Subject;

// In which kinds of documents it makes sense: a set of 1u << DocumentKind. Checks of roles see all.
typedef enum Kinds {
    IN_IDENTITY = 1u << DOCUMENT_IDENTITY,
    IN_TRUST = 1u << DOCUMENT_TRUST,
    IN_RESOURCE = 1u << DOCUMENT_RESOURCE,
    IN_ALL = IN_IDENTITY | IN_TRUST | IN_RESOURCE,
} Kinds;

// The thing that is looked at, and what it is in; what is further in is NULL.
typedef struct Unit {
    const RoleDocuments *role;
    const Document *document;
    const DocumentStatement *statement;
    const Item *action;
    const Item *resource;
    const Principal *principal;
    const DocumentCondition *condition;
} Unit;

typedef struct Lint Lint;

// Looks at `unit` and reports by lint_report.
typedef void Look(Lint *lint, const Unit *unit);

// Each check's function, as its row names it.
#define MESSAGE(id, name, severity, acknowledgeable, title, documentation)
#define CHECK(id, name, severity, subject, kinds, look, needs, aliases, title, documentation) \
    Look look;
#include "diag/messages.def"
#undef CHECK
#undef MESSAGE

enum { MAX_NEEDS = 8 };

// One row of diag/checks_*.def.
typedef struct Check {
    MessageId id;
    Subject subject;
    Kinds kinds;
    Look *look;
    MessageId needs[MAX_NEEDS + 1]; // ended by MESSAGE_COUNT
} Check;

// All checks, in the order in which they run on one subject; *ret_count of them.
const Check *lint_checks(size_t *ret_count);

// For what a check needs while it runs: emptied after each.
Arena *lint_arena(Lint *lint);
// For what is kept for the whole run.
Arena *lint_cache_arena(const Lint *lint);

// The message of the check that is running, with a text as diag_report has it. Keeps quiet, on this
// thing and all that is in it, the checks that need this one. NULL where the message was dropped.
Diagnostic *lint_report(Lint *lint, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// The same of a thing in `statement`, for checks that look at many: of roles and documents.
Diagnostic *lint_report_in(Lint *lint, const DocumentStatement *statement, Span span,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));

// For diag_note.
Diags *lint_diags(const Lint *lint);

// The actions of the catalogue that a statement is about: those of Action, or all but those of
// NotAction; none where that would cost too much (lint_spend). Kept until the next statement.
ActionSet lint_actions(Lint *lint, const DocumentStatement *statement);

// What the entries of a statement's Resource or NotResource can name. Kept until the next
// statement.
const Reach *lint_reach(Lint *lint, const DocumentStatement *statement);

// The forms of ARNs, for the whole run.
ArnForms *lint_arn_forms(Lint *lint);

// Takes steps of some hundred instructions from what a run may spend on looking for what only a
// hostile file has many of. False where it is spent: then there is nothing more to find, and the
// run says so once (policy-too-costly).
bool lint_spend(Lint *lint, size_t steps);

// The nearest of the names, as nearest_name has it; none where it would cost too much.
Str lint_nearest(Lint *lint, Str name, const StrVec *choices);

// Spends what it costs to compare a pattern with the catalogue's actions; false as lint_spend.
bool lint_may_match(Lint *lint, Str pattern);

#endif
