// Sets of files by what they are, whatever paths lead to them. A set lives in the arena of who
// adds.
#ifndef SPOTC_BASE_FILE_SET_H
#define SPOTC_BASE_FILE_SET_H

#include <sys/stat.h>

#include "base/map.h"

// A zeroed one is empty.
typedef struct FileSet {
    StrMap files; // by device and inode
} FileSet;

// Adds the file that stat(2) told of.
void file_set_add(Arena *arena, FileSet *set, const struct stat *status);

// Whether it was added, under whichever of its names.
bool file_set_has(const FileSet *set, const struct stat *status);

#endif
