#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "command/command.h"
#include "command/options.h"
#include "emit/emit.h"

const OptionRow option_rows[] = {
#define OPTION(letter, long_name, short_name, value, help) \
    {letter, long_name, short_name, value, help},
#include "command/options.def"
#undef OPTION
    {0, NULL, 0, NULL, NULL},
};

enum { OPTION_COUNT = sizeof option_rows / sizeof *option_rows - 1 };

static void store_emitter(Run *run, Str value) {
    const Emitter *emitter = emitter_find(value);
    StrVec names = {0};
    if (emitter != NULL && emitter->on_request) {
        VEC_PUSH(run->arena, &run->options.emit, value);
        return;
    }
    emitter_names(run->arena, true, &names);
    Str near = nearest_name(value, names.items, names.count);
    Str all = names_in_full(run->arena, names.items, names.count);
    if (emitter != NULL)
        run_usage_error(run, "'%.*s' is always written; --emit takes %.*s", STR_ARG(value),
                        STR_ARG(all));
    else if (near.length != 0)
        run_usage_error(run, "nothing to emit is named '%.*s'; did you mean '%.*s'?",
                        STR_ARG(value), STR_ARG(near));
    else
        run_usage_error(run, "nothing to emit is named '%.*s'; there are %.*s", STR_ARG(value),
                        STR_ARG(all));
}

static void store_number(Run *run, const OptionRow *row, Str value, uint64_t *target) {
    uint64_t number = 0;
    if (str_to_u64(value, &number) && number > 0 && number <= 1000000)
        *target = number;
    else
        run_usage_error(run, "--%s takes a whole number from 1 on, not '%.*s'", row->long_name,
                        STR_ARG(value));
}

static void store(Run *run, const OptionRow *row, Str value) {
    Options *o = &run->options;
    switch (row->letter) {
    case 'o':
        o->output = value;
        break;
    case 'f':
        o->format_name = value;
        break;
    case 'b':
        VEC_PUSH(run->arena, &o->bundles, value);
        break;
    case 'e':
        store_emitter(run, value);
        break;
    case 't':
        o->templates = value;
        break;
    case 'm':
        store_number(run, row, value, &o->max_errors);
        break;
    case 'w':
        o->werror = true;
        break;
    case 'd':
        o->dump_after = value;
        break;
    case 'r':
        o->role = value;
        break;
    case 'p':
        store_number(run, row, value, &o->part);
        break;
    case 'n':
        o->name = value;
        break;
    case 'x':
        VEC_PUSH(run->arena, &o->context, value);
        break;
    case 'O':
        o->without = value;
        break;
    case 'F':
        o->fail_on = value;
        break;
    case 'c':
        o->check = true;
        break;
    case 'C':
        o->config = value;
        break;
    case 'q':
        o->quiet = true;
        break;
    case 'v':
        o->verbose = true;
        break;
    case 'h':
        o->help = true;
        break;
    case 'V':
        o->version = true;
        break;
    }
}

static const OptionRow *find_long(Str name) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (str_equal(name, str_of(option_rows[i].long_name))) return &option_rows[i];
    }
    return NULL;
}

static const OptionRow *find_short(char letter) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (option_rows[i].short_name == letter) return &option_rows[i];
    }
    return NULL;
}

static void report_unknown(Run *run, Str argument, Str name) {
    Str names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++) names[i] = str_of(option_rows[i].long_name);
    Str near = nearest_name(name, names, OPTION_COUNT);
    if (near.length != 0)
        run_usage_error(run, "no option '%.*s'; did you mean '--%.*s'?", STR_ARG(argument),
                        STR_ARG(near));
    else
        run_usage_error(run, "no option '%.*s'", STR_ARG(argument));
}

// What is read, and which options were seen, to be checked once the command is known.
typedef struct Parser {
    Run *run;
    int argc;
    char **argv;
    int next;
    char seen[OPTION_COUNT + 1];
    size_t seen_count;
} Parser;

static void take(Parser *p, const OptionRow *row, bool has_value, Str value) {
    if (row->value == NULL && has_value) {
        run_usage_error(p->run, "--%s takes no value", row->long_name);
        return;
    }
    if (row->value != NULL && !has_value && p->next < p->argc) value = str_of(p->argv[p->next++]);
    // An empty one is a variable that is not set, and no choice.
    if (row->value != NULL && value.length == 0) {
        run_usage_error(p->run, "--%s needs a value (%s)", row->long_name, row->value);
        return;
    }
    bool is_seen = strchr(p->seen, row->letter) != NULL;
    if (is_seen && row->value != NULL && strchr(REPEATABLE_OPTIONS, row->letter) == NULL) {
        run_usage_error(p->run, "--%s is given twice, and takes one value", row->long_name);
        return;
    }
    if (!is_seen) p->seen[p->seen_count++] = row->letter;
    store(p->run, row, value);
}

