// Keeps two programs from changing one folder at once. Owns nothing: the lock is the descriptor's
// and ends when that is closed, however the program ends.
#ifndef SPOTC_WRITE_LOCK_H
#define SPOTC_WRITE_LOCK_H

#include "write/write.h"

typedef enum LockResult {
    LOCK_HELD,
    LOCK_NONE,    // the file system has no locks: whoever else writes is not seen
    LOCK_BUSY,    // another program has it; after waiting, for longer than any compilation takes
    LOCK_REMOVED, // lock_root alone: the folder is not there any more
} LockResult;

// Locks a folder by its descriptor (flock), at once or never, or waiting up to ten seconds.
LockResult lock_folder(int fd, bool wait);

// The same for a folder of a run: waits unless that was in vain before. `lock` may be NULL.
LockResult lock_folder_of_run(OutputLock *lock, int fd);

// Locks the output folder `root` for the rest of the run; `lock` then has the descriptor and closes
// it. Once others kept it for longer than it is waited for, LOCK_BUSY for the rest of the run.
// LOCK_HELD too where it was locked before, and where `lock` is NULL; then, and where the result is
// another, the descriptor is still the caller's.
LockResult lock_root(OutputLock *lock, int root, bool wait);

// Closes the descriptor of an output folder, unless it is the one that is locked.
void lock_close(const OutputLock *lock, int root);

// Whether the folder was removed since it was opened, as by one that failed after making it.
bool lock_is_of_removed(int fd);

// Whether there is nothing in the folder. Allocates nothing; false where it cannot be read.
bool lock_is_of_empty(int fd);

#endif
