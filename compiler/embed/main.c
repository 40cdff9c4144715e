// Turns schemas, tables, bundles and templates into constant C tables when spotc is built.
//   embed FILE...             prints the C file; paths are relative to the project
//   embed --diagnostics       prints docs/diagnostics.md
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag/render.h"
#include "embed/embed.h"

static _Noreturn void out_of_memory(void *context) {
    (void)context;
    (void)fputs("embed: out of memory\n", stderr);
    exit(3);
}

static void print_messages(const Diags *diags, Arena *arena) {
    StrBuf out = strbuf_new(arena);
    diag_formats[0].render(diags, &(RenderOptions){0}, &out);
    (void)fwrite(out.data, 1, out.length, stderr);
}

static int print(Str text) {
    bool ok = fwrite(text.data, 1, text.length, stdout) == text.length && fflush(stdout) == 0;
    return ok ? 0 : 3;
}

static int embed(Arena *arena, int count, char **paths) {
    Diags diags;
    diags_init(&diags, arena, 100);
    StrVec files = {0};
    for (int i = 0; i < count; i++) VEC_PUSH(arena, &files, str_of(paths[i]));
    str_sort(files.items, files.count);
    StrBuf text = strbuf_new(arena);
    if (!embed_files(arena, &diags, &files, &text)) {
        print_messages(&diags, arena);
        return 1;
    }
    return print(strbuf_str(&text));
}

static int print_reference(Arena *arena) {
    StrBuf out = strbuf_new(arena);
    diag_write_reference(&out);
    return print(strbuf_str(&out));
}

int main(int argc, char **argv) {
    Arena arena;
    arena_init(&arena, out_of_memory, NULL);
    int status = 2;
    if (argc == 2 && strcmp(argv[1], "--diagnostics") == 0)
        status = print_reference(&arena);
    else if (argc > 1)
        status = embed(&arena, argc - 1, argv + 1);
    else
        (void)fputs("usage: embed FILE... | embed --diagnostics\n", stderr);
    arena_free(&arena);
    return status;
}
