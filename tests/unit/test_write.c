// Output folders: what is made, replaced, removed and left alone, and what each refusal says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "output.h"
#include "scratch.h"
#include "write/lock.h"

static void check_done(OutputRun run, const char *changes) {
    assert_string_equal(run.messages, "");
    assert_int_equal(run.result, OUTPUT_DONE);
    assert_string_equal(run.changes, changes);
}

static void check_refused(OutputRun run, OutputResult result, const char *messages) {
    assert_string_equal(run.messages, messages);
    assert_int_equal(run.result, result);
    assert_string_equal(run.changes, "untouched");
}

static OutputRun write_out(Arena *arena, const char *files) {
    return output_run(arena, true, "out", "x", files);
}

static OutputRun compare_out(Arena *arena, const char *files) {
    return output_run(arena, false, "out", "x", files);
}

static void make_out(void) {
    assert_int_equal(mkdir("out", 0777), 0);
    assert_int_equal(mkdir("out/x", 0777), 0);
}

static void makes_folders_and_files(void **state) {
    mode_t before = umask(027);
    OutputRun run = output_run(*state, true, "a//b/out/", "x", "one.json=1 two.yaml=2 none.json=");
    (void)umask(before);
    check_done(run, "new one.json, new two.yaml, new none.json");
    assert_string_equal(scratch_names(*state, "a/b/out/x"), "none.json one.json two.yaml");
    assert_string_equal(scratch_read(*state, "a/b/out/x/one.json"), "1");
    assert_string_equal(scratch_read(*state, "a/b/out/x/none.json"), "");
    assert_int_equal(scratch_mode("a/b/out/x/one.json"), 0640);
    assert_int_equal(scratch_mode("a"), 0750);
    assert_int_equal(scratch_mode("a/b/out/x"), 0750);
}

static void takes_any_root(void **state) {
    make_out();
    assert_int_equal(symlink("out", "link"), 0);
    check_done(output_run(*state, true, ".", "x", "a.json=1"), "new a.json");
    check_done(output_run(*state, true, "link", "y", "a.json=1"), "new a.json");
    check_done(output_run(*state, true, "link///", "z", "a.json=1"), "new a.json");
    assert_string_equal(scratch_names(*state, "out"), "x y z");
    char *here = getcwd(NULL, 0);
    check_done(output_run(*state, true, here, "x", "a.json=1"), "same a.json");
    free(here);
}

// A root that is found only once its parents are made: what stands there is seen all the same.
static void finds_what_its_parents_hid(void **state) {
    make_out();
    scratch_write("out/x/same.json", "1");
    scratch_write("out/x/stale.json", "1");
    check_done(output_run(*state, true, "new/../out", "x", "same.json=1 b.json=1"),
               "same same.json, new b.json, stale stale.json");
    assert_string_equal(scratch_names(*state, "out/x"), "b.json same.json");
    assert_int_equal(symlink("nowhere", "out/x/link.json"), 0);
    check_refused(output_run(*state, true, "new2/../out", "x", "link.json=1"), OUTPUT_IN_THE_WAY,
                  "file-in-the-way: 'new2/../out/x/link.json' is a symbolic link, "
                  "not a plain file");
}

static void makes_nothing_for_nothing(void **state) {
    check_done(write_out(*state, ""), "");
    assert_string_equal(scratch_names(*state, "."), "");
}

