#include "command/diff_template.h"

#include "base/wildcard.h"
#include "emit/emit.h"
#include "import/unread.h"
#include "model/embedded.h"
#include "model/symbol.h"

// --- tables ---

static bool cell_matches(Node row, const char *column, Str text) {
    Wildcard pattern;
    if (text.length > WILDCARD_LONGEST_TEXT) return false;
    wildcard_init(&pattern, node_text(node_get(row, str_of(column))));
    return wildcard_matches(&pattern, text);
}

// `text`, `list`, or the type itself.
static Str meaning_of(Node parameter) {
    Str type = node_text(NODE_GET(parameter, "Type"));
    NODE_EACH(row, embedded_root(STR("schema/iam/template-parameters.tsv"))) {
        if (cell_matches(row, "type", type)) return node_text(NODE_GET(row, "value"));
    }
    return type;
}

bool parameter_is_text(Node parameter) {
    return str_equal(meaning_of(parameter), STR("text"));
}

bool parameters_are_alike(Node a, Node b) {
    return str_equal(meaning_of(a), meaning_of(b));
}

static bool is_text_row(Node row) {
    return str_equal(node_text(NODE_GET(row, "gives")), STR("text"));
}

// What no row matches is longer than any name: nobody knows it.
bool resource_gives_text(Node resource, Str attribute) {
    Str type = node_text(NODE_GET(resource, "Type"));
    NODE_EACH(row, embedded_root(STR("schema/iam/template-texts.tsv"))) {
        if (cell_matches(row, "type", type) && cell_matches(row, "attribute", attribute))
            return is_text_row(row);
    }
    return true;
}

// Whether it does so by any attribute.
static bool gives_any_text(Node resource) {
    Str type = node_text(NODE_GET(resource, "Type"));
    NODE_EACH(row, embedded_root(STR("schema/iam/template-texts.tsv"))) {
        if (cell_matches(row, "type", type)) return is_text_row(row);
    }
    return true;
}

// What is wrong with it is for compile to say.
Node template_of_manifest(Arena *arena, const Compilation *c) {
    Diags unheard;
    ArtifactVec artifacts = {0};
    size_t steps = 0;
    diags_init(&unheard, arena, 1);
    Emission emission = {.arena = arena,
                         .diags = &unheard,
                         .manifest = &c->manifest,
                         .selection = &c->selection,
                         .artifacts = &artifacts,
                         .templates = c->templates,
                         .steps = &steps};
    return emit_stack(&emission);
}

// --- what a change leads to ---

static const uint32_t NO_EDGE = UINT32_MAX;

// A name, and all that the template defines by it.
typedef struct Definition {
    Str name;
    bool changed;
    bool leads;     // what refers to it changes with it
    uint32_t users; // the first edge to these, or NO_EDGE
} Definition;

// `user` refers to the definition in whose list the edge is.
typedef struct Edge {
    uint32_t user, next;
} Edge;

typedef struct Graph {
    Arena *arena;
    StrMap numbers; // name -> its definition
    VEC(Definition) definitions;
    VEC(Edge) edges;
} Graph;

static const char *const sections[] = {"Parameters", "Conditions", "Mappings", "Resources"};

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static Definition *define(Graph *graph, Str name) {
    uint32_t number = 0;
    if (!strmap_get(&graph->numbers, name, &number)) {
        number = (uint32_t)graph->definitions.count;
        strmap_set(graph->arena, &graph->numbers, name, number);
        VEC_PUSH(graph->arena, &graph->definitions, ((Definition){.name = name, .users = NO_EDGE}));
    }
    return &graph->definitions.items[number];
}

static void define_section(Graph *graph, Node own, Node other, bool of_resources) {
    StrMap others = {0};
    NODE_EACH(child, other)
    strmap_set(graph->arena, &others, node_key_text(child), child.id);
    NODE_EACH(child, own) {
        Definition *definition = define(graph, node_key_text(child));
        uint32_t id = 0;
        bool same = strmap_get(&others, node_key_text(child), &id) &&
                    unread_is_word_for_word(child, (Node){other.tree, id});
        definition->changed |= !same;
        definition->leads |= !of_resources || gives_any_text(child);
    }
}

// Notes that `user` refers to what has the name that stands there, before an end or a full stop.
static void refer(Graph *graph, Str text, size_t begin, uint32_t user) {
    size_t end = begin;
    uint32_t number = 0;
    while (end < text.length && symbol_is_name(str_slice(text, end, end + 1))) end++;
    bool ends = end == text.length || text.data[end] == '.' || text.data[end] == '}';
    if (!ends || !strmap_get(&graph->numbers, str_slice(text, begin, end), &number)) return;
    Definition *definition = &graph->definitions.items[number];
    VEC_PUSH(graph->arena, &graph->edges, ((Edge){user, definition->users}));
    definition->users = (uint32_t)graph->edges.count - 1;
}

// Ref, Fn::GetAtt and the like name what they refer to in a text of its own, Fn::Sub in `${}`.
static void add_references(Graph *graph, Node node, uint32_t user) {
    Str text = node_text(node);
    refer(graph, text, 0, user);
    for (size_t at = str_find(text, STR("${"), 0); at < text.length;
         at = str_find(text, STR("${"), at + 2))
        refer(graph, text, at + 2, user);
    NODE_EACH(child, node) add_references(graph, child, user);
}

static void add_section_references(Graph *graph, Node section) {
    NODE_EACH(child, section) {
        uint32_t user = 0;
        strmap_get(&graph->numbers, node_key_text(child), &user);
        add_references(graph, child, user);
    }
}

// Each is waiting once: when it changed.
static void spread(Graph *graph) {
    VEC(uint32_t) waiting = {0};
    for (size_t i = 0; i < graph->definitions.count; i++) {
        if (graph->definitions.items[i].changed) VEC_PUSH(graph->arena, &waiting, (uint32_t)i);
    }
    while (waiting.count > 0) {
        const Definition *definition = &graph->definitions.items[waiting.items[--waiting.count]];
        uint32_t edge = definition->leads ? definition->users : NO_EDGE;
        for (; edge != NO_EDGE; edge = graph->edges.items[edge].next) {
            uint32_t number = graph->edges.items[edge].user;
            Definition *user = &graph->definitions.items[number];
            if (!user->changed) VEC_PUSH(graph->arena, &waiting, number);
            user->changed = true;
        }
    }
}

void template_find_changed(Arena *arena, Node template, Node other, StrMap *ret_changed) {
    Graph graph = {.arena = arena};
    for (size_t i = 0; i < SECTION_COUNT; i++)
        define_section(&graph, node_get(template, str_of(sections[i])),
                       node_get(other, str_of(sections[i])), i + 1 == SECTION_COUNT);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        add_section_references(&graph, node_get(template, str_of(sections[i])));
    spread(&graph);
    for (size_t i = 0; i < graph.definitions.count; i++) {
        const Definition *definition = &graph.definitions.items[i];
        if (definition->changed) strmap_set(arena, ret_changed, definition->name, 0);
    }
}
