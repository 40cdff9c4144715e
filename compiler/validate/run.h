// One check of an instance against a schema, as the keywords see it. A SchemaRun and its Scopes
// live on the stack of schema_validate; what they point to lives in the arena.
#ifndef SPOTC_VALIDATE_RUN_H
#define SPOTC_VALIDATE_RUN_H

#include "base/map.h"
#include "validate/keyword.h"
#include "validate/members.h"
#include "validate/pattern.h"
#include "validate/schema.h"

enum {
    RUN_MAX_STEPS = 10000000,  // about: keywords looked at, keys compared, steps of patterns
    RUN_MAX_DEPTH = 1000,      // schemas inside each other while one instance is checked
    RUN_MAX_VIOLATIONS = 4096, // kept before they are put in order
};

// A part of the schema with an identity of its own: its `$id`, or the document.
typedef struct Resource {
    Node root;
    Str base; // absolute URI without a fragment; empty where none is given
} Resource;

// What references lead to, as far as it was looked up.
typedef struct References References;

typedef struct SchemaRun {
    Arena *arena;
    Diags *diags;
    Node root; // of the schema document
    KeywordIndex keywords;
    const Keyword *type, *id; // `type` and `$id`, which go before the others
    Patterns *patterns;       // NULL until one is needed
    References *references;   // the same
    StrBuf scratch;           // for texts that are copied or forgotten at once
    uint64_t steps;           // left
    uint32_t depth;
    SchemaResult stopped; // SCHEMA_VALID as long as the run goes on
    Members members;
    ViolationVec violations;
    StrMap settled; // ids of instances of which nothing more is worth saying
    StrMap noted;   // what was said: id of the instance, number of the detail, keyword
    StrMap details; // of violations, numbered
    uint32_t detail_count;
    const Resource *resource; // check of the schema: around what is looked at
    StrMap names;             // check of the schema: names (reference_name) that were given
} SchemaRun;

// One schema that is applied to one instance.
struct Scope {
    SchemaRun *run;
    Node schema;
    Node instance;
    NodeKind kind; // of the instance: keys are strings, whatever YAML made of them
    const Resource *resource;
    const Scope *outer; // the schema around it, where that has the same instance
    bool report;        // violations are collected, not only found
};

// Prepares a run over `root`, the schema document.
void schema_run_begin(SchemaRun *run, Arena *arena, Diags *diags, Node root);

Patterns *schema_run_patterns(SchemaRun *run);

// Takes from the steps that are left; false, after reporting `schema-too-costly` at `instance`,
// where they do not suffice, or where the run had been stopped before.
bool schema_run_spend(SchemaRun *run, Node instance, uint64_t steps);

// Ends the run: reports `schema-too-costly` at `instance`, or `unsupported-schema` at `schema`.
void schema_run_stop_costly(SchemaRun *run, Node instance, const char *why);
void schema_run_stop_unsupported(SchemaRun *run, Node schema, const char *why);

// Applies a schema that stands inside the scope's to an instance, or to a key of an instance.
// True where it is valid. Below `scope_test` nothing is reported.
bool scope_apply(const Scope *scope, Node schema, Node instance);
bool scope_apply_to_key(const Scope *scope, Node schema, Node key);
bool scope_test(const Scope *scope, Node schema, Node instance);

// As scope_apply, for the target of a reference.
bool scope_apply_target(const Scope *scope, Node schema, const Resource *resource);

// Whether the instance has one of the types, the value of a `type` keyword.
bool scope_has_type(const Scope *scope, Node types);

// Whether a text of the instance (a string or a key) matches; stops the run where that is costly.
bool scope_matches(const Scope *scope, Str pattern, Node text);

// The member of a mapping, of the schema or the instance. None too where the run stops.
Node scope_member(const Scope *scope, Node mapping, Str key);

// Notes a violation of the scope's schema, unless the same fault was noted before. Returns false.
bool scope_fail(const Scope *scope, Node keyword, Node instance, Str detail);

// By place in the instance; those of one node keep the order in which they were found.
void violations_sort(ViolationVec *violations);

#endif
