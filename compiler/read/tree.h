// What YAML and JSON become: a tree of nodes with their places in the source.
// The Tree owns its nodes (they live in one arena, or are constant tables); a Node is a cursor.
#ifndef SPOTC_READ_TREE_H
#define SPOTC_READ_TREE_H

#include <stdbool.h>

#include "diag/source.h"

typedef enum NodeKind {
    NODE_NONE, // no such node
    NODE_NULL,
    NODE_BOOLEAN,
    NODE_NUMBER,
    NODE_STRING,
    NODE_SEQUENCE,
    NODE_MAPPING,
} NodeKind;

// One node, in 40 bytes without pointers, so that constant trees need no relocation at start.
// Siblings are linked; the children of a mapping each name their key, itself a node.
typedef struct NodeRecord {
    uint32_t kind;         // NodeKind
    uint32_t count;        // children
    uint32_t first, last;  // children, or 0
    uint32_t next;         // sibling, or 0
    uint32_t key;          // of a mapping's child, or 0
    uint32_t text, length; // scalars: bytes in the pool (numbers and booleans as written)
    uint32_t begin, end;   // bytes in the source
} NodeRecord;

// Invariant: records[0] is the node that is not there; every index is below `count`.
typedef struct Tree {
    const Source *source; // NULL for trees that were made, not read
    const NodeRecord *records;
    const char *pool;
    uint32_t count;
    uint32_t pool_length;
} Tree;

typedef struct Node {
    const Tree *tree;
    uint32_t id; // 0: no such node
} Node;

#define NO_NODE ((Node){0})

// All of these accept the node that is not there and then return nothing (false, empty, no node).
NodeKind node_kind(Node node);
bool node_exists(Node node);
bool node_is_string(Node node, Str value);

// A scalar's text: a string's value, a number or boolean as written; empty for others.
Str node_text(Node node);

// A boolean's value.
bool node_is_true(Node node);

// A number's value, rounded to a double.
double node_number(Node node);

uint32_t node_count(Node node);
Node node_first(Node node);
Node node_next(Node node);
// The last child.
Node node_last(Node node);

// The key of a mapping's child, and its text.
Node node_key(Node node);
Str node_key_text(Node node);

// The child of a mapping with this key; a walk over its keys.
Node node_get(Node mapping, Str key);
#define NODE_GET(mapping, literal) node_get((mapping), STR(literal))

// The place of the value; of the key where there is one, else of the value.
Span node_span(Node node);
Span node_key_span(Node node);
// From the key to the end of the value.
Span node_full_span(Node node);

// for (Node child = node_first(n); node_exists(child); child = node_next(child))
#define NODE_EACH(child, parent) \
    for (Node child = node_first(parent); node_exists(child); (child) = node_next(child))

// True where both are the same JSON value: numbers by value, mappings in any order of keys.
bool node_equal(Node a, Node b);

// Builds a tree from the root down. Lives in its arena; node ids stay valid as it grows, and
// `tree` may be read at any time.
typedef struct TreeBuilder {
    Arena *arena;
    Tree tree;
    NodeRecord *records;
    char *pool;
    size_t record_capacity, pool_capacity;
} TreeBuilder;

// `source` may be NULL. The tree is `builder->tree`; it moves with the builder, so keep that in
// one place while nodes are in use.
void tree_begin(TreeBuilder *builder, Arena *arena, const Source *source);

// Makes room for `count` more nodes at once: for where their number is known.
void tree_reserve(TreeBuilder *builder, size_t count);

// Adds a node that is no one's child yet; the text is copied. Returns its id.
uint32_t tree_add(TreeBuilder *builder, NodeKind kind, Str text, uint32_t begin, uint32_t end);

// Sets where a sequence or mapping ends in the source.
void tree_set_end(TreeBuilder *builder, uint32_t id, uint32_t end);

// Makes `child` the last child of the sequence or mapping `parent`; `key` is 0 in a sequence.
void tree_append(TreeBuilder *builder, uint32_t parent, uint32_t key, uint32_t child);

// Short forms for trees that are made, not read.
uint32_t tree_string(TreeBuilder *builder, Str text);
uint32_t tree_number(TreeBuilder *builder, uint64_t value);
uint32_t tree_mapping(TreeBuilder *builder);
uint32_t tree_sequence(TreeBuilder *builder);
// Sets `key` of `mapping` (which must not have it yet) to `child`.
void tree_put(TreeBuilder *builder, uint32_t mapping, Str key, uint32_t child);

// A deep copy of `node`, which may be of another tree or of this one. Keeps its places where both
// trees have the same source.
uint32_t tree_copy(TreeBuilder *builder, Node node);

// The number of nodes of a subtree, keys not counted.
uint32_t tree_size(Node node);

// The lists and mappings of a subtree that are inside each other: none for a scalar.
size_t tree_height(Node node);

// The bytes of all texts of a subtree, keys counted.
size_t tree_text_size(Node node);

#endif
