#include "base/shell.h"
#include "command/output.h"
#include "command/session.h"
#include "emit/emit.h"
#include "model/quota.h"

// The size against its limit, and what is granted.
static void add_size(Run *run, Arena *arena, const Artifact *artifact) {
    static const QuotaId quotas[] = {[ARTIFACT_POLICY] = QUOTA_MANAGED_POLICY_CHARACTERS,
                                     [ARTIFACT_TRUST] = QUOTA_TRUST_POLICY_CHARACTERS};
    if (artifact->characters == 0) return;
    Str size = number_grouped(arena, artifact->characters);
    Str limit = number_grouped(arena, (size_t)quota(quotas[artifact->kind]));
    Str access = access_levels_text(arena, artifact->access);
    strbuf_add_format(&run->out, ": %.*s of %.*s characters", STR_ARG(size), STR_ARG(limit));
    if (access.length != 0) strbuf_add_format(&run->out, "; %.*s", STR_ARG(access));
}

// One line a file.
static void summarise(Run *run, const Compilation *c, const OutputFolder *folder,
                      const OutputChangeVec *changes) {
    if (run->options.quiet) return;
    for (size_t i = 0; i < changes->count; i++) {
        const OutputChange *change = &changes->items[i];
        strbuf_add(&run->out, output_shown_path(c->arena, folder, change->name));
        if (change->state == OUTPUT_STALE)
            strbuf_add(&run->out, STR(": removed"));
        else
            add_size(run, c->arena, &c->artifacts.items[i]);
        strbuf_add(&run->out, change->state == OUTPUT_SAME ? STR(" (unchanged)\n") : STR("\n"));
    }
}

static Str path_of(const Compilation *c, const OutputFolder *folder, ArtifactKind kind) {
    Str name = {0};
    for (size_t i = 0; i < c->artifacts.count; i++) {
        if (c->artifacts.items[i].kind == kind) name = c->artifacts.items[i].name;
    }
    return shell_quoted(c->arena, output_path(c->arena, folder, name));
}

// The parameters that the command gives. An external id too, though the template has it as the
// default: `aws cloudformation deploy` keeps what the stack had for a parameter that is not given.
// A stack set asks for tokens only.
static void add_parameters(Run *run, const Compilation *c, bool is_set) {
    const char *before = " --parameter-overrides";
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        const Role *role = &c->selection.roles.items[i];
        Str name = role_external_id_parameter(c->arena, role->id);
        Str value = shell_quoted(c->arena, role->external_id);
        if (node_exists(role->connect)) {
            // From the environment, so that it stays out of the shell's history.
            name = node_text(NODE_GET(role->connect, "token"));
            value = STR("\"$TOKEN\"");
        } else if (is_set || role->external_id.length == 0) {
            continue;
        }
        strbuf_add_format(&run->out, "%s %.*s=%.*s", before, STR_ARG(name), STR_ARG(value));
        before = "";
    }
}

// A stack set carries its template and capabilities itself.
static void say_how_to_deploy(Run *run, const Compilation *c, const OutputFolder *folder) {
    const Manifest *manifest = &c->manifest;
    Deployment deployment = emit_deployment(&c->selection);
    bool is_set = node_exists(manifest->stack_set.settings);
    Str path = path_of(c, folder, is_set ? ARTIFACT_STACK_SET : ARTIFACT_TEMPLATE);
    strbuf_add_format(&run->out,
                      "to deploy: aws cloudformation deploy --stack-name %.*s --template-file %.*s",
                      STR_ARG(manifest->stack_name), STR_ARG(path));
    if (!is_set) strbuf_add_format(&run->out, " --capabilities %s", deployment.capability);
    add_parameters(run, c, is_set);
    strbuf_add_byte(&run->out, '\n');
}

static void compile_document(Run *run, const ManifestDocument *document, OutputLock *lock) {
    Arena arena;
    Compilation c;
    if (session_compile(run, document, PASS_EMIT, &arena, &c)) {
        ManifestOutput output;
        OutputChangeVec changes = {0};
        manifest_output(run, &arena, &c, &output);
        output.folder.lock = lock;
        OutputResult result = output_write(&arena, run->diags, &output.folder, &changes);
        run_fail(run, output_status(result));
        if (result == OUTPUT_DONE) {
            summarise(run, &c, &output.folder, &changes);
            if (run->options.verbose) say_how_to_deploy(run, &c, &output.folder);
        }
    }
    arena_free(&arena);
}

void command_compile(Run *run) {
    ManifestDocumentVec documents = {0};
    bool dumps = run->options.dump_after.length != 0;
    if (run->options.output.length == 0 && !dumps) {
        run_usage_error(run, "where to? give the output folder with -o DIR");
        return;
    }
    session_load(run, 0, run->options.arguments.count, &documents);
    if (session_dump(run, &documents)) return;
    OutputLock lock = {.fd = -1};
    for (size_t i = 0; i < documents.count; i++) compile_document(run, &documents.items[i], &lock);
    output_unlock(&lock);
}
