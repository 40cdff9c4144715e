#include "model/embedded.h"

const EmbeddedFile *embedded_find(Str path) {
    size_t from = 0, to = embedded_file_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_compare(path, embedded_files[middle].path);
        if (order == 0) return &embedded_files[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

Node embedded_root(Str path) {
    const EmbeddedFile *file = embedded_find(path);
    return file == NULL ? NO_NODE : (Node){file->tree, file->root};
}
