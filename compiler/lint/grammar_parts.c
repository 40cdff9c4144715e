#include "base/map.h"
#include "lint/check.h"
#include "lint/elements.h"
#include "lint/symbolic.h"

static bool is_version(Node node, Str version) {
    return node_is_string(node, version);
}

// The version that policies are written in today, and the one before it.
static const Str current = {"2012-10-17", sizeof "2012-10-17" - 1};
static const Str older = {"2008-10-17", sizeof "2008-10-17" - 1};

void check_version(Lint *lint, const Unit *unit) {
    Node node = NODE_GET(unit->document->node, "Version");
    if (node_kind(node) != NODE_STRING || element_is_open(node)) return;
    if (is_version(node, current) || is_version(node, older)) return;
    lint_report(lint, node_span(node), "'%.*s' is no version of the policy language; it is '%.*s'",
                STR_ARG(node_text(node)), STR_ARG(current));
}

void check_old_version(Lint *lint, const Unit *unit) {
    Node node = NODE_GET(unit->document->node, "Version");
    if (!is_version(node, older)) return;
    lint_report(lint, node_span(node),
                "'%.*s' is an old version of the policy language; use '%.*s'", STR_ARG(older),
                STR_ARG(current));
}

void check_missing_version(Lint *lint, const Unit *unit) {
    const Document *document = unit->document;
    if (node_kind(document->node) != NODE_MAPPING) return;
    if (node_exists(NODE_GET(document->node, "Version"))) return;
    lint_report(lint, document->span, "the policy has no Version; add \"Version\": \"%.*s\"",
                STR_ARG(current));
}

// The first text of a list that has a policy variable, or NULL.
static const Item *find_variable(const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++) {
        if (has_variable(items->items[i].text)) return &items->items[i];
    }
    return NULL;
}

static const Item *find_variable_in(const DocumentStatement *statement) {
    const Item *item = find_variable(&statement->resources);
    for (size_t i = 0; item == NULL && i < statement->conditions.count; i++)
        item = find_variable(&statement->conditions.items[i].values);
    return item;
}

void check_variable_version(Lint *lint, const Unit *unit) {
    const Document *document = unit->document;
    Node version = NODE_GET(document->node, "Version");
    bool is_missing = !node_exists(version);
    if (!node_exists(document->node) || (!is_missing && !is_version(version, older))) return;
    for (size_t i = 0; i < document->statements.count; i++) {
        const DocumentStatement *statement = &document->statements.items[i];
        const Item *item = find_variable_in(statement);
        if (item == NULL) continue;
        lint_report_in(lint, statement, item->span,
                       "'%.*s' has a policy variable, which is plain text %s; set it to '%.*s'",
                       STR_ARG(item->text), is_missing ? "without a Version" : "in this Version",
                       STR_ARG(current));
        return;
    }
}

static bool is_sid_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

void check_sid(Lint *lint, const Unit *unit) {
    Str sid = unit->statement->sid.text;
    if (is_symbolic(sid)) return;
    for (size_t i = 0; i < sid.length; i++) {
        if (is_sid_character(sid.data[i])) continue;
        lint_report(lint, unit->statement->sid.span,
                    "the Sid '%.*s' has other characters than letters and digits", STR_ARG(sid));
        return;
    }
}

void check_empty_sid(Lint *lint, const Unit *unit) {
    Node node = NODE_GET(unit->statement->node, "Sid");
    if (node_kind(node) == NODE_STRING && node_text(node).length == 0)
        lint_report(lint, node_span(node), "the Sid is empty");
}

static void check_sids(Lint *lint, const DocumentStatementVec *statements) {
    StrMap seen = {0};
    uint32_t first;
    for (size_t i = 0; i < statements->count; i++) {
        const Item *sid = &statements->items[i].sid;
        if (sid->text.length == 0 || is_symbolic(sid->text)) continue;
        if (!strmap_get(&seen, sid->text, &first)) {
            strmap_set(lint_arena(lint), &seen, sid->text, (uint32_t)i);
            continue;
        }
        Diagnostic *d = lint_report_in(lint, &statements->items[i], sid->span,
                                       "two statements have the Sid '%.*s'", STR_ARG(sid->text));
        diag_note(lint_diags(lint), d, statements->items[first].sid.span, "the first is here");
    }
}

void check_unique_sids(Lint *lint, const Unit *unit) {
    check_sids(lint, &unit->document->statements);
}

void check_recommended_sids(Lint *lint, const Unit *unit) {
    check_sids(lint, &unit->document->statements);
}

// A list or an object without anything in it.
static bool is_empty(Node node) {
    bool is_collection = node_kind(node) == NODE_SEQUENCE || node_kind(node) == NODE_MAPPING;
    return is_collection && node_count(node) == 0;
}

static void report_empty(Lint *lint, Node node) {
    Str name = node_key_text(node);
    lint_report(lint, node_span(node), "'%.*s' is empty, so that the statement does nothing",
                STR_ARG(name));
}

void check_empty_elements(Lint *lint, const Unit *unit) {
    NODE_EACH(child, unit->statement->node) {
        const Element *element = element_find(node_key_text(child), true);
        if (element == NULL || element->part == PART_CONDITION) continue;
        if (is_empty(child)) report_empty(lint, child);
        if (element->shape != SHAPE_PRINCIPALS) continue;
        NODE_EACH(ids, child) {
            if (is_empty(ids)) report_empty(lint, ids);
        }
    }
}

// What an operator means where a key has no values.
static const char *meaning_of_no_values(Str op) {
    if (str_starts_with(op, STR("ForAllValues:")) || str_ends_with(op, STR("IfExists")))
        return "so that only requests without the key match; use Null with \"true\" for that";
    return "so that no request can match";
}

static void check_empty_values(Lint *lint, Node op) {
    NODE_EACH(values, op) {
        if (is_empty(values))
            lint_report(lint, node_key_span(values), "'%.*s' has no values, %s",
                        STR_ARG(node_key_text(values)), meaning_of_no_values(node_key_text(op)));
    }
}

void check_empty_conditions(Lint *lint, const Unit *unit) {
    Node block = NODE_GET(unit->statement->node, "Condition");
    if (is_empty(block)) lint_report(lint, node_span(block), "'Condition' is empty");
    NODE_EACH(op, block) {
        if (is_empty(op))
            lint_report(lint, node_key_span(op), "'%.*s' has no keys", STR_ARG(node_key_text(op)));
        else if (node_kind(op) == NODE_MAPPING)
            check_empty_values(lint, op);
    }
}

void check_duplicate_condition_keys(Lint *lint, const Unit *unit) {
    NODE_EACH(op, NODE_GET(unit->statement->node, "Condition")) {
        StrMap seen = {0};
        if (node_kind(op) != NODE_MAPPING) continue;
        NODE_EACH(values, op) {
            Str key = node_key_text(values);
            if (!strmap_set(lint_arena(lint), &seen, str_lower(lint_arena(lint), key), 0))
                lint_report(lint, node_key_span(values),
                            "'%.*s' stands in '%.*s' twice: the case of keys does not count",
                            STR_ARG(key), STR_ARG(node_key_text(op)));
        }
    }
}
