// Files as sources. A Source lives in the arena that is given.
#ifndef SPOTC_READ_LOAD_H
#define SPOTC_READ_LOAD_H

#include "diag/diag.h"

typedef enum LoadResult {
    LOAD_DONE,
    LOAD_MISSING, // there is no such file, or it is not one that can be read: the user's mistake
    LOAD_FAILED,  // the machine failed: no permission, no descriptor, an I/O error
    LOAD_INVALID, // there is a file, but it is too large
} LoadResult;

// Reads the file at `path` ("-": standard input), and adds it to those that `diags` knows. Where
// that fails, reports cannot-read (or too-large) at `asked`, the place that named the file.
LoadResult source_load(Arena *arena, Diags *diags, Str path, Span asked, const Source **ret_source);

#endif
