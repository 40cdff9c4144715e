#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/guard.h"

enum { FIRST_READ = 64 * 1024 };

int file_open_at(int at, const char *path, int flags, mode_t mode) {
    for (;;) {
        int fd = openat(at, path, flags, mode);
        if (fd >= 0 || errno != EINTR) return fd;
    }
}

bool file_is_mistaken(int error) {
    return error == ENOENT || error == EISDIR || error == ENOTDIR || error == ELOOP ||
           error == ENAMETOOLONG;
}

static FileResult failed(int error, int *ret_errno) {
    *ret_errno = error;
    return FILE_FAILED;
}

// read(2) that waits where it has to: file_read opens without blocking, and standard input may have
// been made so by others. What calls itself a plain file and has to be waited for is a log of the
// kernel's, which has no end.
static ssize_t read_some(int fd, bool is_plain, char *into, size_t room) {
    for (;;) {
        ssize_t count = read(fd, into, room);
        if (count >= 0 || (errno != EINTR && (errno != EAGAIN || is_plain))) return count;
        if (errno == EAGAIN) (void)poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    }
}

// How much to take at first: a plain file's size and one byte more, which finds its end at once.
static size_t first_capacity(const struct stat *status, size_t max_bytes) {
    size_t size = FIRST_READ;
    if (S_ISREG(status->st_mode) && status->st_size > 0) size = (size_t)status->st_size + 1;
    return size < max_bytes + 1 ? size : max_bytes + 1;
}

static FileResult read_all(Arena *arena, int fd, const struct stat *status, size_t max_bytes,
                           Str *ret_text, int *ret_errno) {
    size_t capacity = first_capacity(status, max_bytes);
    char *bytes = arena_grow(arena, NULL, 0, capacity);
    size_t length = 0;
    for (;;) {
        ssize_t count = read_some(fd, S_ISREG(status->st_mode), bytes + length, capacity - length);
        if (count < 0) return failed(errno, ret_errno);
        if (count == 0) break;
        length += (size_t)count;
        if (length > max_bytes) return FILE_TOO_LARGE;
        if (length < capacity) continue;
        size_t larger = capacity <= max_bytes / 2 ? capacity * 2 : max_bytes + 1;
        bytes = arena_grow(arena, bytes, capacity, larger);
        capacity = larger;
    }
    *ret_text = (Str){bytes, length};
    return FILE_DONE;
}

FileResult file_read_fd(Arena *arena, int fd, size_t max_bytes, Str *ret_text, int *ret_errno) {
    struct stat status;
    if (fstat(fd, &status) != 0) return failed(errno, ret_errno);
    return read_all(arena, fd, &status, max_bytes, ret_text, ret_errno);
}

// No file has such a name; a system call would see only what is before the NUL byte.
static bool holds_nul(Str path) {
    return str_find_byte(path, '\0', 0) < path.length;
}

// Whether the path names a descriptor that this process was given.
static bool names_descriptor(Str path) {
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (str_equal(path, STR("/dev/stdin"))) return true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        Str folder = str_of(folders[i]);
        uint64_t number;
        if (str_starts_with(path, folder) &&
            str_to_u64(str_slice(path, folder.length, path.length), &number))
            return true;
    }
    return false;
}

// Refuses, before a byte is read, what is not to be read.
static FileResult check_kind(const struct stat *status, bool is_descriptor, size_t max_bytes,
                             int *ret_errno) {
    if (S_ISDIR(status->st_mode)) return failed(EISDIR, ret_errno);
    if (!S_ISREG(status->st_mode)) return is_descriptor ? FILE_DONE : FILE_NOT_PLAIN;
    return (uintmax_t)status->st_size > max_bytes ? FILE_TOO_LARGE : FILE_DONE;
}