static void take_long(Parser *p, Str argument) {
    size_t equals = str_find_byte(argument, '=', 0);
    Str name = str_slice(argument, 2, equals);
    const OptionRow *row = find_long(name);
    if (row == NULL)
        report_unknown(p->run, str_slice(argument, 0, equals), name);
    else
        take(p, row, equals < argument.length, str_slice(argument, equals + 1, argument.length));
}

// -q, -qv, -o DIR and -oDIR.
static void take_short(Parser *p, Str argument) {
    for (size_t i = 1; i < argument.length; i++) {
        const OptionRow *row = find_short(argument.data[i]);
        if (row == NULL) {
            report_unknown(p->run, argument, (Str){0});
            return;
        }
        bool attached = row->value != NULL && i + 1 < argument.length;
        take(p, row, attached, str_slice(argument, i + 1, argument.length));
        if (row->value != NULL) return;
    }
}

static void read_arguments(Parser *p) {
    bool options_end = false;
    while (p->next < p->argc) {
        Str argument = str_of(p->argv[p->next++]);
        if (options_end || argument.length < 2 || argument.data[0] != '-')
            VEC_PUSH(p->run->arena, &p->run->options.arguments, argument);
        else if (str_equal(argument, STR("--")))
            options_end = true;
        else if (argument.data[1] == '-')
            take_long(p, argument);
        else
            take_short(p, argument);
    }
}

static const OptionRow *find_letter(char letter) {
    size_t i = 0;
    while (option_rows[i].letter != letter) i++;
    return &option_rows[i];
}

// Whether the command takes all the options that were given.
static bool check_options(Parser *p, const Command *command) {
    bool ok = true;
    for (size_t i = 0; i < p->seen_count; i++) {
        char letter = p->seen[i];
        if (strchr(COMMON_OPTIONS, letter) != NULL || strchr(command->options, letter) != NULL)
            continue;
        run_usage_error(p->run, "'spotc %s' takes no --%s", command->name,
                        find_letter(letter)->long_name);
        ok = false;
    }
    return ok;
}

// --format is that of messages, unless the command's row has it: then it has forms of its own.
static void choose_format(Run *run, const Command *command) {
    Str names[8], value = run->options.format_name;
    size_t count = 0;
    if (value.length == 0 || strchr(command->options, 'f') != NULL) return;
    for (const DiagFormat *format = diag_formats; format->name != NULL; format++) {
        names[count++] = str_of(format->name);
        if (str_equal(value, str_of(format->name))) {
            run->options.format = format;
            return;
        }
    }
    Str near = nearest_name(value, names, count);
    Str all = names_in_full(run->arena, names, count);
    run_usage_error(run,
                    near.length != 0 ? "no format '%.*s'; did you mean '%.*s'?"
                                     : "no format '%.*s'; there are %.*s",
                    STR_ARG(value), STR_ARG(near.length != 0 ? near : all));
}

// What looks like a mistyped command is not a file that is missing.
static bool is_mistyped(Run *run, Str argument) {
    Str names[16];
    size_t count = 0;
    if (access(str_to_c(run->arena, argument), F_OK) == 0) return false;
    for (const Command *c = commands; c->name != NULL; c++) names[count++] = str_of(c->name);
    Str near = nearest_name(argument, names, count);
    bool word = str_find_byte(argument, '/', 0) == argument.length &&
                str_find_byte(argument, '.', 0) == argument.length &&
                !str_equal(argument, STR("-"));
    if (near.length == 0 && word)
        run_usage_error(run, "no command and no file '%.*s'", STR_ARG(argument));
    if (near.length == 0) return word;
    run_usage_error(run, "no command '%.*s'; did you mean '%.*s'?", STR_ARG(argument),
                    STR_ARG(near));
    return true;
}

// The command that the first argument names, which is taken away; NULL where it names none.
static const Command *take_command(Run *run) {
    StrVec *arguments = &run->options.arguments;
    if (arguments->count == 0) return NULL;
    const Command *named = command_find(arguments->items[0]);
    if (named != NULL) {
        arguments->items++;
        arguments->count--;
    } else if (arguments->count == 1 && str_equal(arguments->items[0], STR("help"))) {
        run->options.help = true;
    } else {
        (void)is_mistyped(run, arguments->items[0]);
    }
    return named;
}

const Command *options_parse(Run *run, int argc, char **argv) {
    Parser parser = {.run = run, .argc = argc, .argv = argv, .next = 1};
    run->options.max_errors = 20;
    run->options.format = &diag_formats[0];
    read_arguments(&parser);
    if (run->status != EXIT_DONE) return NULL;
    const Command *command = take_command(run);
    if (run->options.version || run->status != EXIT_DONE) return NULL;
    if (run->options.help || argc == 1) {
        help_write(&run->out, command);
        if (argc == 1) run_fail(run, EXIT_USAGE);
        return NULL;
    }
    // What is not a command is a manifest to compile.
    if (command == NULL) command = command_find(STR("compile"));
    choose_format(run, command);
    return check_options(&parser, command) && run->status == EXIT_DONE ? command : NULL;
}
