// Turns the catalogue of actions into constant C tables when spotc is built.
//   tabulate OUTPUT.c FOLDER    the folder is schema/iam/catalogue
#include <stdio.h>
#include <stdlib.h>

#include "tabulate/tabulate.h"

static _Noreturn void out_of_memory(void *context) {
    (void)context;
    (void)fputs("tabulate: out of memory\n", stderr);
    exit(3);
}

static int write_file(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(text.data, 1, text.length, file) == text.length;
    if (file != NULL) ok &= fclose(file) == 0;
    if (!ok) perror(path);
    return ok ? 0 : 3;
}

static int run(Arena *arena, const char *output, const char *folder) {
    Tabulation *t = ARENA_NEW(arena, Tabulation);
    t->arena = arena;
    if (!tabulate(t, str_of(folder))) {
        (void)fprintf(stderr, "tabulate: error: %.*s\n", STR_ARG(t->problem));
        return 1;
    }
    StrBuf out = strbuf_new(arena);
    tabulation_write(t, &out);
    return write_file(output, strbuf_str(&out));
}

int main(int argc, char **argv) {
    Arena arena;
    if (argc != 3) {
        (void)fputs("usage: tabulate OUTPUT.c FOLDER\n", stderr);
        return 2;
    }
    arena_init(&arena, out_of_memory, NULL);
    int status = run(&arena, argv[1], argv[2]);
    arena_free(&arena);
    return status;
}
