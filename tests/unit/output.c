#include "output.h"

static bool is_ours(Str name, const void *context) {
    return context == NULL && str_ends_with(name, STR(".json"));
}

static OutputFileVec split_files(Arena *arena, Str text) {
    OutputFileVec files = {0};
    for (size_t at = 0, end; at < text.length; at = end + 1) {
        end = str_find_byte(text, ' ', at);
        size_t equals = str_find_byte(text, '=', at);
        OutputFile file = {str_slice(text, at, equals), str_slice(text, equals + 1, end)};
        VEC_PUSH(arena, &files, file);
    }
    return files;
}

// What was there in the place of a file that changed.
static void add_before(Arena *arena, const OutputFolder *folder, Str name, StrBuf *text) {
    Diags diags;
    OutputText before;
    diags_init(&diags, arena, 20);
    if (output_read(arena, &diags, folder, name, &before) != OUTPUT_DONE)
        strbuf_add(text, STR(" (unreadable)"));
    else if (before.cut)
        strbuf_add(text, STR(" (cut)"));
    else
        strbuf_add_format(text, " (%.*s)", STR_ARG(before.bytes));
}

static const char *describe_changes(Arena *arena, const OutputFolder *folder,
                                    const OutputChangeVec *changes, bool write) {
    static const char *const states[] = {"new", "changed", "same", "stale"};
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < changes->count; i++) {
        const OutputChange *change = &changes->items[i];
        strbuf_add_format(&text, "%s%s %.*s", i == 0 ? "" : ", ", states[change->state],
                          STR_ARG(change->name));
        if (!write && change->state == OUTPUT_CHANGED)
            add_before(arena, folder, change->name, &text);
    }
    return str_to_c(arena, strbuf_str(&text));
}

static const char *describe_messages(Arena *arena, const Diags *diags) {
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < diags->items.count; i++) {
        const Diagnostic *message = diags->items.items[i];
        strbuf_add_format(&text, "%s%s: %.*s", i == 0 ? "" : "\n", message_get(message->id)->name,
                          STR_ARG(message->text));
    }
    return str_to_c(arena, strbuf_str(&text));
}

static OutputRun run_with(Arena *arena, bool write, const OutputFolder *given, const char *root,
                          const char *folder, const char *files) {
    Diags diags;
    diags_init(&diags, arena, 20);
    OutputFileVec list = split_files(arena, str_of(files));
    OutputFolder output = *given;
    output.root = str_of(root);
    output.folder = str_of(folder);
    output.files = &list;
    output.is_ours = is_ours;
    OutputChangeVec changes = {0};
    OutputRun run = {.changes = "untouched"};
    OutputResult (*call)(Arena *, Diags *, const OutputFolder *, OutputChangeVec *) =
        write ? output_write : output_compare;
    run.result = call(arena, &diags, &output, &changes);
    if (run.result == OUTPUT_DONE) run.changes = describe_changes(arena, &output, &changes, write);
    run.messages = describe_messages(arena, &diags);
    return run;
}

OutputRun output_run(Arena *arena, bool write, const char *root, const char *folder,
                     const char *files) {
    return run_with(arena, write, &(OutputFolder){0}, root, folder, files);
}

OutputRun output_run_locked(Arena *arena, OutputLock *lock, const char *root, const char *folder,
                            const char *files) {
    return run_with(arena, true, &(OutputFolder){.lock = lock}, root, folder, files);
}

OutputRun output_run_sparing(Arena *arena, bool write, const FileSet *inputs, const char *root,
                             const char *folder, const char *files) {
    return run_with(arena, write, &(OutputFolder){.inputs = inputs}, root, folder, files);
}
