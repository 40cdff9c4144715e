// What a file or folder on the command line grants, whatever it is: for diff and lint. All that is
// made lives in the run's arena.
#ifndef SPOTC_COMMAND_INPUT_H
#define SPOTC_COMMAND_INPUT_H

#include "command/session.h"
#include "import/import.h"

// A policy, a template, an output folder, a bundle, or one document of a manifest.
typedef struct Input {
    Str name;                       // as given; of a manifest its own name
    Imported imported;              // what it grants
    const Compilation *compilation; // of a manifest, after layout; else NULL
} Input;

typedef VEC(Input) InputVec;

// Appends what `path` ("-": standard input) holds: one Input, or one for each document of a
// manifest. False, with what is wrong reported and the status set, where any of it cannot be read.
bool input_load(Run *run, Str path, InputVec *ret_inputs);

#endif
