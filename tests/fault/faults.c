// Makes what the system does for spotc fail. Linked into a build of the program in which each call
// named in tests/fault/wrapped.txt goes through here (the linker's --wrap), in spotc and in the
// libraries that it uses. The environment says what shall happen:
//
//     SPOTC_FAULT   trace          nothing, but count
//                   alloc N        the N-th allocation fails
//                   alloc-from N   so do all that follow
//                   fail N ERRNO   the N-th system call fails with that number, and does nothing
//                   kill N         the process is killed at the N-th system call
//                   short          each read and write does at most 7 bytes
//                   escape         once it is confined, spotc tries what tests/fault/escape.c does
//     SPOTC_FAULT_LOG              descriptor that takes a line for each system call (trace) or
//                                  for what was hit, and at a regular end `allocations COUNT`
//
// Calls are counted from 1. Owns nothing.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escape.h"

enum { SHORT_BYTES = 7 };

typedef enum Mode { NONE, TRACE, ALLOC, ALLOC_FROM, FAIL, KILL, SHORT, ESCAPE } Mode;

static struct {
    Mode mode;
    long at; // the call that is hit
    int error;
    int log; // or -1
    long allocations, calls;
} fault = {.log = -1};

long __real_syscall(long number, ...);
int __real_kill(pid_t process, int number);
int __wrap_kill(pid_t process, int number);

static void note(const char *what, long number) {
    char line[64];
    int length = number < 0 ? snprintf(line, sizeof line, "%s\n", what)
                            : snprintf(line, sizeof line, "%s %ld\n", what, number);
    if (fault.log >= 0) (void)__real_syscall(SYS_write, fault.log, line, length);
}

static Mode mode_named(const char *name, size_t length) {
    static const char *const names[] = {
        [TRACE] = "trace", [ALLOC] = "alloc", [ALLOC_FROM] = "alloc-from", [FAIL] = "fail",
        [KILL] = "kill",   [SHORT] = "short", [ESCAPE] = "escape",
    };
    for (Mode mode = TRACE; mode <= ESCAPE; mode++) {
        if (strlen(names[mode]) == length && memcmp(names[mode], name, length) == 0) return mode;
    }
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *plan = getenv("SPOTC_FAULT"), *log = getenv("SPOTC_FAULT_LOG");
    if (plan == NULL) return;
    if (log != NULL) fault.log = (int)strtol(log, NULL, 10);
    char *rest = NULL;
    size_t length = strcspn(plan, " ");
    fault.at = strtol(plan + length, &rest, 10);
    fault.error = (int)strtol(rest, NULL, 10);
    fault.mode = mode_named(plan, length);
}

__attribute__((destructor)) static void end(void) {
    if (fault.mode != NONE) note("allocations", fault.allocations);
}

// --- memory ------------------------------------------------------------------------------------

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static bool lacks_memory(void) {
    if (fault.mode == NONE) return false;
    long number = ++fault.allocations;
    bool hit = (fault.mode == ALLOC && number == fault.at) ||
               (fault.mode == ALLOC_FROM && number >= fault.at);
    if (hit) {
        note("allocation", number);
        errno = ENOMEM;
    }
    return hit;
}