static void leaves_alone_what_is_the_same(void **state) {
    check_done(write_out(*state, "a.json=1 b.json=2"), "new a.json, new b.json");
    struct stat before, after, folder_before, folder_after;
    const struct timespec past[2] = {{1000, 5}, {1000, 7}};
    assert_int_equal(utimensat(AT_FDCWD, "out/x/a.json", past, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, "out/x", past, 0), 0);
    assert_int_equal(stat("out/x/a.json", &before), 0);
    assert_int_equal(stat("out/x", &folder_before), 0);
    check_done(write_out(*state, "a.json=1 b.json=2"), "same a.json, same b.json");
    assert_int_equal(stat("out/x/a.json", &after), 0);
    assert_int_equal(stat("out/x", &folder_after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(after.st_mtim.tv_sec, 1000);
    assert_int_equal(folder_after.st_mtim.tv_sec, 1000);
    assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim);
    assert_memory_equal(&folder_before.st_ctim, &folder_after.st_ctim, sizeof before.st_ctim);
}

// A new file takes the old one's name and permissions; other names of the old one keep it.
static void replaces_what_changed(void **state) {
    make_out();
    scratch_write("out/x/a.json", "old");
    scratch_write("out/x/b.json", "old");
    assert_int_equal(link("out/x/a.json", "other"), 0);
    assert_int_equal(chmod("out/x/a.json", 0600), 0);
    assert_int_equal(chmod("out/x/b.json", 0777), 0);
    mode_t before = umask(077);
    OutputRun run = write_out(*state, "a.json=new b.json=longer");
    (void)umask(before);
    check_done(run, "changed a.json, changed b.json");
    assert_string_equal(scratch_read(*state, "out/x/a.json"), "new");
    assert_string_equal(scratch_read(*state, "out/x/b.json"), "longer");
    assert_string_equal(scratch_read(*state, "other"), "old");
    assert_int_equal(scratch_mode("out/x/a.json"), 0600);
    assert_int_equal(scratch_mode("out/x/b.json"), 0777);
}

// What was allowed to run as its owner was the old one.
static void keeps_no_special_bits(void **state) {
    make_out();
    scratch_write("out/x/a.json", "old");
    assert_int_equal(chmod("out/x/a.json", 07751), 0);
    assert_int_equal(scratch_mode("out/x/a.json"), 07751);
    check_done(write_out(*state, "a.json=new"), "changed a.json");
    assert_int_equal(scratch_mode("out/x/a.json"), 0751);
}

static OutputText read_out(Arena *arena, const char *name, OutputResult expected,
                           const char *message) {
    Diags diags;
    OutputText text = {0};
    OutputFileVec none = {0};
    OutputFolder folder = {.root = STR("out"), .folder = STR("x"), .files = &none};
    diags_init(&diags, arena, 20);
    assert_int_equal(output_read(arena, &diags, &folder, str_of(name), &text), expected);
    assert_int_equal(diags.items.count, message == NULL ? 0 : 1);
    if (message != NULL) assert_string_equal(diags.items.items[0]->text.data, message);
    return text;
}

// What was compared may be something else by the time that it is read.
static void reads_a_file(void **state) {
    assert_int_equal(read_out(*state, "a.json", OUTPUT_DONE, NULL).bytes.length, 0);
    make_out();
    assert_int_equal(read_out(*state, "a.json", OUTPUT_DONE, NULL).bytes.length, 0);
    scratch_write("out/x/a.json", "old");
    assert_true(str_equal(read_out(*state, "a.json", OUTPUT_DONE, NULL).bytes, STR("old")));
    assert_int_equal(truncate("out/x/a.json", OUTPUT_MAX_BYTES), 0);
    OutputText text = read_out(*state, "a.json", OUTPUT_DONE, NULL);
    assert_false(text.cut);
    assert_int_equal(text.bytes.length, OUTPUT_MAX_BYTES);
    assert_int_equal(truncate("out/x/a.json", OUTPUT_MAX_BYTES + 1), 0);
    text = read_out(*state, "a.json", OUTPUT_DONE, NULL);
    assert_true(text.cut);
    assert_int_equal(text.bytes.length, 0);
    assert_int_equal(mkdir("out/x/b.json", 0777), 0);
    (void)read_out(*state, "b.json", OUTPUT_IN_THE_WAY,
                   "'out/x/b.json' is a folder, not a plain file");
    assert_int_equal(symlink("a.json", "out/x/c.json"), 0);
    (void)read_out(*state, "c.json", OUTPUT_IN_THE_WAY,
                   "'out/x/c.json' is a symbolic link, not a plain file");
}

// Only plain files that could be ours; a link of such a name is somebody else's.
static void removes_what_is_stale(void **state) {
    make_out();
    scratch_write("out/x/notes.txt", "");
    scratch_write("out/x/z.json", "");
    scratch_write("out/x/c.json", "");
    check_done(write_out(*state, "x.json=1 b.json=2"),
               "new x.json, new b.json, stale c.json, stale z.json");
    assert_string_equal(scratch_names(*state, "out/x"), "b.json notes.txt x.json");
}

// What has the name of a stale file but is none: nothing is written, and it stays.
static void stops_at_what_only_looks_stale(void **state) {
    make_out();
    assert_int_equal(mkdir("out/x/folder.json", 0777), 0);
    scratch_write("keep", "");
    assert_int_equal(symlink("../../keep", "out/x/link.json"), 0);
    assert_int_equal(write_out(*state, "x.json=1").result, OUTPUT_IN_THE_WAY);
    assert_string_equal(scratch_names(*state, "out/x"), "folder.json link.json");
    assert_string_equal(scratch_names(*state, "."), "keep out");
}

static void compares_without_changing(void **state) {
    check_done(compare_out(*state, "a.json=1"), "new a.json");
    assert_string_equal(scratch_names(*state, "."), "");
    make_out();
    scratch_write("out/x/a.json", "1");
    scratch_write("out/x/b.json", "old");
    scratch_write("out/x/c.json", "xyz");
    scratch_write("out/x/stale.json", "gone");
    scratch_write("out/x/.spotc-1-0.tmp", "");
    scratch_write("out/x/notes.txt", "");
    const char *before = scratch_names(*state, "out/x");
    check_done(compare_out(*state, "a.json=1 b.json=newer c.json=abc d.json=4"),
               "same a.json, changed b.json (old), changed c.json (xyz), new d.json, "
               "stale stale.json");
    assert_string_equal(scratch_names(*state, "out/x"), before);
    assert_string_equal(scratch_read(*state, "out/x/b.json"), "old");
    check_done(output_run(*state, false, "out", "y", "a.json=1"), "new a.json");
    assert_string_equal(scratch_names(*state, "out"), "x");
}

static void cuts_what_is_too_large(void **state) {
    make_out();
    scratch_write("out/x/a.json", "");
    scratch_write("out/x/b.json", "");
    assert_int_equal(truncate("out/x/a.json", OUTPUT_MAX_BYTES + 1), 0);
    assert_int_equal(truncate("out/x/b.json", OUTPUT_MAX_BYTES + 1), 0);
    check_done(compare_out(*state, "a.json=1"), "changed a.json (cut), stale b.json");
    check_done(write_out(*state, "a.json=1"), "changed a.json, stale b.json");
}

// Larger than one read, and different in the last byte only.
static void compares_to_the_last_byte(void **state) {
    enum { SIZE = 100 * 1000 };
    char *files = malloc(SIZE + 8);
    assert_non_null(files);
    memcpy(files, "a.json=", 7);
    memset(files + 7, 'x', SIZE);
    files[SIZE + 7] = '\0';
    check_done(write_out(*state, files), "new a.json");
    assert_string_equal(scratch_read(*state, "out/x/a.json"), files + 7);
    check_done(write_out(*state, files), "same a.json");
    files[SIZE + 6] = 'y';
    check_done(write_out(*state, files), "changed a.json");
    assert_string_equal(scratch_read(*state, "out/x/a.json"), files + 7);
    free(files);
}

static void names_files_in_the_way(void **state) {
    make_out();
    scratch_write("outside", "mine");
    scratch_write("out/x/changed.json", "old");
    scratch_write("out/x/stale.json", "old");
    assert_int_equal(symlink("../../outside", "out/x/link.json"), 0);
    assert_int_equal(symlink("nowhere", "out/x/dangling.json"), 0);
    assert_int_equal(mkdir("out/x/folder.json", 0777), 0);
    assert_int_equal(mkfifo("out/x/pipe.json", 0666), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "out/x/socket.json"};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    (void)close(listener);
    const char *before = scratch_names(*state, "out/x");
    const char *files = "changed.json=1 link.json=1 dangling.json=1 folder.json=1 pipe.json=1 "
                        "socket.json=1 new.json=1";
    const char *messages =
        "file-in-the-way: 'out/x/link.json' is a symbolic link, not a plain file\n"
        "file-in-the-way: 'out/x/dangling.json' is a symbolic link, not a plain file\n"
        "file-in-the-way: 'out/x/folder.json' is a folder, not a plain file\n"
        "file-in-the-way: 'out/x/pipe.json' is a named pipe, not a plain file\n"
        "file-in-the-way: 'out/x/socket.json' is a socket, not a plain file";
    check_refused(write_out(*state, files), OUTPUT_IN_THE_WAY, messages);
    check_refused(compare_out(*state, files), OUTPUT_IN_THE_WAY, messages);
    assert_string_equal(scratch_names(*state, "out/x"), before);
    assert_string_equal(scratch_read(*state, "out/x/changed.json"), "old");
    assert_string_equal(scratch_read(*state, "outside"), "mine");
    assert_string_equal(scratch_names(*state, "."), "out outside");
}

static void names_what_is_no_folder(void **state) {
    scratch_write("file", "mine");
    assert_int_equal(mkdir("elsewhere", 0777), 0);
    assert_int_equal(mkdir("out", 0777), 0);
    assert_int_equal(symlink("../elsewhere", "out/link"), 0);
    assert_int_equal(symlink("nowhere", "out/dangling"), 0);
    assert_int_equal(mkfifo("out/pipe", 0666), 0);
    scratch_write("out/plain", "mine");
    static const struct {
        const char *root, *folder, *message;
    } rows[] = {
        {"out", "link", "file-in-the-way: 'out/link' is a symbolic link, not a folder"},
        {"out", "dangling", "file-in-the-way: 'out/dangling' is a symbolic link, not a folder"},
        {"out", "pipe", "file-in-the-way: 'out/pipe' is a named pipe, not a folder"},
        {"out", "plain", "file-in-the-way: 'out/plain' is a plain file, not a folder"},
        {"file", "x", "file-in-the-way: 'file' is a plain file, not a folder"},
        {"file/", "x", "file-in-the-way: 'file' is a plain file, not a folder"},
        {"out/plain/a/b", "x", "file-in-the-way: 'out/plain' is a plain file, not a folder"},
        {"out/dangling/a", "x",
         "file-in-the-way: 'out/dangling' is a symbolic link to nothing, not a folder"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_refused(output_run(*state, true, rows[i].root, rows[i].folder, "a.json=1"),
                      OUTPUT_IN_THE_WAY, rows[i].message);
        check_refused(output_run(*state, false, rows[i].root, rows[i].folder, "a.json=1"),
                      OUTPUT_IN_THE_WAY, rows[i].message);
    }
    assert_string_equal(scratch_names(*state, "elsewhere"), "");
    assert_string_equal(scratch_names(*state, "out"), "dangling link pipe plain");
}

// Whatever names come, nothing outside the folder is touched.
static void stays_in_the_folder(void **state) {
    static const char *const names[] = {"../a.json", "/a.json", "y/a.json", ".", "..", ""};
    make_out();
    assert_int_equal(mkdir("out/x/y", 0777), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str files = str_format(*state, "b.json=1 %s=1", names[i]);
        OutputRun run = write_out(*state, files.data);
        assert_int_equal(run.result, OUTPUT_FAILED);
        Str message =
            str_format(*state, "cannot-write: cannot write 'out/x/%s': Invalid argument", names[i]);
        assert_string_equal(run.messages, message.data);
        assert_int_equal(output_run(*state, true, "out", names[i], "a.json=1").result,
                         OUTPUT_FAILED);
    }
    assert_string_equal(scratch_names(*state, "."), "out");
    assert_string_equal(scratch_names(*state, "out"), "x");
    assert_string_equal(scratch_names(*state, "out/x"), "y");
}

// Root may write everywhere, so the test is somebody else for a while.
static OutputRun as_nobody(Arena *arena, bool write, const char *files) {
    bool root = geteuid() == 0;
    if (root) assert_int_equal(seteuid(65534), 0);
    OutputRun run = output_run(arena, write, "out", "x", files);
    if (root) assert_int_equal(seteuid(0), 0);
    return run;
}

static void says_what_is_read_only(void **state) {
    make_out();
    scratch_write("out/x/a.json", "old");
    assert_int_equal(chmod(".", 0755), 0);
    assert_int_equal(chmod("out/x", 0555), 0);
    check_refused(as_nobody(*state, true, "a.json=1"), OUTPUT_FAILED,
                  "cannot-write: cannot write 'out/x/a.json': Permission denied");
    check_refused(as_nobody(*state, true, ""), OUTPUT_FAILED,
                  "cannot-write: cannot remove 'out/x/a.json': Permission denied");
    check_done(as_nobody(*state, true, "a.json=old"), "same a.json");
    assert_int_equal(chmod("out/x/a.json", 0), 0);
    check_refused(as_nobody(*state, false, "a.json=1"), OUTPUT_FAILED,
                  "cannot-read: cannot read 'out/x/a.json': Permission denied");
    assert_int_equal(chmod("out/x", 0), 0);
    check_refused(as_nobody(*state, true, "a.json=1"), OUTPUT_FAILED,
                  "cannot-write: cannot open 'out/x': Permission denied");
    assert_int_equal(chmod("out/x", 0755), 0);
    scratch_clear();
    assert_int_equal(mkdir("out", 0555), 0);
    check_refused(as_nobody(*state, true, "a.json=1"), OUTPUT_FAILED,
                  "cannot-write: cannot make the folder 'out/x': Permission denied");
    scratch_clear();
    assert_int_equal(chmod(".", 0555), 0);
    check_refused(as_nobody(*state, true, "a.json=1"), OUTPUT_FAILED,
                  "cannot-write: cannot make the folder 'out': Permission denied");
    assert_int_equal(chmod(".", 0755), 0);
    assert_string_equal(scratch_names(*state, "."), "");
}

static void says_what_is_too_long(void **state) {
    char name[NAME_MAX + 2];
    memset(name, 'x', sizeof name);
    name[NAME_MAX + 1] = '\0';
    Str message = str_format(*state, "cannot-write: cannot open '%s': File name too long", name);
    check_refused(output_run(*state, true, name, "x", "a.json=1"), OUTPUT_FAILED, message.data);
    message = str_format(*state,
                         "cannot-write: cannot make the folder 'out/%s': File name too long", name);
    check_refused(output_run(*state, true, "out", name, "a.json=1"), OUTPUT_FAILED, message.data);
    assert_string_equal(scratch_names(*state, "."), "");
}

// A limit on the size of files stands for a full disk: the second file does not fit.
static OutputRun with_size_limit(Arena *arena, OutputLock *lock, const char *root,
                                 const char *files) {
    struct sigaction old, ignore = {.sa_handler = SIG_IGN};
    struct rlimit before, limit;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &old), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    OutputRun run = output_run_locked(arena, lock, root, "x", files);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sigaction(SIGXFSZ, &old, NULL), 0);
    return run;
}

