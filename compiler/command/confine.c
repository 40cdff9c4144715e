#include "command/confine.h"

#ifdef SPOTC_UNCONFINED

// For builds whose instruments write files of their own.
void confine(const Run *run, bool writes) {
    (void)run;
    (void)writes;
}

#else

#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "read/read.h"

// What the oldest header that spotc is built with does not have.
enum {
    ACCESS_TRUNCATE_SINCE = 3,
    ACCESS_NETWORK_SINCE = 4,
    ACCESS_DEVICES_SINCE = 5,
    ACCESS_PROCESSES_SINCE = 6,
};
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)
#define ACCESS_CONTROL_DEVICE (UINT64_C(1) << 15)
#define ACCESS_BIND_AND_CONNECT (UINT64_C(3))
#define ACCESS_SOCKETS_AND_SIGNALS (UINT64_C(3))

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
// What write/apply.c does.
#define ACCESS_WRITE                                                                             \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR)
#define ACCESS_NEVER                                                                            \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)
// Those of them that a rule for a file, not a folder, can have.
#define ACCESS_OF_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)

// The kernel's structure, as later versions have grown it.
typedef struct Ruleset {
    uint64_t files, network, processes;
} Ruleset;

static size_t ruleset_size(long version) {
    if (version >= ACCESS_PROCESSES_SINCE) return sizeof(Ruleset);
    return version >= ACCESS_NETWORK_SINCE ? offsetof(Ruleset, processes)
                                           : offsetof(Ruleset, network);
}

static int ruleset_new(bool reads, uint64_t *ret_handled) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return -1;
    Ruleset rules = {.files = ACCESS_WRITE | ACCESS_NEVER | (reads ? ACCESS_READ : 0)};
    if (version >= ACCESS_TRUNCATE_SINCE) rules.files |= ACCESS_TRUNCATE;
    if (version >= ACCESS_NETWORK_SINCE) rules.network = ACCESS_BIND_AND_CONNECT;
    if (version >= ACCESS_DEVICES_SINCE) rules.files |= ACCESS_CONTROL_DEVICE;
    if (version >= ACCESS_PROCESSES_SINCE) rules.processes = ACCESS_SOCKETS_AND_SIGNALS;
    *ret_handled = rules.files;
    return (int)syscall(SYS_landlock_create_ruleset, &rules, ruleset_size(version), 0);
}

// Allows `access` at and below a path; where there is nothing, nothing is allowed.
static bool allow(int ruleset, const char *path, uint64_t access) {
    struct stat status;
    int fd = file_open_at(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
    if (fd < 0) return false;
    bool known = fstat(fd, &status) == 0;
    if (known && !S_ISDIR(status.st_mode)) access &= ACCESS_OF_FILE;
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
    if (known && access != 0)
        (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(fd);
    return known;
}

// The output folder, or the nearest one above it that is there: it is made in that.
static void allow_output(Arena *arena, int ruleset, Str output, uint64_t access) {
    char *path = str_to_c(arena, output);
    while (!allow(ruleset, path, access)) {
        char *slash = strrchr(path, '/');
        if (slash == NULL || slash == path) {
            (void)allow(ruleset, slash == NULL ? "." : "/", access);
            return;
        }
        *slash = '\0';
    }
}

static bool may_name_folders(Arena *arena, Str path) {
    Str text = {0};
    int error = 0;
    struct stat status;
    if (str_equal(path, STR("-"))) return true;
    // What is no plain file might be emptied by reading it.
    if (stat(str_to_c(arena, path), &status) != 0 || S_ISDIR(status.st_mode)) return false;
    if (!S_ISREG(status.st_mode)) return true;
    if (file_read(arena, path, READ_MAX_BYTES, &text, &error) != FILE_DONE) return false;
    return str_find(text, STR("bundles"), 0) < text.length ||
           str_find_byte(text, '\\', 0) < text.length;
}

static bool any_may_name_folders(Arena *arena, const StrVec *paths) {
    for (size_t i = 0; i < paths->count; i++) {
        if (may_name_folders(arena, paths->items[i])) return true;
    }
    return false;
}

static void allow_reading(Arena *arena, int ruleset, const StrVec *paths) {
    for (size_t i = 0; i < paths->count; i++)
        (void)allow(ruleset, str_to_c(arena, paths->items[i]), ACCESS_READ);
}

static void add_rules(Arena *arena, int ruleset, const Options *options, bool writes,
                      uint64_t handled) {
    uint64_t output = (ACCESS_READ | (writes ? ACCESS_WRITE | ACCESS_TRUNCATE : 0)) & handled;
    if (options->output.length != 0 && output != 0)
        allow_output(arena, ruleset, options->output, output);
    if ((handled & ACCESS_READ) == 0) return;
    allow_reading(arena, ruleset, &options->arguments);
    allow_reading(arena, ruleset, &options->bundles);
    if (options->config.length != 0)
        (void)allow(ruleset, str_to_c(arena, options->config), ACCESS_READ);
    if (options->templates.length != 0)
        (void)allow(ruleset, str_to_c(arena, options->templates), ACCESS_READ);
}

void confine(const Run *run, bool writes) {
    const Options *options = &run->options;
    Arena arena;
    arena_init(&arena, run->arena->exhausted, run->arena->context);
    uint64_t handled = 0;
    bool reads = !any_may_name_folders(&arena, &options->arguments);
    int ruleset = ruleset_new(reads, &handled);
    if (ruleset >= 0) {
        add_rules(&arena, ruleset, options, writes, handled);
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
            (void)syscall(SYS_landlock_restrict_self, ruleset, 0);
        (void)close(ruleset);
    }
    arena_free(&arena);
}

#endif
