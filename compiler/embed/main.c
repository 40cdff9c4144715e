// Turns schemas, tables, bundles and templates into constant C tables when spotc is built.
//   embed OUTPUT.c FILE...    files by their paths relative to the project, in byte order
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

static int write_file(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(text.data, 1, text.length, file) == text.length;
    if (file != NULL) ok &= fclose(file) == 0;
    if (!ok) perror(path);
    return ok ? 0 : 3;
}

static int embed(Arena *arena, const char *output, int count, char **paths) {
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
    return write_file(output, strbuf_str(&text));
}

static int print_reference(Arena *arena) {
    StrBuf out = strbuf_new(arena);
    diag_write_reference(&out);
    return fwrite(out.data, 1, out.length, stdout) == out.length && fflush(stdout) == 0 ? 0 : 3;
}

int main(int argc, char **argv) {
    Arena arena;
    arena_init(&arena, out_of_memory, NULL);
    int status = 2;
    if (argc == 2 && strcmp(argv[1], "--diagnostics") == 0)
        status = print_reference(&arena);
    else if (argc > 2)
        status = embed(&arena, argv[1], argc - 2, argv + 2);
    else
        (void)fputs("usage: embed OUTPUT.c FILE... | embed --diagnostics\n", stderr);
    arena_free(&arena);
    return status;
}
