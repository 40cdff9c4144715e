// The options of the command line, as rows of options.def. Owned by the binary.
#ifndef SPOTC_COMMAND_OPTIONS_H
#define SPOTC_COMMAND_OPTIONS_H

// Those that every command takes, by their letters.
#define COMMON_OPTIONS "fmqvhV"

// Those with a value that may be given more than once; of others one value would be lost.
#define REPEATABLE_OPTIONS "bex"

typedef struct OptionRow {
    char letter; // its name within spotc
    const char *long_name;
    char short_name;   // or 0
    const char *value; // what it takes, or NULL
    const char *help;
} OptionRow;

// Ended by a row without a name.
extern const OptionRow option_rows[];

#endif
