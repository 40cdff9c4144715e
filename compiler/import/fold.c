#include "import/fold.h"

#include "base/map.h"
#include "import/symbol.h"

// CloudFormation User Guide, quotas: a logical name has at most 255 characters.
enum { MAX_NAME = 255 };

void fold_begin(Fold *f, Arena *arena, Diags *diags, Node template, ItemVec *remarks) {
    *f = (Fold){.arena = arena, .diags = diags, .template = template, .remarks = remarks};
    f->tree = ARENA_NEW(arena, TreeBuilder);
    tree_begin(f->tree, arena, template.tree->source);
}

// --- making ---

bool fold_pay(Fold *f, size_t cost, Span span) {
    if (!f->failed && cost > FOLD_MAX_MADE - f->made) {
        f->failed = true;
        diag_report(f->diags, MSG_TEMPLATE_TOO_LARGE, span,
                    "the functions of this template make more than the %d MiB that spotc holds",
                    FOLD_MAX_MADE / (1024 * 1024));
    }
    if (f->failed) return false;
    f->made += cost;
    return true;
}

uint32_t fold_add(Fold *f, NodeKind kind, Str text, Span span) {
    if (!fold_pay(f, text.length + FOLD_NODE_COST, span)) return 0;
    return tree_add(f->tree, kind, text, span.begin, span.end);
}

uint32_t fold_copy(Fold *f, Node node) {
    uint32_t copy = fold_add(f, node_kind(node), node_text(node), node_span(node));
    if (copy == 0) return 0;
    NODE_EACH(child, node) {
        Node name = node_key(child);
        uint32_t key = node_exists(name) ? fold_copy(f, name) : 0;
        uint32_t id = fold_copy(f, child);
        if (id != 0) tree_append(f->tree, copy, key, id);
    }
    return copy;
}

void fold_write(Fold *f, StrBuf *out, Str text, Span span) {
    if (fold_pay(f, text.length, span)) strbuf_add(out, text);
}

// --- looking up ---

Node fold_get(Fold *f, Node mapping, Str key) {
    uint32_t id = 0;
    if (node_kind(mapping) != NODE_MAPPING) return NO_NODE;
    if (f->indexes == NULL) f->indexes = ARENA_ARRAY(f->arena, StrMap, mapping.tree->count);
    StrMap *index = &f->indexes[mapping.id];
    if (index->root == NULL) {
        NODE_EACH(child, mapping) strmap_set(f->arena, index, node_key_text(child), child.id);
    }
    return strmap_get(index, key, &id) ? (Node){mapping.tree, id} : NO_NODE;
}

Node fold_call(Node value) {
    Node argument = node_first(value);
    if (node_kind(value) != NODE_MAPPING || node_count(value) != 1) return NO_NODE;
    Str name = node_key_text(argument);
    bool is_call = str_equal(name, STR("Ref")) || str_starts_with(name, STR("Fn::"));
    return is_call ? argument : NO_NODE;
}

static bool is_if(Node argument) {
    Node name = node_first(argument);
    return str_equal(node_key_text(argument), STR("Fn::If")) &&
           node_kind(argument) == NODE_SEQUENCE && node_count(argument) == 3 &&
           node_kind(name) == NODE_STRING && node_text(name).length <= MAX_NAME;
}

bool fold_is_no_value(Node value) {
    Node argument = fold_call(value);
    return str_equal(node_key_text(argument), STR("Ref")) &&
           node_is_string(argument, STR("AWS::NoValue"));
}

// --- conditions ---

static void remark_condition(Fold *f, Node argument) {
    Str name = node_text(node_first(argument));
    if (!strmap_set(f->arena, &f->remarked, name, 0)) return;
    Str text = str_format(f->arena,
                          "the condition '%.*s' is not known before the template is deployed; what "
                          "holds in either case is taken together",
                          STR_ARG(name));
    VEC_PUSH(f->arena, f->remarks, ((Item){text, node_span(argument)}));
}

unsigned fold_choose(Fold *f, Node argument) {
    unsigned at = 0;
    if (!f->choosing || !is_if(argument)) return 0;
    Str name = node_text(node_first(argument));
    while (at < f->choice_count && !str_equal(f->choices[at], name)) at++;
    if (at == FOLD_MAX_CHOICES) return 0;
    if (at == f->choice_count) f->choices[f->choice_count++] = name;
    remark_condition(f, argument);
    return 1 + (f->outcomes >> at & 1);
}

// --- values ---

static uint32_t fold_list(Fold *f, Node value) {
    uint32_t list = fold_add(f, NODE_SEQUENCE, (Str){0}, node_span(value));
    if (list == 0) return 0;
    NODE_EACH(item, value) {
        uint32_t id = fold_value(f, item);
        if (id != 0) tree_append(f->tree, list, 0, id);
    }
    return list;
}

// Appends a member with the key of `from`; nothing where it was dropped.
static void put(Fold *f, uint32_t mapping, Node from, uint32_t member) {
    uint32_t key = member == 0 ? 0 : fold_copy(f, node_key(from));
    if (key != 0) tree_append(f->tree, mapping, key, member);
}

static uint32_t fold_mapping(Fold *f, Node value) {
    uint32_t mapping = fold_add(f, NODE_MAPPING, (Str){0}, node_span(value));
    if (mapping == 0) return 0;
    NODE_EACH(member, value) put(f, mapping, member, fold_value(f, member));
    return mapping;
}

