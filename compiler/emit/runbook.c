// How to deploy, update and remove what was compiled, as a page: templates/runbook.yaml filled in.
#include "emit/context.h"
#include "emit/emit.h"
#include "emit/markdown.h"
#include "model/quota.h"

typedef struct Builder {
    TreeBuilder *tree;
    const Emission *emission;
    uint32_t context;
} Builder;

static void put_text(const Builder *b, const char *key, Str text) {
    if (text.length != 0) tree_put(b->tree, b->context, str_of(key), tree_string(b->tree, text));
}

static void put_flag(const Builder *b, const char *key, bool value) {
    tree_put(b->tree, b->context, str_of(key),
             tree_add(b->tree, NODE_BOOLEAN, value ? STR("true") : STR("false"), 0, 0));
}

static void put_place(const Builder *b) {
    const Partition *partition = &b->emission->manifest->partition;
    put_text(b, "partition_name", partition->name);
    put_text(b, "console", partition->console);
    put_text(b, "stack_region", partition->stack_region);
}

// The names of the files, where they were emitted.
static void put_files(const Builder *b) {
    static const struct {
        const char *key;
        ArtifactKind kind;
    } files[] = {
        {"template_file", ARTIFACT_TEMPLATE},
        {"stack_set_file", ARTIFACT_STACK_SET},
        {"terraform_file", ARTIFACT_TERRAFORM},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const Artifact *artifact = emit_artifact(b->emission, files[i].kind);
        if (artifact != NULL) put_text(b, files[i].key, artifact->name);
    }
}

// Parts of the template that integrations add; the one that connects the account is told apart.
static bool has_parts(const Emission *e) {
    size_t connecting = 0;
    for (size_t i = 0; i < e->selection->roles.count; i++)
        connecting += node_exists(e->selection->roles.items[i].connect);
    return e->selection->template_parts.count > connecting;
}

// What CloudFormation has to be told beside the template.
static void put_deployment(const Builder *b) {
    const Emission *e = b->emission;
    const Artifact *template = emit_artifact(e, ARTIFACT_TEMPLATE);
    Deployment deployment = emit_deployment(e->selection);
    put_text(b, "capability", str_of(deployment.capability));
    put_text(b, "token", deployment.token);
    put_text(b, "template_url", e->manifest->template_url);
    put_flag(b, "has_template_parts", has_parts(e));
    put_flag(b, "needs_upload",
             template != NULL && template->bytes.length > quota(QUOTA_TEMPLATE_INLINE_BYTES));
}

// How a stack set reaches its accounts.
static void put_stack_set(const Builder *b) {
    const StackSet *set = &b->emission->manifest->stack_set;
    Node call_as = NODE_GET(set->settings, "call_as");
    put_flag(b, "service_managed", set->service_managed);
    put_flag(b, "delegated", node_is_string(call_as, STR("delegated-admin")));
}

static Node runbook_context(const Emission *e) {
    DocumentStyle style = {.partition = e->manifest->partition.id};
    Node shared = emit_context(e->arena, e->manifest, e->selection, &style);
    Builder b = {.tree = ARENA_NEW(e->arena, TreeBuilder), .emission = e};
    tree_begin(b.tree, e->arena, NULL);
    b.context = tree_copy(b.tree, shared);
    put_place(&b);
    put_files(&b);
    put_deployment(&b);
    put_stack_set(&b);
    Node narrowed = NODE_GET(e->manifest->root, "restrict");
    if (node_exists(narrowed))
        tree_put(b.tree, b.context, STR("restrict"), tree_copy(b.tree, narrowed));
    return (Node){&b.tree->tree, b.context};
}

bool emit_runbook(const Emission *e) {
    Node page = emit_fill(e, STR("runbook.yaml"), NODE_SEQUENCE, runbook_context(e));
    Str text = {0};
    if (!node_exists(page) || !markdown_text(e->arena, e->diags, page, &text)) return false;
    VEC_PUSH(e->arena, e->artifacts,
             ((Artifact){.kind = ARTIFACT_RUNBOOK, .name = STR("deploy.md"), .bytes = text}));
    return true;
}
