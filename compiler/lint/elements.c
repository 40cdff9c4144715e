#include "lint/elements.h"

#include "base/nearest.h"
#include "lint/symbolic.h"

#define ELEMENT(text, part, shape, in_statement) \
    { {text, sizeof(text) - 1}, part, shape, in_statement }

const Element elements[] = {
    ELEMENT("Version", PART_VERSION, SHAPE_TEXT, false),
    ELEMENT("Id", PART_ID, SHAPE_TEXT, false),
    ELEMENT("Statement", PART_STATEMENT, SHAPE_STATEMENTS, false),
    ELEMENT("Sid", PART_SID, SHAPE_TEXT, true),
    ELEMENT("Effect", PART_EFFECT, SHAPE_TEXT, true),
    ELEMENT("Principal", PART_PRINCIPAL, SHAPE_PRINCIPALS, true),
    ELEMENT("NotPrincipal", PART_PRINCIPAL, SHAPE_PRINCIPALS, true),
    ELEMENT("Action", PART_ACTION, SHAPE_TEXTS, true),
    ELEMENT("NotAction", PART_ACTION, SHAPE_TEXTS, true),
    ELEMENT("Resource", PART_RESOURCE, SHAPE_TEXTS, true),
    ELEMENT("NotResource", PART_RESOURCE, SHAPE_TEXTS, true),
    ELEMENT("Condition", PART_CONDITION, SHAPE_CONDITIONS, true),
};

const size_t element_count = sizeof elements / sizeof *elements;

const Element *element_find(Str name, bool in_statement) {
    for (size_t i = 0; i < element_count; i++) {
        if (elements[i].in_statement == in_statement && str_equal(elements[i].name, name))
            return &elements[i];
    }
    return NULL;
}

const Element *element_nearest(Str name, bool in_statement) {
    Str choices[sizeof elements / sizeof *elements];
    size_t count = 0;
    for (size_t i = 0; i < element_count; i++) {
        if (elements[i].in_statement == in_statement) choices[count++] = elements[i].name;
    }
    Str near = nearest_name(name, choices, count);
    return near.length == 0 ? NULL : element_find(near, in_statement);
}

bool element_is_open(Node node) {
    return node_kind(node) == NODE_STRING && is_wholly_symbolic(node_text(node));
}

StatementWalk statements_begin(const Document *document) {
    Node list = NODE_GET(document->node, "Statement");
    bool is_list = node_kind(list) == NODE_SEQUENCE;
    return (StatementWalk){.document = document, .rest = is_list ? node_first(list) : list};
}

bool statements_next(StatementWalk *walk) {
    if (!node_exists(walk->rest)) return false;
    bool is_list = node_kind(NODE_GET(walk->document->node, "Statement")) == NODE_SEQUENCE;
    walk->node = walk->rest;
    walk->rest = is_list ? node_next(walk->rest) : NO_NODE;
    walk->statement = NULL;
    const DocumentStatementVec *known = &walk->document->statements;
    if (walk->at < known->count && known->items[walk->at].node.id == walk->node.id)
        walk->statement = &known->items[walk->at++];
    return true;
}
