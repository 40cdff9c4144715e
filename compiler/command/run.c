#include "command/command.h"

void run_fail(Run *run, ExitStatus status) {
    if (status > run->status) run->status = status;
}

void run_usage_error(Run *run, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = str_vformat(run->arena, format, args);
    va_end(args);
    strbuf_add_format(&run->err, "spotc: error: %.*s\n", STR_ARG(text));
    if (run->status < EXIT_USAGE) strbuf_add(&run->err, STR("'spotc --help' says more\n"));
    run_fail(run, EXIT_USAGE);
}
