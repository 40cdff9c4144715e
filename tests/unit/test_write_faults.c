// Every system call that writing makes, failing in turn; the program killed at each of them; every
// allocation failing in turn. What stands in the folder afterwards is always whole.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "output.h"
#include "scratch.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_OWN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_OWN_MALLOC 1
#endif
#endif
#ifndef HAS_OWN_MALLOC
#define HAS_OWN_MALLOC 0
#endif

// --- the system calls, which this program puts before the library's ---------------------------

// They have names of their own here, since the library may define its own inline.
int own_openat(int at, const char *path, int flags, ...) __asm__("openat");
int own_open(const char *path, int flags, ...) __asm__("open");
int own_mkdir(const char *path, mode_t mode) __asm__("mkdir");
int own_mkdirat(int at, const char *path, mode_t mode) __asm__("mkdirat");
int own_fchmod(int fd, mode_t mode) __asm__("fchmod");
int own_fstat(int fd, struct stat *status) __asm__("fstat");
ssize_t own_pread(int fd, void *bytes, size_t count, off_t at) __asm__("pread");
ssize_t own_write(int fd, const void *bytes, size_t count) __asm__("write");
int own_close(int fd) __asm__("close");
int own_renameat(int old_at, const char *old_path, int new_at,
                 const char *new_path) __asm__("renameat");
int own_unlinkat(int at, const char *path, int flags) __asm__("unlinkat");
int own_flock(int fd, int operation) __asm__("flock");

typedef enum Plan { PLAN_NONE, PLAN_FAIL, PLAN_KILL, PLAN_SHORT } Plan;

static struct {
    Plan plan;
    int countdown; // the call that is hit, counting from 1
    int error;
    int calls; // made so far while a plan was in force
    char hit[16];
    bool has_no_locks;
    void (*at_call)(const char *name); // looks on
} fault;

// Whether the call is to fail; then errno is set.
static bool is_hit(const char *name) {
    if (fault.plan == PLAN_NONE) return false;
    fault.calls++;
    if (fault.at_call != NULL) fault.at_call(name);
    if (fault.plan == PLAN_SHORT || --fault.countdown != 0) return false;
    if (fault.plan == PLAN_KILL) (void)kill(getpid(), SIGKILL);
    (void)snprintf(fault.hit, sizeof fault.hit, "%s", name);
    errno = fault.error;
    return true;
}

