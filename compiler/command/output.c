#include "command/output.h"

#include "base/file.h"
#include "diag/escape.h"
#include "emit/emit.h"

static bool is_ours(Str name, const void *context) {
    return emit_owns(name, context);
}

void manifest_output(Run *run, Arena *arena, const Compilation *compilation,
                     ManifestOutput *ret_output) {
    *ret_output = (ManifestOutput){0};
    for (size_t i = 0; i < compilation->artifacts.count; i++) {
        const Artifact *artifact = &compilation->artifacts.items[i];
        VEC_PUSH(arena, &ret_output->files, ((OutputFile){artifact->name, artifact->bytes}));
    }
    library_names(arena, compilation->library, BUNDLE_TRUST, true, &ret_output->role_ids);
    ret_output->folder = (OutputFolder){.root = run->options.output,
                                        .folder = compilation->manifest.name,
                                        .files = &ret_output->files,
                                        .inputs = &run->diags->read,
                                        .asked = node_span(NODE_GET(compilation->document, "name")),
                                        .is_ours = is_ours,
                                        .context = &ret_output->role_ids};
}

Str output_path(Arena *arena, const OutputFolder *folder, Str name) {
    Str root = folder->root;
    while (root.length > 1 && root.data[root.length - 1] == '/') root.length--;
    Str path = str_equal(root, STR("/")) ? str_format(arena, "/%.*s", STR_ARG(folder->folder))
                                         : file_join(arena, root, folder->folder);
    return file_join(arena, path, name);
}

Str output_shown_path(Arena *arena, const OutputFolder *folder, Str name) {
    StrBuf shown = strbuf_new(arena);
    escape_text(&shown, output_path(arena, folder, name), "");
    return strbuf_str(&shown);
}

Str number_grouped(Arena *arena, size_t number) {
    if (number < 1000) return str_format(arena, "%zu", number);
    Str high = number_grouped(arena, number / 1000);
    return str_format(arena, "%.*s,%03zu", STR_ARG(high), number % 1000);
}

ExitStatus output_status(OutputResult result) {
    static const ExitStatus statuses[] = {
        [OUTPUT_DONE] = EXIT_DONE, [OUTPUT_FAILED] = EXIT_MACHINE, [OUTPUT_IN_THE_WAY] = EXIT_NO};
    return statuses[result];
}
