// Bytes to trees. Sources and trees live in the arena that is given.
#ifndef SPOTC_READ_READ_H
#define SPOTC_READ_READ_H

#include "diag/diag.h"
#include "read/tree.h"

// The contract's bounds on any file that is read.
enum {
    READ_MAX_BYTES = 4 * 1024 * 1024,
    READ_MAX_DEPTH = 64,
    READ_MAX_NODES = 200000,         // after aliases
    READ_MAX_TEXT = 6 * 1024 * 1024, // bytes of all texts, after aliases
};

typedef VEC(Node) NodeVec;

// A tag of the caller's own, a short form: with {"!Sub", "Fn::Sub"}, `!Sub x` is read as
// {Fn::Sub: x}. Its mapping begins at the tag, which is the place of its key; `x` is a text.
typedef struct YamlTag {
    Str tag;
    Str key;
} YamlTag;

typedef struct YamlTags {
    const YamlTag *items;
    size_t count;
} YamlTags;

// Reads YAML 1.2 (core schema; anchors and aliases; no tags but the core ones, no merge keys).
// Appends the root of each document to `ret_documents`. Returns false after reporting one error.
bool read_yaml(Arena *arena, Diags *diags, const Source *source, NodeVec *ret_documents);

// The same with tags of the caller's own beside the core ones.
bool read_yaml_tagged(Arena *arena, Diags *diags, const Source *source, const YamlTags *tags,
                      NodeVec *ret_documents);

// Reads one JSON value. Returns false after reporting one error.
bool read_json(Arena *arena, Diags *diags, const Source *source, Node *ret_root);

// JSON where the name ends in .json, else YAML; exactly one document.
bool read_document(Arena *arena, Diags *diags, const Source *source, Node *ret_root);

// Tab separated values with a header row, as a sequence of mappings; lines that begin with '#'
// and empty lines are left out.
bool read_tsv(Arena *arena, Diags *diags, const Source *source, Node *ret_root);

#endif
