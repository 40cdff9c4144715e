// An output folder holds everything twice: as policy files, and in the template that is deployed.
#include "base/map.h"
#include "command/diff_facts.h"

// --- copies, since binding writes symbols over ---

static ItemVec copy_items(Arena *arena, const ItemVec *items) {
    ItemVec copy = {0};
    for (size_t i = 0; i < items->count; i++) VEC_PUSH(arena, &copy, items->items[i]);
    return copy;
}

static DocumentStatement copy_statement(Arena *arena, const DocumentStatement *statement) {
    DocumentStatement copy = *statement;
    copy.resources = copy_items(arena, &statement->resources);
    copy.principals.items = NULL;
    copy.principals.count = copy.principals.capacity = 0;
    copy.conditions.items = NULL;
    copy.conditions.count = copy.conditions.capacity = 0;
    for (size_t i = 0; i < statement->principals.count; i++) {
        Principal principal = statement->principals.items[i];
        principal.ids = copy_items(arena, &principal.ids);
        VEC_PUSH(arena, &copy.principals, principal);
    }
    for (size_t i = 0; i < statement->conditions.count; i++) {
        DocumentCondition condition = statement->conditions.items[i];
        condition.values = copy_items(arena, &condition.values);
        VEC_PUSH(arena, &copy.conditions, condition);
    }
    return copy;
}

static RoleDocuments copy_role(Arena *arena, const RoleDocuments *role) {
    RoleDocuments copy = *role;
    copy.documents = (DocumentVec){0};
    copy.managed = copy_items(arena, &role->managed);
    for (size_t i = 0; i < role->documents.count; i++) {
        Document document = role->documents.items[i];
        DocumentStatementVec statements = {0};
        for (size_t k = 0; k < document.statements.count; k++)
            VEC_PUSH(arena, &statements, copy_statement(arena, &document.statements.items[k]));
        document.statements = statements;
        VEC_PUSH(arena, &copy.documents, document);
    }
    return copy;
}

// --- which role of the template is which ---

static StrMap roles_by_key(Arena *arena, const RoleDocumentsVec *roles) {
    StrMap by_key = {0};
    for (size_t i = 0; i < roles->count; i++)
        strmap_set(arena, &by_key, diff_role_key(arena, roles->items[i].id), (uint32_t)i);
    return by_key;
}

// The roles of the template that have policy files.
static RoleDocumentsVec deployed_roles(Arena *arena, const Imported *folder) {
    StrMap by_key = roles_by_key(arena, &folder->roles);
    RoleDocumentsVec roles = {0};
    for (size_t i = 0; i < folder->deployed.count; i++) {
        const RoleDocuments *role = &folder->deployed.items[i];
        uint32_t ignored = 0;
        bool has_files =
            role->id.length > 0 && strmap_get(&by_key, diff_role_key(arena, role->id), &ignored);
        if (has_files) VEC_PUSH(arena, &roles, *role);
    }
    return roles;
}

// --- the comparison ---

static bool has_any(const DiffReport *report) {
    return diff_has(report, TURN_GAINED, TURN_MAY_GAIN) ||
           diff_has(report, TURN_LOST, TURN_MAY_LOSE);
}

// Whether the policy files grant what these roles of the template do.
static bool compare_with_files(Run *run, const Input *folder, const RoleDocumentsVec *deployed,
                               bool *ret_differs) {
    Input files = *folder, template = *folder;
    ActionSets sets = {.arena = run->arena};
    DiffReport report = {
        .arena = run->arena, .sides = {&files, &template}, .steps = DIFF_MOST_STEPS, .sets = &sets};
    Str wanted = run->options.role;
    files.imported.roles = template.imported.roles = (RoleDocumentsVec){0};
    files.imported.reaches = template.imported.reaches = (ReachVec){0};
    template.kind = INPUT_TEMPLATE;
    template.imported.root = folder->imported.template;
    for (size_t i = 0; i < folder->imported.roles.count; i++)
        VEC_PUSH(run->arena, &files.imported.roles,
                 copy_role(run->arena, &folder->imported.roles.items[i]));
    for (size_t i = 0; i < deployed->count; i++)
        VEC_PUSH(run->arena, &template.imported.roles, copy_role(run->arena, &deployed->items[i]));
    run->options.role = (Str){0};
    diff_bind(run->arena, &files, &template, &report.bindings);
    bool ok = diff_compare(run, run->arena, &report);
    run->options.role = wanted;
    *ret_differs = ok && has_any(&report);
    return ok;
}

