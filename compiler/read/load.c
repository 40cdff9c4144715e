#include "read/load.h"

#include "base/file.h"
#include "read/read.h"

static LoadResult report_failure(Arena *arena, Diags *diags, Str path, Span asked, int error) {
    diag_report(diags, MSG_CANNOT_READ, asked, "cannot read '%.*s': %.*s", STR_ARG(path),
                STR_ARG(file_error(arena, error)));
    return file_is_mistaken(error) ? LOAD_MISSING : LOAD_FAILED;
}

LoadResult source_load(Arena *arena, Diags *diags, Str path, Span asked,
                       const Source **ret_source) {
    Str text = {0};
    int error = 0;
    switch (file_read_noted(arena, path, READ_MAX_BYTES, &diags->read, &text, &error)) {
    case FILE_DONE:
        break;
    case FILE_FAILED:
        return report_failure(arena, diags, path, asked, error);
    case FILE_NOT_PLAIN:
        diag_report(diags, MSG_CANNOT_READ, asked,
                    "cannot read '%.*s': it is a pipe or device, not a file", STR_ARG(path));
        return LOAD_MISSING;
    case FILE_TOO_LARGE:
        diag_report(diags, MSG_TOO_LARGE, asked,
                    "'%.*s' is larger than the %d MiB that spotc reads", STR_ARG(path),
                    READ_MAX_BYTES / (1024 * 1024));
        return LOAD_INVALID;
    }
    Source *source = ARENA_NEW(arena, Source);
    source->name = str_equal(path, STR("-")) ? STR("<stdin>") : path;
    source->text = text;
    *ret_source = source;
    return LOAD_DONE;
}