uint32_t fold_value(Fold *f, Node value) {
    Node argument = fold_call(value);
    if (f->failed || fold_is_no_value(value)) return 0;
    if (node_exists(argument)) return fold_function(f, value);
    if (node_kind(value) == NODE_SEQUENCE) return fold_list(f, value);
    if (node_kind(value) == NODE_MAPPING) return fold_mapping(f, value);
    return fold_copy(f, value);
}

Item fold_text(Fold *f, Node value) {
    if (!node_exists(value)) return (Item){0};
    Node folded = {&f->tree->tree, fold_value(f, value)};
    return (Item){node_text(folded), node_span(value)};
}

// Appends an item of a list; where Fn::If decides what it is, both.
static void take_item(Fold *f, Node item, NodeVec *ret_items) {
    Node argument = fold_call(item);
    if (is_if(argument)) {
        Node branch = node_next(node_first(argument));
        remark_condition(f, argument);
        take_item(f, branch, ret_items);
        take_item(f, node_next(branch), ret_items);
    } else if (!fold_is_no_value(item)) {
        VEC_PUSH(f->arena, ret_items, item);
    }
}

void fold_items(Fold *f, Node value, NodeVec *ret_items) {
    Node argument = fold_call(value);
    if (is_if(argument)) {
        Node branch = node_next(node_first(argument));
        remark_condition(f, argument);
        fold_items(f, branch, ret_items);
        fold_items(f, node_next(branch), ret_items);
    } else if (node_kind(value) == NODE_SEQUENCE) {
        NODE_EACH(item, value) take_item(f, item, ret_items);
    } else if (node_exists(value)) {
        take_item(f, value, ret_items);
    }
}

// --- documents ---

// A list whose items are granted together, so that it has those of either case.
static uint32_t fold_union(Fold *f, Node value) {
    if (node_kind(value) != NODE_SEQUENCE && !is_if(fold_call(value))) return fold_value(f, value);
    NodeVec items = {0};
    fold_items(f, value, &items);
    uint32_t list = fold_add(f, NODE_SEQUENCE, (Str){0}, node_span(value));
    for (size_t i = 0; list != 0 && i < items.count; i++) {
        uint32_t id = fold_value(f, items.items[i]);
        if (id != 0) tree_append(f->tree, list, 0, id);
    }
    return list;
}

static uint32_t fold_principals(Fold *f, Node value) {
    if (node_kind(value) != NODE_MAPPING || node_exists(fold_call(value)))
        return fold_value(f, value);
    uint32_t mapping = fold_add(f, NODE_MAPPING, (Str){0}, node_span(value));
    if (mapping == 0) return 0;
    NODE_EACH(ids, value) put(f, mapping, ids, fold_union(f, ids));
    return mapping;
}

static uint32_t fold_element(Fold *f, Node value) {
    Str name = node_key_text(value);
    if (str_equal(name, STR("Principal"))) return fold_principals(f, value);
    bool is_union = str_equal(name, STR("Action")) || str_equal(name, STR("Resource"));
    return is_union ? fold_union(f, value) : fold_value(f, value);
}

static uint32_t fold_statement(Fold *f, Node value) {
    if (node_kind(value) != NODE_MAPPING || node_exists(fold_call(value)))
        return fold_value(f, value);
    uint32_t mapping = fold_add(f, NODE_MAPPING, (Str){0}, node_span(value));
    if (mapping == 0) return 0;
    NODE_EACH(element, value) put(f, mapping, element, fold_element(f, element));
    return mapping;
}

static bool is_repeat(const Fold *f, uint32_t first, uint32_t statement) {
    Node node = {&f->tree->tree, statement};
    for (Node old = {&f->tree->tree, first}; node_exists(old); old = node_next(old)) {
        if (node_equal(old, node)) return true;
    }
    return false;
}

// Appends the statement once for each outcome of the conditions that decide in it.
static void add_statement(Fold *f, uint32_t list, Node statement) {
    uint32_t first = 0;
    f->choosing = true;
    f->choice_count = 0;
    for (f->outcomes = 0; f->outcomes < 1U << f->choice_count; f->outcomes++) {
        uint32_t id = fold_statement(f, statement);
        if (id == 0 || is_repeat(f, first, id)) continue;
        if (first == 0) first = id;
        tree_append(f->tree, list, 0, id);
    }
    f->choosing = false;
}

static uint32_t fold_statements(Fold *f, Node value) {
    NodeVec statements = {0};
    fold_items(f, value, &statements);
    uint32_t list = fold_add(f, NODE_SEQUENCE, (Str){0}, node_span(value));
    for (size_t i = 0; list != 0 && i < statements.count; i++)
        add_statement(f, list, statements.items[i]);
    return list;
}

uint32_t fold_document(Fold *f, Node value) {
    if (node_kind(value) != NODE_MAPPING || node_exists(fold_call(value)))
        return fold_value(f, value);
    uint32_t mapping = fold_add(f, NODE_MAPPING, (Str){0}, node_span(value));
    if (mapping == 0) return 0;
    NODE_EACH(member, value) {
        bool is_statement = str_equal(node_key_text(member), STR("Statement"));
        put(f, mapping, member, is_statement ? fold_statements(f, member) : fold_value(f, member));
    }
    return mapping;
}
