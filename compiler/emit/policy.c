#include "emit/document.h"
#include "emit/emit.h"
#include "emit/json.h"
#include "model/catalogue.h"

AccessLevels policy_access(const Policy *policy) {
    AccessLevels levels = 0;
    for (size_t i = 0; i < policy->statements.count; i++) {
        const Statement *statement = &policy->statements.items[i];
        for (size_t k = 0; statement->effect == EFFECT_ALLOW && k < statement->actions.count; k++)
            levels |= catalogue_access(statement->actions.items[k]);
    }
    return levels;
}

Str policy_file_name(Arena *arena, Str role, size_t part) {
    return part == 1 ? str_format(arena, "%.*s-policy.json", STR_ARG(role))
                     : str_format(arena, "%.*s-policy-%zu.json", STR_ARG(role), part);
}

static void emit_policy(const Emission *e, const Role *role, size_t index) {
    const Policy *policy = &role->policies.items[index];
    TreeBuilder builder;
    tree_begin(&builder, e->arena, NULL);
    DocumentStyle style = {.partition = e->manifest->partition.id};
    Node root = {&builder.tree, document_of_policy(&builder, policy, &style)};
    VEC_PUSH(e->arena, e->artifacts,
             ((Artifact){.kind = ARTIFACT_POLICY,
                         .name = policy_file_name(e->arena, role->id, index + 1),
                         .bytes = json_pretty(e->arena, root),
                         .role = role->id,
                         .part = index + 1,
                         .characters = policy->characters,
                         .access = policy_access(policy)}));
}

bool emit_policies(const Emission *e) {
    for (size_t i = 0; i < e->selection->roles.count; i++) {
        const Role *role = &e->selection->roles.items[i];
        for (size_t k = 0; k < role->policies.count; k++) emit_policy(e, role, k);
    }
    return true;
}
