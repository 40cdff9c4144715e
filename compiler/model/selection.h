// What a manifest chose, with every name resolved. Lives in the compilation's arena.
#ifndef SPOTC_MODEL_SELECTION_H
#define SPOTC_MODEL_SELECTION_H

#include "model/library.h"
#include "model/names.h"
#include "model/partition.h"
#include "model/policy.h"

// What rolls the stack out over accounts.
typedef struct StackSet {
    Node settings; // stack_set of the manifest; no node: there is none
    Node accounts; // the accounts that it is for, or no node: all of its organizational units
    bool service_managed; // by AWS Organizations, or else by roles that the user made
    bool spans_accounts;  // it reaches others than the manifest's account
} StackSet;

// The manifest's own facts.
typedef struct Manifest {
    Node root;
    Str name;
    Str account; // with a stack set the one that administers it
    Partition partition;
    Str stack_name;
    Str template_url; // empty: none
    bool json_template;
    bool is_compact; // layout: compact
    Node wildcards;  // no node: keep; else where `exact` is asked for
    StackSet stack_set;
} Manifest;

// One statement of a bundle that was chosen.
typedef struct ChosenStatement {
    Node node;         // in the bundle
    Names *parameters; // the values that the manifest gives the product; NULL: there are none
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
    Node single_account; // why it can stand in one account only, or no node
    Span asked;
} TemplatePart;

// How what is granted is narrowed; empty: not in that way.
typedef struct Restriction {
    Node node;          // `restrict` of the manifest, or no node where it asks for nothing
    StrVec regions;     // sorted
    StrVec vpcs;        // ids, sorted
    Str tag, tag_value; // what the vendor tags its own instances with
} Restriction;

// A role that the stack makes.
typedef struct Role {
    Str id;
    Span asked;                  // the first place that asked for something of it
    Node trust;                  // its trust bundle
    Node settings;               // roles.<id> of the manifest, or no node
    StrVec principals;           // ARNs
    Str external_id;             // empty: none
    bool external_id_by_account; // each account of the stack set has its own, so none is known here
    Node connect; // of the trust bundle, where the stack connects the account and makes the
                  // external id itself; or no node
    VEC(ManagedPolicy) managed;
    Node pass_role;     // which roles it may pass: ARNs and patterns, or no node
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
    Restriction restriction;
    StrVec passed_to; // services that the vendor has roles passed to; sorted
    size_t work;      // what choosing and packing it took: see pipeline.h
    bool left_out;    // the part that was to be left out had been chosen
} Selection;

// CloudFormation's name for what is of the role, of letters and digits: "Spot" for role spot.
Str role_logical_id(Arena *arena, Str role_id);

// The template's parameter for the role's external id.
Str role_external_id_parameter(Arena *arena, Str role_id);

#endif
