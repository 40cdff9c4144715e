#include "base/nearest.h"
#include "command/session.h"

static const char *const kind_names[] = {
    [ARTIFACT_POLICY] = "policy",
    [ARTIFACT_TRUST] = "trust",
    [ARTIFACT_TEMPLATE] = "template",
    [ARTIFACT_STACK_SET] = "stack-set",
};

static bool find_kind(Run *run, Str name, ArtifactKind *ret_kind) {
    Str names[ARTIFACT_KIND_COUNT];
    for (unsigned i = 0; i < ARTIFACT_KIND_COUNT; i++) {
        names[i] = str_of(kind_names[i]);
        if (str_equal(name, names[i])) {
            *ret_kind = (ArtifactKind)i;
            return true;
        }
    }
    Str near = nearest_name(name, names, ARTIFACT_KIND_COUNT);
    if (near.length != 0)
        run_usage_error(run, "no artifact '%.*s'; did you mean '%.*s'?", STR_ARG(name),
                        STR_ARG(near));
    else
        run_usage_error(run, "no artifact '%.*s'; there are policy, trust, template and stack-set",
                        STR_ARG(name));
    return false;
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
static void report_absent(Run *run, ArtifactKind kind, const Role *role) {
    if (role == NULL)
        run_usage_error(run, "there is no stack set: the manifest has no 'stack_set'");
    else if (kind == ARTIFACT_TRUST)
        report_no_trust(run, role);
    else
        run_usage_error(run, "role '%.*s' has no %s of its own", STR_ARG(role->id),
                        kind_names[kind]);
}

// `role` is NULL for what is of all roles.
static void show_kind(Run *run, const Compilation *c, ArtifactKind kind, const Role *role) {
    const Artifact *chosen = NULL;
    size_t parts = 0, wanted = (size_t)run->options.part;
    Str id = role == NULL ? (Str){0} : role->id;
    for (size_t i = 0; i < c->artifacts.count; i++) {
        const Artifact *artifact = &c->artifacts.items[i];
        if (artifact->kind != kind || !str_equal(artifact->role, id)) continue;
        parts++;
        if (wanted == 0 || wanted == parts) chosen = artifact;
    }
    if (parts == 0)
        report_absent(run, kind, role);
    else if (chosen == NULL)
        run_usage_error(run, "there is no part %zu: the %s has %zu", wanted, kind_names[kind],
                        parts);
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
    ArtifactKind kind = ARTIFACT_POLICY;
    StrVec *arguments = &run->options.arguments;
    if (arguments->count != 2) {
        run_usage_error(run, "usage: spotc show MANIFEST policy|trust|template|stack-set");
        return;
    }
    if (!find_kind(run, arguments->items[1], &kind)) return;
    if (!is_of_role(kind) && (run->options.role.length != 0 || run->options.part != 0)) {
        run_usage_error(run, "there is one %s for all roles: leave --role and --part out",
                        kind_names[kind]);
        return;
    }
    session_load(run, 0, 1, &documents);
    const ManifestDocument *document = session_choose(run, &documents);
    if (document == NULL) return;
    Arena arena;
    Compilation c;
    const Role *role = NULL;
    if (session_compile(run, document, PASS_EMIT, &arena, &c) &&
        (!is_of_role(kind) || session_choose_role(run, &c, &role)))
        show_kind(run, &c, kind, role);
    arena_free(&arena);
}
