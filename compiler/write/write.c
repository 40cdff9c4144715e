#include "write/write.h"

#include <unistd.h>

#include "base/file.h"
#include "base/guard.h"
#include "write/apply.h"

enum { MAX_TRIES = 3 };

void output_unlock(OutputLock *lock) {
    if (lock->fd >= 0) (void)close(lock->fd);
    lock->fd = -1;
}

static void report(Diags *diags, MessageId failure, Span asked, const Problem *problem) {
    if (problem->spared != NULL) {
        diag_report(diags, MSG_OUTPUT_IS_INPUT, asked,
                    "'%.*s' would be %s, and this run read it; choose another folder with -o",
                    STR_ARG(problem->path), problem->spared);
    } else if (problem->doing == NULL) {
        diag_report(diags, MSG_FILE_IN_THE_WAY, NO_SPAN, "'%.*s' is %s, not %s",
                    STR_ARG(problem->path), problem->found, problem->wanted);
    } else {
        Str why = file_error(diags->arena, problem->error);
        diag_report(diags, failure, NO_SPAN, "cannot %s '%.*s': %.*s", problem->doing,
                    STR_ARG(problem->path), STR_ARG(why));
    }
}

// Reports the problems; a refusal by the system weighs more than something in the way.
static OutputResult report_all(Diags *diags, MessageId failure, Span asked, const Plan *plan) {
    OutputResult result = OUTPUT_IN_THE_WAY;
    for (size_t i = 0; i < plan->problems.count; i++) {
        report(diags, failure, asked, &plan->problems.items[i]);
        if (plan->problems.items[i].doing != NULL) result = OUTPUT_FAILED;
    }
    return result;
}

static void close_folder(void *fd) {
    if (*(int *)fd >= 0) (void)close(*(int *)fd);
}

static void make_guarded(Arena *arena, const OutputFolder *folder, bool to_write, Plan *plan) {
    *plan = (Plan){.fd = -1};
    Guard guard;
    guard_begin(&guard, arena, close_folder, &plan->fd);
    plan_make(arena, folder, to_write, plan);
    guard_end(&guard);
}

// Makes the plan and, to write, carries it out; again where the folder came into being in
// between. Nothing is open any more when it returns.
static void run(Arena *arena, const OutputFolder *folder, bool write, Plan *plan) {
    Problem problem;
    ApplyResult result;
    int tries = 0;
    do {
        make_guarded(arena, folder, write, plan);
        bool is_applied = write && plan->problems.count == 0;
        result = is_applied ? apply_plan(plan, &problem) : APPLY_DONE;
        close_folder(&plan->fd);
    } while (result == APPLY_OUTDATED && ++tries < MAX_TRIES);
    if (result != APPLY_DONE) VEC_PUSH(arena, &plan->problems, problem);
}

static OutputResult finish(Arena *arena, Diags *diags, const OutputFolder *folder, bool write,
                           OutputChangeVec *ret_changes) {
    Plan plan;
    run(arena, folder, write, &plan);
    if (plan.problems.count != 0)
        return report_all(diags, write ? MSG_CANNOT_WRITE : MSG_CANNOT_READ, folder->asked, &plan);
    OutputChangeVec changes = {0};
    for (size_t i = 0; i < plan.targets.count; i++)
        VEC_PUSH(arena, &changes, plan.targets.items[i].change);
    *ret_changes = changes;
    return OUTPUT_DONE;
}

OutputResult output_compare(Arena *arena, Diags *diags, const OutputFolder *folder,
                            OutputChangeVec *ret_changes) {
    return finish(arena, diags, folder, false, ret_changes);
}

OutputResult output_read(Arena *arena, Diags *diags, const OutputFolder *folder, Str name,
                         OutputText *ret_text) {
    Plan plan = {.fd = -1};
    Guard guard;
    guard_begin(&guard, arena, close_folder, &plan.fd);
    plan_read(arena, folder, name, &plan, ret_text);
    guard_end(&guard);
    close_folder(&plan.fd);
    if (plan.problems.count == 0) return OUTPUT_DONE;
    return report_all(diags, MSG_CANNOT_READ, folder->asked, &plan);
}

OutputResult output_write(Arena *arena, Diags *diags, const OutputFolder *folder,
                          OutputChangeVec *ret_changes) {
    return finish(arena, diags, folder, true, ret_changes);
}
