// Policy documents as trees, in the order of keys that AWS documents.
#ifndef SPOTC_EMIT_DOCUMENT_H
#define SPOTC_EMIT_DOCUMENT_H

#include "model/selection.h"

// Where a document goes decides how ARNs are written.
typedef struct DocumentStyle {
    Str partition;     // of the manifest
    bool in_template;  // ARNs of that partition become Fn::Sub with ${AWS::Partition}
    Str own_account;   // in a template: stands for the account that a stack is in, in ARNs and by
                       // itself; empty: none does
    bool in_terraform; // the external id that the configuration makes is a reference
} DocumentStyle;

// Each returns the id of a new node of the builder's tree.
uint32_t document_of_policy(TreeBuilder *builder, const Policy *policy, const DocumentStyle *style);

// The role's trust policy. In a template the external id is a Ref to the parameter
// `external_id_parameter`, or to the resource that makes it; a role that is connected by the stack,
// or whose accounts have an external id each, has a trust policy in a template only. The
// accounts of principals stay as they are.
uint32_t document_of_trust(TreeBuilder *builder, const Role *role, const DocumentStyle *style,
                           Str external_id_parameter);

// In Terraform: what stands for the external id of a role that the configuration connects. Nothing
// of the trust policy's text follows it but quotes and brackets.
Str document_external_id_reference(Arena *arena, const Role *role);

// A text that may be an ARN, in this style.
uint32_t document_text(TreeBuilder *builder, Str text, const DocumentStyle *style);

#endif
