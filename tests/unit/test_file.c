// Reading files and folders: all sizes, all kinds of files, waiting writers, lack of memory.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/guard.h"
#include "scratch.h"

enum { CAP = 1000 };

static FileResult read_path(Arena *arena, const char *path, Str *ret_text, int *ret_errno) {
    *ret_text = STR("untouched");
    *ret_errno = -1;
    return file_read(arena, str_of(path), CAP, ret_text, ret_errno);
}

static void check_refused(Arena *arena, const char *path, FileResult expected, int error) {
    Str text;
    int found;
    assert_int_equal(read_path(arena, path, &text, &found), expected);
    assert_int_equal(found, error);
    assert_string_equal(text.data, "untouched");
}

static void check_text(Arena *arena, const char *path, const char *expected) {
    Str text;
    int error;
    assert_int_equal(read_path(arena, path, &text, &error), FILE_DONE);
    assert_string_equal(str_to_c(arena, text), expected);
    assert_int_equal(error, -1);
}

// Under each of its names, and where it is too large to be read too.
static void notes_what_it_opens(void **state) {
    char large[CAP + 2] = "";
    FileSet opened = {0};
    struct stat status;
    Str text;
    int error;
    memset(large, 'x', CAP + 1);
    scratch_write("file", "text");
    scratch_write("large", large);
    scratch_write("other", "text");
    assert_int_equal(symlink("file", "symbolic"), 0);
    assert_int_equal(link("file", "hard"), 0);
    assert_int_equal(file_read_noted(*state, STR("symbolic"), CAP, &opened, &text, &error),
                     FILE_DONE);
    assert_int_equal(file_read_noted(*state, STR("large"), CAP, &opened, &text, &error),
                     FILE_TOO_LARGE);
    static const char *const noted[] = {"file", "hard", "large"};
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
        assert_int_equal(stat(noted[i], &status), 0);
        assert_true(file_set_has(&opened, &status));
    }
    assert_int_equal(stat("other", &status), 0);
    assert_false(file_set_has(&opened, &status));
}

static void reads_every_size_to_the_cap(void **state) {
    char bytes[CAP + 2] = "";
    for (size_t size = 0; size <= CAP + 1; size += size < 3 || size > CAP - 3 ? 1 : 37) {
        memset(bytes, 'x', size);
        bytes[size] = '\0';
        scratch_write("file", bytes);
        if (size <= CAP) {
            check_text(*state, "file", bytes);
        } else {
            check_refused(*state, "file", FILE_TOO_LARGE, -1);
        }
    }
}

static void says_why_it_cannot(void **state) {
    char long_name[NAME_MAX + 2];
    memset(long_name, 'x', sizeof long_name);
    long_name[NAME_MAX + 1] = '\0';
    scratch_write("file", "text");
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    check_refused(*state, "nothing", FILE_FAILED, ENOENT);
    check_refused(*state, "", FILE_FAILED, ENOENT);
    check_refused(*state, "folder", FILE_FAILED, EISDIR);
    check_refused(*state, "file/below", FILE_FAILED, ENOTDIR);
    check_refused(*state, "loop", FILE_FAILED, ELOOP);
    check_refused(*state, long_name, FILE_FAILED, ENAMETOOLONG);
    Str text;
    int error = 0;
    assert_int_equal(file_read(*state, STR("file\0x"), CAP, &text, &error), FILE_FAILED);
    assert_int_equal(error, ENOENT);
}

// Root may read everything, so the test is somebody else for a while.
static void respects_permissions(void **state) {
    scratch_write("file", "text");
    assert_int_equal(chmod("file", 0), 0);
    assert_int_equal(chmod(".", 0755), 0);
    bool root = geteuid() == 0;
    if (root) assert_int_equal(seteuid(65534), 0);
    check_refused(*state, "file", FILE_FAILED, EACCES);
    if (root) assert_int_equal(seteuid(0), 0);
}

