// Words for what libyaml refuses.
#ifndef SPOTC_READ_YAML_ERROR_H
#define SPOTC_READ_YAML_ERROR_H

#include "diag/diag.h"

// What the parser said, with its marks as byte offsets. `open_at` is where the innermost list or
// mapping begins that was open.
typedef struct YamlProblem {
    Str problem, context;
    uint32_t problem_at, context_at, open_at;
    bool has_context;
} YamlProblem;

// Reports one `syntax` error in our own words, at the place where the fault is.
void yaml_report_problem(Diags *diags, const Source *source, const YamlProblem *problem);

#endif
