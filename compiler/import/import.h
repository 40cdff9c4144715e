// The way back: policies, templates and output folders to statements. All that is made lives in the
// arena given; sources must outlive it. What is wrong with a policy is told by Document.bad, and is
// for its reader to report; only what is no policy at all is reported here.
#ifndef SPOTC_IMPORT_IMPORT_H
#define SPOTC_IMPORT_IMPORT_H

#include "import/unread.h"
#include "model/document.h"
#include "model/selection.h"
#include "read/read.h"

// What one property of a template's resource names of whom or what policies reach, but for the
// roles, users and groups of the template that a policy is attached to, which have it.
typedef struct Reach {
    Str resource, property;
    ItemVec named;    // in no order
    bool is_of_loose; // the policy is one that stands by itself
} Reach;

typedef VEC(Reach) ReachVec;

// What a file, a folder or a compilation turned out to hold.
typedef struct Imported {
    Str name;                  // of the file or folder; of the manifest
    Node root;                 // as it was read; no node where it was several files or was compiled
    RoleDocumentsVec roles;    // also users and groups of a template; see RoleDocuments.id
    RoleDocumentsVec deployed; // of a folder with policy files: the roles of its template
    Node template;             // and that template; else no node
    DocumentVec untold; // of a template: attached to roles by a name that is not known before
    ReachVec reaches;   // of a template
    UnreadVec unread;   // of a template: what can hold policies and was not read, a sentence each
    ItemVec remarks;    // what else is not known before a template is deployed: a sentence each
} Imported;

typedef enum ImportKind {
    IMPORT_POLICY,   // {Version, Statement}
    IMPORT_ANSWER,   // what AWS's command line printed, with a policy in it
    IMPORT_TEMPLATE, // of CloudFormation
    IMPORT_MANIFEST, // of spotc: not for this room to read
    IMPORT_UNKNOWN,
} ImportKind;

// Reads a source: JSON where its name ends in .json or, if it ends neither in .yaml nor .yml, where
// it begins as an object does; else YAML with CloudFormation's short tags. Returns false after
// reporting one error.
bool import_read(Arena *arena, Diags *diags, const Source *source, NodeVec *ret_documents);

// What a document is, told by its keys.
ImportKind import_kind(Node root);

// Takes the policies out of a document that is a policy, an answer or a template. Reports each
// remark as the note decided-at-deployment. Returns false after reporting not-a-policy,
// not-a-template or template-too-large.
bool import_document(Arena *arena, Diags *diags, Node root, Imported *ret_imported);

// Both: a source with one document.
bool import_source(Arena *arena, Diags *diags, const Source *source, Imported *ret_imported);

// How an output folder was read.
typedef enum ImportResult {
    IMPORT_DONE,
    IMPORT_MISSING, // there is none, or it holds nothing that spotc writes
    IMPORT_FAILED,  // the machine failed
    IMPORT_INVALID, // a file in it cannot be understood
} ImportResult;

// Reads what compile wrote: out/<name>/ with its policies and trust policies (roles have the ids
// that the files' names say), and from its template the attached policies and boundaries, and trust
// policies that have no file; only the template where no policy file is there; or out/, where it
// holds one such folder. Reports at `asked` what keeps it from that.
ImportResult import_folder(Arena *arena, Diags *diags, Str path, Span asked,
                           Imported *ret_imported);

// The roles of a selection after layout. The span of an action is the bundle's line that gave it,
// that of a statement the manifest's line that asked.
void import_selection(Arena *arena, const Manifest *manifest, const Selection *selection,
                      Imported *ret_imported);

// Takes the statements of a policy document. What is not well-formed is left out, and nothing is
// reported: then false, and the first node that is not as IAM's grammar has it in *ret_bad (and in
// ret_document->bad).
bool document_from_tree(Arena *arena, Node root, DocumentKind kind, Document *ret_document,
                        Node *ret_bad);

// The kind of a policy that stands alone: with principals, it is a trust policy where it lets
// assume a role or names no resource, else a resource's.
DocumentKind document_kind(Node root);

#endif
