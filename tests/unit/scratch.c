#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

typedef struct Scratch {
    Arena arena; // first: a test takes its state for an Arena
    char path[256];
    int before; // the folder that was the current one
    size_t descriptors;
} Scratch;

static void fail(const char *what) {
    perror(what);
    abort();
}

static void no_memory(void *context) {
    (void)context;
    fail("arena");
}

size_t scratch_descriptors(void) {
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) fail("/proc/self/fd");
    while (readdir(folder) != NULL) count++;
    (void)closedir(folder);
    return count;
}

int scratch_enter(void **state) {
    Scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL) fail("scratch");
    arena_init(&scratch->arena, no_memory, NULL);
    const char *parent = getenv("TMPDIR");
    (void)snprintf(scratch->path, sizeof scratch->path, "%s/spotc-unit-XXXXXX",
                   parent == NULL ? P_tmpdir : parent);
    scratch->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scratch->before < 0 || mkdtemp(scratch->path) == NULL || chdir(scratch->path) != 0)
        fail(scratch->path);
    scratch->descriptors = scratch_descriptors();
    *state = scratch;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    return place->level == 0 ? 0 : remove(path);
}

void scratch_clear(void) {
    if (nftw(".", remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
        fail("cannot empty the scratch folder");
}

int scratch_leave(void **state) {
    Scratch *scratch = *state;
    size_t descriptors = scratch_descriptors();
    int result = descriptors == scratch->descriptors ? 0 : -1;
    if (result != 0)
        (void)fprintf(stderr, "%zu descriptors were open before, %zu after\n", scratch->descriptors,
                      descriptors);
    scratch_clear();
    if (fchdir(scratch->before) != 0 || rmdir(scratch->path) != 0) fail(scratch->path);
    (void)close(scratch->before);
    arena_free(&scratch->arena);
    free(scratch);
    return result;
}

void scratch_write(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) fail(path);
}

const char *scratch_read(Arena *arena, const char *path) {
    Str text;
    int error;
    struct stat status;
    if (lstat(path, &status) != 0) return "(none)";
    if (!S_ISREG(status.st_mode)) return "(not a file)";
    if (file_read(arena, str_of(path), SIZE_MAX / 4, &text, &error) != FILE_DONE) fail(path);
    return str_to_c(arena, text);
}

const char *scratch_names(Arena *arena, const char *folder) {
    StrVec names;
    int error;
    if (file_list(arena, str_of(folder), &names, &error) != FILE_DONE) return "(none)";
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < names.count; i++)
        strbuf_add_format(&text, "%s%.*s", i == 0 ? "" : " ", STR_ARG(names.items[i]));
    return str_to_c(arena, strbuf_str(&text));
}

mode_t scratch_mode(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0) fail(path);
    return status.st_mode & 07777;
}
