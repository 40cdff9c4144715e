// An output folder as the commands see it.
#ifndef SPOTC_COMMAND_OUTPUT_H
#define SPOTC_COMMAND_OUTPUT_H

#include "command/command.h"
#include "pipeline.h"
#include "write/write.h"

// What compile would make of a manifest's folder, for output_write and output_compare. `files` and
// the role ids live in `arena`.
typedef struct ManifestOutput {
    OutputFileVec files;
    StrVec role_ids;
    OutputFolder folder;
} ManifestOutput;

// The output points into itself, so it must stay where it is.
void manifest_output(Run *run, Arena *arena, const Compilation *compilation,
                     ManifestOutput *ret_output);

// The path of a file of the folder, without slashes that say nothing.
Str output_path(Arena *arena, const OutputFolder *folder, Str name);

// The same to be shown: what could disturb a terminal is escaped.
Str output_shown_path(Arena *arena, const OutputFolder *folder, Str name);

// 6144 as "6,144".
Str number_grouped(Arena *arena, size_t number);

// The exit status that a result stands for.
ExitStatus output_status(OutputResult result);

#endif
