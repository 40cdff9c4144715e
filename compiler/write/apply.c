#include "write/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "write/lock.h"

enum { MAX_TRIES = 1000, OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

static ApplyResult fail(Problem *problem, const char *doing, Str path) {
    *problem = (Problem){.path = path, .doing = doing, .error = errno};
    return APPLY_FAILED;
}

// Makes a folder of the first `length` bytes of a path, which is whole again afterwards.
static int make_part(char *path, size_t length) {
    char kept = path[length];
    path[length] = '\0';
    int result = mkdir(path, 0777);
    path[length] = kept;
    return result;
}

static void remove_part(char *path, size_t length) {
    char kept = path[length];
    path[length] = '\0';
    (void)rmdir(path);
    path[length] = kept;
}

static ApplyResult make_root(Plan *plan, Problem *problem) {
    for (size_t end = path_next(plan->root, 0);; end = path_next(plan->root, end)) {
        int result = make_part(plan->root, end);
        plan->made[end] = result == 0;
        if (result != 0 && errno != EEXIST)
            return fail(problem, "make the folder", (Str){plan->root, end});
        if (plan->root[end] == '\0') return APPLY_DONE;
    }
}

// Locks the folder that was just made, and still is as it was planned for: another program may have
// been quicker to lock it, and even be done with it.
static ApplyResult take_folder(Plan *plan, Problem *problem) {
    LockResult lock = lock_folder(plan->fd, false);
    if (lock != LOCK_BUSY && lock_is_of_empty(plan->fd)) return APPLY_DONE;
    errno = EBUSY;
    (void)fail(problem, "lock", plan->path);
    return APPLY_OUTDATED;
}

// Opens root, which is made where it does not exist, and locks it where that was not done before.
static ApplyResult open_root(Plan *plan, int *ret_root, Problem *problem) {
    int root = file_open_at(AT_FDCWD, plan->root, OPEN_FOLDER, 0);
    if (root < 0 && errno == ENOENT) {
        if (make_root(plan, problem) != APPLY_DONE) return APPLY_FAILED;
        root = file_open_at(AT_FDCWD, plan->root, OPEN_FOLDER, 0);
    }
    if (root < 0) return fail(problem, "open", str_of(plan->root));
    *ret_root = root;
    if (lock_root(plan->lock, root, false) == LOCK_HELD) return APPLY_DONE;
    errno = EBUSY;
    (void)fail(problem, "lock", str_of(plan->root));
    return APPLY_OUTDATED;
}

// Makes and opens the folder, which did not exist. Its root stays open in *ret_root, to take it
// back on failure.
static ApplyResult make_folder(Plan *plan, int *ret_root, Problem *problem) {
    ApplyResult opened = open_root(plan, ret_root, problem);
    if (opened != APPLY_DONE) return opened;
    int root = *ret_root;
    if (mkdirat(root, plan->folder, 0777) != 0) {
        ApplyResult result = errno == EEXIST ? APPLY_OUTDATED : APPLY_FAILED;
        (void)fail(problem, "make the folder", plan->path);
        lock_close(plan->lock, root);
        *ret_root = -1;
        return result;
    }
    plan->fd = file_open_at(root, plan->folder, OPEN_FOLDER | O_NOFOLLOW, 0);
    return plan->fd >= 0 ? take_folder(plan, problem) : fail(problem, "open", plan->path);
}

// Takes back the folders that were made and are empty.
static void unmake(Plan *plan, int root) {
    if (root >= 0) (void)unlinkat(root, plan->folder, AT_REMOVEDIR);
    for (size_t end = strlen(plan->root); end > 0; end--) {
        if (plan->made[end]) remove_part(plan->root, end);
    }
}

static bool write_all(int fd, Str bytes) {
    for (size_t at = 0; at < bytes.length;) {
        ssize_t count = write(fd, bytes.data + at, bytes.length - at);
        if (count == 0) errno = EIO; // none of the system's own file systems does this
        if (count == 0 || (count < 0 && errno != EINTR)) return false;
        if (count > 0) at += (size_t)count;
    }
    return true;
}

// Makes the file's temporary under a name that nobody has, counting from `serial`; returns its
// descriptor or -1.
static int open_temporary(int folder, Target *target, size_t serial) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    mode_t mode = target->change.state == OUTPUT_CHANGED ? target->mode : 0666;
    for (size_t tries = 0; tries < MAX_TRIES; tries++) {
        (void)snprintf(target->temporary, sizeof target->temporary, ".spotc-%ld-%zu.tmp",
                       (long)getpid(), serial + tries);
        int fd = file_open_at(folder, target->temporary, flags, mode);
        if (fd >= 0) return fd;
        if (errno != EEXIST) break;
    }
    target->temporary[0] = '\0';
    return -1;
}