// Reads what is open as `path`.
static FileResult read_opened(Arena *arena, int fd, Str path, size_t max_bytes, FileSet *opened,
                              Str *ret_text, int *ret_errno) {
    struct stat status;
    if (fstat(fd, &status) != 0) return failed(errno, ret_errno);
    file_set_add(arena, opened, &status);
    FileResult result = FILE_DONE;
    if (!str_equal(path, STR("-")))
        result = check_kind(&status, names_descriptor(path), max_bytes, ret_errno);
    return result != FILE_DONE ? result
                               : read_all(arena, fd, &status, max_bytes, ret_text, ret_errno);
}

static void close_fd(void *fd) {
    (void)close(*(int *)fd);
}

FileResult file_read(Arena *arena, Str path, size_t max_bytes, Str *ret_text, int *ret_errno) {
    FileSet opened = {0};
    return file_read_noted(arena, path, max_bytes, &opened, ret_text, ret_errno);
}

FileResult file_read_noted(Arena *arena, Str path, size_t max_bytes, FileSet *opened, Str *ret_text,
                           int *ret_errno) {
    if (str_equal(path, STR("-")))
        return read_opened(arena, STDIN_FILENO, path, max_bytes, opened, ret_text, ret_errno);
    if (holds_nul(path)) return failed(ENOENT, ret_errno);
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = file_open_at(AT_FDCWD, str_to_c(arena, path), flags, 0);
    if (fd < 0 && errno == ENXIO) return FILE_NOT_PLAIN; // a socket cannot be opened at all
    if (fd < 0) return failed(errno, ret_errno);
    Guard guard;
    guard_begin(&guard, arena, close_fd, &fd);
    FileResult result = read_opened(arena, fd, path, max_bytes, opened, ret_text, ret_errno);
    guard_end(&guard);
    close_fd(&fd);
    return result;
}

static void close_folder(void *folder) {
    (void)closedir(folder);
}

// Reads the names; returns 0 or an errno.
static int read_names(Arena *arena, DIR *stream, StrVec *names) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL) return errno;
        Str name = str_of(entry->d_name);
        if (str_equal(name, STR(".")) || str_equal(name, STR(".."))) continue;
        VEC_PUSH(arena, names, str_copy(arena, name));
    }
}

// Takes `fd` over.
static FileResult list_and_close(Arena *arena, int fd, StrVec *ret_names, int *ret_errno) {
    DIR *stream = fdopendir(fd);
    if (stream == NULL) {
        int error = errno;
        close_fd(&fd);
        if (error == ENOMEM) arena_exhausted(arena);
        return failed(error, ret_errno);
    }
    Guard guard;
    guard_begin(&guard, arena, close_folder, stream);
    StrVec names = {0};
    int error = read_names(arena, stream, &names);
    guard_end(&guard);
    close_folder(stream);
    if (error != 0) return failed(error, ret_errno);
    str_sort(names.items, names.count);
    *ret_names = names;
    return FILE_DONE;
}

static FileResult list_at(Arena *arena, int at, Str path, StrVec *ret_names, int *ret_errno) {
    if (holds_nul(path)) return failed(ENOENT, ret_errno);
    int fd = file_open_at(at, str_to_c(arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0) return failed(errno, ret_errno);
    return list_and_close(arena, fd, ret_names, ret_errno);
}

FileResult file_list(Arena *arena, Str folder, StrVec *ret_names, int *ret_errno) {
    return list_at(arena, AT_FDCWD, folder, ret_names, ret_errno);
}

FileResult file_list_fd(Arena *arena, int fd, StrVec *ret_names, int *ret_errno) {
    return list_at(arena, fd, STR("."), ret_names, ret_errno);
}

Str file_join(Arena *arena, Str folder, Str name) {
    if (folder.length == 0) return name;
    const char *slash = folder.data[folder.length - 1] == '/' ? "" : "/";
    return str_format(arena, "%.*s%s%.*s", STR_ARG(folder), slash, STR_ARG(name));
}

Str file_error(Arena *arena, int error) {
    char buffer[128];
    return str_copy(arena, str_of(strerror_r(error, buffer, sizeof buffer)));
}
