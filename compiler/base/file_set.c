#include "base/file_set.h"

typedef struct FileId {
    uint64_t device, inode;
} FileId;

_Static_assert(sizeof(FileId) == 16, "a key has no bytes but those of its members");

static FileId id_of(const struct stat *status) {
    return (FileId){(uint64_t)status->st_dev, (uint64_t)status->st_ino};
}

void file_set_add(Arena *arena, FileSet *set, const struct stat *status) {
    FileId *id = ARENA_NEW(arena, FileId);
    *id = id_of(status);
    (void)strmap_set(arena, &set->files, (Str){(const char *)id, sizeof *id}, 0);
}

bool file_set_has(const FileSet *set, const struct stat *status) {
    FileId id = id_of(status);
    uint32_t value;
    return strmap_get(&set->files, (Str){(const char *)&id, sizeof id}, &value);
}
