#include "read/tree.h"

#include <string.h>

#include "read/number.h"

static const NodeRecord *record_of(Node node) {
    return &node.tree->records[node.id];
}

static Node sibling(Node node, uint32_t id) {
    return id == 0 ? NO_NODE : (Node){node.tree, id};
}

static Str record_text(const Tree *tree, const NodeRecord *record) {
    return (Str){tree->pool + record->text, record->length};
}

bool node_exists(Node node) {
    return node.id != 0;
}

NodeKind node_kind(Node node) {
    return node.id == 0 ? NODE_NONE : (NodeKind)record_of(node)->kind;
}

bool node_is_string(Node node, Str value) {
    return node_kind(node) == NODE_STRING && str_equal(node_text(node), value);
}

Str node_text(Node node) {
    Str none = {0};
    return node.id == 0 ? none : record_text(node.tree, record_of(node));
}

bool node_is_true(Node node) {
    if (node_kind(node) != NODE_BOOLEAN) return false;
    Str text = node_text(node);
    return text.length > 0 && (text.data[0] == 't' || text.data[0] == 'T');
}

double node_number(Node node) {
    Number number;
    if (node_kind(node) != NODE_NUMBER || !number_parse(node_text(node), &number)) return 0;
    return number_to_double(&number);
}

uint32_t node_count(Node node) {
    return node.id == 0 ? 0 : record_of(node)->count;
}

Node node_first(Node node) {
    return node.id == 0 ? NO_NODE : sibling(node, record_of(node)->first);
}

Node node_next(Node node) {
    return node.id == 0 ? NO_NODE : sibling(node, record_of(node)->next);
}

Node node_last(Node node) {
    return node.id == 0 ? NO_NODE : sibling(node, record_of(node)->last);
}

Node node_key(Node node) {
    return node.id == 0 ? NO_NODE : sibling(node, record_of(node)->key);
}

Str node_key_text(Node node) {
    return node_text(node_key(node));
}

// The first child from `id` on that has this key, or 0. Most keys differ in their length.
static uint32_t find_key(const Tree *tree, uint32_t id, Str key) {
    for (; id != 0; id = tree->records[id].next) {
        const NodeRecord *name = &tree->records[tree->records[id].key];
        if (name->length != key.length) continue;
        if (key.length == 0 || memcmp(tree->pool + name->text, key.data, key.length) == 0) break;
    }
    return id;
}

Node node_get(Node mapping, Str key) {
    if (node_kind(mapping) != NODE_MAPPING) return NO_NODE;
    return sibling(mapping, find_key(mapping.tree, record_of(mapping)->first, key));
}

Span node_span(Node node) {
    if (node.id == 0) return NO_SPAN;
    return (Span){node.tree->source, record_of(node)->begin, record_of(node)->end};
}

Span node_key_span(Node node) {
    Node key = node_key(node);
    return node_span(node_exists(key) ? key : node);
}

Span node_full_span(Node node) {
    Span span = node_key_span(node);
    if (node.id != 0 && record_of(node)->end > span.end) span.end = record_of(node)->end;
    return span;
}

static bool numbers_equal(Str a, Str b) {
    Number x, y;
    if (!number_parse(a, &x) || !number_parse(b, &y)) return str_equal(a, b);
    return number_compare(&x, &y) == 0;
}

static bool sequences_equal(Node a, Node b) {
    Node other = node_first(b);
    NODE_EACH(child, a) {
        if (!node_equal(child, other)) return false;
        other = node_next(other);
    }
    return true;
}

// Keys mostly come in the same order, so each search begins where the last one ended.
static bool mappings_equal(Node a, Node b) {
    uint32_t start = record_of(b)->first;
    NODE_EACH(child, a) {
        uint32_t found = find_key(b.tree, start, node_key_text(child));
        if (found == 0) found = find_key(b.tree, record_of(b)->first, node_key_text(child));
        if (found == 0 || !node_equal(child, (Node){b.tree, found})) return false;
        start = b.tree->records[found].next;
    }
    return true;
}

bool node_equal(Node a, Node b) {
    NodeKind kind = node_kind(a);
    if (kind != node_kind(b) || node_count(a) != node_count(b)) return false;
    switch (kind) {
    case NODE_NONE:
    case NODE_NULL:
        return true;
    case NODE_BOOLEAN:
        return node_is_true(a) == node_is_true(b);
    case NODE_NUMBER:
        return numbers_equal(node_text(a), node_text(b));
    case NODE_STRING:
        return str_equal(node_text(a), node_text(b));
    case NODE_SEQUENCE:
        return sequences_equal(a, b);
    case NODE_MAPPING:
        return mappings_equal(a, b);
    }
    return false;
}

uint32_t tree_size(Node node) {
    uint32_t size = node_exists(node);
    NODE_EACH(child, node) size += tree_size(child);
    return size;
}

size_t tree_height(Node node) {
    size_t highest = 0;
    NODE_EACH(child, node) {
        size_t height = tree_height(child);
        if (height > highest) highest = height;
    }
    return node_kind(node) >= NODE_SEQUENCE ? highest + 1 : 0;
}

