// What the parts of `spotc diff` share. A report lives in the run's arena; what it is made from in
// one that is freed when it is made, and what a role is made from in one that is freed after it.
#ifndef SPOTC_COMMAND_DIFF_H
#define SPOTC_COMMAND_DIFF_H

#include "command/input.h"
#include "policy/compare.h"

// Why a symbol is replaced: by a value that is known, or by a symbol that says that it is another
// one than on the other side.
typedef enum DiffReason {
    BOUND_BY_OTHER,        // to the only value that is named
    BOUND_BY_DEFAULT,      // to the default of the template's parameter
    BOUND_CHANGED_DEFAULT, // the parameter has another one there
    BOUND_CHANGED_TYPE, // the parameter has another type there, so that its value is another thing
    BOUND_CHANGED_RESOURCE, // the resource whose text it is is another one there
    BOUND_COUNT
} DiffReason;

// A symbol of one side, and what it stands for.
typedef struct DiffBinding {
    bool is_new; // the side that has the symbol
    Str symbol;
    Str value;
    DiffReason reason;
} DiffBinding;

typedef VEC(DiffBinding) DiffBindingVec;

// --- the report ---

typedef enum DiffTurn { TURN_GAINED, TURN_MAY_GAIN, TURN_LOST, TURN_MAY_LOSE, TURN_COUNT } DiffTurn;

// In the order in which a reviewer looks.
typedef enum DiffSubject {
    SUBJECT_TRUST,
    SUBJECT_BOUNDARY,
    SUBJECT_MANAGED,
    SUBJECT_PERMISSIONS, // actions, by their access level
    SUBJECT_WRITE,
    SUBJECT_TAGGING,
    SUBJECT_READ,
    SUBJECT_LIST,
    SUBJECT_UNKNOWN, // actions that the catalogue lacks
    SUBJECT_COUNT
} DiffSubject;

extern const char *const diff_turn_names[TURN_COUNT];
extern const char *const diff_subject_names[SUBJECT_COUNT];
extern const char *const diff_doubts[DOUBT_COUNT];

// The bundle that gave an action and the place in the manifest that asked for it.
typedef struct DiffCause {
    Str part; // "ocean/eks"
    Span asked;
} DiffCause;

typedef VEC(DiffCause) DiffCauseVec;

typedef VEC(const Scope *) ScopeList;

// A line of the report: actions of one service and one access level that one side gives on the same
// resources, to the same principals, under the same conditions, for the same causes.
typedef struct DiffRow {
    DiffTurn turn;
    DiffSubject subject;
    DocumentKind kind;
    Effect effect; // Deny: what is gained is no longer denied, what is lost is denied now
    Doubt doubt;
    Str service;    // its prefix; `*` where there are too many; empty where there is none
    StrVec actions; // with the prefix, in order; or ARNs of policies
    StrVec shown;   // the same without the prefix, long runs of them as the patterns they come from
    ScopeList resources;
    const Scope *principal; // or NULL
    const Tests *tests;     // or NULL
    DiffCauseVec causes;
    VEC(const AccessClass *) elsewhere; // where the other side has some of the actions
    bool has_more_elsewhere;
    size_t order; // as found
} DiffRow;

// Numbers of one turn.
typedef struct DiffCount {
    size_t actions[SUBJECT_COUNT]; // different ones a role; managed policies and boundaries too
    size_t trusts;                 // changes of trust policies
    size_t denials;                // actions that are denied no longer, or denied now
} DiffCount;

typedef struct DiffRole {
    Str name;          // of the role, or empty
    Str policy;        // no role: of the resource of a template whose policy it is, or empty
    DocumentKind kind; // of that policy
    bool only_old, only_new;
    VEC(DiffRow) rows; // by turn, subject, service
    StrVec remarks;
} DiffRole;

// A property of templates that does not name the same on both sides.
typedef struct DiffReach {
    Str resource, property;
    StrVec named[2]; // old, new: what is not named alike
} DiffReach;

