#include "import/decide.h"
#include "import/import.h"

// One document on its way to statements.
typedef struct Reader {
    Arena *arena;
    DocumentKind kind;
    const Fold *fold; // that made the document; or NULL
    Node bad;         // the first fault
} Reader;

static void note_bad(Reader *r, Node node) {
    if (!node_exists(r->bad)) r->bad = node;
}

static bool is_text(Node node) {
    return node_kind(node) == NODE_STRING;
}

// What a condition compares with: AWS takes numbers and booleans for their text.
static bool is_value(Node node) {
    NodeKind kind = node_kind(node);
    return kind == NODE_STRING || kind == NODE_NUMBER || kind == NODE_BOOLEAN;
}

static const Decision *decided(const Reader *r, Node node) {
    return r->fold == NULL ? NULL : fold_decision(r->fold, node);
}

static Item item_of(const Reader *r, Node node) {
    return (Item){node_text(node), node_span(node), decided(r, node)};
}

static Item key_of(Node node) {
    return (Item){.text = node_key_text(node), .span = node_key_span(node)};
}

// One text, or a list of texts.
static void take_items(Reader *r, Node value, bool (*fits)(Node node), ItemVec *ret_items) {
    if (fits(value)) {
        VEC_PUSH(r->arena, ret_items, item_of(r, value));
    } else if (node_kind(value) == NODE_SEQUENCE) {
        NODE_EACH(item, value) {
            if (fits(item))
                VEC_PUSH(r->arena, ret_items, item_of(r, item));
            else
                note_bad(r, item);
        }
    } else {
        note_bad(r, value);
    }
}

static void take_sid(Reader *r, DocumentStatement *statement, Node value) {
    if (!is_text(value)) note_bad(r, value);
    if (is_text(value)) statement->sid = item_of(r, value);
}

static void take_effect(Reader *r, DocumentStatement *statement, Node value) {
    if (node_is_string(value, STR("Deny")))
        statement->effect = EFFECT_DENY;
    else if (!node_is_string(value, STR("Allow")))
        note_bad(r, value);
}

static void take_actions(Reader *r, DocumentStatement *statement, Node value) {
    take_items(r, value, is_text, &statement->actions);
}

static void take_resources(Reader *r, DocumentStatement *statement, Node value) {
    take_items(r, value, is_text, &statement->resources);
}

static void take_principals(Reader *r, DocumentStatement *statement, Node value) {
    if (node_is_string(value, STR("*"))) {
        VEC_PUSH(r->arena, &statement->principals, ((Principal){.type = item_of(r, value)}));
        return;
    }
    if (node_kind(value) != NODE_MAPPING || node_count(value) == 0) note_bad(r, value);
    if (node_kind(value) != NODE_MAPPING) return;
    NODE_EACH(ids, value) {
        Principal principal = {.type = key_of(ids)};
        take_items(r, ids, is_text, &principal.ids);
        VEC_PUSH(r->arena, &statement->principals, principal);
    }
}

static void take_keys(Reader *r, DocumentStatement *statement, Node operator) {
    NODE_EACH(values, operator) {
        DocumentCondition condition = {.operator= key_of(operator), .key = key_of(values)};
        take_items(r, values, is_value, &condition.values);
        VEC_PUSH(r->arena, &statement->conditions, condition);
    }
}

static void take_conditions(Reader *r, DocumentStatement *statement, Node value) {
    if (node_kind(value) != NODE_MAPPING) note_bad(r, value);
    if (node_kind(value) != NODE_MAPPING) return;
    NODE_EACH(operator, value) {
        if (node_kind(operator) == NODE_MAPPING)
            take_keys(r, statement, operator);
        else
            note_bad(r, operator);
    }
}

// The elements of a statement (IAM User Guide, "Grammar of the IAM JSON policy language").
typedef enum ElementId {
    SID,
    EFFECT,
    PRINCIPAL,
    ACTION,
    RESOURCE,
    CONDITION,
    ELEMENT_COUNT
} ElementId;

typedef struct Element {
    Str name;
    ElementId id;
    bool negated;
    void (*take)(Reader *r, DocumentStatement *statement, Node value);
} Element;

#define ELEMENT(text, id, negated, take) \
    { {text, sizeof(text) - 1}, id, negated, take }

static const Element elements[] = {
    ELEMENT("Sid", SID, false, take_sid),
    ELEMENT("Effect", EFFECT, false, take_effect),
    ELEMENT("Principal", PRINCIPAL, false, take_principals),
    ELEMENT("NotPrincipal", PRINCIPAL, true, take_principals),
    ELEMENT("Action", ACTION, false, take_actions),
    ELEMENT("NotAction", ACTION, true, take_actions),
    ELEMENT("Resource", RESOURCE, false, take_resources),
    ELEMENT("NotResource", RESOURCE, true, take_resources),
    ELEMENT("Condition", CONDITION, false, take_conditions),
};

static const Element *find_element(Str name) {
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (str_equal(elements[i].name, name)) return &elements[i];
    }
    return NULL;
}

