// A folder of its own for a test that touches files. Owns the folder, and the arena of the test.
#ifndef SPOTC_UNIT_SCRATCH_H
#define SPOTC_UNIT_SCRATCH_H

#include <sys/types.h>

#include "base/str.h"

// cmocka set-up: makes an empty folder, enters it, and hands an Arena to the test.
int scratch_enter(void **state);

// cmocka tear-down: leaves and removes the folder; fails where the test left a descriptor open.
int scratch_leave(void **state);

// Empties the folder that scratch_enter made, which is the current one.
void scratch_clear(void);

// Writes a file, whatever was there.
void scratch_write(const char *path, const char *text);

// What a file holds; "(none)" where there is no such file, "(not a file)" where it is none.
const char *scratch_read(Arena *arena, const char *path);

// The names in a folder with spaces between them; "(none)" where there is no such folder.
const char *scratch_names(Arena *arena, const char *folder);

// Permission bits of a file.
mode_t scratch_mode(const char *path);

// How many descriptors this process has open.
size_t scratch_descriptors(void);

#endif
