#include <assert.h>

#include "model/embedded.h"
#include "model/library.h"

void library_init(Arena *arena, Library *library) {
    *library = (Library){0};
    for (size_t i = 0; i < embedded_file_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        if (!str_starts_with(file->path, STR("bundles/"))) continue;
        bool added = library_add(arena, NULL, library, (Node){file->tree, file->root});
        assert(added); // the build refuses clashes
        (void)added;
    }
}
