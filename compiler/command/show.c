#include "base/nearest.h"
#include "command/session.h"
#include "emit/emit.h"

// Reports a name that no emitter has.
static const Emitter *find_emitter(Run *run, Str name) {
    const Emitter *emitter = emitter_find(name);
    StrVec names = {0};
    if (emitter != NULL) return emitter;
    emitter_names(run->arena, false, &names);
    Str near = nearest_name(name, names.items, names.count);
    Str all = names_in_full(run->arena, names.items, names.count);
    if (near.length != 0)
        run_usage_error(run, "no artifact '%.*s'; did you mean '%.*s'?", STR_ARG(name),
                        STR_ARG(near));
    else
        run_usage_error(run, "no artifact '%.*s'; there are %.*s", STR_ARG(name), STR_ARG(all));
    return NULL;
}

static void report_no_trust(Run *run, const Role *role) {
    if (role->external_id_by_account)
        run_usage_error(run,
                        "role '%.*s' has a trust policy in each account of the stack set, with "
                        "that account's external id ('spotc show MANIFEST template')",
                        STR_ARG(role->id));
    else
        run_usage_error(run,
                        "role '%.*s' has no trust policy yet: with 'connect: automatic' the stack "
                        "makes the external id that belongs in it ('spotc show MANIFEST template')",
                        STR_ARG(role->id));
}

// Of what is of all roles, only the stack set can be absent.
static void report_absent(Run *run, const Emitter *emitter, const Role *role) {
    if (role == NULL)
        run_usage_error(run, "there is no stack set: the manifest has no 'stack_set'");
    else if (emitter->kind == ARTIFACT_TRUST)
        report_no_trust(run, role);
    else
        run_usage_error(run, "role '%.*s' has no %s of its own", STR_ARG(role->id), emitter->name);
}

// `role` is NULL for what is of all roles.
static void show_artifact(Run *run, const Compilation *c, const Emitter *emitter,
                          const Role *role) {
    const Artifact *chosen = NULL;
    size_t parts = 0, wanted = (size_t)run->options.part;
    Str id = role == NULL ? (Str){0} : role->id;
    for (size_t i = 0; i < c->artifacts.count; i++) {
        const Artifact *artifact = &c->artifacts.items[i];
        if (artifact->kind != emitter->kind || !str_equal(artifact->role, id)) continue;
        parts++;
        if (wanted == 0 || wanted == parts) chosen = artifact;
    }
    if (parts == 0)
        report_absent(run, emitter, role);
    else if (chosen == NULL)
        run_usage_error(run, "there is no part %zu: the %s has %zu", wanted, emitter->name, parts);
    else if (parts > 1 && wanted == 0)
        run_usage_error(run, "the policy has %zu parts: choose one with --part N", parts);
    else
        strbuf_add(&run->out, chosen->bytes);
}

static bool is_of_role(ArtifactKind kind) {
    return kind == ARTIFACT_POLICY || kind == ARTIFACT_TRUST;
}

void command_show(Run *run) {
    ManifestDocumentVec documents = {0};
    StrVec *arguments = &run->options.arguments;
    if (arguments->count != 2) {
        run_usage_error(run, "usage: spotc show %s", command_find(STR("show"))->arguments);
        return;
    }
    const Emitter *emitter = find_emitter(run, arguments->items[1]);
    if (emitter == NULL) return;
    bool of_role = is_of_role(emitter->kind);
    if (!of_role && (run->options.role.length != 0 || run->options.part != 0)) {
        run_usage_error(run, "there is one %s for all roles: leave --role and --part out",
                        emitter->name);
        return;
    }
    VEC_PUSH(run->arena, &run->options.emit, str_of(emitter->name));
    session_load(run, 0, 1, &documents);
    const ManifestDocument *document = session_choose(run, &documents);
    if (document == NULL) return;
    Arena arena;
    Compilation c;
    const Role *role = NULL;
    if (session_compile(run, document, PASS_EMIT, &arena, &c) &&
        (!of_role || session_choose_role(run, &c, &role)))
        show_artifact(run, &c, emitter, role);
    arena_free(&arena);
}
