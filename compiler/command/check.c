#include "command/session.h"

void command_check(Run *run) {
    ManifestDocumentVec documents = {0};
    session_load(run, 0, run->options.arguments.count, &documents);
    if (session_dump(run, &documents)) return;
    for (size_t i = 0; i < documents.count; i++) {
        Arena arena;
        Compilation c;
        if (session_compile(run, &documents.items[i], PASS_EMIT, &arena, &c) &&
            run->options.verbose)
            strbuf_add_format(&run->out, "%.*s: %zu files, no errors\n",
                              STR_ARG(documents.items[i].name), c.artifacts.count);
        arena_free(&arena);
    }
}
