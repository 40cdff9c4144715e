#include "emit/emit.h"
#include "emit/skeleton.h"

// <role>SUFFIX, for one of the roles.
static bool is_role_file(Str name, const StrVec *role_ids, Str suffix) {
    for (size_t i = 0; i < role_ids->count; i++) {
        Str id = role_ids->items[i];
        if (str_starts_with(name, id) && str_equal(str_slice(name, id.length, name.length), suffix))
            return true;
    }
    return false;
}

// <role>-policy.json and <role>-policy-<N>.json, N from 2 on.
static bool owns_policy(Str name, const StrVec *role_ids) {
    Str stem = STR("-policy"), end = STR(".json");
    uint64_t part = 0;
    for (size_t i = 0; i < role_ids->count; i++) {
        Str id = role_ids->items[i];
        if (!str_starts_with(name, id) || !str_ends_with(name, end)) continue;
        Str middle = str_slice(name, id.length, name.length - end.length);
        if (str_equal(middle, stem)) return true;
        if (str_starts_with(middle, STR("-policy-")) && middle.data[8] != '0' &&
            str_to_u64(str_slice(middle, 8, middle.length), &part) && part >= 2)
            return true;
    }
    return false;
}

static bool owns_trust(Str name, const StrVec *role_ids) {
    return is_role_file(name, role_ids, STR("-trust-policy.json"));
}

static bool owns_template(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("template.yaml")) || str_equal(name, STR("template.json"));
}

static bool owns_stack_set(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("stack-set.yaml")) || str_equal(name, STR("stack-set.json"));
}

static bool owns_terraform(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("main.tf.json"));
}

static bool owns_runbook(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("deploy.md"));
}

// The runbook tells of the files that were emitted before it.
const Emitter emitters[] = {
    {"policy", ARTIFACT_POLICY, emit_policies, owns_policy, false},
    {"trust", ARTIFACT_TRUST, emit_trust, owns_trust, false},
    {"template", ARTIFACT_TEMPLATE, emit_template, owns_template, false},
    {"stack-set", ARTIFACT_STACK_SET, emit_stack_set, owns_stack_set, false},
    {"terraform", ARTIFACT_TERRAFORM, emit_terraform, owns_terraform, true},
    {"runbook", ARTIFACT_RUNBOOK, emit_runbook, owns_runbook, true},
    {NULL, ARTIFACT_KIND_COUNT, NULL, NULL, false},
};

const Emitter *emitter_find(Str name) {
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++) {
        if (str_equal(name, str_of(emitter->name))) return emitter;
    }
    return NULL;
}

void emitter_names(Arena *arena, bool on_request, StrVec *ret_names) {
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++) {
        if (!on_request || emitter->on_request) VEC_PUSH(arena, ret_names, str_of(emitter->name));
    }
}

static bool is_asked(const Emission *e, const Emitter *emitter) {
    Str name = str_of(emitter->name);
    NODE_EACH(asked, NODE_GET(e->manifest->root, "emit")) {
        if (node_is_string(asked, name)) return true;
    }
    for (size_t i = 0; e->asked != NULL && i < e->asked->count; i++) {
        if (str_equal(e->asked->items[i], name)) return true;
    }
    return !emitter->on_request;
}

// After a failure nothing is written, so that what stands on what failed need not be tried.
bool emit_all(const Emission *emission) {
    bool ok = true;
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++) {
        if (is_asked(emission, emitter) && (ok || !emitter->on_request))
            ok &= emitter->emit(emission);
    }
    return ok;
}

static bool is_on_request(ArtifactKind kind) {
    const Emitter *emitter = emitters;
    while (emitter->kind != kind) emitter++;
    return emitter->on_request;
}

size_t emit_work(const ArtifactVec *artifacts, size_t steps) {
    enum { MOSTLY = 32 * 1024, BYTES_OF_WORK = 16, MOST_STEPS = 16 * 1024 };
    size_t on_request = 0, always = 0;
    for (size_t i = 0; i < artifacts->count; i++) {
        const Artifact *artifact = &artifacts->items[i];
        if (is_on_request(artifact->kind))
            on_request += artifact->bytes.length;
        else
            always += artifact->bytes.length;
    }
    size_t bytes = on_request + (always > MOSTLY ? always - MOSTLY : 0);
    return bytes / BYTES_OF_WORK + (steps > MOST_STEPS ? steps - MOST_STEPS : 0);
}

const Artifact *emit_artifact(const Emission *e, ArtifactKind kind) {
    for (size_t i = e->artifacts->count; i > 0; i--) {
        if (e->artifacts->items[i - 1].kind == kind) return &e->artifacts->items[i - 1];
    }
    return NULL;
}

Deployment emit_deployment(const Selection *selection) {
    Deployment deployment = {.capability = "CAPABILITY_IAM"};
    for (size_t i = 0; i < selection->roles.count; i++) {
        const Role *role = &selection->roles.items[i];
        if (node_exists(NODE_GET(role->settings, "name")))
            deployment.capability = "CAPABILITY_NAMED_IAM";
        if (node_exists(role->connect))
            deployment.token = node_text(NODE_GET(role->connect, "token"));
    }
    return deployment;
}

Node emit_fill(const Emission *e, Str name, NodeKind kind, Node context) {
    TreeBuilder *builder = ARENA_NEW(e->arena, TreeBuilder);
    Node skeleton = templates_find(e->templates, name);
    if (node_kind(skeleton) != kind) {
        diag_report(e->diags, MSG_TEMPLATE_ERROR, node_span(skeleton), "a %s is needed here",
                    kind == NODE_MAPPING ? "mapping" : "list");
        return NO_NODE;
    }
    tree_begin(builder, e->arena, skeleton.tree->source);
    uint32_t id = skeleton_fill(builder, e->diags, skeleton, context, e->steps);
    return id == 0 ? NO_NODE : (Node){&builder->tree, id};
}

bool emit_owns(Str name, const StrVec *role_ids) {
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++) {
        if (emitter->owns(name, role_ids)) return true;
    }
    return false;
}
