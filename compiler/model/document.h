// Policies as they are written: what a file, a template or a compilation says, each text with its
// place. They live in the arena that made them; spans point into sources that outlive them.
#ifndef SPOTC_MODEL_DOCUMENT_H
#define SPOTC_MODEL_DOCUMENT_H

#include "model/decision.h"
#include "model/policy.h"
#include "read/tree.h"

// One text of a policy, and where it stands.
typedef struct Item {
    Str text;
    Span span;
    const Decision *when; // NULL: in any case
} Item;

typedef VEC(Item) ItemVec;

// {operator: {key: values}}, as written: neither sorted nor spelled anew.
typedef struct DocumentCondition {
    Item operator;
    Item key;
    ItemVec values; // booleans and numbers as their text
} DocumentCondition;

// One kind of principal: "AWS", "Service", "Federated", "CanonicalUser"; or "*" without ids, where
// Principal is "*" itself.
typedef struct Principal {
    Item type;
    ItemVec ids;
} Principal;

typedef struct DocumentStatement {
    Item sid; // no text: it has none
    Effect effect;
    bool not_action, not_resource, not_principal; // the list is that of NotAction, …
    ItemVec actions;
    ItemVec resources;
    VEC(Principal) principals;
    VEC(DocumentCondition) conditions; // all must hold
    Span span;
    const Decision *when;  // NULL: in any case
    Node node;             // as it was read; no node where it was compiled
    const GivenVec *given; // compiled: one for each of the actions, as Statement has it; or NULL
} DocumentStatement;

typedef VEC(DocumentStatement) DocumentStatementVec;

typedef enum DocumentKind {
    DOCUMENT_IDENTITY, // of a role, user or group: what it may do
    DOCUMENT_TRUST,    // of a role: who may assume it
    DOCUMENT_RESOURCE, // of a bucket, key or queue
    DOCUMENT_KIND_COUNT
} DocumentKind;

// One policy document. What CloudFormation fills in when it deploys stands as `${Name}` in its
// texts, `${Name.Attribute}` for what a resource gives and `${AWS::Partition}` for a pseudo
// parameter; a policy variable of IAM, which is never a name of CloudFormation's, stands as it is.
typedef struct Document {
    DocumentKind kind;
    Str name; // in messages: a file's name, or that of the thing in a template which has it
    DocumentStatementVec statements;
    const Decision *when; // NULL: in any case
    bool has_variables;   // its Version is 2012-10-17; else `${aws:username}` is plain text in it
    Span span;
    Node node; // {Version, Statement} with each function replaced by such a text; or no node
    Node bad;  // the first node that is not as IAM's grammar has it; no node: there is none
} Document;

typedef VEC(Document) DocumentVec;

// A role with all that decides what it may do and who may be it.
typedef struct RoleDocuments {
    Str id; // of a manifest's role, or the name of the resource in a template; empty:
            // a policy that no role is known to have
    DocumentVec documents; // identity policies and the trust policy
    ItemVec managed;       // ARNs of policies that are attached and whose text is not here
    Item boundary;         // ARN of its permissions boundary, or no text
    // Of a role that AWS tells of beside its policies: what it tells all of.
    bool tells_managed, tells_boundary;
    Span span;
} RoleDocuments;

typedef VEC(RoleDocuments) RoleDocumentsVec;

#endif