// None of these may be opened in a way that waits.
static void refuses_what_is_not_a_file(void **state) {
    assert_int_equal(mkfifo("pipe", 0666), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    check_refused(*state, "pipe", FILE_NOT_PLAIN, -1);
    check_refused(*state, "socket", FILE_NOT_PLAIN, -1);
    check_refused(*state, "/dev/null", FILE_NOT_PLAIN, -1);
    check_refused(*state, "/dev/zero", FILE_NOT_PLAIN, -1);
    check_refused(*state, "/proc/self/fd/../../../dev/null", FILE_NOT_PLAIN, -1);
    check_refused(*state, "/dev/fd/", FILE_FAILED, EISDIR);
    assert_int_equal(symlink("pipe", "link"), 0);
    check_refused(*state, "link", FILE_NOT_PLAIN, -1);
    (void)close(listener);
}

// A file that says it is empty and is not.
static void reads_files_without_a_size(void **state) {
    Str text;
    int error;
    assert_int_equal(file_read(*state, STR("/proc/self/status"), 100000, &text, &error), FILE_DONE);
    assert_true(str_starts_with(text, STR("Name:")));
}

// A pipe that a child fills: `count` times `text`, each after a pause.
static int pipe_from_child(const char *text, int count, useconds_t pause, pid_t *ret_child) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    *ret_child = fork();
    assert_true(*ret_child >= 0);
    if (*ret_child == 0) {
        for (int i = 0; i < count; i++) {
            (void)usleep(pause);
            if (write(ends[1], text, strlen(text)) < 0) _exit(1);
        }
        _exit(0);
    }
    (void)close(ends[1]);
    return ends[0];
}

static void wait_for(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
}

// What the shell's <(command) hands over.
static void reads_pipes_that_the_shell_names(void **state) {
    static const char *const folders[] = {"/dev/fd", "/proc/self/fd"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        pid_t child;
        int fd = pipe_from_child("ab", 3, 1000, &child);
        check_text(*state, str_format(*state, "%s/%d", folders[i], fd).data, "ababab");
        (void)close(fd);
        wait_for(child);
    }
}

// Puts `fd` in the place of standard input and returns what was there.
static int swap_input(int fd) {
    int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    (void)close(fd);
    return kept;
}

static void restore_input(int kept) {
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    (void)close(kept);
}

static void reads_standard_input(void **state) {
    static const char *const names[] = {"-", "/dev/stdin", "/dev/fd/0"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        pid_t child;
        int kept = swap_input(pipe_from_child("text", 1, 1000, &child));
        check_text(*state, names[i], "text");
        restore_input(kept);
        wait_for(child);
        scratch_write("file", "of a file");
        kept = swap_input(open("file", O_RDONLY | O_CLOEXEC));
        check_text(*state, names[i], "of a file");
        restore_input(kept);
    }
    int kept = swap_input(open(".", O_RDONLY | O_CLOEXEC));
    check_refused(*state, "-", FILE_FAILED, EISDIR);
    restore_input(kept);
    kept = swap_input(open("/dev/zero", O_RDONLY | O_CLOEXEC));
    check_refused(*state, "-", FILE_TOO_LARGE, -1);
    check_refused(*state, "/dev/stdin", FILE_TOO_LARGE, -1);
    restore_input(kept);
}

// More than the first allocation takes, to exactly the cap and past it.
static void grows_as_it_reads(void **state) {
    enum { BLOCK = 1000, COUNT = 300 };
    char block[BLOCK + 1];
    memset(block, 'y', BLOCK);
    block[BLOCK] = '\0';
    for (size_t cap = BLOCK * COUNT - 1; cap <= BLOCK * COUNT + 1; cap++) {
        pid_t child;
        int error, fd = pipe_from_child(block, COUNT, 0, &child);
        Str text = {0};
        FileResult result = file_read_fd(*state, fd, cap, &text, &error);
        assert_int_equal(result, cap < BLOCK * COUNT ? FILE_TOO_LARGE : FILE_DONE);
        assert_int_equal(text.length, result == FILE_DONE ? BLOCK * COUNT : 0);
        for (size_t i = 0; i < text.length; i++) assert_int_equal(text.data[i], 'y');
        (void)close(fd);
        wait_for(child);
    }
}

static void takes_no_more_than_the_cap_and_one(void **state) {
    enum { BLOCK = 1000, COUNT = 300, LIMIT = 100000 };
    char block[BLOCK + 1];
    memset(block, 'y', BLOCK);
    block[BLOCK] = '\0';
    pid_t child;
    int error, fd = pipe_from_child(block, COUNT, 0, &child);
    Str text;
    assert_int_equal(file_read_fd(*state, fd, LIMIT, &text, &error), FILE_TOO_LARGE);
    assert_int_equal(file_read_fd(*state, fd, BLOCK * COUNT, &text, &error), FILE_DONE);
    assert_true(text.length >= BLOCK * COUNT - LIMIT - 1);
    (void)close(fd);
    wait_for(child);
}

