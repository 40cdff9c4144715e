// Findings that somebody knows and accepts: the file of --config. Lives in the arena given.
#ifndef SPOTC_LINT_CONFIG_H
#define SPOTC_LINT_CONFIG_H

#include "diag/diag.h"
#include "read/tree.h"

// One entry of `acknowledge`.
typedef struct AcceptedFinding {
    MessageId id;
    Str reason;
    Str file;      // a pattern of paths as lint_config_read makes them; empty: any
    Str statement; // a Sid; empty: any
    Span span;     // of the entry
    bool used;
    Str asked;   // the file that was last compared with `file`
    bool answer; // and what came of it
} AcceptedFinding;

typedef struct LintConfig {
    VEC(AcceptedFinding) accepted;
    size_t spent; // steps, on all that was linted with it; 0 for the next file
} LintConfig;

// Reads the root of such a file by schema/lint.schema.json. Reports all that is wrong with it, and
// then returns false.
bool lint_config_read(Arena *arena, Diags *diags, Node root, LintConfig *ret_config);

// The first entry that accepts a finding of `id` in a statement with this Sid (empty: none) of this
// file, or NULL; marks it as used.
const AcceptedFinding *lint_config_find(Arena *arena, LintConfig *config, MessageId id, Str file,
                                        Str sid);

// Reports the entries that accepted nothing.
void lint_config_settle(Diags *diags, const LintConfig *config);

#endif