// Which elements a statement must have and may not have, by the kind of its document.
static const struct {
    bool required[ELEMENT_COUNT], refused[ELEMENT_COUNT];
} rules[DOCUMENT_KIND_COUNT] = {
    [DOCUMENT_IDENTITY] = {.required = {[EFFECT] = true, [ACTION] = true, [RESOURCE] = true},
                           .refused = {[PRINCIPAL] = true}},
    [DOCUMENT_TRUST] = {.required = {[EFFECT] = true, [ACTION] = true, [PRINCIPAL] = true},
                        .refused = {[RESOURCE] = true}},
    [DOCUMENT_RESOURCE] = {.required = {[EFFECT] = true, [ACTION] = true, [PRINCIPAL] = true}},
};

// Takes the element `value` where the statement has none of its sort yet.
static void take_element(Reader *r, DocumentStatement *statement, Node value, bool *seen) {
    const Element *element = find_element(node_key_text(value));
    if (element == NULL || seen[element->id] || rules[r->kind].refused[element->id]) {
        note_bad(r, value);
        return;
    }
    seen[element->id] = true;
    element->take(r, statement, value);
    if (element->id == ACTION) statement->not_action = element->negated;
    if (element->id == RESOURCE) statement->not_resource = element->negated;
    if (element->id == PRINCIPAL) statement->not_principal = element->negated;
}

static bool has_effect(Node node) {
    Node effect = NODE_GET(node, "Effect");
    return node_is_string(effect, STR("Allow")) || node_is_string(effect, STR("Deny"));
}

static void take_statement(Reader *r, Node node, Document *document) {
    if (node_kind(node) != NODE_MAPPING) {
        note_bad(r, node);
        return;
    }
    DocumentStatement statement = {.span = node_span(node), .when = decided(r, node), .node = node};
    bool seen[ELEMENT_COUNT] = {false};
    NODE_EACH(value, node) take_element(r, &statement, value, seen);
    for (size_t i = 0; i < ELEMENT_COUNT; i++) {
        if (rules[r->kind].required[i] && !seen[i]) note_bad(r, node);
    }
    // Without its effect nobody can say what it means.
    if (has_effect(node)) VEC_PUSH(r->arena, &document->statements, statement);
}

static void take_statements(Reader *r, Node value, Document *document) {
    if (node_kind(value) == NODE_SEQUENCE) {
        NODE_EACH(statement, value) take_statement(r, statement, document);
    } else {
        take_statement(r, value, document);
    }
}

static bool is_version(Node value) {
    return node_is_string(value, STR("2012-10-17")) || node_is_string(value, STR("2008-10-17"));
}

static void take_members(Reader *r, Node root, Document *document) {
    document->has_variables = node_is_string(NODE_GET(root, "Version"), STR("2012-10-17"));
    NODE_EACH(value, root) {
        Str key = node_key_text(value);
        if (str_equal(key, STR("Statement")))
            take_statements(r, value, document);
        else if (!(str_equal(key, STR("Version")) && is_version(value)) &&
                 !(str_equal(key, STR("Id")) && is_text(value)))
            note_bad(r, value);
    }
}

bool document_from_fold(const Fold *fold, Arena *arena, Node root, DocumentKind kind,
                        Document *ret_document, Node *ret_bad) {
    Reader r = {.arena = arena, .kind = kind, .fold = fold};
    Document document = {.kind = kind, .span = node_span(root), .node = root};
    if (node_kind(root) == NODE_MAPPING) take_members(&r, root, &document);
    if (!node_exists(NODE_GET(root, "Statement"))) note_bad(&r, root);
    document.bad = r.bad;
    *ret_document = document;
    if (node_exists(r.bad)) *ret_bad = r.bad;
    return !node_exists(r.bad);
}

bool document_from_tree(Arena *arena, Node root, DocumentKind kind, Document *ret_document,
                        Node *ret_bad) {
    return document_from_fold(NULL, arena, root, kind, ret_document, ret_bad);
}

static bool is_assumption(Node action) {
    return is_text(action) && node_text(action).length > 4 &&
           str_equal_ignoring_case(str_slice(node_text(action), 0, 4), STR("sts:"));
}

// Whether a statement can only be of a trust policy: whoever is named may assume the role.
static bool lets_assume(Node statement) {
    Node action = NODE_GET(statement, "Action");
    return is_assumption(node_kind(action) == NODE_SEQUENCE ? node_first(action) : action);
}

static DocumentKind statement_kind(Node statement) {
    bool has_principal = node_exists(NODE_GET(statement, "Principal")) ||
                         node_exists(NODE_GET(statement, "NotPrincipal"));
    bool has_resource = node_exists(NODE_GET(statement, "Resource")) ||
                        node_exists(NODE_GET(statement, "NotResource"));
    if (!has_principal && !(lets_assume(statement) && !has_resource)) return DOCUMENT_IDENTITY;
    return has_resource && !lets_assume(statement) ? DOCUMENT_RESOURCE : DOCUMENT_TRUST;
}

DocumentKind document_kind(Node root) {
    Node statements = NODE_GET(root, "Statement");
    if (node_kind(statements) == NODE_MAPPING) return statement_kind(statements);
    DocumentKind kind = DOCUMENT_IDENTITY;
    NODE_EACH(statement, statements) {
        if (kind == DOCUMENT_IDENTITY) kind = statement_kind(statement);
    }
    return kind;
}