static void leaves_all_as_it_was_on_failure(void **state) {
    make_out();
    scratch_write("out/x/a.json", "old");
    scratch_write("out/x/stale.json", "old");
    check_refused(
        with_size_limit(*state, NULL, "out", "a.json=new new.json=12345 b.json=12345678901"),
        OUTPUT_FAILED, "cannot-write: cannot write 'out/x/b.json': File too large");
    assert_string_equal(scratch_names(*state, "out/x"), "a.json stale.json");
    assert_string_equal(scratch_read(*state, "out/x/a.json"), "old");
}

static void removes_the_folders_it_made_on_failure(void **state) {
    const char *files = "a.json=12345678901";
    assert_int_equal(mkdir("was", 0777), 0);
    check_refused(with_size_limit(*state, NULL, "was/a/b", files), OUTPUT_FAILED,
                  "cannot-write: cannot write 'was/a/b/x/a.json': File too large");
    check_refused(with_size_limit(*state, NULL, "a/b", files), OUTPUT_FAILED,
                  "cannot-write: cannot write 'a/b/x/a.json': File too large");
    check_refused(with_size_limit(*state, NULL, "a/../was", files), OUTPUT_FAILED,
                  "cannot-write: cannot write 'a/../was/x/a.json': File too large");
    assert_string_equal(scratch_names(*state, "."), "was");
    assert_string_equal(scratch_names(*state, "was"), "");
}