// Standard input is shared: another program may have made it non-blocking.
static void waits_where_it_may_not_block(void **state) {
    pid_t child;
    int error, fd = pipe_from_child("slow", 2, 20000, &child);
    Str text;
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(file_read_fd(*state, fd, CAP, &text, &error), FILE_DONE);
    assert_string_equal(str_to_c(*state, text), "slowslow");
    (void)close(fd);
    wait_for(child);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number) {
    (void)number;
    alarms++;
}

static void goes_on_after_interruptions(void **state) {
    struct sigaction old, action = {.sa_handler = count_alarm}; // without SA_RESTART
    pid_t child;
    int error, fd = pipe_from_child("slow", 2, 20000, &child);
    assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
    struct itimerval every = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
    Str text;
    FileResult result = file_read_fd(*state, fd, CAP, &text, &error);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
    assert_int_equal(result, FILE_DONE);
    assert_string_equal(str_to_c(*state, text), "slowslow");
    assert_true(alarms > 2);
    (void)close(fd);
    wait_for(child);
}

static void lists_in_byte_order(void **state) {
    StrVec names = {0};
    int error = -1;
    assert_string_equal(scratch_names(*state, "."), "");
    scratch_write("b", "");
    scratch_write("B", "");
    scratch_write(".hidden", "");
    scratch_write("a", "");
    scratch_write("a.b", "");
    assert_int_equal(mkdir("\xc3\xa4", 0777), 0);
    assert_string_equal(scratch_names(*state, "."), ".hidden B a a.b b \xc3\xa4");
    assert_int_equal(file_list(*state, STR("nothing"), &names, &error), FILE_FAILED);
    assert_int_equal(error, ENOENT);
    assert_int_equal(file_list(*state, STR("a"), &names, &error), FILE_FAILED);
    assert_int_equal(error, ENOTDIR);
    assert_int_equal(names.count, 0);
}

static void joins_paths(void **state) {
    assert_true(str_equal(file_join(*state, STR("a"), STR("b")), STR("a/b")));
    assert_true(str_equal(file_join(*state, STR("a/"), STR("b")), STR("a/b")));
    assert_true(str_equal(file_join(*state, STR("/"), STR("b")), STR("/b")));
    assert_true(str_equal(file_join(*state, STR(""), STR("b")), STR("b")));
    assert_true(str_equal(file_error(*state, ENOSPC), STR("No space left on device")));
    assert_true(str_equal(file_error(*state, 12345), STR("Unknown error 12345")));
}

typedef struct Trace {
    jmp_buf out;
    StrBuf text;
} Trace;

static void note_release(void *resource) {
    Trace *trace = resource;
    strbuf_add(&trace->text, STR("released "));
}

static void note_exhausted(void *context) {
    Trace *trace = context;
    strbuf_add(&trace->text, STR("exhausted"));
    longjmp(trace->out, 1);
}

// The inner guard, the outer one, and last the arena's own handler, which stands again.
static void guards_release_inside_out(void **state) {
    Trace trace = {.text = strbuf_new(*state)};
    Arena arena;
    Guard outer, inner;
    arena_init(&arena, note_exhausted, &trace);
    if (setjmp(trace.out) == 0) {
        guard_begin(&outer, &arena, note_release, &trace);
        guard_begin(&inner, &arena, note_release, &trace);
        arena_exhausted(&arena);
    }
    assert_true(str_equal(strbuf_str(&trace.text), STR("released released exhausted")));
    assert_true(arena.exhausted == note_exhausted && arena.context == &trace);
    guard_begin(&outer, &arena, note_release, &trace);
    guard_end(&outer);
    if (setjmp(trace.out) == 0) arena_exhausted(&arena);
    assert_true(str_ends_with(strbuf_str(&trace.text), STR("exhaustedexhausted")));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(notes_what_it_opens, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(reads_every_size_to_the_cap, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(says_why_it_cannot, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(respects_permissions, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(refuses_what_is_not_a_file, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(reads_files_without_a_size, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(reads_pipes_that_the_shell_names, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(reads_standard_input, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(grows_as_it_reads, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(takes_no_more_than_the_cap_and_one, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(waits_where_it_may_not_block, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(goes_on_after_interruptions, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(lists_in_byte_order, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(joins_paths, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(guards_release_inside_out, scratch_enter, scratch_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
