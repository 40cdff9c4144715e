#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/file.h"
#include "command/confine.h"
#include "command/output.h"
#include "command/streams.h"
#include "command/templates.h"
#include "model/catalogue.h"
#include "version.h"

// The one place where lack of memory ends: nothing is allocated on the way out.
static _Noreturn void out_of_memory(void *context) {
    static const char message[] = "spotc: error: out of memory\n";
    (void)context;
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    _exit(EXIT_MACHINE);
}

// jansson can lose data in silence where an allocation fails, so it is never told of one.
static void *allocate_for_jansson(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) out_of_memory(NULL);
    return memory;
}

// Of the random bytes that the system gives each process; jansson would open a device for its own.
static uint32_t hash_seed(void) {
    const char *random = NULL; // 16 bytes
    uint32_t parts[4] = {0};
    unsigned long address = getauxval(AT_RANDOM);
    memcpy(&random, &address, sizeof random);
    if (random != NULL) memcpy(parts, random, sizeof parts);
    uint32_t seed = parts[0] ^ parts[1] ^ parts[2] ^ parts[3];
    return seed != 0 ? seed : 1; // 0 would ask jansson to choose
}

static bool wants_colour(void) {
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && (no_colour == NULL || no_colour[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static void render_messages(Run *run) {
    RenderOptions options = {
        .colour = wants_colour(), .quiet = run->options.quiet, .version = STR(SPOTC_VERSION)};
    if (run->options.werror) {
        if (diags_warnings(run->diags) > 0) run_fail(run, EXIT_NO);
        diags_promote_warnings(run->diags);
    }
    // What is wrong with the command line was said as text, which nothing empty shall follow.
    bool only_usage = run->err.length != 0 && run->diags->items.count == 0;
    if (!only_usage) run->options.format->render(run->diags, &options, &run->err);
}

static bool add_bundles(Run *run) {
    library_init(run->arena, &run->library);
    bool ok = true;
    for (size_t i = 0; i < run->options.bundles.count; i++) {
        StrVec names = {0};
        int error = 0;
        Str folder = run->options.bundles.items[i];
        if (file_list(run->arena, folder, &names, &error) != FILE_DONE) {
            run_folder_error(run, "bundles", folder, error);
            ok = false;
        } else if (!library_add_folder(run->arena, run->diags, &run->bundles_read, &run->library,
                                       folder, NO_SPAN)) {
            run_fail(run, run->library.unreadable ? EXIT_MACHINE : EXIT_NO);
            ok = false;
        }
    }
    if (!ok || run->options.bundles.count == 0) return ok;
    ok = library_check(run->arena, run->diags, &run->library);
    if (!ok) run_fail(run, EXIT_NO);
    return ok;
}

// The program's version, and what it knows of IAM.
static void add_version(Run *run) {
    Str source = catalogue_source(), version = catalogue_version(), date = catalogue_date();
    Str actions = number_grouped(run->arena, catalogue_action_count());
    strbuf_add_format(&run->out,
                      "spotc %s\ncatalogue: %.*s actions of %zu services; %.*s %.*s, %.*s\n",
                      SPOTC_VERSION, STR_ARG(actions), catalogue_service_count(), STR_ARG(source),
                      STR_ARG(version), STR_ARG(date));
}

static void run_command(Run *run, int argc, char **argv) {
    const Command *command = options_parse(run, argc, argv);
    if (run->status == EXIT_DONE && run->options.version) add_version(run);
    if (command != NULL) {
        diags_init(run->diags, run->arena, (size_t)run->options.max_errors);
        confine(run, command->run == command_compile);
        if (add_bundles(run) && templates_load(run)) {
            command->run(run);
            templates_report_unused(run);
        }
        render_messages(run);
    }
    streams_write(run);
}

// A standard stream that is closed stays one that fails: else the next file that is opened would be
// in its place, and be written to or read as if it were the stream.
static void hold_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

int main(int argc, char **argv) {
    Arena arena;
    Diags diags = {0};
    arena_init(&arena, out_of_memory, NULL);
    hold_streams();
    // A file that grows beyond its limit, or a reader that is gone, is an error to report after all
    // else was said, not a reason to die.
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    // What one manifest gave back the next one takes: the system need not be asked each time.
    (void)mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
    json_set_alloc_funcs(allocate_for_jansson, free);
    json_object_seed(hash_seed());
    Run run = {.arena = &arena, .diags = &diags};
    run.out = strbuf_new(&arena);
    run.err = strbuf_new(&arena);
    run_command(&run, argc, argv);
    arena_free(&arena);
    return (int)run.status;
}
