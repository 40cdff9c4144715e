// What a manifest chose, with every name resolved. Lives in the compilation's arena.
#ifndef SPOTC_MODEL_SELECTION_H
#define SPOTC_MODEL_SELECTION_H

#include "model/library.h"
#include "model/partition.h"
#include "model/policy.h"

// The manifest's own facts.
typedef struct Manifest {
    Node root;
    Str name;
    Str account;
    Partition partition;
    Str stack_name;
    bool json_template;
    bool is_compact; // layout: compact
    Node wildcards;  // no node: keep; else where `exact` is asked for
} Manifest;

// One statement of a bundle that was chosen.
typedef struct ChosenStatement {
    Node node;       // in the bundle
    Node parameters; // the values that the manifest gives the product, or no node
    Str role;
    Span asked;
} ChosenStatement;

// An AWS managed policy that is attached as it is.
typedef struct ManagedPolicy {
    Str name; // after policy/ in its ARN
    Span asked;
} ManagedPolicy;

// A part of a template that an integration adds to the stack.
typedef struct TemplatePart {
    Str name;
    Node parameters;
    Span asked;
} TemplatePart;

// A role that the stack makes.
typedef struct Role {
    Str id;
    Span asked;        // the first place that asked for something of it
    Node trust;        // its trust bundle
    Node settings;     // roles.<id> of the manifest, or no node
    StrVec principals; // ARNs
    Str external_id;   // empty: none
    Node connect;      // of the trust bundle, where the stack connects the account and makes the
                       // external id itself; or no node
    VEC(ManagedPolicy) managed;
    PolicyVec policies; // after layout
} Role;

typedef VEC(Role) RoleVec;

// A product, or one of its integrations.
typedef struct Part {
    Str product;
    Str integration; // empty: the product with all of them
} Part;

typedef struct Selection {
    VEC(ChosenStatement) statements; // in bundle order
    RoleVec roles;                   // in the order of their ids
    VEC(TemplatePart) template_parts;
    bool left_out; // the part that was to be left out had been chosen
} Selection;

#endif
