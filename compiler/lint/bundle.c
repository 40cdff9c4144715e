#include "lint/bundle.h"

#include "import/import.h"

// A bundle's keys, and what IAM calls them, in IAM's order.
static const struct {
    Str key, element;
} elements[] = {
    {{"sid", 3}, {"Sid", 3}},
    {{"effect", 6}, {"Effect", 6}},
    {{"actions", 7}, {"Action", 6}},
    {{"resources", 9}, {"Resource", 8}},
    {{"conditions", 10}, {"Condition", 9}},
};

// One list of statements on its way to documents.
typedef struct Collector {
    Arena *arena;
    Str name; // of what has the list
    RoleDocuments role;
} Collector;

static bool has_key(Node root, Str key) {
    return node_exists(node_get(root, key));
}

bool lint_is_bundle(Node root) {
    return has_key(root, STR("product")) || has_key(root, STR("preset")) ||
           has_key(root, STR("trust")) || has_key(root, STR("rules"));
}

static uint32_t add_key(TreeBuilder *builder, Str text, Span span) {
    return tree_add(builder, NODE_STRING, text, span.begin, span.end);
}

static void put_element(TreeBuilder *builder, uint32_t statement, Str name, Node value) {
    uint32_t key = add_key(builder, name, node_key_span(value));
    tree_append(builder, statement, key, tree_copy(builder, value));
}

// The statement in IAM's words, each at its place in the bundle.
static uint32_t add_statement(TreeBuilder *builder, Node statement) {
    Span span = node_span(statement);
    uint32_t id = tree_add(builder, NODE_MAPPING, (Str){0}, span.begin, span.end);
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        Node value = node_get(statement, elements[i].key);
        if (node_exists(value))
            put_element(builder, id, elements[i].element, value);
        else if (str_equal(elements[i].key, STR("effect")))
            tree_append(builder, id, add_key(builder, elements[i].element, span),
                        tree_add(builder, NODE_STRING, STR("Allow"), span.begin, span.end));
    }
    return id;
}

// A document on its way.
typedef struct Draft {
    TreeBuilder *builder;
    uint32_t root, statements;
} Draft;

static Draft begin_document(Collector *c, Span span) {
    TreeBuilder *builder = ARENA_NEW(c->arena, TreeBuilder);
    tree_begin(builder, c->arena, span.source);
    uint32_t root = tree_add(builder, NODE_MAPPING, (Str){0}, span.begin, span.end);
    uint32_t statements = tree_add(builder, NODE_SEQUENCE, (Str){0}, span.begin, span.end);
    tree_append(builder, root, add_key(builder, STR("Statement"), span), statements);
    return (Draft){builder, root, statements};
}

static void take_statement(Draft *draft, Node statement) {
    tree_append(draft->builder, draft->statements, 0, add_statement(draft->builder, statement));
}

static void end_document(Collector *c, Draft *draft) {
    Document document;
    Node bad;
    (void)document_from_tree(c->arena, (Node){&draft->builder->tree, draft->root},
                             DOCUMENT_IDENTITY, &document, &bad);
    document.name = c->name;
    document.node = NO_NODE; // there is none in the bundle, and compile splits what is too large
    if (document.statements.count != 0) VEC_PUSH(c->arena, &c->role.documents, document);
}

static void add_list(Collector *c, Str name, Node list) {
    c->name = name;
    Draft always = begin_document(c, node_span(list));
    NODE_EACH(statement, list) {
        bool depends = has_key(statement, STR("with")) || has_key(statement, STR("without"));
        Draft own = depends ? begin_document(c, node_span(statement)) : always;
        take_statement(&own, statement);
        if (depends) end_document(c, &own);
    }
    end_document(c, &always);
}

bool lint_bundle_documents(Arena *arena, Node root, RoleDocumentsVec *ret_roles) {
    Node product = NODE_GET(root, "product");
    Str name = node_text(node_exists(product) ? product : NODE_GET(root, "preset"));
    Collector c = {.arena = arena, .role = {.id = name, .span = node_span(root)}};
    add_list(&c, name, NODE_GET(root, "statements"));
    NODE_EACH(integration, NODE_GET(root, "integrations")) {
        Str of = node_key_text(integration);
        add_list(&c, str_format(arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(of)),
                 NODE_GET(integration, "statements"));
    }
    if (c.role.documents.count == 0) return false;
    VEC_PUSH(arena, ret_roles, c.role);
    return true;
}
