// The passes in their order. A Compilation lives with its arena; what messages point into (sources,
// trees, bundles) must live as long as the messages.
#ifndef SPOTC_PIPELINE_H
#define SPOTC_PIPELINE_H

#include "emit/artifact.h"
#include "model/selection.h"
#include "model/templates.h"
#include "read/read.h"
#include "restrict/facts.h"

// What the manifests of one file may cost in sum, so that bundles times manifests cannot make a
// run hang: nodes of the statements to choose from, lower_count, grants after restricting and
// twice those after each restriction, rewrite_work, steps of packing, and emit_work. 5,000 accounts
// with `permissions: full` stay below it.
enum { PIPELINE_MOST_WORK = 6 * 1000 * 1000 };

// What is kept of one of them until it is done: grants, values of conditions, a share of their
// texts. Restricted they count six times: each restriction may divide what the one before it made.
enum { PIPELINE_MOST_OF_ONE = 150 * 1000 };

// What the manifests of one file share.
typedef struct Shared {
    Arena *arena;               // lives as long as they do
    size_t work;                // what is left of PIPELINE_MOST_WORK; 0: it was too much
    const RestrictFacts *facts; // NULL until one of them is restricted
} Shared;

// What the first of them has before it; it and what comes to be shared live in the arena.
Shared *shared_new(Arena *arena);

// One manifest on its way from a tree to artifacts. The caller sets the first four, and `shared`
// where it has others beside it, `without` where a part is to be left out, `asked` and `templates`
// where there are such.
typedef struct Compilation {
    Arena *arena;
    Diags *diags;
    const Library *library;
    Node document;
    Shared *shared;              // NULL: its own
    Part without;                // no product: nothing is left out
    const StrVec *asked;         // emitters asked for beside those of the manifest, or NULL
    const Templates *templates;  // skeletons of the user's, or NULL
    Manifest manifest;           // from resolve on
    Selection selection;         // from resolve on; its roles have policies from layout on
    GrantVec grants;             // from lower on; narrower from restrict on
    ArtifactVec artifacts;       // from emit on
    AcknowledgementVec accepted; // those of `acknowledge` that are for lint; from resolve on
} Compilation;

typedef enum PassId {
    PASS_READ,
    PASS_VALIDATE,
    PASS_RESOLVE,
    PASS_LOWER,
    PASS_RESTRICT,
    PASS_LAYOUT,
    PASS_EMIT,
    PASS_COUNT
} PassId;

typedef struct Pass {
    const char *name;
    bool (*run)(Compilation *compilation);                     // false: an error was reported
    void (*dump)(const Compilation *compilation, StrBuf *out); // what it made, for people
} Pass;

extern const Pass passes[PASS_COUNT];

// The pass of this name, or PASS_COUNT.
PassId pass_find(Str name);

// Appends the manifests that a document stands for: itself, or those of its `accounts`. Reports
// what keeps it from that, and then returns false.
bool pipeline_documents(Arena *arena, Diags *diags, Node document, NodeVec *ret_manifests);

// After validate failed: reports what else is wrong in the parts that the schema accepts, so that
// one run shows all. The compilation is of no further use.
void pipeline_judge_rest(Compilation *compilation);

// Reports the acknowledgements in force that were of no use, and takes all out of force.
void pipeline_settle(Diags *diags);

// Runs the passes first to last, both included, and stops at the first that fails. After the last
// pass acknowledgements that were of no use are reported and all of them cease to be in force;
// those for lint are kept apart for whoever lints.
bool pipeline_run(Compilation *compilation, PassId first, PassId last);

#endif
