// What a file or folder on the command line grants, whatever it is: for diff and lint. All that is
// made lives in the run's arena.
#ifndef SPOTC_COMMAND_INPUT_H
#define SPOTC_COMMAND_INPUT_H

#include "command/session.h"
#include "import/import.h"

// A policy, a template, an output folder, a bundle, or one of the manifests of a file.
typedef enum InputKind {
    INPUT_MANIFEST,
    INPUT_POLICY, // a policy, or what AWS's command line printed
    INPUT_TEMPLATE,
    INPUT_FOLDER,
    INPUT_BUNDLE,
    INPUT_KIND_COUNT
} InputKind;

extern const char *const input_kind_names[INPUT_KIND_COUNT];

typedef struct Input {
    Str path; // as given
    InputKind kind;
    Imported imported;              // what it grants
    bool differs;                   // a folder, of which the template does not grant what its
                                    // policy files do: diff_settle_folder
    bool is_deployed;               // a folder, of which `imported` has what the template grants
    ManifestDocument manifest;      // what is to be compiled, of a manifest
    const Compilation *compilation; // of a manifest, after layout, once it is compiled; else NULL
} Input;

typedef VEC(Input) InputVec;

// Appends what `path` ("-": standard input) holds: an Input for each document, of manifests only
// for the one that --name asks for, where it is given. False, with what is wrong reported and the
// status set, where any of it cannot be read. Of a manifest there is no more than its name until it
// is compiled.
bool input_load(Run *run, Str path, InputVec *ret_inputs);

// Compiles a manifest; nothing is done to other inputs. False, with what is wrong reported and the
// status set, where that fails. What is made lives in `arena`.
bool input_compile(Run *run, Arena *arena, Input *input);

#endif
