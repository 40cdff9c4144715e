// What was parsed and checked when spotc was built, as constant tables. Owned by the binary.
#ifndef SPOTC_MODEL_EMBEDDED_H
#define SPOTC_MODEL_EMBEDDED_H

#include "read/tree.h"

// A file of schema/, bundles/ or templates/. `text` is kept only where it is printed as it is.
typedef struct EmbeddedFile {
    Str path; // relative to the project, with '/'
    const Tree *tree;
    uint32_t root;
    Str text;
} EmbeddedFile;

// Sorted by path (bytes).
extern const EmbeddedFile embedded_files[];
extern const size_t embedded_file_count;

// The file at `path`, or NULL.
const EmbeddedFile *embedded_find(Str path);

// The root of the file at `path`, or no node.
Node embedded_root(Str path);

#endif
