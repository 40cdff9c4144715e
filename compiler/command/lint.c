#include "lint/lint.h"
#include "command/diff.h"
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

static void lint_input(Run *run, Input *input, LintConfig *config) {
    // A manifest's own `acknowledge` holds for what it compiles to.
    if (input->compilation != NULL) run->diags->acknowledgements = input->compilation->accepted;
    lint_unread(run->arena, run->diags, &input->imported.unread, config);
    lint_roles(run->arena, run->diags, &input->imported.roles, config);
    // What is the same in either is judged once.
    RoleDocumentsVec deployed = input->imported.deployed;
    if (diff_settle_folder(run, input) && input->differs)
        lint_roles(run->arena, run->diags, &deployed, config);
    pipeline_settle(run->diags);
}

// What does not compile was said to, and is not looked at.
static void compile_inputs(Run *run, InputVec *inputs) {
    size_t compiled = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        if (input_compile(run, run->arena, &inputs->items[i]))
            inputs->items[compiled++] = inputs->items[i];
    }
    inputs->count = compiled;
}

void command_lint(Run *run) {
    LintConfig config = {0};
    const StrVec *arguments = &run->options.arguments;
    if (arguments->count == 0) run_usage_error(run, "which file? ('-' reads standard input)");
    if (!read_config(run, &config)) return;
    for (size_t i = 0; i < arguments->count; i++) {
        InputVec inputs = {0};
        (void)input_load(run, arguments->items[i], &inputs);
        compile_inputs(run, &inputs);
        size_t errors = diags_errors(run->diags), warnings = diags_warnings(run->diags);
        for (size_t k = 0; k < inputs.count; k++) lint_input(run, &inputs.items[k], &config);
        if (diags_errors(run->diags) > errors) run_fail(run, EXIT_NO);
        if (run->options.werror && diags_warnings(run->diags) > warnings) run_fail(run, EXIT_NO);
    }
    if (run->status == EXIT_DONE || run->status == EXIT_NO) lint_config_settle(run->diags, &config);
}
