// What a compilation grants, in the words of what is read. Where origins are kept in another way,
// this is the place that changes.
#include "import/import.h"

static Item item(Str text, Span span) {
    return (Item){.text = text, .span = span};
}

static ItemVec items(Arena *arena, const StrVec *texts, Span span) {
    ItemVec result = {0};
    for (size_t i = 0; i < texts->count; i++) VEC_PUSH(arena, &result, item(texts->items[i], span));
    return result;
}

// The bundle's line that gave an action: as it is written where any did, else the first of those
// that gave what it stands for.
static Span given_span(const Statement *s, size_t index) {
    const GivenVec *given = s->given == NULL ? NULL : &s->given[index];
    if (given == NULL || given->count == 0) return s->origin.given;
    for (size_t i = 0; i < given->count; i++) {
        if (str_equal_ignoring_case(given->items[i].action, s->actions.items[index]))
            return given->items[i].origin.given;
    }
    return given->items[0].origin.given;
}

static ItemVec actions_of(Arena *arena, const Statement *s) {
    ItemVec actions = {0};
    for (size_t i = 0; i < s->actions.count; i++)
        VEC_PUSH(arena, &actions, item(s->actions.items[i], given_span(s, i)));
    return actions;
}

static DocumentStatement statement_of(Arena *arena, const Statement *s) {
    DocumentStatement statement = {.sid = item(s->sid, s->origin.asked),
                                   .effect = s->effect,
                                   .actions = actions_of(arena, s),
                                   .resources = items(arena, &s->resources, s->origin.given),
                                   .span = s->origin.asked,
                                   .given = s->given};
    for (size_t i = 0; i < s->conditions->count; i++) {
        const Condition *c = &s->conditions->items[i];
        DocumentCondition condition = {.operator= item(c->operator, s->origin.given),
                                       .key = item(c->key, s->origin.given),
                                       .values = items(arena, &c->values, s->origin.given)};
        VEC_PUSH(arena, &statement.conditions, condition);
    }
    return statement;
}

static Document document_of(Arena *arena, const Role *role, size_t index) {
    const Policy *policy = &role->policies.items[index];
    Document document = {.kind = DOCUMENT_IDENTITY, .has_variables = true, .span = role->asked};
    document.name = index == 0
                        ? str_format(arena, "%.*s-policy.json", STR_ARG(role->id))
                        : str_format(arena, "%.*s-policy-%zu.json", STR_ARG(role->id), index + 1);
    for (size_t i = 0; i < policy->statements.count; i++)
        VEC_PUSH(arena, &document.statements, statement_of(arena, &policy->statements.items[i]));
    return document;
}

// The manifest's place for a setting of the role, or what asked for the role.
static Span setting_span(const Role *role, Str setting) {
    Node node = node_get(role->settings, setting);
    return node_exists(node) ? node_key_span(node) : role->asked;
}

static void add_external_id(Arena *arena, const Role *role, Span asked, Span given,
                            DocumentStatement *statement) {
    Str id = role->external_id;
    if (node_exists(role->connect))
        id = str_format(arena, "${%.*s}",
                        STR_ARG(node_text(NODE_GET(role->connect, "external_id"))));
    if (role->external_id_by_account)
        id = str_format(arena, "${%.*s}", STR_ARG(role_external_id_parameter(arena, role->id)));
    if (id.length == 0) return;
    DocumentCondition condition = {.operator= item(STR("StringEquals"), given),
                                   .key = item(STR("sts:ExternalId"), given)};
    VEC_PUSH(arena, &condition.values, item(id, asked));
    VEC_PUSH(arena, &statement->conditions, condition);
}

// As emit writes it; a test holds the two together.
static Document trust_of(Arena *arena, const Role *role) {
    Span given = node_span(role->trust), asked = setting_span(role, STR("principals"));
    DocumentStatement statement = {.effect = EFFECT_ALLOW, .span = asked};
    Principal principal = {.type = item(STR("AWS"), given),
                           .ids = items(arena, &role->principals, asked)};
    VEC_PUSH(arena, &statement.principals, principal);
    VEC_PUSH(arena, &statement.actions, item(STR("sts:AssumeRole"), given));
    add_external_id(arena, role, setting_span(role, STR("external_id")), given, &statement);
    Document document = {.kind = DOCUMENT_TRUST, .has_variables = true, .span = asked};
    document.name = str_format(arena, "%.*s-trust-policy.json", STR_ARG(role->id));
    VEC_PUSH(arena, &document.statements, statement);
    return document;
}

static RoleDocuments role_of(Arena *arena, const Manifest *manifest, const Role *role) {
    RoleDocuments result = {.id = role->id, .span = role->asked};
    for (size_t i = 0; i < role->policies.count; i++)
        VEC_PUSH(arena, &result.documents, document_of(arena, role, i));
    VEC_PUSH(arena, &result.documents, trust_of(arena, role));
    for (size_t i = 0; i < role->managed.count; i++) {
        const ManagedPolicy *policy = &role->managed.items[i];
        Str arn = str_format(arena, "arn:%.*s:iam::aws:policy/%.*s",
                             STR_ARG(manifest->partition.id), STR_ARG(policy->name));
        VEC_PUSH(arena, &result.managed, item(arn, policy->asked));
    }
    Node boundary = NODE_GET(role->settings, "permissions_boundary");
    result.boundary = item(node_text(boundary), node_key_span(boundary));
    return result;
}

void import_selection(Arena *arena, const Manifest *manifest, const Selection *selection,
                      Imported *ret_imported) {
    Imported imported = {.name = manifest->name};
    for (size_t i = 0; i < selection->roles.count; i++)
        VEC_PUSH(arena, &imported.roles, role_of(arena, manifest, &selection->roles.items[i]));
    *ret_imported = imported;
}
