// Calls a target without a fuzzer: with each file that is named, and each file in the folders that
// are named. Prints how many they were. Uses nothing of spotc's own that the targets do not, so
// that a program has the same files in it whoever calls the target.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    FUZZ_REQUIRE(file != NULL && fstat(fileno(file), &status) == 0, path);
    size_t length = (size_t)status.st_size;
    (void)printf("%s\n", path);
    (void)fflush(stdout);
    // Of its very length, so that the sanitizers see what is read beyond its end.
    uint8_t *data = malloc(length + (length == 0));
    FUZZ_REQUIRE(data != NULL, "there is memory");
    FUZZ_REQUIRE(fread(data, 1, length, file) == length, path);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, length);
    free(data);
}

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static size_t replay_folder(Fuzz *fuzz, const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_shown, alphasort);
    FUZZ_REQUIRE(count >= 0, folder);
    for (int i = 0; i < count; i++) {
        replay_file(
            str_to_c(&fuzz->arena, str_format(&fuzz->arena, "%s/%s", folder, entries[i]->d_name)));
        free(entries[i]);
    }
    free(entries);
    return (size_t)count;
}

int main(int argc, char **argv) {
    Fuzz fuzz;
    size_t replayed = 0;
    fuzz_begin(&fuzz);
    for (int i = 1; i < argc; i++) {
        if (is_folder(argv[i])) {
            replayed += replay_folder(&fuzz, argv[i]);
        } else {
            replay_file(argv[i]);
            replayed++;
        }
    }
    (void)printf("%zu inputs\n", replayed);
    fuzz_end(&fuzz);
    return 0;
}
