// Calls a target without a fuzzer: with each file that is named, and each file in the folders that
// are named. Prints how many they were.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "fuzz.h"

static bool is_folder(Str path) {
    struct stat status;
    return stat(path.data, &status) == 0 && S_ISDIR(status.st_mode);
}

static void replay_file(Fuzz *fuzz, Str path) {
    int error = 0;
    Str text = {0};
    FileResult result = file_read(&fuzz->arena, path, READ_MAX_BYTES, &text, &error);
    FUZZ_REQUIRE(result == FILE_DONE, path.data);
    (void)printf("%.*s\n", STR_ARG(path));
    (void)fflush(stdout);
    // Of its very length, so that the sanitizers see what is read beyond its end.
    uint8_t *data = malloc(text.length + (text.length == 0));
    FUZZ_REQUIRE(data != NULL, "there is memory");
    if (text.length > 0) memcpy(data, text.data, text.length);
    (void)LLVMFuzzerTestOneInput(data, text.length);
    free(data);
}

static size_t replay_folder(Fuzz *fuzz, Str folder) {
    StrVec names = {0};
    int error = 0;
    FileResult result = file_list(&fuzz->arena, folder, &names, &error);
    FUZZ_REQUIRE(result == FILE_DONE, folder.data);
    for (size_t i = 0; i < names.count; i++) {
        Str path = file_join(&fuzz->arena, folder, names.items[i]);
        replay_file(fuzz, (Str){str_to_c(&fuzz->arena, path), path.length});
    }
    return names.count;
}

int main(int argc, char **argv) {
    Fuzz fuzz;
    size_t replayed = 0;
    fuzz_begin(&fuzz);
    for (int i = 1; i < argc; i++) {
        Str path = str_of(argv[i]);
        if (is_folder(path)) {
            replayed += replay_folder(&fuzz, path);
        } else {
            replay_file(&fuzz, path);
            replayed++;
        }
    }
    (void)printf("%zu inputs\n", replayed);
    fuzz_end(&fuzz);
    return 0;
}
