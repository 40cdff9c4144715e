#include "write/lock.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdalign.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MILLISECONDS = 5, MAX_WAITS = 2000 };

LockResult lock_folder(int fd, bool wait) {
    for (int waits = 0;; waits++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) return LOCK_HELD;
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) return LOCK_NONE;
        if (!wait || waits >= MAX_WAITS) return LOCK_BUSY;
        (void)poll(NULL, 0, WAIT_MILLISECONDS);
    }
}

LockResult lock_folder_of_run(OutputLock *lock, int fd) {
    if (lock == NULL) return lock_folder(fd, true);
    LockResult result = lock_folder(fd, !lock->waited);
    lock->waited |= result == LOCK_BUSY;
    return result;
}

bool lock_is_of_removed(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_nlink == 0;
}

LockResult lock_root(OutputLock *lock, int root, bool wait) {
    if (lock == NULL || (lock->fd >= 0 && !lock_is_of_removed(lock->fd))) return LOCK_HELD;
    output_unlock(lock);
    if (lock->refused) return LOCK_BUSY;
    LockResult result = wait ? lock_folder_of_run(lock, root) : lock_folder(root, false);
    lock->refused = wait && result == LOCK_BUSY;
    if (result == LOCK_BUSY) return LOCK_BUSY;
    if (lock_is_of_removed(root)) return LOCK_REMOVED;
    lock->fd = root;
    return LOCK_HELD;
}

void lock_close(const OutputLock *lock, int root) {
    if (lock == NULL || lock->fd != root) (void)close(root);
}

static bool has_entry(const char *entries, size_t length) {
    for (size_t at = 0; at < length;) {
        const struct dirent64 *entry = (const void *)(entries + at);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) return true;
        at += entry->d_reclen;
    }
    return false;
}

bool lock_is_of_empty(int fd) {
    alignas(struct dirent64) char entries[1024];
    for (;;) {
        ssize_t length = getdents64(fd, entries, sizeof entries);
        if (length <= 0) return length == 0;
        if (has_entry(entries, (size_t)length)) return false;
    }
}
