#include "write/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/guard.h"
#include "write/lock.h"

static void add_failure(Arena *arena, Plan *plan, const char *doing, Str path, int error) {
    VEC_PUSH(arena, &plan->problems, ((Problem){.path = path, .doing = doing, .error = error}));
}

static void add_obstacle(Arena *arena, Plan *plan, Str path, const char *found,
                         const char *wanted) {
    VEC_PUSH(arena, &plan->problems, ((Problem){.path = path, .found = found, .wanted = wanted}));
}

// Whether it is one of the inputs; then with a problem that says what would become of it.
static bool spare_input(Arena *arena, Plan *plan, Str path, const struct stat *status,
                        const char *fate) {
    if (plan->inputs == NULL || !file_set_has(plan->inputs, status)) return false;
    VEC_PUSH(arena, &plan->problems, ((Problem){.path = path, .spared = fate}));
    return true;
}

static const char *kind_name(mode_t mode) {
    static const struct {
        mode_t kind;
        const char *name;
    } rows[] = {
        {S_IFREG, "a plain file"}, {S_IFDIR, "a folder"},  {S_IFLNK, "a symbolic link"},
        {S_IFIFO, "a named pipe"}, {S_IFSOCK, "a socket"}, {S_IFCHR, "a device"},
        {S_IFBLK, "a device"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((mode & S_IFMT) == rows[i].kind) return rows[i].name;
    }
    return "something else";
}

size_t path_next(const char *path, size_t from) {
    from += strspn(path + from, "/");
    return from + strcspn(path + from, "/");
}

// What keeps `path` from being a folder, or NULL; with the length of the part of it that does.
static const char *find_obstacle(char *path, size_t *ret_length) {
    struct stat status;
    for (size_t end = path_next(path, 0);; end = path_next(path, end)) {
        char kept = path[end];
        path[end] = '\0';
        bool exists = stat(path, &status) == 0;
        bool dangles = !exists && lstat(path, &status) == 0;
        path[end] = kept;
        *ret_length = end;
        if (dangles) return "a symbolic link to nothing";
        if (exists && !S_ISDIR(status.st_mode)) return kind_name(status.st_mode);
        if (!exists || kept == '\0') return NULL;
    }
}

enum { OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

// Opens root. Returns -1 where it does not exist, or after adding a problem.
static int open_root(Arena *arena, Plan *plan) {
    int fd = file_open_at(AT_FDCWD, plan->root, OPEN_FOLDER, 0);
    int error = errno;
    if (fd >= 0) return fd;
    size_t length;
    const char *found = NULL;
    if (error == ENOENT || error == ENOTDIR) found = find_obstacle(plan->root, &length);
    if (found != NULL) {
        add_obstacle(arena, plan, (Str){plan->root, length}, found, "a folder");
    } else if (error != ENOENT) {
        add_failure(arena, plan, "open", str_of(plan->root), error);
    }
    return -1;
}

// Whether `name` is there and not of the kind that is wanted; then with a name for what it is.
static bool is_other_kind(int folder, const char *name, mode_t wanted, const char **ret_found) {
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    *ret_found = kind_name(status.st_mode);
    return (status.st_mode & S_IFMT) != wanted;
}

// Opens root and, to write, locks it. Returns -1 where it does not exist, or after adding a
// problem.
static int open_locked_root(Arena *arena, bool to_write, Plan *plan) {
    for (;;) {
        int root = open_root(arena, plan);
        LockResult result = root >= 0 && to_write ? lock_root(plan->lock, root, true) : LOCK_HELD;
        if (result == LOCK_HELD) return root;
        (void)close(root);
        if (result == LOCK_REMOVED) continue;
        add_failure(arena, plan, "lock", str_of(plan->root), EBUSY);
        return -1;
    }
}

// Opens the folder where it exists. Returns false after adding a problem.
static bool open_folder(Arena *arena, bool to_write, Plan *plan) {
    int root = open_locked_root(arena, to_write, plan);
    if (root < 0) return plan->problems.count == 0;
    plan->fd = file_open_at(root, plan->folder, OPEN_FOLDER | O_NOFOLLOW, 0);
    int error = plan->fd < 0 ? errno : 0;
    const char *found = NULL;
    bool blocked = error != 0 && is_other_kind(root, plan->folder, S_IFDIR, &found);
    lock_close(plan->lock, root);
    if (error == 0 || error == ENOENT) return true;
    if (blocked) {
        add_obstacle(arena, plan, plan->path, found, "a folder");
    } else {
        add_failure(arena, plan, "open", plan->path, error);
    }
    return false;
}

// Compares without keeping: most files that are there are the same. Returns 0 or an errno.
static int compare_bytes(int fd, Str bytes, bool *ret_same) {
    char chunk[16 * 1024];
    size_t at = 0;
    *ret_same = false;
    for (;;) {
        ssize_t count = pread(fd, chunk, sizeof chunk, (off_t)at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) break;
        if (!str_equal((Str){chunk, (size_t)count}, str_slice(bytes, at, at + (size_t)count)))
            return 0;
        at += (size_t)count;
    }
    *ret_same = at == bytes.length;
    return 0;
}

static void close_fd(void *fd) {
    (void)close(*(int *)fd);
}

// Opens the plain file in the place of `target`. Returns -1 where there is none, or after adding a
// problem.
static int open_plain(Arena *arena, Plan *plan, const Target *target, struct stat *ret_status) {
    const char *name = target->change.name.data;
    const char *found = NULL;
    // O_NONBLOCK: what is there may be a named pipe.
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = file_open_at(plan->fd, name, flags, 0);
    int error = fd < 0 || fstat(fd, ret_status) != 0 ? errno : 0;
    if (error == ENOENT) return -1;
    bool blocked =
        error != 0 ? is_other_kind(plan->fd, name, S_IFREG, &found) : !S_ISREG(ret_status->st_mode);
    if (error == 0 && !blocked) return fd;
    if (fd >= 0) (void)close(fd);
    if (blocked && found == NULL) found = kind_name(ret_status->st_mode);
    if (blocked)
        add_obstacle(arena, plan, target->path, found, "a plain file");
    else
        add_failure(arena, plan, "read", target->path, error);
    return -1;
}

// Compares the file in the place of `target`, whose state is OUTPUT_NEW before, with what it shall
// be.
static void look_at(Arena *arena, Plan *plan, Target *target) {
    struct stat status = {0};
    int fd = open_plain(arena, plan, target, &status);
    if (fd < 0) return;
    bool same = (uintmax_t)status.st_size == target->bytes.length;
    int error = same ? compare_bytes(fd, target->bytes, &same) : 0;
    (void)close(fd);
    // Not the bits by which it would run as its owner: those were given to what it held.
    target->mode = status.st_mode & 0777;
    target->change.state = same ? OUTPUT_SAME : OUTPUT_CHANGED;
    if (!same) (void)spare_input(arena, plan, target->path, &status, "replaced");
    if (error != 0) add_failure(arena, plan, "read", target->path, error);
}

// A component of a path and nothing more: whatever the caller hands over, it stays in the folder.
static bool is_component(Str name) {
    return name.length != 0 && !str_equal(name, STR(".")) && !str_equal(name, STR("..")) &&
           str_find_byte(name, '/', 0) == name.length &&
           str_find_byte(name, '\0', 0) == name.length;
}

static Target new_target(Arena *arena, const Plan *plan, Str name, Str bytes, OutputState state) {
    Target target = {.path = file_join(arena, plan->path, name), .bytes = bytes};
    target.change = (OutputChange){.name = str_copy(arena, name), .state = state};
    return target;
}

static void plan_files(Arena *arena, const OutputFolder *folder, Plan *plan) {
    for (size_t i = 0; i < folder->files->count; i++) {
        const OutputFile *file = &folder->files->items[i];
        Target target = new_target(arena, plan, file->name, file->bytes, OUTPUT_NEW);
        if (!is_component(file->name)) {
            add_failure(arena, plan, "write", target.path, EINVAL);
        } else if (plan->fd >= 0) {
            look_at(arena, plan, &target);
        }
        VEC_PUSH(arena, &plan->targets, target);
    }
}

static bool is_wanted(const OutputFileVec *files, Str name) {
    for (size_t i = 0; i < files->count; i++) {
        if (str_equal(files->items[i].name, name)) return true;
    }
    return false;
}

// Whether `name` is that of a temporary whose maker is gone: while the folder is locked nobody is
// at work in it. Else a temporary with our own number is that of an earlier process, since this one
// has made none yet.
static bool is_leftover(Str name, bool locked) {
    const Str begin = STR(".spotc-"), end = STR(".tmp");
    if (!str_starts_with(name, begin) || !str_ends_with(name, end)) return false;
    size_t dash = str_find_byte(name, '-', begin.length);
    uint64_t pid, serial;
    if (!str_to_u64(str_slice(name, begin.length, dash), &pid) || pid > INT_MAX ||
        !str_to_u64(str_slice(name, dash + 1, name.length - end.length), &serial))
        return false;
    return locked || (pid_t)pid == getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

// Plans to remove what is there; what is gone meanwhile is as good as removed.
static void plan_removal(Arena *arena, Plan *plan, Str name, bool leftover) {
    struct stat status;
    Str path = file_join(arena, plan->path, name);
    bool there = fstatat(plan->fd, name.data, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (there && !S_ISREG(status.st_mode)) {
        // Whoever takes spot-policy*.json from the folder would take this one too.
        if (!leftover)
            add_obstacle(arena, plan, path, kind_name(status.st_mode),
                         "a stale file that can be removed");
        return;
    }
    if (there && spare_input(arena, plan, path, &status, "removed")) return;
    if (leftover)
        VEC_PUSH(arena, &plan->leftovers, name);
    else
        VEC_PUSH(arena, &plan->targets, new_target(arena, plan, name, (Str){0}, OUTPUT_STALE));
}

// Finds what is there and shall not be.
static void plan_removals(Arena *arena, const OutputFolder *folder, Plan *plan) {
    StrVec names;
    int error;
    if (file_list_fd(arena, plan->fd, &names, &error) != FILE_DONE) {
        add_failure(arena, plan, "read", plan->path, error);
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        Str name = names.items[i];
        bool leftover = is_leftover(name, plan->locked);
        bool stale =
            !leftover && folder->is_ours(name, folder->context) && !is_wanted(folder->files, name);
        if (leftover || stale) plan_removal(arena, plan, name, leftover);
    }
}

// Opens the folder where it exists and, to write, locks it. Returns false after adding a problem.
static bool open_locked(Arena *arena, bool to_write, Plan *plan) {
    while (open_folder(arena, to_write, plan)) {
        if (plan->fd < 0 || !to_write) return true;
        LockResult lock = lock_folder_of_run(plan->lock, plan->fd);
        plan->locked = lock == LOCK_HELD;
        if (lock == LOCK_BUSY) {
            add_failure(arena, plan, "lock", plan->path, EBUSY);
            return false;
        }
        if (!lock_is_of_removed(plan->fd)) return true;
        (void)close(plan->fd);
        plan->fd = -1;
    }
    return false;
}

// Opens the folder where it exists. Returns false after adding a problem.
static bool open_plan(Arena *arena, const OutputFolder *folder, bool to_write, Plan *plan) {
    plan->root = str_to_c(arena, folder->root);
    plan->made = ARENA_ARRAY(arena, bool, folder->root.length + 1);
    plan->folder = str_to_c(arena, folder->folder);
    plan->path = file_join(arena, folder->root, folder->folder);
    plan->lock = folder->lock;
    plan->inputs = folder->inputs;
    if (is_component(folder->folder)) return open_locked(arena, to_write, plan);
    add_failure(arena, plan, "write", plan->path, EINVAL);
    return false;
}

void plan_make(Arena *arena, const OutputFolder *folder, bool to_write, Plan *plan) {
    if (!open_plan(arena, folder, to_write, plan)) return;
    plan_files(arena, folder, plan);
    if (plan->fd >= 0) plan_removals(arena, folder, plan);
}

void plan_read(Arena *arena, const OutputFolder *folder, Str name, Plan *plan,
               OutputText *ret_text) {
    struct stat status = {0};
    *ret_text = (OutputText){0};
    if (!open_plan(arena, folder, false, plan) || plan->fd < 0) return;
    Target target = new_target(arena, plan, name, (Str){0}, OUTPUT_CHANGED);
    int fd = open_plain(arena, plan, &target, &status);
    if (fd < 0) return;
    Guard guard;
    int error = 0;
    guard_begin(&guard, arena, close_fd, &fd);
    FileResult result = file_read_fd(arena, fd, OUTPUT_MAX_BYTES, &ret_text->bytes, &error);
    guard_end(&guard);
    close_fd(&fd);
    ret_text->cut = result == FILE_TOO_LARGE;
    if (result == FILE_FAILED) add_failure(arena, plan, "read", target.path, error);
}
