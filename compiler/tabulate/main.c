// Turns the catalogue of actions into constant C tables when spotc is built.
//   tabulate FOLDER    prints the C file; the folder is schema/iam/catalogue
#include <stdio.h>
#include <stdlib.h>

#include "tabulate/tabulate.h"

static _Noreturn void out_of_memory(void *context) {
    (void)context;
    (void)fputs("tabulate: out of memory\n", stderr);
    exit(3);
}

static int run(Arena *arena, const char *folder) {
    Tabulation *t = ARENA_NEW(arena, Tabulation);
    t->arena = arena;
    if (!tabulate(t, str_of(folder))) {
        (void)fprintf(stderr, "tabulate: error: %.*s\n", STR_ARG(t->problem));
        return 1;
    }
    StrBuf out = strbuf_new(arena);
    tabulation_write(t, &out);
    bool ok = fwrite(out.data, 1, out.length, stdout) == out.length && fflush(stdout) == 0;
    return ok ? 0 : 3;
}

int main(int argc, char **argv) {
    Arena arena;
    if (argc != 2) {
        (void)fputs("usage: tabulate FOLDER\n", stderr);
        return 2;
    }
    arena_init(&arena, out_of_memory, NULL);
    int status = run(&arena, argv[1]);
    arena_free(&arena);
    return status;
}