typedef struct DiffReport {
    Arena *arena;    // what it keeps lives here
    Input *sides[2]; // old, new; NULL where there is none of this manifest
    Str manifest;    // where several are compared
    DiffBindingVec bindings;
    VEC(DiffRole) roles; // those with a difference or a remark
    DiffCount counts[TURN_COUNT];
    size_t rows;      // of all roles
    size_t weight;    // the same, and of the reports before it
    uint64_t steps;   // that comparing its roles, and those of the reports after it, may take
    ActionSets *sets; // of all reports
    VEC(DiffReach) reaches;
    bool is_partial; // of a template not all was read, and that is not the same on both sides
    bool cut; // there were too many to keep them all: it bounds what hostile policies can make
              // spotc write
} DiffReport;

typedef VEC(DiffReport) DiffReportVec;

// Reads OLD or NEW: several of a file with several manifests, else one. Where that fails, says why,
// sets the status and returns false.
bool diff_read_side(Run *run, Str path, InputVec *ret_sides);

// Whether the template of a folder grants what its policy files do: sets `differs`, says so among
// the remarks, and makes what the template grants what is compared. Nothing is done to other sides.
// Reports and returns false where they are too large.
bool diff_settle_folder(Run *run, Input *folder);

// Makes what the template of a folder grants what is compared, where either side is for several
// accounts, of which policy files name only one, and no side is a policy. Adds what only a template
// has, where the other side has one as well.
void diff_take_deployed(Arena *arena, Input *old, Input *new);

// What two names of one role have in common: "SpotRole", as our templates call the role "spot", and
// "spot" are one.
Str diff_role_key(Arena *arena, Str id);

// Replaces symbols of one side whose value the other side tells.
void diff_bind(Arena *arena, Input *old, Input *new, DiffBindingVec *ret_bindings);

// Steps of comparing patterns and conditions, of a run: a second or two.
enum { DIFF_MOST_STEPS = 200000000 };

// Compares two sides; either may be NULL. Reports and returns false where roles cannot be matched
// or a side is too large.
bool diff_compare(Run *run, Arena *arena, DiffReport *report);

// Copies to the report what is shown of a role, where it has any difference or remark, and what was
// replaced.
void diff_keep_role(Arena *passing, DiffReport *report, const DiffRole *role);
void diff_keep_bindings(DiffReport *report, const DiffBindingVec *bindings);

// Who gave each action of a change, and who asked for it: one for each, in order, the texts behind
// the actions of the catalogue. All are empty where there is no library.
const DiffCauseVec *diff_causes(Arena *arena, const Library *library, const AccessChange *change);

// Where a difference comes from.
typedef struct DiffInput {
    Matcher *matcher;
    const Input *side;   // that has it
    const Access *other; // of the other side
    bool is_new;         // the side is NEW
} DiffInput;

// Adds the rows of one role's difference, and their numbers.
void diff_add_rows(const DiffInput *input, DiffReport *report, DiffRole *role,
                   const Difference *difference);

// The access level of an action that a reviewer must know of first; its service's prefix.
DiffSubject diff_subject_of(ActionId action);
Str diff_prefix_of(Str action);

// Fills in what is shown of the row's actions: patterns of the class first, then the actions that
// none of them stands for.
void diff_show_actions(Arena *arena, DiffRow *row, const AccessClass *class);

// Whether a side does not agree with itself, so that the sides cannot be taken for equal.
bool diff_is_inconsistent(const DiffReport *report);

// Whether more than what is compared differs: what was not read, or whom or what policies reach.
bool diff_is_partial(const DiffReport *report);

// Whether nothing is gained or lost, nor may be.
bool diff_is_equal(const DiffReport *report);

// Whether the report has anything in one of these turns.
bool diff_has(const DiffReport *report, DiffTurn first, DiffTurn second);

// "gained: 12 actions (2 Permissions management, 10 Write); lost: none"
Str diff_summary(Arena *arena, const DiffReportVec *reports);

typedef void DiffRender(Arena *arena, const DiffReportVec *reports, StrBuf *out);

DiffRender diff_render_text, diff_render_json, diff_render_markdown;

#endif
