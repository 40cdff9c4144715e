// What stands in an output folder against what shall: looks only, changes nothing. All is in the
// arena but the folder's descriptor, which is the caller's to close.
#ifndef SPOTC_WRITE_PLAN_H
#define SPOTC_WRITE_PLAN_H

#include <sys/types.h>

#include "write/write.h"

// What went wrong. Allocates nothing, so that it can be noted while files stand half written.
typedef struct Problem {
    Str path;
    const char *doing;  // what failed, to follow "cannot"; NULL where something is in the way
    int error;          // the errno of it
    const char *spared; // else, of one of the inputs, what would become of it: "replaced"
    const char *found;  // else what is there
    const char *wanted; // and what should be
} Problem;

// One file of the folder.
typedef struct Target {
    OutputChange change;
    Str path;           // for messages
    Str bytes;          // that it shall hold
    mode_t mode;        // permissions of the file that it replaces
    char temporary[64]; // its name while it is written; empty where there is none
} Target;

typedef struct Plan {
    char *root;
    bool *made;   // per length of a part of root: whether carrying out the plan made that part
    char *folder; // its name in root
    OutputLock *lock;
    const FileSet *inputs; // or NULL
    Str path;              // both, for messages
    int fd;                // the folder, or -1 where it does not exist
    bool locked;           // no other spotc changes the folder while fd is open
    VEC(Target) targets;   // the files in their order, then the stale ones by name
    StrVec leftovers;      // temporaries of programs that were killed
    VEC(Problem) problems;
} Plan;

// Compares; to write, with the folder locked until fd is closed. Begin with {.fd = -1}. The plan is
// of use only where it holds no problems.
void plan_make(Arena *arena, const OutputFolder *folder, bool to_write, Plan *plan);

// Reads one file of the folder: nothing where it is not there. Begins with {.fd = -1} too; of the
// plan only its problems and fd are of use.
void plan_read(Arena *arena, const OutputFolder *folder, Str name, Plan *plan,
               OutputText *ret_text);

// The end of the next component of `path` at or after `from`: steps through "/a/b" as "/a", "/a/b".
size_t path_next(const char *path, size_t from);

#endif