size_t tree_text_size(Node node) {
    size_t size = node_text(node).length;
    NODE_EACH(child, node) size += node_key_text(child).length + tree_text_size(child);
    return size;
}

static void grow_records(TreeBuilder *builder, size_t capacity) {
    builder->records =
        arena_grow(builder->arena, builder->records, builder->record_capacity * sizeof(NodeRecord),
                   capacity * sizeof(NodeRecord));
    builder->record_capacity = capacity;
    builder->tree.records = builder->records;
}

static void grow_pool(TreeBuilder *builder, size_t capacity) {
    builder->pool = arena_grow(builder->arena, builder->pool, builder->pool_capacity, capacity);
    builder->pool_capacity = capacity;
    builder->tree.pool = builder->pool;
}

// First room by the length of the source: a node takes about 12 bytes of YAML.
void tree_begin(TreeBuilder *builder, Arena *arena, const Source *source) {
    size_t length = source == NULL ? 0 : source->text.length;
    if (length > 32 * 1024) length = 32 * 1024;
    *builder = (TreeBuilder){.arena = arena, .tree = {.source = source, .count = 1}};
    grow_records(builder, length / 12 + 32);
    grow_pool(builder, length + 64);
    builder->records[0] = (NodeRecord){.kind = NODE_NONE};
}

void tree_reserve(TreeBuilder *builder, size_t count) {
    size_t capacity = builder->tree.count + count;
    if (capacity > builder->record_capacity) grow_records(builder, capacity);
}

static uint32_t add_text(TreeBuilder *builder, Str text) {
    uint32_t at = builder->tree.pool_length;
    if (text.length == 0) return at;
    if (text.length > UINT32_MAX - at) arena_exhausted(builder->arena);
    if (text.length > builder->pool_capacity - at) {
        size_t capacity = builder->pool_capacity * 2;
        grow_pool(builder, capacity - at < text.length ? at + text.length : capacity);
    }
    memcpy(builder->pool + at, text.data, text.length);
    builder->tree.pool_length += (uint32_t)text.length;
    return at;
}

uint32_t tree_add(TreeBuilder *builder, NodeKind kind, Str text, uint32_t begin, uint32_t end) {
    uint32_t id = builder->tree.count;
    if (id == UINT32_MAX) arena_exhausted(builder->arena);
    if (id == builder->record_capacity) grow_records(builder, builder->record_capacity * 2);
    builder->records[id] = (NodeRecord){
        .kind = kind,
        .text = add_text(builder, text),
        .length = (uint32_t)text.length,
        .begin = begin,
        .end = end,
    };
    builder->tree.count++;
    return id;
}

void tree_set_end(TreeBuilder *builder, uint32_t id, uint32_t end) {
    builder->records[id].end = end;
}

void tree_append(TreeBuilder *builder, uint32_t parent, uint32_t key, uint32_t child) {
    NodeRecord *record = &builder->records[parent];
    if (record->last == 0)
        record->first = child;
    else
        builder->records[record->last].next = child;
    record->last = child;
    record->count++;
    builder->records[child].key = key;
}

uint32_t tree_string(TreeBuilder *builder, Str text) {
    return tree_add(builder, NODE_STRING, text, 0, 0);
}

uint32_t tree_number(TreeBuilder *builder, uint64_t value) {
    char text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return tree_add(builder, NODE_NUMBER, (Str){text + at, sizeof text - at}, 0, 0);
}

uint32_t tree_mapping(TreeBuilder *builder) {
    return tree_add(builder, NODE_MAPPING, (Str){0}, 0, 0);
}

uint32_t tree_sequence(TreeBuilder *builder) {
    return tree_add(builder, NODE_SEQUENCE, (Str){0}, 0, 0);
}

void tree_put(TreeBuilder *builder, uint32_t mapping, Str key, uint32_t child) {
    tree_append(builder, mapping, tree_string(builder, key), child);
}

// Within one tree copies share their text, so that many aliases of a long one take no room.
static uint32_t copy_one(TreeBuilder *builder, Node node) {
    Span span = node_span(node);
    bool same = span.source == builder->tree.source, shared = node.tree == &builder->tree;
    uint32_t copy = tree_add(builder, node_kind(node), shared ? (Str){0} : node_text(node),
                             same ? span.begin : 0, same ? span.end : 0);
    if (shared) {
        builder->records[copy].text = builder->records[node.id].text;
        builder->records[copy].length = builder->records[node.id].length;
    }
    return copy;
}

uint32_t tree_copy(TreeBuilder *builder, Node node) {
    if (!node_exists(node)) return 0;
    uint32_t copy = copy_one(builder, node);
    NODE_EACH(child, node) {
        Node key = node_key(child);
        uint32_t key_copy = node_exists(key) ? copy_one(builder, key) : 0;
        tree_append(builder, copy, key_copy, tree_copy(builder, child));
    }
    return copy;
}
