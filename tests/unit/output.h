// Runs output_write and output_compare and puts what they say into words. All is in the arena.
#ifndef SPOTC_UNIT_OUTPUT_H
#define SPOTC_UNIT_OUTPUT_H

#include "write/write.h"

typedef struct OutputRun {
    OutputResult result;
    const char *changes;  // "new a.json, stale b.json"; "untouched" where none were returned
    const char *messages; // "id: text" each, with line breaks between
} OutputRun;

// Files as "name=bytes" with spaces between; names that end in .json are ours. `write` writes,
// else compares; then changes tell what was there: "changed a.json (old)".
OutputRun output_run(Arena *arena, bool write, const char *root, const char *folder,
                     const char *files);

// Writes as one of several folders of a run.
OutputRun output_run_locked(Arena *arena, OutputLock *lock, const char *root, const char *folder,
                            const char *files);

// As output_run, and what the run has read is neither replaced nor removed.
OutputRun output_run_sparing(Arena *arena, bool write, const FileSet *inputs, const char *root,
                             const char *folder, const char *files);

#endif
