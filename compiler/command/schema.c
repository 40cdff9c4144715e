#include "validate/schema.h"
#include "command/command.h"
#include "model/embedded.h"
#include "read/load.h"
#include "read/read.h"
#include "validate/report.h"

static void print_schema(Run *run, Str name) {
    Str path = str_format(run->arena, "schema/%.*s.schema.json", STR_ARG(name));
    const EmbeddedFile *file = embedded_find(path);
    if (file == NULL)
        run_usage_error(run, "no schema '%.*s'; there are manifest, bundle and lint",
                        STR_ARG(name));
    else
        strbuf_add(&run->out, file->text);
}

// What cannot be read cannot be judged.
static bool read_file(Run *run, Str path, Node *ret_root) {
    const Source *source = NULL;
    LoadResult loaded = source_load(run->arena, run->diags, path, NO_SPAN, &source);
    if (loaded == LOAD_DONE && read_document(run->arena, run->diags, source, ret_root)) return true;
    run_fail(run, loaded == LOAD_FAILED ? EXIT_MACHINE : EXIT_USAGE);
    return false;
}

static void check_instance(Run *run, Str schema_path, Str instance_path) {
    Node schema = NO_NODE, instance = NO_NODE;
    if (!read_file(run, schema_path, &schema)) return;
    if (!schema_check_supported(run->arena, run->diags, schema)) {
        run_fail(run, EXIT_USAGE);
        return;
    }
    if (!read_file(run, instance_path, &instance)) return;
    if (validate_document(run->arena, run->diags, schema, instance)) return;
    bool undecided = false;
    for (size_t i = 0; i < run->diags->items.count; i++) {
        MessageId id = run->diags->items.items[i]->id;
        undecided |= id == MSG_UNSUPPORTED_SCHEMA || id == MSG_SCHEMA_TOO_COSTLY;
    }
    run_fail(run, undecided ? EXIT_USAGE : EXIT_NO);
}

void command_schema(Run *run) {
    const StrVec *arguments = &run->options.arguments;
    if (run->options.check && arguments->count == 2)
        check_instance(run, arguments->items[0], arguments->items[1]);
    else if (!run->options.check && arguments->count == 1)
        print_schema(run, arguments->items[0]);
    else
        run_usage_error(run,
                        "usage: spotc schema manifest|bundle|lint, or spotc schema --check SCHEMA "
                        "INSTANCE");
}
