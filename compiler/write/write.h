// Puts a set of files into a folder, whole or not at all. Owns nothing but what is in its arena.
#ifndef SPOTC_WRITE_WRITE_H
#define SPOTC_WRITE_WRITE_H

#include "diag/diag.h"

// A larger file that stands in the folder is not read.
enum { OUTPUT_MAX_BYTES = 4 * 1024 * 1024 };

// A file as it shall be: its name in the folder (no slash) and its bytes.
typedef struct OutputFile {
    Str name;
    Str bytes;
} OutputFile;

typedef VEC(OutputFile) OutputFileVec;

// Says whether a file of this name is one that spotc could have written, so that it is removed
// (by write) or reported (by verify) where it is not among the files.
typedef bool OutputFileIsOurs(Str name, const void *context);

// The output folder of a run, which no other program writes to from the run's first file to its
// last: what is there at the end of several is all of one of them, in all its folders. Begin with
// {.fd = -1}, end with output_unlock or with the process.
typedef struct OutputLock {
    int fd;       // the output folder once there is one, with its lock; or -1
    bool waited;  // in vain, for a folder of the run: no other is waited for
    bool refused; // the output folder itself, so that nothing is written any more
} OutputLock;

// Lets others write. Does nothing where nothing is locked.
void output_unlock(OutputLock *lock);

// What a folder shall hold. `root` is the user's output folder, which may be a symbolic link or
// have parents that do not exist; `folder` is the name of the one in it that the files go to (no
// slash). Both are made where there is a file to write and they do not exist.
typedef struct OutputFolder {
    Str root;
    Str folder;
    OutputLock *lock; // taken by output_write; NULL: each folder is locked by itself alone
    const OutputFileVec *files; // no name twice
    const FileSet *inputs;      // neither replaced nor removed, by whatever name; or NULL
    Span asked;                 // where that is reported
    OutputFileIsOurs *is_ours;
    const void *context;
} OutputFolder;

typedef enum OutputState { OUTPUT_NEW, OUTPUT_CHANGED, OUTPUT_SAME, OUTPUT_STALE } OutputState;

// What was, or would be, done with one file.
typedef struct OutputChange {
    Str name; // a copy in the arena
    OutputState state;
} OutputChange;

typedef VEC(OutputChange) OutputChangeVec;

// Where it is not OUTPUT_DONE, messages were reported and *ret_changes is left alone.
typedef enum OutputResult {
    OUTPUT_DONE,
    OUTPUT_FAILED,     // the system refused: cannot-read (compare) or cannot-write (write)
    OUTPUT_IN_THE_WAY, // something else stands where a file or the folder goes: file-in-the-way,
                       // or output-is-input
} OutputResult;

// Compares the folder with what it shall hold, in the order of `files` and then stale files by
// name; changes nothing. Missing folders count as empty.
OutputResult output_compare(Arena *arena, Diags *diags, const OutputFolder *folder,
                            OutputChangeVec *ret_changes);

// What a file of the folder holds.
typedef struct OutputText {
    Str bytes;
    bool cut; // it is larger than OUTPUT_MAX_BYTES: `bytes` is empty
} OutputText;

// Reads the file `name` of the folder into the arena; what is not there is empty. *ret_text is of
// use only where the result is OUTPUT_DONE; the others are those of output_compare.
OutputResult output_read(Arena *arena, Diags *diags, const OutputFolder *folder, Str name,
                         OutputText *ret_text);

// Makes the folder hold the files: every file is written to a temporary one beside its place,
// then all are renamed, then stale ones are removed. Files that are the same are not touched; a
// file that is replaced hands its permissions on, but not the set-user-ID, set-group-ID and sticky
// bits. On failure a message is reported, temporaries
// and folders that were made are removed and what was there stays; only where a rename itself
// fails midway have the files before it been replaced. Follows no symbolic link at or below
// `folder`, and never touches a file that is not ours.
//
// Of several programs that write to one folder at once, each waits for the one before it, as far
// as the file system has locks and for ten seconds at most in a run; what is there at the end is
// all of the last one's.
//
// A program that is killed leaves each file as it was or as it shall be, and perhaps temporaries
// (.spotc-<pid>-<n>.tmp), which the next call removes; SIGINT, SIGTERM and SIGHUP wait until the
// folder is done. Nothing is promised for a loss of power: there is no fsync, because it costs
// more than the whole compilation and the files can be made again.
OutputResult output_write(Arena *arena, Diags *diags, const OutputFolder *folder,
                          OutputChangeVec *ret_changes);

#endif