static long number_of_a_dead_process(void) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return child;
}

static void removes_leftovers_of_the_dead(void **state) {
    make_out();
    long dead = number_of_a_dead_process(), own = getpid();
    scratch_write(str_format(*state, "out/x/.spotc-%ld-7.tmp", dead).data, "");
    scratch_write(str_format(*state, "out/x/.spotc-%ld-0.tmp", own).data, "");
    // Of a process that is always there, but not at work in the folder, which is locked.
    scratch_write("out/x/.spotc-1-7.tmp", "");
    assert_int_equal(mkdir(str_format(*state, "out/x/.spotc-%ld-8.tmp", dead).data, 0777), 0);
    assert_int_equal(mkdir(str_format(*state, "out/x/.spotc-%ld-1.tmp", own).data, 0777), 0);
    scratch_write(str_format(*state, "out/x/.spotc-%ld-7.tmp.txt", dead).data, "");
    scratch_write(str_format(*state, "out/x/.spotc-%ld-.tmp", dead).data, "");
    scratch_write("out/x/.spotc--7.tmp", "");
    scratch_write("out/x/.spotc-99999999999-7.tmp", "");
    check_done(write_out(*state, "a.json=1 b.json=2"), "new a.json, new b.json");
    const char *names = scratch_names(*state, "out/x");
    assert_null(strstr(names, str_format(*state, ".spotc-%ld-7.tmp ", dead).data));
    assert_null(strstr(names, str_format(*state, ".spotc-%ld-0.tmp", own).data));
    assert_non_null(strstr(names, str_format(*state, ".spotc-%ld-8.tmp", dead).data));
    assert_non_null(strstr(names, str_format(*state, ".spotc-%ld-1.tmp", own).data));
    assert_non_null(strstr(names, str_format(*state, ".spotc-%ld-7.tmp.txt", dead).data));
    assert_non_null(strstr(names, str_format(*state, ".spotc-%ld-.tmp", dead).data));
    assert_null(strstr(names, ".spotc-1-7.tmp"));
    assert_non_null(strstr(names, ".spotc--7.tmp "));
    assert_non_null(strstr(names, ".spotc-99999999999-7.tmp a.json b.json"));
}