void *__wrap_malloc(size_t size) {
    return lacks_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return lacks_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
    return lacks_memory() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

// What the sanitizer cannot see any more after _exit.
void __lsan_do_leak_check(void) __attribute__((weak));
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

void __wrap__exit(int status) {
    if (__lsan_do_leak_check != NULL) __lsan_do_leak_check();
    __real__exit(status);
}

// --- system calls ------------------------------------------------------------------------------

static bool is_hit(const char *name) {
    if (fault.mode == NONE) return false;
    long number = ++fault.calls;
    if (fault.mode == TRACE) note(name, -1);
    if ((fault.mode != FAIL && fault.mode != KILL) || number != fault.at) return false;
    note(name, -1);
    if (fault.mode == KILL) (void)__real_kill(getpid(), SIGKILL);
    errno = fault.error;
    return true;
}

static size_t shortened(size_t count) {
    return fault.mode == SHORT && count > SHORT_BYTES ? SHORT_BYTES : count;
}

// A call that takes and gives what it does without a change, but fails when its time comes.
#define PASS(type, name, parameters, arguments, failed) \
    type __real_##name parameters;                      \
    type __wrap_##name parameters;                      \
    type __wrap_##name parameters {                     \
        if (is_hit(#name)) return failed;               \
        return __real_##name arguments;                 \
    }

PASS(int, access, (const char *path, int mode), (path, mode), -1)
PASS(int, stat, (const char *path, struct stat *status), (path, status), -1)
PASS(int, lstat, (const char *path, struct stat *status), (path, status), -1)
PASS(int, fstat, (int fd, struct stat *status), (fd, status), -1)
PASS(int, fstatat, (int at, const char *path, struct stat *status, int flags),
     (at, path, status, flags), -1)
PASS(int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
PASS(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), -1)
PASS(int, rmdir, (const char *path), (path), -1)
PASS(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), -1)
PASS(int, renameat, (int old_at, const char *old_path, int new_at, const char *new_path),
     (old_at, old_path, new_at, new_path), -1)
PASS(int, fchmod, (int fd, mode_t mode), (fd, mode), -1)
PASS(int, flock, (int fd, int operation), (fd, operation), -1)
PASS(ssize_t, getdents64, (int fd, void *entries, size_t size), (fd, entries, size), -1)
PASS(int, isatty, (int fd), (fd), 0)
PASS(int, poll, (struct pollfd * polled, nfds_t count, int wait), (polled, count, wait), -1)
PASS(DIR *, fdopendir, (int fd), (fd), NULL)
PASS(struct dirent *, readdir, (DIR * stream), (stream), NULL)

int __wrap_kill(pid_t process, int number) {
    return is_hit("kill") ? -1 : __real_kill(process, number);
}

// Descriptors are closed whatever close says of it.
int __real_close(int fd);
int __wrap_close(int fd);
int __real_closedir(DIR *stream);
int __wrap_closedir(DIR *stream);

int __wrap_closedir(DIR *stream) {
    bool hit = is_hit("closedir");
    int error = errno, result = __real_closedir(stream);
    if (!hit) return result;
    errno = error;
    return -1;
}

int __wrap_close(int fd) {
    bool hit = is_hit("close");
    int error = errno, result = __real_close(fd);
    if (!hit) return result;
    errno = error;
    return -1;
}

ssize_t __real_read(int fd, void *bytes, size_t count);
ssize_t __wrap_read(int fd, void *bytes, size_t count);
ssize_t __real_pread(int fd, void *bytes, size_t count, off_t at);
ssize_t __wrap_pread(int fd, void *bytes, size_t count, off_t at);
ssize_t __real_write(int fd, const void *bytes, size_t count);
ssize_t __wrap_write(int fd, const void *bytes, size_t count);

ssize_t __wrap_read(int fd, void *bytes, size_t count) {
    return is_hit("read") ? -1 : __real_read(fd, bytes, shortened(count));
}

ssize_t __wrap_pread(int fd, void *bytes, size_t count, off_t at) {
    return is_hit("pread") ? -1 : __real_pread(fd, bytes, shortened(count), at);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t count) {
    const char *name = fd == STDOUT_FILENO   ? "write stdout"
                       : fd == STDERR_FILENO ? "write stderr"
                                             : "write";
    return is_hit(name) ? -1 : __real_write(fd, bytes, shortened(count));
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);

static mode_t mode_argument(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    if (is_hit("open")) return -1;
    return __real_open(path, flags, mode);
}

int __wrap_openat(int at, const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return is_hit("openat") ? -1 : __real_openat(at, path, flags, mode);
}

static void note_attempt(const char *what, bool went) {
    note(went ? "went" : "refused", -1);
    note(what, -1);
}

// Landlock has no functions of its own.
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...) {
    long values[6];
    va_list arguments;
    va_start(arguments, number);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) values[i] = va_arg(arguments, long);
    va_end(arguments);
    if (is_hit("syscall")) return -1;
    long result =
        __real_syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]);
    if (fault.mode == ESCAPE && number == SYS_landlock_restrict_self && result == 0)
        escape(note_attempt);
    return result;
}

// Of the three arguments that fcntl may have, spotc gives two.
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);

int __wrap_fcntl(int fd, int command, ...) {
    return is_hit("fcntl") ? -1 : __real_fcntl(fd, command);
}

int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);

int __wrap_prctl(int option, ...) {
    unsigned long values[4];
    va_list arguments;
    va_start(arguments, option);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = va_arg(arguments, unsigned long);
    va_end(arguments);
    if (is_hit("prctl")) return -1;
    return __real_prctl(option, values[0], values[1], values[2], values[3]);
}
