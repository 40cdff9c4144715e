#include "command/output.h"
#include "command/session.h"
#include "write/diff.h"

// What stands in the folder may be anybody's, and as much as they like.
enum {
    MOST_LINES = 500,            // of a file's difference
    MOST_TEXT = 4 * 1024 * 1024, // bytes of all of them; beyond it files are only named
    MOST_FILES = 1000,           // that are named; the others are counted
};

// What shows the files of a run that differ.
typedef struct Report {
    Run *run;
    size_t files; // so far
} Report;

// The folder's file and the one that it should be. What cannot be read any more is reported.
static void add_difference(Report *report, Arena *arena, const ManifestOutput *output, size_t index,
                           OutputState state) {
    Run *run = report->run;
    const OutputFile *file = &output->files.items[index];
    Str path = output_shown_path(arena, &output->folder, file->name);
    OutputText was = {0};
    OutputResult result = OUTPUT_DONE;
    if (state == OUTPUT_CHANGED)
        result = output_read(arena, run->diags, &output->folder, file->name, &was);
    run_fail(run, output_status(result));
    if (result != OUTPUT_DONE) return;
    if (was.cut) {
        strbuf_add_format(&run->out, "%.*s differs, and is too large to compare line by line\n",
                          STR_ARG(path));
        return;
    }
    DiffText before = {state == OUTPUT_NEW ? STR("/dev/null") : path, was.bytes};
    diff_unified(arena, &before, &(DiffText){path, file->bytes}, MOST_LINES, &run->out);
}

static void add_name(Report *report, Arena *arena, const ManifestOutput *output,
                     const OutputChange *change) {
    static const char *const words[] = {[OUTPUT_NEW] = "is missing",
                                        [OUTPUT_CHANGED] = "differs",
                                        [OUTPUT_STALE] = "is stale: compile would remove it"};
    Str path = output_shown_path(arena, &output->folder, change->name);
    strbuf_add_format(&report->run->out, "%.*s %s\n", STR_ARG(path), words[change->state]);
}

// A stale file is named: what it holds is of no use to anybody.
static void show_file(Report *report, Arena *arena, const ManifestOutput *output, size_t index,
                      const OutputChange *change) {
    StrBuf *out = &report->run->out;
    size_t length = out->length;
    if (report->run->options.quiet || report->files++ >= MOST_FILES) return;
    ArenaMark mark = arena_mark(arena);
    if (change->state != OUTPUT_STALE && length < MOST_TEXT)
        add_difference(report, arena, output, index, change->state);
    // Whatever was shown or not, the file is named.
    if (out->length == length) add_name(report, arena, output, change);
    arena_rewind(arena, mark);
}

static void verify_document(Report *report, const ManifestDocument *document) {
    Run *run = report->run;
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
            show_file(report, &arena, &output, i, &changes.items[i]);
            run_fail(run, EXIT_NO);
        }
    }
    arena_free(&arena);
}

void command_verify(Run *run) {
    ManifestDocumentVec documents = {0};
    Report report = {.run = run};
    if (run->options.output.length == 0) {
        run_usage_error(run, "which folder? give it with -o DIR");
        return;
    }
    session_load(run, 0, run->options.arguments.count, &documents);
    for (size_t i = 0; i < documents.count; i++) verify_document(&report, &documents.items[i]);
    if (report.files > MOST_FILES) {
        Str more = number_grouped(run->arena, report.files - MOST_FILES);
        strbuf_add_format(&run->out, "… %.*s more file%s\n", STR_ARG(more),
                          report.files - MOST_FILES == 1 ? "" : "s");
    }
}