static void removes_leftovers_beside_what_is_the_same(void **state) {
    make_out();
    scratch_write("out/x/a.json", "1");
    long dead = number_of_a_dead_process();
    scratch_write(str_format(*state, "out/x/.spotc-%ld-0.tmp", dead).data, "");
    check_done(write_out(*state, "a.json=1"), "same a.json");
    assert_string_equal(scratch_names(*state, "out/x"), "a.json");
}

// Another program that has the folder and is done with it after a while.
static void waits_for_who_has_the_folder(void **state) {
    make_out();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int folder = open("out/x", O_RDONLY | O_DIRECTORY);
        bool has = folder >= 0 && lock_folder(folder, false) == LOCK_HELD;
        if (!has || write(ends[1], "", 1) != 1) _exit(1);
        scratch_write("out/x/one.json", "of the other");
        (void)poll(NULL, 0, 50);
        _exit(0); // lets the folder go
    }
    char byte;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    int folder = open("out/x", O_RDONLY | O_DIRECTORY);
    assert_int_equal(lock_folder(folder, false), LOCK_BUSY);
    check_done(write_out(*state, "one.json=1"), "changed one.json");
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(lock_folder(folder, false), LOCK_HELD);
    int mine[] = {ends[0], ends[1], folder};
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) (void)close(mine[i]);
    assert_string_equal(scratch_read(*state, "out/x/one.json"), "1");
}

