#include "command/output.h"
#include "command/session.h"
#include "write/diff.h"

static void show_difference(Run *run, Arena *arena, const ManifestOutput *output, size_t index,
                            const OutputChange *change) {
    Str path = output_shown_path(arena, &output->folder, change->name);
    Str after = change->state == OUTPUT_STALE ? (Str){0} : output->files.items[index].bytes;
    bool is_new = change->state == OUTPUT_NEW, is_stale = change->state == OUTPUT_STALE;
    if (run->options.quiet) return;
    if (change->before_cut) {
        strbuf_add_format(&run->out, "%.*s differs, and is too large to compare line by line\n",
                          STR_ARG(path));
        return;
    }
    diff_unified(arena, is_new ? STR("/dev/null") : path, change->before,
                 is_stale ? STR("/dev/null") : path, after, &run->out);
}

static void verify_document(Run *run, const ManifestDocument *document) {
    Arena arena;
    Compilation c;
    if (session_compile(run, document, PASS_EMIT, &arena, &c)) {
        ManifestOutput output;
        OutputChangeVec changes = {0};
        manifest_output(run, &arena, &c, &output);
        OutputResult result = output_compare(&arena, run->diags, &output.folder, &changes);
        run_fail(run, output_status(result));
        for (size_t i = 0; result == OUTPUT_DONE && i < changes.count; i++) {
            if (changes.items[i].state == OUTPUT_SAME) continue;
            show_difference(run, &arena, &output, i, &changes.items[i]);
            run_fail(run, EXIT_NO);
        }
    }
    arena_free(&arena);
}

void command_verify(Run *run) {
    ManifestDocumentVec documents = {0};
    if (run->options.output.length == 0) {
        run_usage_error(run, "which folder? give it with -o DIR");
        return;
    }
    session_load(run, 0, run->options.arguments.count, &documents);
    for (size_t i = 0; i < documents.count; i++) verify_document(run, &documents.items[i]);
}
