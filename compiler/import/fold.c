#include "import/fold.h"

#include "import/decide.h"
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
    if (kind == NODE_STRING) text = symbol_of_references(f, text, span);
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
    VEC_PUSH(f->arena, f->remarks, ((Item){.text = text, .span = node_span(argument)}));
}

unsigned fold_choose(Fold *f, Node argument) {
    unsigned at = 0;
    if (!f->choosing || !is_if(argument)) return 0;
    Str name = node_text(node_first(argument));
    const Decision *known = decision_find(f->when, name);
    if (known != NULL) return str_equal(known->outcome, STR("true")) ? 1 : 2;
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
    Str text = node_text(value);
    if (node_kind(value) == NODE_STRING) text = symbol_escape(f->arena, text);
    return fold_add(f, node_kind(value), text, node_span(value));
}

Item fold_text(Fold *f, Node value) {
    if (!node_exists(value)) return (Item){0};
    Node folded = {&f->tree->tree, fold_value(f, value)};
    return (Item){.text = node_text(folded), .span = node_span(value)};
}

typedef void TakeItems(Fold *fold, Node value, FoldItemVec *ret_items);

// Takes either branch of Fn::If, as long as it is not known to hold or not to.
static void take_branches(Fold *f, Node argument, TakeItems *take, FoldItemVec *ret_items) {
    Node name = node_first(argument), branch = node_next(name);
    const Decision *outer = f->when;
    remark_condition(f, argument);
    for (int i = 0; i < 2; i++, branch = node_next(branch)) {
        if (decide(f, outer, node_text(name), i == 0, &f->when)) take(f, branch, ret_items);
    }
    f->when = outer;
}

// Appends an item of a list; where Fn::If decides what it is, both.
static void take_item(Fold *f, Node item, FoldItemVec *ret_items) {
    Node argument = fold_call(item);
    if (is_if(argument))
        take_branches(f, argument, take_item, ret_items);
    else if (!fold_is_no_value(item))
        VEC_PUSH(f->arena, ret_items, ((FoldItem){item, f->when}));
}

void fold_items(Fold *f, Node value, FoldItemVec *ret_items) {
    Node argument = fold_call(value);
    if (is_if(argument)) {
        take_branches(f, argument, fold_items, ret_items);
    } else if (node_kind(value) == NODE_SEQUENCE) {
        NODE_EACH(item, value) take_item(f, item, ret_items);
    } else if (node_exists(value)) {
        take_item(f, value, ret_items);
    }
}

// --- documents ---

static Str node_name(const uint32_t *id) {
    return (Str){(const char *)id, sizeof *id};
}

static void note_decision(Fold *f, uint32_t id, const Decision *when) {
    uint32_t *key = ARENA_NEW(f->arena, uint32_t);
    if (when == NULL || id == 0) return;
    *key = id;
    strmap_set(f->arena, &f->decided, node_name(key), (uint32_t)f->decisions.count);
    VEC_PUSH(f->arena, &f->decisions, when);
}

const Decision *fold_decision(const Fold *f, Node node) {
    uint32_t index = 0;
    if (node.tree != &f->tree->tree || !strmap_get(&f->decided, node_name(&node.id), &index))
        return NULL;
    return f->decisions.items[index];
}

// An item carried out, where what it hangs on is known to hold.
static uint32_t fold_item(Fold *f, const FoldItem *item) {
    const Decision *outer = f->when;
    f->when = item->when;
    uint32_t id = fold_value(f, item->node);
    f->when = outer;
    if (item->when != outer) note_decision(f, id, item->when);
    return id;
}

// A list whose items are granted together, so that it has those of either case.
static uint32_t fold_union(Fold *f, Node value) {
    if (node_kind(value) != NODE_SEQUENCE && !is_if(fold_call(value))) return fold_value(f, value);
    FoldItemVec items = {0};
    fold_items(f, value, &items);
    uint32_t list = fold_add(f, NODE_SEQUENCE, (Str){0}, node_span(value));
    for (size_t i = 0; list != 0 && i < items.count; i++) {
        uint32_t id = fold_item(f, &items.items[i]);
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

// A statement for each outcome that differs.
typedef struct Outcomes {
    Str texts[1U << FOLD_MAX_CHOICES]; // "true,false or false,false": those in which it is this one
    uint32_t ids[1U << FOLD_MAX_CHOICES];
    unsigned count;
} Outcomes;

// "true,false": how each condition turns out this time.
static Str outcome_text(Fold *f) {
    StrBuf text = strbuf_new(f->arena);
    for (unsigned i = 0; i < f->choice_count; i++)
        strbuf_add_format(&text, "%s%s", i == 0 ? "" : ",",
                          (f->outcomes >> i & 1) == 0 ? "true" : "false");
    return strbuf_str(&text);
}

static bool add_outcome(Fold *f, uint32_t id, Outcomes *outcomes) {
    Node node = {&f->tree->tree, id};
    Str text = outcome_text(f);
    for (unsigned i = 0; i < outcomes->count; i++) {
        if (!node_equal((Node){&f->tree->tree, outcomes->ids[i]}, node)) continue;
        outcomes->texts[i] =
            str_format(f->arena, "%.*s or %.*s", STR_ARG(outcomes->texts[i]), STR_ARG(text));
        return false;
    }
    outcomes->texts[outcomes->count] = text;
    outcomes->ids[outcomes->count++] = id;
    return true;
}

// What one outcome hangs on: on all conditions that decided, at once.
static const Decision *outcome_decision(Fold *f, Str outcome) {
    StrBuf names = strbuf_new(f->arena), definitions = strbuf_new(f->arena);
    for (unsigned i = 0; i < f->choice_count; i++) {
        strbuf_add_format(&names, "%s%.*s", i == 0 ? "" : ",", STR_ARG(f->choices[i]));
        strbuf_add(&definitions, condition_definition(f, f->choices[i]));
    }
    Decision *decision = ARENA_NEW(f->arena, Decision);
    *decision = (Decision){strbuf_str(&names), outcome, strbuf_str(&definitions), NULL};
    return decision;
}

// Appends the statement once for each outcome of the conditions that decide in it.
static void add_statement(Fold *f, uint32_t list, const FoldItem *item) {
    const Decision *outer = f->when;
    Outcomes outcomes = {.count = 0};
    uint32_t dropped = 0;
    f->when = item->when;
    f->choosing = true;
    f->choice_count = 0;
    for (f->outcomes = 0; f->outcomes < 1U << f->choice_count; f->outcomes++) {
        uint32_t id = fold_statement(f, item->node);
        dropped += id == 0;
        if (id != 0 && add_outcome(f, id, &outcomes)) tree_append(f->tree, list, 0, id);
    }
    f->choosing = false;
    f->when = outer;
    for (unsigned i = 0; i < outcomes.count; i++) {
        bool always = outcomes.count == 1 && dropped == 0;
        const Decision *own = always ? NULL : outcome_decision(f, outcomes.texts[i]);
        note_decision(f, outcomes.ids[i], decisions_join(f->arena, own, item->when));
    }
}

static uint32_t fold_statements(Fold *f, Node value) {
    FoldItemVec statements = {0};
    fold_items(f, value, &statements);
    uint32_t list = fold_add(f, NODE_SEQUENCE, (Str){0}, node_span(value));
    for (size_t i = 0; list != 0 && i < statements.count; i++)
        add_statement(f, list, &statements.items[i]);
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
