#include "lint/check.h"
#include "lint/elements.h"

static const char *const shape_names[] = {
    [SHAPE_TEXT] = "a text",
    [SHAPE_PRINCIPALS] = "'*' or an object of kinds of principals",
    [SHAPE_CONDITIONS] = "an object of operators",
    [SHAPE_STATEMENTS] = "a statement or a list of statements",
};

static const char *const kind_names[] = {
    [NODE_NONE] = "nothing",      [NODE_NULL] = "null",     [NODE_BOOLEAN] = "a boolean",
    [NODE_NUMBER] = "a number",   [NODE_STRING] = "a text", [NODE_SEQUENCE] = "a list",
    [NODE_MAPPING] = "an object",
};

static void report_type(Lint *lint, const DocumentStatement *statement, Node node, Str what,
                        const char *expected) {
    lint_report_in(lint, statement, node_span(node), "'%.*s' must be %s, not %s", STR_ARG(what),
                   expected, kind_names[node_kind(node)]);
}

static bool is_text(Node node) {
    return node_kind(node) == NODE_STRING;
}

static bool is_value(Node node) {
    return is_text(node) || node_kind(node) == NODE_NUMBER || node_kind(node) == NODE_BOOLEAN;
}

// What may stand alone or in a list.
typedef struct Entries {
    bool (*fits)(Node node);
    const char *one, *all;
} Entries;

static const Entries texts = {is_text, "a text", "a text or a list of texts"};
static const Entries values = {is_value, "a value", "a value or a list of values"};

static void check_entries(Lint *lint, const DocumentStatement *statement, Node node, Str what,
                          const Entries *entries) {
    bool is_list = node_kind(node) == NODE_SEQUENCE;
    if (entries->fits(node)) return;
    if (!is_list) report_type(lint, statement, node, what, entries->all);
    NODE_EACH(item, is_list ? node : NO_NODE) {
        if (entries->fits(item)) continue;
        lint_report_in(lint, statement, node_span(item), "an item of '%.*s' must be %s, not %s",
                       STR_ARG(what), entries->one, kind_names[node_kind(item)]);
        return;
    }
}

// The values of each key of each operator.
static void check_condition_types(Lint *lint, const DocumentStatement *statement, Node block) {
    NODE_EACH(op, block) {
        if (element_is_open(op)) continue;
        if (node_kind(op) != NODE_MAPPING) {
            report_type(lint, statement, op, node_key_text(op), "an object of keys");
            continue;
        }
        NODE_EACH(key, op) check_entries(lint, statement, key, node_key_text(key), &values);
    }
}

static bool has_shape(Node node, Shape shape) {
    switch (shape) {
    case SHAPE_TEXT:
        return is_text(node);
    case SHAPE_TEXTS:
        return true; // its entries are looked at
    case SHAPE_PRINCIPALS:
        return node_kind(node) == NODE_MAPPING || is_text(node); // which text: principal-form
    case SHAPE_CONDITIONS:
        return node_kind(node) == NODE_MAPPING;
    default:
        return node_kind(node) == NODE_MAPPING || node_kind(node) == NODE_SEQUENCE;
    }
}

static void check_parts(Lint *lint, const DocumentStatement *statement, Node node,
                        const Element *element) {
    if (element->shape == SHAPE_TEXTS)
        check_entries(lint, statement, node, element->name, &texts);
    else if (element->shape == SHAPE_CONDITIONS)
        check_condition_types(lint, statement, node);
    else if (element->shape == SHAPE_PRINCIPALS)
        NODE_EACH(ids, node) check_entries(lint, statement, ids, node_key_text(ids), &texts);
}

static void check_types(Lint *lint, const DocumentStatement *statement, Node object,
                        bool in_statement) {
    NODE_EACH(child, object) {
        const Element *element = element_find(node_key_text(child), in_statement);
        if (element == NULL || element_is_open(child)) continue;
        if (!has_shape(child, element->shape))
            report_type(lint, statement, child, element->name, shape_names[element->shape]);
        else
            check_parts(lint, statement, child, element);
    }
}

void check_element_types(Lint *lint, const Unit *unit) {
    check_types(lint, NULL, unit->document->node, false);
    StatementWalk walk = statements_begin(unit->document);
    while (statements_next(&walk)) {
        if (node_kind(walk.node) == NODE_MAPPING)
            check_types(lint, walk.statement, walk.node, true);
        else if (node_kind(NODE_GET(unit->document->node, "Statement")) == NODE_SEQUENCE &&
                 !element_is_open(walk.node))
            report_type(lint, NULL, walk.node, STR("Statement"), "a list of objects");
    }
}

