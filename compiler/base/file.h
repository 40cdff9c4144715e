// Files and folders as bytes and names. What is read lives in the arena that is given; no
// descriptor stays open, not even where memory runs out.
#ifndef SPOTC_BASE_FILE_H
#define SPOTC_BASE_FILE_H

#include <sys/types.h>

#include "base/file_set.h"
#include "base/str.h"

typedef enum FileResult {
    FILE_DONE,
    FILE_FAILED,    // the system refused: *ret_errno says why
    FILE_TOO_LARGE, // more than max_bytes
    FILE_NOT_PLAIN, // a named pipe, a socket or a device, which could block for ever
} FileResult;

// openat(2) that is made again where a signal interrupted it. `mode` counts with O_CREAT only.
int file_open_at(int at, const char *path, int flags, mode_t mode);

// Whether the errno of reading a path says that it leads to nothing of the kind, so that whoever
// named it is mistaken; else the machine failed.
bool file_is_mistaken(int error);

// Reads a whole file, or standard input where `path` is "-". A folder fails with EISDIR. Pipes and
// devices are read only where the shell handed them over: as standard input, /dev/stdin, /dev/fd/N
// or /proc/self/fd/N. Never takes more than max_bytes + 1 bytes from it (max_bytes < SIZE_MAX).
// Sets *ret_text only where it returns FILE_DONE, and *ret_errno only where it returns FILE_FAILED.
FileResult file_read(Arena *arena, Str path, size_t max_bytes, Str *ret_text, int *ret_errno);

// The same; what was opened is added to `opened` even where it is not read then.
FileResult file_read_noted(Arena *arena, Str path, size_t max_bytes, FileSet *opened, Str *ret_text,
                           int *ret_errno);

// The same as file_read for a descriptor that is open for reading, which stays open. Reads from
// where it stands.
FileResult file_read_fd(Arena *arena, int fd, size_t max_bytes, Str *ret_text, int *ret_errno);

// The names in a folder in byte order, without "." and "..", each followed by a NUL byte that is
// not counted. Returns FILE_DONE or FILE_FAILED; lack of memory exhausts the arena.
FileResult file_list(Arena *arena, Str folder, StrVec *ret_names, int *ret_errno);

// The same for the descriptor of a folder, which stays open.
FileResult file_list_fd(Arena *arena, int fd, StrVec *ret_names, int *ret_errno);

// `folder` and `name` with one slash between them; only `name` where `folder` is empty.
Str file_join(Arena *arena, Str folder, Str name);

// What the system says of an errno, in English.
Str file_error(Arena *arena, int error);

#endif