static int open_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    return fd;
}

// From the first folder of a run to its last nobody else has the output folder.
static void keeps_others_out_between_folders(void **state) {
    OutputLock lock = {.fd = -1}, of_other = {.fd = -1};
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=1"), "new a.json");
    int other = open_folder("out");
    assert_int_equal(lock_root(&of_other, other, false), LOCK_BUSY);
    check_done(output_run_locked(*state, &lock, "out", "y", "a.json=1"), "new a.json");
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=2"), "changed a.json");
    assert_int_equal(lock_root(&of_other, other, false), LOCK_BUSY);
    output_unlock(&lock);
    assert_int_equal(lock_root(&of_other, other, false), LOCK_HELD);
    assert_int_equal(of_other.fd, other);
    output_unlock(&of_other);
    output_unlock(&of_other);
}

// An output folder that goes away under a run is made and locked anew.
static void locks_what_is_there_now(void **state) {
    OutputLock lock = {.fd = -1}, fresh = {.fd = -1};
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=1"), "new a.json");
    int gone = open_folder("out");
    assert_int_equal(unlink("out/x/a.json"), 0);
    assert_int_equal(rmdir("out/x"), 0);
    assert_int_equal(rmdir("out"), 0);
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=1"), "new a.json");
    assert_false(lock_is_of_removed(lock.fd));
    int other = open_folder("out");
    assert_int_equal(lock_root(&fresh, other, false), LOCK_BUSY);
    assert_int_equal(lock_root(&fresh, gone, false), LOCK_REMOVED);
    assert_int_equal(fresh.fd, -1);
    output_unlock(&lock);
    (void)close(other);
    (void)close(gone);
}

