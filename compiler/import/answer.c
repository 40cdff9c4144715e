#include "import/answer.h"

#include <assert.h>

#include "import/text.h"

// One command's answer: the member that holds all of it (or none), that which holds the document,
// and, beside the document, the name of its role and its own.
typedef struct Answer {
    Str outer, document, role, name;
    DocumentKind kind;
} Answer;

#define TEXT(literal) \
    { literal, sizeof(literal) - 1 }

// AWS CLI Command Reference: iam get-policy-version, get-role, get-role-policy, get-user-policy and
// get-group-policy; s3api get-bucket-policy, kms get-key-policy.
static const Answer answers[] = {
    {TEXT("PolicyVersion"), TEXT("Document"), TEXT(""), TEXT("VersionId"), DOCUMENT_IDENTITY},
    {TEXT("Role"), TEXT("AssumeRolePolicyDocument"), TEXT("RoleName"), TEXT("RoleName"),
     DOCUMENT_TRUST},
    {TEXT(""), TEXT("PolicyDocument"), TEXT("RoleName"), TEXT("PolicyName"), DOCUMENT_IDENTITY},
    {TEXT(""), TEXT("Policy"), TEXT(""), TEXT("PolicyName"), DOCUMENT_RESOURCE},
};

// What the answer is about.
static Node subject(const Answer *answer, Node root) {
    return answer->outer.length == 0 ? root : node_get(root, answer->outer);
}

static const Answer *find_answer(Node root) {
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        Node document = node_get(subject(&answers[i], root), answers[i].document);
        bool is_text = node_kind(document) == NODE_STRING;
        bool may_be_mapping = answers[i].kind != DOCUMENT_RESOURCE;
        if (is_text || (may_be_mapping && node_kind(document) == NODE_MAPPING)) return &answers[i];
    }
    return NULL;
}

bool is_answer(Node root) {
    return find_answer(root) != NULL;
}

static Item text_item(Node node) {
    return (Item){.text = node_text(node), .span = node_span(node)};
}

// The boundary of a role is told wherever the role is, where it has one. What is attached to it is
// told by get-account-authorization-details only.
static void take_settings(Arena *arena, Node about, RoleDocuments *role) {
    Node attached = NODE_GET(about, "AttachedManagedPolicies");
    Node boundary = NODE_GET(NODE_GET(about, "PermissionsBoundary"), "PermissionsBoundaryArn");
    role->tells_boundary = true;
    role->boundary = text_item(boundary);
    role->tells_managed = node_kind(attached) == NODE_SEQUENCE;
    NODE_EACH(policy, attached)
    VEC_PUSH(arena, &role->managed, text_item(NODE_GET(policy, "PolicyArn")));
}

// The document in a member of `about`, as a mapping or as a text. Returns false after reporting
// not-a-policy.
static bool take_document(Arena *arena, Diags *diags, Node about, const Answer *answer,
                          RoleDocuments *role) {
    Document document = {0};
    Node tree = node_get(about, answer->document), bad = NO_NODE;
    if (node_kind(tree) == NODE_STRING && !text_to_tree(arena, node_text(tree), tree, &tree)) {
        diag_report(diags, MSG_NOT_A_POLICY, node_span(tree),
                    "the text of '%.*s' is not a policy in JSON", STR_ARG(answer->document));
        return false;
    }
    if (!node_exists(tree)) tree = about; // which is none
    (void)document_from_tree(arena, tree, answer->kind, &document, &bad);
    document.name = node_text(node_get(about, answer->name));
    VEC_PUSH(arena, &role->documents, document);
    return true;
}

// The policies within a role, which get-account-authorization-details tells as well.
static bool take_inline(Arena *arena, Diags *diags, Node about, RoleDocuments *role) {
    static const Answer policy = {TEXT(""), TEXT("PolicyDocument"), TEXT(""), TEXT("PolicyName"),
                                  DOCUMENT_IDENTITY};
    NODE_EACH(entry, NODE_GET(about, "RolePolicyList")) {
        if (!take_document(arena, diags, entry, &policy, role)) return false;
    }
    return true;
}

bool import_answer(Arena *arena, Diags *diags, Node root, Imported *ret_imported) {
    const Answer *answer = find_answer(root);
    assert(answer != NULL);
    Node about = subject(answer, root);
    RoleDocuments role = {.id = node_text(node_get(about, answer->role)), .span = node_span(about)};
    if (!take_document(arena, diags, about, answer, &role)) return false;
    if (answer->kind == DOCUMENT_TRUST) {
        take_settings(arena, about, &role);
        if (!take_inline(arena, diags, about, &role)) return false;
    }
    VEC_PUSH(arena, &ret_imported->roles, role);
    return true;
}