static ApplyResult write_temporary(int folder, Target *target, size_t serial, Problem *problem) {
    int fd = open_temporary(folder, target, serial);
    if (fd < 0) return fail(problem, "write", target->path);
    bool done = target->change.state == OUTPUT_NEW || fchmod(fd, target->mode) == 0;
    if (done) done = write_all(fd, target->bytes);
    int error = errno;
    if (close(fd) != 0 && done) { // a full disk or quota may show only here
        done = false;
        error = errno;
    }
    errno = error;
    return done ? APPLY_DONE : fail(problem, "write", target->path);
}

static bool is_written(const Target *target) {
    return target->change.state == OUTPUT_NEW || target->change.state == OUTPUT_CHANGED;
}

static ApplyResult write_temporaries(Plan *plan, Problem *problem) {
    for (size_t i = 0; i < plan->targets.count; i++) {
        Target *target = &plan->targets.items[i];
        if (!is_written(target)) continue;
        ApplyResult result = write_temporary(plan->fd, target, i, problem);
        if (result != APPLY_DONE) return result;
    }
    return APPLY_DONE;
}

static ApplyResult rename_temporaries(Plan *plan, Problem *problem) {
    for (size_t i = 0; i < plan->targets.count; i++) {
        Target *target = &plan->targets.items[i];
        if (target->temporary[0] == '\0') continue;
        if (renameat(plan->fd, target->temporary, plan->fd, target->change.name.data) != 0)
            return fail(problem, "write", target->path);
        target->temporary[0] = '\0';
    }
    return APPLY_DONE;
}

static ApplyResult remove_stale(Plan *plan, Problem *problem) {
    for (size_t i = 0; i < plan->targets.count; i++) {
        const Target *target = &plan->targets.items[i];
        if (target->change.state == OUTPUT_STALE &&
            unlinkat(plan->fd, target->change.name.data, 0) != 0 && errno != ENOENT)
            return fail(problem, "remove", target->path);
    }
    return APPLY_DONE;
}

static void remove_temporaries(Plan *plan) {
    for (size_t i = 0; i < plan->targets.count; i++) {
        const Target *target = &plan->targets.items[i];
        if (target->temporary[0] != '\0') (void)unlinkat(plan->fd, target->temporary, 0);
    }
}

static void remove_leftovers(const Plan *plan) {
    for (size_t i = 0; i < plan->leftovers.count; i++)
        (void)unlinkat(plan->fd, plan->leftovers.items[i].data, 0);
}

static ApplyResult apply(Plan *plan, int *ret_root, Problem *problem) {
    ApplyResult result = plan->fd < 0 ? make_folder(plan, ret_root, problem) : APPLY_DONE;
    if (result != APPLY_DONE) return result;
    remove_leftovers(plan);
    result = write_temporaries(plan, problem);
    if (result == APPLY_DONE) result = rename_temporaries(plan, problem);
    if (result == APPLY_DONE) return remove_stale(plan, problem);
    remove_temporaries(plan);
    return result;
}

static bool has_work(const Plan *plan) {
    bool work = plan->leftovers.count != 0;
    for (size_t i = 0; i < plan->targets.count; i++)
        work = work || plan->targets.items[i].change.state != OUTPUT_SAME;
    return work;
}

// Ctrl-C shall leave no temporaries, so it waits: that is a matter of milliseconds.
static void hold_signals(sigset_t *ret_before) {
    sigset_t ending;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigaddset(&ending, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &ending, ret_before);
}

ApplyResult apply_plan(Plan *plan, Problem *ret_problem) {
    if (!has_work(plan)) return APPLY_DONE;
    sigset_t before;
    hold_signals(&before);
    int root = -1;
    ApplyResult result = apply(plan, &root, ret_problem);
    if (result == APPLY_FAILED) unmake(plan, root);
    if (root >= 0) lock_close(plan->lock, root);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}