// What is deployed is what is meant.
static void take_deployed(Arena *arena, Input *side, const RoleDocumentsVec *deployed) {
    Imported *folder = &side->imported;
    StrMap by_key = roles_by_key(arena, deployed);
    side->is_deployed = true;
    for (size_t i = 0; i < folder->roles.count; i++) {
        uint32_t at = 0;
        RoleDocuments *role = &folder->roles.items[i];
        if (!strmap_get(&by_key, diff_role_key(arena, role->id), &at)) continue;
        role->documents = deployed->items[at].documents;
    }
}

// What is not as IAM has it grants what nobody can say.
static bool has_bad(const RoleDocumentsVec *roles) {
    for (size_t i = 0; i < roles->count; i++) {
        const DocumentVec *documents = &roles->items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            if (node_exists(documents->items[k].bad)) return true;
        }
    }
    return false;
}

bool diff_settle_folder(Run *run, Input *folder) {
    Imported *imported = &folder->imported;
    if (folder->kind != INPUT_FOLDER || !node_exists(imported->template)) return true;
    RoleDocumentsVec deployed = deployed_roles(run->arena, imported);
    folder->differs = has_bad(&deployed);
    if (!folder->differs && !compare_with_files(run, folder, &deployed, &folder->differs))
        return false;
    if (!folder->differs) return true;
    Item remark = {.text = STR("the template does not grant what the policy files do; what the "
                               "template grants, which is deployed, is compared"),
                   .span = node_span(imported->template)};
    VEC_PUSH(run->arena, &imported->remarks, remark);
    take_deployed(run->arena, folder, &deployed);
    return true;
}

static bool has_template(const Input *side) {
    return side->kind == INPUT_TEMPLATE || node_exists(side->imported.template) ||
           (side->kind == INPUT_FOLDER && node_exists(side->imported.root));
}

// Roles that only the template has, as a part for Lambda: the other side tells of such too.
static void add_deployed(Arena *arena, Imported *imported) {
    StrMap by_key = roles_by_key(arena, &imported->roles);
    for (size_t i = 0; i < imported->deployed.count; i++) {
        const RoleDocuments *role = &imported->deployed.items[i];
        uint32_t ignored = 0;
        if (role->id.length == 0 || !strmap_get(&by_key, diff_role_key(arena, role->id), &ignored))
            VEC_PUSH(arena, &imported->roles, *role);
    }
}

// Whether it is for other accounts than the one that policy files name.
static bool spans_accounts(Arena *arena, const Input *side) {
    if (side->compilation != NULL) return side->compilation->manifest.stack_set.spans_accounts;
    bool has_files = node_exists(side->imported.template);
    return facts_use_account(arena, has_files ? &side->imported.deployed : &side->imported.roles);
}

static void take_side(Arena *arena, Input *side, const Input *other, bool spans) {
    if (!node_exists(side->imported.template)) return;
    RoleDocumentsVec deployed = deployed_roles(arena, &side->imported);
    if (spans && !side->is_deployed) take_deployed(arena, side, &deployed);
    if (has_template(other)) add_deployed(arena, &side->imported);
}

void diff_take_deployed(Arena *arena, Input *old, Input *new) {
    bool templates = (has_template(old) || old->compilation != NULL) &&
                     (has_template(new) || new->compilation != NULL);
    bool spans = templates && (spans_accounts(arena, old) || spans_accounts(arena, new));
    take_side(arena, old, new, spans);
    take_side(arena, new, old, spans);
}
