// Carries out a plan. Allocates nothing, so that lack of memory cannot leave it half done.
#ifndef SPOTC_WRITE_APPLY_H
#define SPOTC_WRITE_APPLY_H

#include "write/plan.h"

typedef enum ApplyResult {
    APPLY_DONE,
    APPLY_FAILED,   // temporaries and folders that were made are gone again
    APPLY_OUTDATED, // the plan is of no folder, and now there is one: nothing was written
} ApplyResult;

// Makes the folder hold what the plan says. Sets *ret_problem where it does not return APPLY_DONE.
ApplyResult apply_plan(Plan *plan, Problem *ret_problem);

#endif