static mode_t mode_argument(int flags, va_list args) {
    return (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
}

int own_openat(int at, const char *path, int flags, ...) {
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_argument(flags, args);
    va_end(args);
    return is_hit("openat") ? -1 : (int)syscall(SYS_openat, at, path, flags, mode);
}

int own_open(const char *path, int flags, ...) {
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_argument(flags, args);
    va_end(args);
    return is_hit("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int own_mkdir(const char *path, mode_t mode) {
    return is_hit("mkdir") ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int own_mkdirat(int at, const char *path, mode_t mode) {
    return is_hit("mkdirat") ? -1 : (int)syscall(SYS_mkdirat, at, path, mode);
}

int own_fchmod(int fd, mode_t mode) {
    return is_hit("fchmod") ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int own_fstat(int fd, struct stat *status) {
    return is_hit("fstat") ? -1 : fstatat(fd, "", status, AT_EMPTY_PATH);
}

ssize_t own_pread(int fd, void *bytes, size_t count, off_t at) {
    return is_hit("pread") ? -1 : (ssize_t)syscall(SYS_pread64, fd, bytes, count, at);
}

ssize_t own_write(int fd, const void *bytes, size_t count) {
    if (is_hit("write")) return -1;
    size_t some = fault.plan == PLAN_SHORT && count > 3 ? 3 : count;
    return (ssize_t)syscall(SYS_write, fd, bytes, some);
}

int own_close(int fd) {
    int result = (int)syscall(SYS_close, fd); // closed it is, whatever it says
    return is_hit("close") ? -1 : result;
}

int own_renameat(int old_at, const char *old_path, int new_at, const char *new_path) {
    return is_hit("renameat") ? -1
                              : (int)syscall(SYS_renameat2, old_at, old_path, new_at, new_path, 0);
}

int own_unlinkat(int at, const char *path, int flags) {
    return is_hit("unlinkat") ? -1 : (int)syscall(SYS_unlinkat, at, path, flags);
}

#if !HAS_OWN_MALLOC
void *__libc_malloc(size_t size);
static int mallocs_left = -1; // negative: no end

void *malloc(size_t size) {
    if (mallocs_left == 0) {
        errno = ENOMEM;
        return NULL;
    }
    if (mallocs_left > 0) mallocs_left--;
    return __libc_malloc(size);
}
#endif

int own_flock(int fd, int operation) {
    if (!fault.has_no_locks) return (int)syscall(SYS_flock, fd, operation);
    errno = ENOLCK;
    return -1;
}

static int enter(void **state) {
    memset(&fault, 0, sizeof fault);
    return scratch_enter(state);
}

// --- the folder --------------------------------------------------------------------------------

#define FILES "same.json=same changed.json=changed new.json=new"

static const char *const names[] = {"same.json", "changed.json", "new.json", "stale.json"};
static const char *const old_texts[] = {"same", "old", "(none)", "stale"};
static const char *const new_texts[] = {"same", "changed", "new", "(none)"};
enum { COUNT = sizeof names / sizeof *names };

// A folder with one file of each state, or none at all.
static void prepare(bool existing) {
    scratch_clear();
    if (!existing) return;
    assert_int_equal(mkdir("out", 0777), 0);
    assert_int_equal(mkdir("out/x", 0777), 0);
    scratch_write("out/x/same.json", "same");
    scratch_write("out/x/changed.json", "old");
    scratch_write("out/x/stale.json", "stale");
}

static const char *text_of(Arena *arena, const char *name) {
    return scratch_read(arena, str_format(arena, "out/x/%s", name).data);
}

// Each file is as it was or as it shall be; returns how many are as they shall be.
static int check_whole(Arena *arena, bool existing) {
    int renewed = 0;
    for (int i = 0; i < COUNT; i++) {
        const char *text = text_of(arena, names[i]);
        const char *old_text = existing ? old_texts[i] : "(none)";
        bool is_new = strcmp(text, new_texts[i]) == 0;
        if (!is_new) assert_string_equal(text, old_text);
        renewed += is_new;
    }
    return renewed;
}

static void check_finished(Arena *arena, OutputRun run) {
    assert_string_equal(run.messages, "");
    assert_int_equal(run.result, OUTPUT_DONE);
    assert_int_equal(check_whole(arena, true), COUNT);
    assert_string_equal(scratch_names(arena, "out/x"), "changed.json new.json same.json");
}

static OutputRun run_with(Arena *arena, Plan plan, int countdown, int error) {
    fault.calls = 0;
    fault.hit[0] = '\0';
    fault.countdown = countdown;
    fault.error = error;
    fault.plan = plan;
    OutputRun run = output_run(arena, true, "out", "x", FILES);
    fault.plan = PLAN_NONE;
    return run;
}

// After a call failed: one message, no temporaries, all as it was unless the renames had begun.
static void check_failed(Arena *arena, OutputRun run, bool existing, const char *reason) {
    int renewed = check_whole(arena, existing);
    const char *left = scratch_names(arena, "out/x");
    assert_int_equal(run.result, OUTPUT_FAILED);
    assert_true(str_starts_with(str_of(run.messages), STR("cannot-write: cannot ")));
    assert_true(str_ends_with(str_of(run.messages), str_of(reason)));
    assert_null(strchr(run.messages, '\n'));
    assert_null(strstr(left, ".spotc-"));
    bool renames_began = strcmp(fault.hit, "renameat") == 0 || strcmp(fault.hit, "unlinkat") == 0;
    if (existing && !renames_began) assert_int_equal(renewed, 1); // the one that was the same
    if (!existing && !renames_began) assert_string_equal(scratch_names(arena, "."), "");
}

static void fail_each_call(Arena *arena, bool existing, int error, const char *reason) {
    int hits = 0, close_failures = 0;
    for (int at = 1;; at++, hits++) {
        prepare(existing);
        size_t descriptors = scratch_descriptors();
        OutputRun run = run_with(arena, PLAN_FAIL, at, error);
        assert_int_equal(scratch_descriptors(), descriptors);
        if (fault.hit[0] == '\0') {
            check_finished(arena, run);
            break;
        }
        if (run.result == OUTPUT_DONE) { // only of what was read, or of a folder
            if (strcmp(fault.hit, "fstat") != 0) assert_string_equal(fault.hit, "close");
            check_finished(arena, run);
        } else {
            check_failed(arena, run, existing, reason);
            close_failures += strcmp(fault.hit, "close") == 0;
        }
    }
    assert_true(hits > 15);
    assert_int_equal(close_failures, existing ? 2 : 3); // of what was written
}

static void survives_the_failure_of_each_call(void **state) {
    fail_each_call(*state, true, ENOSPC, ": No space left on device");
    fail_each_call(*state, true, EIO, ": Input/output error");
    fail_each_call(*state, false, EDQUOT, ": Disk quota exceeded");
    fail_each_call(*state, false, EROFS, ": Read-only file system");
}

// Killed at any call, every file is whole; the next run finishes the work and tidies up.
static void kill_at_each_call(Arena *arena, bool existing) {
    int kills = 0, leftovers = 0;
    for (int at = 1;; at++, kills++) {
        prepare(existing);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)run_with(arena, PLAN_KILL, at, 0);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        (void)check_whole(arena, existing);
        leftovers += strstr(scratch_names(arena, "out/x"), ".spotc-") != NULL;
        check_finished(arena, output_run(arena, true, "out", "x", FILES));
        if (WIFEXITED(status)) break;
        assert_int_equal(WTERMSIG(status), SIGKILL);
    }
    assert_true(kills > 15 && leftovers > 3);
}

static void survives_being_killed_at_each_call(void **state) {
    kill_at_each_call(*state, true);
    kill_at_each_call(*state, false);
}

// On a file system that has no locks, others may be at work in the folder.
static void leaves_the_living_alone_without_locks(void **state) {
    prepare(true);
    scratch_write("out/x/.spotc-1-7.tmp", "at work"); // of a process that is always there
    fault.has_no_locks = true;
    OutputRun run = output_run(*state, true, "out", "x", FILES);
    assert_string_equal(run.messages, "");
    assert_int_equal(check_whole(*state, true), COUNT);
    assert_string_equal(scratch_read(*state, "out/x/.spotc-1-7.tmp"), "at work");
}

static void goes_on_after_short_and_interrupted_writes(void **state) {
    prepare(true);
    OutputRun run = run_with(*state, PLAN_SHORT, 0, 0);
    check_finished(*state, run);
    int interrupted = 0;
    for (int at = 1; at == 1 || fault.hit[0] != '\0'; at++) {
        prepare(true);
        run = run_with(*state, PLAN_FAIL, at, EINTR);
        if (strcmp(fault.hit, "write") != 0 && strcmp(fault.hit, "pread") != 0) continue;
        check_finished(*state, run);
        interrupted++;
    }
    assert_int_equal(interrupted, 4); // two reads of the one that is the same, two writes
}

// --- signals -----------------------------------------------------------------------------------

static volatile sig_atomic_t ended, ended_before_last;

static void note_end(int number) {
    (void)number;
    ended++;
}

static void raise_in_the_middle(const char *name) {
    if (strcmp(name, "renameat") == 0 || strcmp(name, "write") == 0) (void)kill(getpid(), SIGINT);
    if (strcmp(name, "unlinkat") == 0) // of what is stale: the last that is done
        ended_before_last = ended;
}

// Ctrl-C takes effect when the folder is done.
static void holds_signals_until_done(void **state) {
    struct sigaction old, action = {.sa_handler = note_end};
    assert_int_equal(sigaction(SIGINT, &action, &old), 0);
    prepare(true);
    fault.at_call = raise_in_the_middle;
    ended = 0;
    ended_before_last = -1;
    OutputRun run = run_with(*state, PLAN_SHORT, 0, 0);
    fault.at_call = NULL;
    assert_int_equal(sigaction(SIGINT, &old, NULL), 0);
    assert_int_equal(ended_before_last, 0);
    assert_int_equal(ended, 1);
    check_finished(*state, run);
}

static void check_temporary_mode(const char *name) {
    struct stat status;
    if (strcmp(name, "fchmod") != 0) return;
    for (int serial = 0; serial < COUNT; serial++) {
        char path[64];
        (void)snprintf(path, sizeof path, "out/x/.spotc-%ld-%d.tmp", (long)getpid(), serial);
        if (stat(path, &status) == 0) assert_int_equal(status.st_mode & 077, 0);
    }
}

// Who may not read a file may not read it while it is replaced either.
static void is_never_wider_than_before(void **state) {
    prepare(true);
    assert_int_equal(chmod("out/x/changed.json", 0600), 0);
    fault.at_call = check_temporary_mode;
    OutputRun run = run_with(*state, PLAN_SHORT, 0, 0);
    fault.at_call = NULL;
    check_finished(*state, run);
    assert_int_equal(scratch_mode("out/x/changed.json"), 0600);
}

// --- lack of memory ----------------------------------------------------------------------------

#if !HAS_OWN_MALLOC
static void jump_out(void *context) {
    longjmp(*(jmp_buf *)context, 1);
}

// Returns false where the `mallocs`-th allocation, and so the run, failed.
static bool run_in_memory(Arena *arena, bool write, int mallocs) {
    jmp_buf out;
    arena_init(arena, jump_out, &out);
    if (setjmp(out) != 0) {
        mallocs_left = -1;
        return false;
    }
    mallocs_left = mallocs;
    OutputRun run = output_run(arena, write, "out", "x", FILES);
    mallocs_left = -1;
    return run.result == OUTPUT_DONE;
}
#endif

// Lack of memory leaves the folder as it was, no temporaries and no descriptors.
static void survives_lack_of_memory(void **state) {
#if HAS_OWN_MALLOC
    (void)state;
    (void)fputs("why: the sanitizer's malloc does not fail\n", stderr);
    skip();
#else
    int failures = 0;
    for (int write = 0; write < 2; write++) {
        for (int mallocs = 0;; mallocs++) {
            prepare(true);
            if (write == 0) // more than a block of the arena
                assert_int_equal(truncate("out/x/changed.json", 300000), 0);
            const char *before = scratch_names(*state, "out/x");
            size_t descriptors = scratch_descriptors();
            Arena arena;
            bool done = run_in_memory(&arena, write != 0, mallocs);
            arena_free(&arena);
            assert_int_equal(scratch_descriptors(), descriptors);
            if (done) break;
            assert_string_equal(scratch_names(*state, "out/x"), before);
            failures++;
        }
    }
    assert_true(failures >= 4);
#endif
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, scratch_leave)
    static const struct CMUnitTest tests[] = {
        TEST(survives_the_failure_of_each_call),
        TEST(survives_being_killed_at_each_call),
        TEST(leaves_the_living_alone_without_locks),
        TEST(goes_on_after_short_and_interrupted_writes),
        TEST(holds_signals_until_done),
        TEST(is_never_wider_than_before),
        TEST(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
