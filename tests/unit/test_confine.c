// What a confined process can still do, tried in a process of its own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/confine.h"
#include "scratch.h"

static void skip_unless_confined(void) {
#ifndef SPOTC_UNCONFINED
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1) return;
#endif
    print_message("why: this build does not confine itself, or the kernel has no Landlock\n");
    skip();
}

static bool opens(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0) (void)close(fd);
    return fd >= 0;
}

static bool is_refused(const char *path, int flags) {
    return !opens(path, flags) && errno == EACCES;
}

// The first of the attempts that did not go as it should, from 1; 0: all did.
typedef int Attempts(void);

static int first_wrong(const bool *went_well, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!went_well[i]) return (int)i + 1;
    }
    return 0;
}

// Confines a process as the command line would, and makes the attempts in it.
static void check(Arena *arena, const char *manifest, const char *output, bool writes,
                  Attempts *attempts) {
    skip_unless_confined();
    Run run = {.arena = arena};
    VEC_PUSH(arena, &run.options.arguments, str_of(manifest));
    run.options.output = str_of(output);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        confine(&run, writes);
        _exit(attempts());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void make_files(void) {
    scratch_write("manifest.yaml", "name: plain\n");
    scratch_write("bundled.yaml", "bundles: [../vendor]\n");
    scratch_write("escaped.yaml", "\"\\x62undles\": [../vendor]\n");
    scratch_write("secret", "nobody's business\n");
    assert_int_equal(mkdir("out", 0700), 0);
    scratch_write("out/old", "old\n");
}

static int write_only_below_output(void) {
    const bool went_well[] = {
        opens("manifest.yaml", O_RDONLY),
        opens("out/new", O_WRONLY | O_CREAT),
        opens("out/old", O_WRONLY | O_TRUNC),
        mkdir("out/folder", 0700) == 0,
        unlink("out/old") == 0,
        is_refused("secret", O_RDONLY),
        is_refused("secret", O_WRONLY),
        is_refused("manifest.yaml", O_WRONLY),
        is_refused("new", O_WRONLY | O_CREAT),
        is_refused("/etc/passwd", O_RDONLY),
        unlink("secret") != 0 && errno == EACCES,
        rename("out/new", "new") != 0 && (errno == EACCES || errno == EXDEV),
        symlink("/", "out/link") != 0 && errno == EACCES,
        mkfifo("out/fifo", 0600) != 0 && errno == EACCES,
        execl("/bin/true", "true", (char *)NULL) != 0 && errno == EACCES,
    };
    return first_wrong(went_well, sizeof went_well / sizeof *went_well);
}

static void compile_writes_below_its_output_alone(void **state) {
    make_files();
    check(*state, "manifest.yaml", "out", true, write_only_below_output);
}

static int reach_nobody(void) {
    const bool went_well[] = {
        kill(getpid(), 0) == 0,
        kill(getppid(), 0) != 0 && errno == EPERM,
    };
    return first_wrong(went_well, sizeof went_well / sizeof *went_well);
}

static void signals_reach_no_other_process(void **state) {
    enum { SCOPED_SIGNALS_SINCE = 6 };
    make_files();
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) <
        SCOPED_SIGNALS_SINCE) {
        print_message("why: the kernel's Landlock knows files and TCP alone\n");
        skip();
    }
    check(*state, "manifest.yaml", "out", true, reach_nobody);
}

static int write_nothing(void) {
    const bool went_well[] = {
        opens("manifest.yaml", O_RDONLY), opens("out/old", O_RDONLY),
        is_refused("out/old", O_WRONLY),  is_refused("out/new", O_WRONLY | O_CREAT),
        is_refused("secret", O_RDONLY),
    };
    return first_wrong(went_well, sizeof went_well / sizeof *went_well);
}

static void others_write_nothing(void **state) {
    make_files();
    check(*state, "manifest.yaml", "out", false, write_nothing);
}

static int make_new_output(void) {
    const bool went_well[] = {
        mkdir("deep", 0700) == 0,
        mkdir("deep/out", 0700) == 0,
        opens("deep/out/new", O_WRONLY | O_CREAT),
        is_refused("/tmp", O_RDONLY),
        is_refused("../outside", O_WRONLY | O_CREAT),
    };
    return first_wrong(went_well, sizeof went_well / sizeof *went_well);
}

static void missing_output_can_be_made(void **state) {
    make_files();
    check(*state, "manifest.yaml", "deep/out", true, make_new_output);
}

static int read_anything_write_nothing(void) {
    const bool went_well[] = {
        opens("secret", O_RDONLY),
        is_refused("secret", O_WRONLY),
        is_refused("new", O_WRONLY | O_CREAT),
    };
    return first_wrong(went_well, sizeof went_well / sizeof *went_well);
}

static void bundles_of_a_manifest_can_be_read(void **state) {
    make_files();
    check(*state, "bundled.yaml", "out", true, read_anything_write_nothing);
    check(*state, "escaped.yaml", "out", true, read_anything_write_nothing);
    check(*state, "-", "out", true, read_anything_write_nothing);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_enter, scratch_leave)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(compile_writes_below_its_output_alone),
        TEST(signals_reach_no_other_process),
        TEST(others_write_nothing),
        TEST(missing_output_can_be_made),
        TEST(bundles_of_a_manifest_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
