// What template skeletons can name (docs/templates.md). Lives in the arena given.
#ifndef SPOTC_EMIT_CONTEXT_H
#define SPOTC_EMIT_CONTEXT_H

#include "emit/document.h"

// The context that all skeletons but the stack set's share:
//   name, account, partition, stack_name, description
//   has_parameters  true where a role has an external id or is connected by the stack
//   has_policies, has_attachments  true where a role has policies of its own, or any at all
//   spans_accounts  true where the template is for several accounts of a stack set
//   roles           [{id, title, description, logical_id, connected, name, path,
//   max_session_duration,
//                   permissions_boundary, tags: [{key, value}], external_id,
//                   external_id_parameter, trust (a document), managed_policy_arns: […],
//                   managed_policies: [{number, arn}],
//                   policies: [{number, logical_id, description, document}]}]
// Settings that the manifest does not give are absent. Documents and ARNs are in the style given;
// for Terraform all texts are, and documents are texts of JSON (trust_json, document_json); as the
// JSON files have them, a policy also has its file, characters, limit and access.
Node emit_context(Arena *arena, const Manifest *manifest, const Selection *selection,
                  const DocumentStyle *style);

// The same as CloudFormation has it.
Node template_context(Arena *arena, const Manifest *manifest, const Selection *selection);

// The context of a part that an integration adds: the same, and `parameters`, the product's values
// in this style.
Node template_part_context(Arena *arena, Node context, Node parameters, const DocumentStyle *style);

#endif
