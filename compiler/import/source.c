#include "import/answer.h"
#include "import/extent.h"
#include "import/template.h"
#include "model/embedded.h"

static YamlTags template_tags(Arena *arena) {
    Node rows = embedded_root(STR("schema/iam/template-functions.tsv"));
    YamlTag *tags = ARENA_ARRAY(arena, YamlTag, node_count(rows));
    size_t count = 0;
    NODE_EACH(row, rows) {
        YamlTag tag = {node_text(NODE_GET(row, "tag")), node_text(NODE_GET(row, "function"))};
        if (tag.tag.length != 0) tags[count++] = tag;
    }
    return (YamlTags){tags, count};
}

static bool begins_as_object(Str text) {
    size_t at = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t' ||
                                text.data[at] == '\r' || text.data[at] == '\n'))
        at++;
    return at < text.length && text.data[at] == '{';
}

static bool is_json(const Source *source) {
    bool is_yaml =
        str_ends_with(source->name, STR(".yaml")) || str_ends_with(source->name, STR(".yml"));
    return str_ends_with(source->name, STR(".json")) ||
           (!is_yaml && begins_as_object(source->text));
}

bool import_read(Arena *arena, Diags *diags, const Source *source, NodeVec *ret_documents) {
    if (!is_json(source)) {
        YamlTags tags = template_tags(arena);
        return read_yaml_tagged(arena, diags, source, &tags, ret_documents);
    }
    Node root = NO_NODE;
    if (!read_json(arena, diags, source, &root)) return false;
    VEC_PUSH(arena, ret_documents, root);
    return true;
}

static bool is_policy(Node root) {
    return node_exists(NODE_GET(root, "Statement"));
}

// Any key of a manifest that nothing else has.
static bool is_manifest(Node root) {
    static const char *const keys[] = {"account", "accounts", "partition", "products",
                                       "permissions"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (node_exists(node_get(root, str_of(keys[i])))) return true;
    }
    return false;
}

static bool import_policy(Arena *arena, Diags *diags, Node root, Imported *ret_imported) {
    RoleDocuments role = {.span = node_span(root)};
    Document document = {0};
    Node bad = NO_NODE;
    (void)diags;
    (void)document_from_tree(arena, root, document_kind(root), &document, &bad);
    document.name = ret_imported->name;
    VEC_PUSH(arena, &role.documents, document);
    VEC_PUSH(arena, &ret_imported->roles, role);
    return true;
}

// In the order in which a document is asked what it is.
static const struct {
    bool (*is)(Node root);
    bool (*import)(Arena *arena, Diags *diags, Node root, Imported *ret_imported);
} kinds[IMPORT_UNKNOWN] = {
    [IMPORT_POLICY] = {is_policy, import_policy},
    [IMPORT_ANSWER] = {is_answer, import_answer},
    [IMPORT_TEMPLATE] = {is_template, import_template},
    [IMPORT_MANIFEST] = {is_manifest, NULL},
};

ImportKind import_kind(Node root) {
    unsigned kind = 0;
    while (kind < IMPORT_UNKNOWN && !kinds[kind].is(root)) kind++;
    return (ImportKind)kind;
}

static void report_remarks(Diags *diags, const ItemVec *remarks) {
    for (size_t i = 0; i < remarks->count; i++)
        diag_report(diags, MSG_DECIDED_AT_DEPLOYMENT, remarks->items[i].span, "%.*s",
                    STR_ARG(remarks->items[i].text));
}

bool import_document(Arena *arena, Diags *diags, Node root, Imported *ret_imported) {
    ImportKind kind = import_kind(root);
    Imported imported = {.name = node_span(root).source->name, .root = root};
    if (kind == IMPORT_UNKNOWN || kinds[kind].import == NULL) {
        Diagnostic *d = diag_report(diags, MSG_NOT_A_POLICY, node_span(root),
                                    "this is neither a policy nor a CloudFormation template");
        diag_note(diags, d, NO_SPAN,
                  "a policy has the key Statement, a template the key Resources; what 'aws iam "
                  "get-policy-version', 'get-role' and 'get-role-policy' print is read too");
        return false;
    }
    if (!kinds[kind].import(arena, diags, root, &imported)) return false;
    if (!extent_check(diags, &imported)) return false;
    report_remarks(diags, &imported.remarks);
    *ret_imported = imported;
    return true;
}

bool import_source(Arena *arena, Diags *diags, const Source *source, Imported *ret_imported) {
    NodeVec documents = {0};
    if (!import_read(arena, diags, source, &documents)) return false;
    if (documents.count > 1) {
        diag_report(diags, MSG_SEVERAL_DOCUMENTS, node_span(documents.items[1]),
                    "one document is expected here, and this is the second");
        return false;
    }
    return import_document(arena, diags, documents.items[0], ret_imported);
}
