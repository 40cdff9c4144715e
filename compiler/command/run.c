#include "base/file.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "command/output.h"
#include "diag/escape.h"

void run_fail(Run *run, ExitStatus status) {
    if (status > run->status) run->status = status;
}

enum {
    MOST_NAMES = 20, // that stand in a sentence; of more, some and how many there are
    SOME_NAMES = 10,
};

static void add_error(Run *run, Str text) {
    strbuf_add(&run->err, STR("spotc: error: "));
    escape_text(&run->err, utf8_cut(run->arena, text, DIAG_LONGEST_TEXT), "");
    strbuf_add_byte(&run->err, '\n');
}

Str run_names(Run *run, const StrVec *names) {
    if (names->count <= MOST_NAMES) return names_in_full(run->arena, names->items, names->count);
    Str some = names_in_full(run->arena, names->items, SOME_NAMES);
    Str more = number_grouped(run->arena, names->count - SOME_NAMES);
    return str_format(run->arena, "%.*s and %.*s more", STR_ARG(some), STR_ARG(more));
}

void run_machine_error(Run *run, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_error(run, str_vformat(run->arena, format, args));
    va_end(args);
    run_fail(run, EXIT_MACHINE);
}

void run_usage_error(Run *run, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_error(run, str_vformat(run->arena, format, args));
    va_end(args);
    if (run->status < EXIT_USAGE) strbuf_add(&run->err, STR("'spotc --help' says more\n"));
    run_fail(run, EXIT_USAGE);
}

void run_folder_error(Run *run, const char *what, Str folder, int error) {
    static const char format[] = "cannot read the %s folder '%.*s': %.*s";
    Str why = file_error(run->arena, error);
    if (file_is_mistaken(error))
        run_usage_error(run, format, what, STR_ARG(folder), STR_ARG(why));
    else
        run_machine_error(run, format, what, STR_ARG(folder), STR_ARG(why));
}

void run_unknown(Run *run, const char *what, Str name, const StrVec *choices) {
    Str near = nearest_name(name, choices->items, choices->count);
    Str all = run_names(run, choices);
    if (near.length != 0)
        run_usage_error(run, "no %s '%.*s'; did you mean '%.*s'?", what, STR_ARG(name),
                        STR_ARG(near));
    else
        run_usage_error(run, "no %s '%.*s'; there are %.*s", what, STR_ARG(name), STR_ARG(all));
}