// What was made and taken back keeps nobody out, and is made and locked anew.
static void locks_no_folder_that_it_took_back(void **state) {
    OutputLock lock = {.fd = -1};
    check_refused(with_size_limit(*state, &lock, "out", "a.json=12345678901"), OUTPUT_FAILED,
                  "cannot-write: cannot write 'out/x/a.json': File too large");
    assert_true(lock_is_of_removed(lock.fd));
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=1"), "new a.json");
    assert_false(lock_is_of_removed(lock.fd));
    output_unlock(&lock);
}

static long milliseconds(void) {
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Who waited once in vain waits for no other folder of the run; each is tried all the same.
static void waits_in_vain_once(void **state) {
    OutputLock lock = {.fd = -1, .waited = true};
    make_out();
    int other = open_folder("out/x");
    assert_int_equal(lock_folder(other, false), LOCK_HELD);
    long began = milliseconds();
    check_refused(output_run_locked(*state, &lock, "out", "x", "a.json=1"), OUTPUT_FAILED,
                  "cannot-write: cannot lock 'out/x': Device or resource busy");
    assert_true(milliseconds() - began < 1000);
    (void)close(other);
    check_done(output_run_locked(*state, &lock, "out", "x", "a.json=1"), "new a.json");
    output_unlock(&lock);
}

// Of an output folder that others have, nothing is written later either: what is there at the end
// is of one run.
static void stays_out_of_what_others_have(void **state) {
    OutputLock lock = {.fd = -1, .waited = true}, of_other = {.fd = -1};
    make_out();
    assert_int_equal(lock_root(&of_other, open_folder("out"), false), LOCK_HELD);
    const char *message = "cannot-write: cannot lock 'out': Device or resource busy";
    long began = milliseconds();
    check_refused(output_run_locked(*state, &lock, "out", "x", "a.json=1"), OUTPUT_FAILED, message);
    assert_true(milliseconds() - began < 1000);
    output_unlock(&of_other);
    check_refused(output_run_locked(*state, &lock, "out", "y", "a.json=1"), OUTPUT_FAILED, message);
    assert_string_equal(scratch_names(*state, "out"), "x");
}

// What the run has read, by other names, and however it would be lost.
static void spares_what_was_read(void **state) {
    static const char *const names[] = {"a.json", "b.json", "stale.json", ".spotc-1-7.tmp"};
    static const char messages[] =
        "output-is-input: 'out/x/b.json' would be replaced, and this run read it; choose another "
        "folder with -o\n"
        "output-is-input: 'out/x/.spotc-1-7.tmp' would be removed, and this run read it; choose "
        "another folder with -o\n"
        "output-is-input: 'out/x/stale.json' would be removed, and this run read it; choose "
        "another folder with -o";
    FileSet inputs = {0};
    struct stat status;
    make_out();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scratch_write("input", "1");
        assert_int_equal(stat("input", &status), 0);
        file_set_add(*state, &inputs, &status);
        const char *path = str_format(*state, "out/x/%s", names[i]).data;
        assert_int_equal(rename("input", path), 0);
    }
    scratch_write("out/x/other.json", "1");
    const char *files = "a.json=1 b.json=2 other.json=2";
    OutputRun run = output_run_sparing(*state, true, &inputs, "out", "x", files);
    check_refused(run, OUTPUT_IN_THE_WAY, messages);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(scratch_read(*state, str_format(*state, "out/x/%s", names[i]).data),
                            "1");
    assert_string_equal(scratch_read(*state, "out/x/other.json"), "1");
    // What has only the name of an input, but is another file by now, is none.
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        assert_int_equal(remove(str_format(*state, "out/x/%s", names[i]).data), 0);
    run = output_run_sparing(*state, true, &inputs, "out", "x", files);
    check_done(run, "same a.json, new b.json, changed other.json");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_enter, scratch_leave)
    static const struct CMUnitTest tests[] = {
        TEST(makes_folders_and_files),
        TEST(takes_any_root),
        TEST(finds_what_its_parents_hid),
        TEST(makes_nothing_for_nothing),
        TEST(leaves_alone_what_is_the_same),
        TEST(replaces_what_changed),
        TEST(removes_what_is_stale),
        TEST(stops_at_what_only_looks_stale),
        TEST(compares_without_changing),
        TEST(cuts_what_is_too_large),
        TEST(compares_to_the_last_byte),
        TEST(names_files_in_the_way),
        TEST(names_what_is_no_folder),
        TEST(stays_in_the_folder),
        TEST(says_what_is_read_only),
        TEST(says_what_is_too_long),
        TEST(leaves_all_as_it_was_on_failure),
        TEST(removes_the_folders_it_made_on_failure),
        TEST(removes_leftovers_of_the_dead),
        TEST(removes_leftovers_beside_what_is_the_same),
        TEST(waits_for_who_has_the_folder),
        TEST(keeps_others_out_between_folders),
        TEST(locks_what_is_there_now),
        TEST(locks_no_folder_that_it_took_back),
        TEST(waits_in_vain_once),
        TEST(stays_out_of_what_others_have),
        TEST(keeps_no_special_bits),
        TEST(spares_what_was_read),
        TEST(reads_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
