// What template skeletons can name. Lives in the arena given.
#ifndef SPOTC_EMIT_CONTEXT_H
#define SPOTC_EMIT_CONTEXT_H

#include "model/selection.h"

// The context of templates/stack.yaml:
//   name, account, partition, stack_name, description
//   has_parameters  true where a role has an external id or is connected by the stack
//   spans_accounts  true where a stack set rolls the template out over several accounts
//   roles           [{id, title, description, logical_id, name, path, max_session_duration,
//                   permissions_boundary, tags: [{key, value}], external_id,
//                   external_id_parameter, trust (a document), managed_policy_arns: […],
//                   policies: [{logical_id, description, document}]}]
// Settings that the manifest does not give are absent.
Node template_context(Arena *arena, const Manifest *manifest, const Selection *selection);

// The context of a part that an integration adds: the same, and `parameters`, the product's values.
Node template_part_context(Arena *arena, Node context, Node parameters);

#endif
