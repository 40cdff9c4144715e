#include "lint/lint.h"
#include "command/diff.h"
#include "command/lint.h"
#include "read/load.h"

// Reads --config; without it nothing is accepted but what manifests acknowledge.
static bool read_config(Run *run, LintConfig *ret_config) {
    const Source *source = NULL;
    Node root = NO_NODE;
    if (run->options.config.data == NULL) return true;
    LoadResult loaded = source_load(run->arena, run->diags, run->options.config, NO_SPAN, &source);
    bool ok = loaded == LOAD_DONE && read_document(run->arena, run->diags, source, &root) &&
              lint_config_read(run->arena, run->diags, root, ret_config);
    if (!ok) run_fail(run, loaded == LOAD_FAILED ? EXIT_MACHINE : EXIT_USAGE);
    return ok;
}

static void lint_input(Run *run, Arena *arena, Input *input, LintConfig *config) {
    // A manifest's own `acknowledge` holds for what it compiles to.
    if (input->compilation != NULL) run->diags->acknowledgements = input->compilation->accepted;
    lint_unread(arena, run->diags, &input->imported.unread, config);
    lint_roles(arena, run->diags, &input->imported.roles, config);
    // What is the same in either is judged once.
    RoleDocumentsVec deployed = input->imported.deployed;
    if (diff_settle_folder(run, input) && input->differs)
        lint_roles(arena, run->diags, &deployed, config);
    pipeline_settle(run->diags);
    // They live no longer than the compilation.
    run->diags->acknowledgements = (AcknowledgementVec){0};
}

// One by one, each in memory that is given back: a file may have 5,000 manifests. What does not
// compile was said to, and is not looked at.
static void lint_inputs(Run *run, InputVec *inputs, LintConfig *config) {
    Arena arena;
    LintedBefore before = {.keys = {strbuf_new(run->arena), strbuf_new(run->arena)}};
    config->spent = 0;
    arena_init(&arena, run->arena->exhausted, run->arena->context);
    for (size_t i = 0; i < inputs->count; i++) {
        Input *input = &inputs->items[i];
        if (input_compile(run, &arena, input) && !lint_is_same(&before, input)) {
            size_t errors = diags_errors(run->diags), warnings = diags_warnings(run->diags);
            lint_input(run, &arena, input, config);
            if (diags_errors(run->diags) > errors) run_fail(run, EXIT_NO);
            if (run->options.werror && diags_warnings(run->diags) > warnings)
                run_fail(run, EXIT_NO);
        }
        input->compilation = NULL;
        arena_reset(&arena);
    }
    arena_free(&arena);
}

void command_lint(Run *run) {
    LintConfig config = {0};
    const StrVec *arguments = &run->options.arguments;
    if (arguments->count == 0) run_usage_error(run, "which file? ('-' reads standard input)");
    if (!read_config(run, &config)) return;
    for (size_t i = 0; i < arguments->count; i++) {
        InputVec inputs = {0};
        (void)input_load(run, arguments->items[i], &inputs);
        lint_inputs(run, &inputs, &config);
    }
    if (run->status == EXIT_DONE || run->status == EXIT_NO) lint_config_settle(run->diags, &config);
}
