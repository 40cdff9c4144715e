// What every command is given and gives back. A Run lives on main's stack for the whole process.
#ifndef SPOTC_COMMAND_COMMAND_H
#define SPOTC_COMMAND_COMMAND_H

#include "base/map.h"
#include "diag/render.h"
#include "model/library.h"
#include "model/templates.h"

// Worse is larger, so that the worst of a run is its maximum.
typedef enum ExitStatus {
    EXIT_DONE = 0,
    EXIT_NO = 1,      // the answer is no
    EXIT_USAGE = 2,   // the command line is wrong
    EXIT_MACHINE = 3, // the machine failed
} ExitStatus;

// The options, as given. Texts point into argv.
typedef struct Options {
    Str output; // -o
    Str role, name, dump_after, config, fail_on;
    Str without; // a product, or one of its integrations
    StrVec bundles;
    StrVec emit;      // names of emitters
    Str templates;    // a folder
    StrVec context;   // KEY=VALUE
    StrVec arguments; // what is not an option, without the command's name
    uint64_t part;
    uint64_t max_errors;
    const DiagFormat *format; // of messages
    Str format_name;          // as given, for commands whose --format means something else
    bool quiet, verbose, werror, check, help, version;
} Options;

typedef struct Run {
    Arena *arena;
    Diags *diags;
    Options options;
    Library library;                // the built-in bundles and --bundles
    BundlesRead bundles_read;       // of the folders of all libraries
    VEC(const Library *) libraries; // those with the folders that manifests name, or NULL
    Templates templates;            // --templates
    StrMap library_of_folders;      // which of them is that of a list of folders
    StrBuf out;                     // standard output, or what is not written of it yet
    int out_error;                  // the errno of writing it, or 0
    StrBuf err;                     // standard error, before the messages
    ExitStatus status;
} Run;

typedef struct Command {
    const char *name;
    const char *arguments; // in its usage line
    const char *summary;   // one line
    const char *details;   // what --help says further
    const char *options;   // the options it takes, by their letters in options.def; 'f' where
                           // --format is that of its own output
    void (*run)(Run *run);
} Command;

// The commands, ended by a row without a name.
extern const Command commands[];

const Command *command_find(Str name);

// Makes the run's status at least this bad.
void run_fail(Run *run, ExitStatus status);

// Says what the machine did not do, where no place in a file can be named; status 3.
void run_machine_error(Run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Says what is wrong with the command line, and where help is; status 2.
void run_usage_error(Run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

// One of the two for a folder of the command line, by the errno of reading it.
void run_folder_error(Run *run, const char *what, Str folder, int error);

// A usage error for a name that is none of the choices, with the nearest, or all of them; `what`
// says of what kind it is.
void run_unknown(Run *run, const char *what, Str name, const StrVec *choices);

// The names for a sentence: all of them, or where there are many the first and how many more.
Str run_names(Run *run, const StrVec *names);

void command_compile(Run *run);
void command_check(Run *run);
void command_verify(Run *run);
void command_show(Run *run);
void command_list(Run *run);
void command_lint(Run *run);
void command_diff(Run *run);
void command_explain(Run *run);
void command_schema(Run *run);
void command_init(Run *run);

// Help for one command, or for spotc as a whole where `command` is NULL.
void help_write(StrBuf *out, const Command *command);

// Reads the command line. Returns the command, or NULL where there is none to run: help, the
// version, or a mistake that was reported.
const Command *options_parse(Run *run, int argc, char **argv);

#endif