static void check_names(Lint *lint, const DocumentStatement *statement, Node object,
                        bool in_statement) {
    const char *of = in_statement ? "a statement" : "a policy";
    NODE_EACH(child, object) {
        Str name = node_key_text(child);
        if (element_find(name, in_statement) != NULL) continue;
        const Element *near = element_nearest(name, in_statement);
        if (near == NULL)
            lint_report_in(lint, statement, node_key_span(child), "'%.*s' is no element of %s",
                           STR_ARG(name), of);
        else
            lint_report_in(lint, statement, node_key_span(child),
                           "'%.*s' is no element of %s; did you mean '%.*s'?", STR_ARG(name), of,
                           STR_ARG(near->name));
    }
}

void check_element_names(Lint *lint, const Unit *unit) {
    check_names(lint, NULL, unit->document->node, false);
    StatementWalk walk = statements_begin(unit->document);
    while (statements_next(&walk)) {
        if (node_kind(walk.node) == NODE_MAPPING)
            check_names(lint, walk.statement, walk.node, true);
    }
}

// What a statement needs in each kind of document, as it is called in messages.
static const char *const required[DOCUMENT_KIND_COUNT][PART_COUNT] = {
    [DOCUMENT_IDENTITY] =
        {[PART_EFFECT] = "Effect", [PART_ACTION] = "Action", [PART_RESOURCE] = "Resource"},
    [DOCUMENT_TRUST] =
        {[PART_EFFECT] = "Effect", [PART_ACTION] = "Action", [PART_PRINCIPAL] = "Principal"},
    [DOCUMENT_RESOURCE] =
        {[PART_EFFECT] = "Effect", [PART_ACTION] = "Action", [PART_PRINCIPAL] = "Principal"},
};

// The parts that an object has, a misspelt one included: that is a fault of its own.
static void find_parts(Node object, bool in_statement, bool ret_has[PART_COUNT]) {
    NODE_EACH(child, object) {
        const Element *element = element_find(node_key_text(child), in_statement);
        if (element == NULL) element = element_nearest(node_key_text(child), in_statement);
        if (element != NULL) ret_has[element->part] = true;
    }
}

static void check_statement_parts(Lint *lint, DocumentKind kind, const StatementWalk *walk) {
    bool has[PART_COUNT] = {false};
    find_parts(walk->node, true, has);
    for (unsigned part = 0; part < PART_COUNT; part++) {
        if (required[kind][part] != NULL && !has[part])
            lint_report_in(lint, walk->statement, node_span(walk->node), "the statement has no %s",
                           required[kind][part]);
    }
}

void check_missing_elements(Lint *lint, const Unit *unit) {
    const Document *document = unit->document;
    bool has[PART_COUNT] = {false};
    if (!node_exists(document->node)) return;
    find_parts(document->node, false, has);
    Node list = NODE_GET(document->node, "Statement");
    bool is_empty = node_kind(list) == NODE_SEQUENCE && node_count(list) == 0;
    if (!has[PART_STATEMENT] || is_empty)
        lint_report(lint, is_empty ? node_span(list) : document->span,
                    "the policy has no statement");
    StatementWalk walk = statements_begin(document);
    while (statements_next(&walk)) {
        if (node_kind(walk.node) == NODE_MAPPING)
            check_statement_parts(lint, document->kind, &walk);
    }
}

void check_conflicting_elements(Lint *lint, const Unit *unit) {
    StatementWalk walk = statements_begin(unit->document);
    while (statements_next(&walk)) {
        const Element *first[PART_COUNT] = {NULL};
        NODE_EACH(child, walk.node) {
            const Element *element = element_find(node_key_text(child), true);
            if (element == NULL) continue;
            if (first[element->part] != NULL)
                lint_report_in(lint, walk.statement, node_key_span(child),
                               "a statement has either %.*s or %.*s",
                               STR_ARG(first[element->part]->name), STR_ARG(element->name));
            first[element->part] = element;
        }
    }
}

void check_effect(Lint *lint, const Unit *unit) {
    StatementWalk walk = statements_begin(unit->document);
    while (statements_next(&walk)) {
        Node node = NODE_GET(walk.node, "Effect");
        Str effect = node_text(node);
        if (!is_text(node) || element_is_open(node) || str_equal(effect, STR("Allow")) ||
            str_equal(effect, STR("Deny")))
            continue;
        lint_report_in(lint, walk.statement, node_span(node),
                       "'%.*s' is no effect: it is either 'Allow' or 'Deny'", STR_ARG(effect));
    }
}
