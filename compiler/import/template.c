#include "import/template.h"

#include "import/decide.h"
#include "import/reach.h"
#include "import/text.h"
#include "import/unread.h"
#include "model/embedded.h"

// A row of schema/iam/template-policies.tsv.
typedef struct PolicyPlace {
    Str type, list, property, holders;
    DocumentKind kind;
} PolicyPlace;

// A document of the template, and the number of the resource that has it.
typedef struct Found {
    Document document;
    uint32_t resource;
    bool is_held;   // by a role, user or group
    bool is_untold; // it is among Imported.untold
} Found;

typedef struct Template {
    Arena *arena;
    Diags *diags;
    Fold fold;
    Imported *imported;
    VEC(PolicyPlace) places;
    VEC(Found) found;
    VEC(const Decision *) made_when; // of each role: what decides whether it is made
    StrMap policies;                 // "${LogicalId}" -> the first of its documents in `found`
    StrMap selves;   // logical id -> the number of the role, user or group among the roles
    StrMap holders;  // "Roles/${LogicalId}", "Roles/name in IAM" -> the same
    StrMap shared;   // those names of which there are several
    StrMap unnamed;  // "Roles": there is a holder whose name is not known
    StrMap attached; // pairs of a role and a document
    StrMap noted;    // where parts of policies are not known
} Template;

// A resource of the template.
typedef struct Resource {
    Str id, type;
    Node properties;
    Str condition; // that decides whether it is made; or none
    uint32_t number;
} Resource;

bool is_template(Node root) {
    return node_exists(NODE_GET(root, "Resources")) ||
           node_exists(NODE_GET(root, "AWSTemplateFormatVersion"));
}

static Str reference(Arena *arena, Str id) {
    return str_format(arena, "${%.*s}", STR_ARG(id));
}

static void remark(Template *t, Span span, Str text) {
    VEC_PUSH(t->arena, &t->imported->remarks, ((Item){.text = text, .span = span}));
}

// No node: its kind of doubt is compared like what was read.
static void note_unread(Template *t, Span span, Node node, Str text) {
    VEC_PUSH(t->arena, &t->imported->unread, ((Unread){text, span, node}));
}

// --- the table of what has policies ---

static DocumentKind kind_named(Str name) {
    if (str_equal(name, STR("identity"))) return DOCUMENT_IDENTITY;
    return str_equal(name, STR("trust")) ? DOCUMENT_TRUST : DOCUMENT_RESOURCE;
}

static void read_places(Template *t) {
    NODE_EACH(row, embedded_root(STR("schema/iam/template-policies.tsv"))) {
        PolicyPlace place = {.type = node_text(NODE_GET(row, "type")),
                             .list = node_text(NODE_GET(row, "list")),
                             .property = node_text(NODE_GET(row, "property")),
                             .holders = node_text(NODE_GET(row, "holders")),
                             .kind = kind_named(node_text(NODE_GET(row, "kind")))};
        VEC_PUSH(t->arena, &t->places, place);
    }
}

// The names in a cell, one by one.
static bool next_name(Str cell, size_t *at, Str *ret_name) {
    if (*at >= cell.length) return false;
    size_t end = str_find_byte(cell, ',', *at);
    *ret_name = str_slice(cell, *at, end);
    *at = end + 1;
    return true;
}

// Whether a property names what others can assume.
static bool names_roles(Str property) {
    NODE_EACH(row, embedded_root(STR("schema/iam/template-holders.tsv"))) {
        Str name;
        if (!node_is_string(NODE_GET(row, "assumed"), STR("yes"))) continue;
        for (size_t at = 0; next_name(node_text(NODE_GET(row, "named_by")), &at, &name);) {
            if (str_equal(name, property)) return true;
        }
    }
    return false;
}

static Node holder_row(Str type) {
    NODE_EACH(row, embedded_root(STR("schema/iam/template-holders.tsv"))) {
        if (node_is_string(NODE_GET(row, "type"), type)) return row;
    }
    return NO_NODE;
}

// --- documents ---

// The tree of a document; no node where it is a text that is none before the template is deployed.
static Node document_tree(Template *t, Node value) {
    Node root = {&t->fold.tree->tree, fold_document(&t->fold, value)}, parsed = NO_NODE;
    if (node_kind(root) != NODE_STRING) return root;
    return text_to_tree(t->arena, node_text(root), root, &parsed) ? parsed : NO_NODE;
}

static bool has_symbol(Str text) {
    return str_find(text, STR("${"), 0) < text.length;
}

static bool is_symbolic(Str name) {
    return name.length == 0 || has_symbol(name);
}

// Notes a value that a function stands for where a policy has more than a text: a statement, a
// list, an effect. A statement that stands there for several outcomes is noted once.
static void note_unknown_part(Template *t, const Resource *r, Node value) {
    Span span = node_span(value);
    if (node_kind(value) != NODE_STRING || !has_symbol(node_text(value))) return;
    if (!strmap_set(t->arena, &t->noted, str_format(t->arena, "%u", span.begin), 0)) return;
    note_unread(t, span, value,
                str_format(t->arena,
                           "this part of the policy of '%.*s' is not known before the template is "
                           "deployed, and is left out",
                           STR_ARG(r->id)));
}

static void note_unknown_in_statement(Template *t, const Resource *r, Node statement) {
    note_unknown_part(t, r, statement);
    note_unknown_part(t, r, NODE_GET(statement, "Effect"));
    note_unknown_part(t, r, NODE_GET(statement, "Principal"));
    note_unknown_part(t, r, NODE_GET(statement, "NotPrincipal"));
    note_unknown_part(t, r, NODE_GET(statement, "Condition"));
    NODE_EACH(operator, NODE_GET(statement, "Condition")) note_unknown_part(t, r, operator);
}

static void note_unknown_parts(Template *t, const Resource *r, Node root) {
    Node statements = NODE_GET(root, "Statement");
    note_unknown_part(t, r, NODE_GET(root, "Version"));
    if (node_kind(statements) != NODE_SEQUENCE) note_unknown_in_statement(t, r, statements);
    if (node_kind(statements) != NODE_SEQUENCE) return;
    NODE_EACH(statement, statements) note_unknown_in_statement(t, r, statement);
}

static void note_unknown_actions(Template *t, const Resource *r, const Document *document) {
    for (size_t i = 0; i < document->statements.count; i++) {
        const ItemVec *actions = &document->statements.items[i].actions;
        for (size_t k = 0; k < actions->count; k++) {
            if (has_symbol(actions->items[k].text))
                note_unread(t, actions->items[k].span, NO_NODE,
                            str_format(t->arena,
                                       "this action of '%.*s' is not known before the template "
                                       "is deployed",
                                       STR_ARG(r->id)));
        }
    }
}

static void take_document(Template *t, const Resource *r, const FoldItem *item, DocumentKind kind,
                          Str name) {
    Node value = item->node;
    const Decision *outer = t->fold.when;
    t->fold.when = item->when;
    Node root = document_tree(t, value), bad = NO_NODE;
    t->fold.when = outer;
    Found found = {.resource = r->number};
    if (t->fold.failed) return;
    if (!node_exists(root)) {
        note_unread(t, node_span(value), value,
                    str_format(t->arena,
                               "the policy of '%.*s' is not known before the template is "
                               "deployed, and is left out",
                               STR_ARG(r->id)));
        return;
    }
    (void)document_from_fold(&t->fold, t->arena, root, kind, &found.document, &bad);
    note_unknown_parts(t, r, root);
    note_unknown_actions(t, r, &found.document);
    found.document.name = name;
    found.document.when = item->when;
    VEC_PUSH(t->arena, &t->found, found);
}

// The documents that one property holds: two where Fn::If decides between them.
static void take_property(Template *t, const Resource *r, Node value, DocumentKind kind, Str name) {
    FoldItemVec documents = {0};
    fold_items(&t->fold, value, &documents);
    for (size_t i = 0; i < documents.count; i++)
        take_document(t, r, &documents.items[i], kind, name);
}

// Notes an entry of a list of inline policies that is a function, and then returns false.
static bool is_known_policy(Template *t, const Resource *r, Node policy) {
    if (!node_exists(fold_call(policy))) return true;
    note_unread(t, node_span(policy), policy,
                str_format(t->arena,
                           "these policies of '%.*s' are not known before the template is "
                           "deployed, and are left out",
                           STR_ARG(r->id)));
    return false;
}

static void take_inline(Template *t, const Resource *r, const PolicyPlace *place) {
    FoldItemVec policies = {0};
    const Decision *outer = t->fold.when;
    fold_items(&t->fold, node_get(r->properties, place->list), &policies);
    for (size_t i = 0; i < policies.count; i++) {
        Node policy = policies.items[i].node;
        if (!is_known_policy(t, r, policy)) continue;
        t->fold.when = policies.items[i].when;
        Str name = fold_text(&t->fold, NODE_GET(policy, "PolicyName")).text;
        take_property(t, r, node_get(policy, place->property), place->kind,
                      str_format(t->arena, "%.*s/%.*s", STR_ARG(r->id), STR_ARG(name)));
    }
    t->fold.when = outer;
}

// --- attachments ---

// Attaches a document to a role, where what `when` says holds and the role is made.
static void attach(Template *t, uint32_t role, uint32_t index, const Decision *when) {
    Found *found = &t->found.items[index];
    Document document = found->document;
    if (!fold_pay(&t->fold, FOLD_NODE_COST, document.span)) return;
    when = decisions_join(t->arena, when, t->made_when.items[role]);
    document.when = decisions_join(t->arena, when, document.when);
    Str hangs_on = decisions_identity(t->arena, document.when);
    Str pair = str_format(t->arena, "%u/%u/%.*s", role, index, STR_ARG(hangs_on));
    found->is_held = true;
    if (strmap_set(t->arena, &t->attached, pair, 0))
        VEC_PUSH(t->arena, &t->imported->roles.items[role].documents, document);
}

static Str holder_key(const Template *t, Str property, Str name) {
    return str_format(t->arena, "%.*s/%.*s", STR_ARG(property), STR_ARG(name));
}

// Whether a name may be that of another than was found, if one was.
static bool is_untold(const Template *t, Str property, Str name, bool is_found) {
    uint32_t ignored = 0;
    if (is_found) return strmap_get(&t->shared, holder_key(t, property, name), &ignored);
    return is_symbolic(name) || strmap_get(&t->unnamed, property, &ignored);
}

static void note_untold(Template *t, size_t first) {
    for (size_t i = first; i < t->found.count; i++) {
        Found *found = &t->found.items[i];
        if (!found->is_untold) VEC_PUSH(t->arena, &t->imported->untold, found->document);
        found->is_untold = true;
    }
}

// Attaches documents from `first` on to whom one property names.
static void attach_named(Template *t, const Resource *r, Str property, size_t first) {
    FoldItemVec items = {0};
    fold_items(&t->fold, node_get(r->properties, property), &items);
    for (size_t i = 0; i < items.count && !t->fold.failed; i++) {
        uint32_t role = 0;
        Str name = fold_text(&t->fold, items.items[i].node).text;
        bool is_found = strmap_get(&t->holders, holder_key(t, property, name), &role);
        if (names_roles(property) && is_untold(t, property, name, is_found)) note_untold(t, first);
        for (size_t k = first; is_found && k < t->found.count; k++)
            attach(t, role, (uint32_t)k, items.items[i].when);
    }
}

static void attach_place(Template *t, const Resource *r, const PolicyPlace *place, size_t first) {
    uint32_t self = 0;
    Str property;
    if (str_equal(place->holders, STR("self"))) {
        if (!strmap_get(&t->selves, r->id, &self)) return;
        for (size_t i = first; i < t->found.count; i++) attach(t, self, (uint32_t)i, NULL);
        return;
    }
    for (size_t at = 0; next_name(place->holders, &at, &property);)
        attach_named(t, r, property, first);
}

static void take_place(Template *t, const Resource *r, const PolicyPlace *place) {
    size_t first = t->found.count;
    if (place->list.length != 0)
        take_inline(t, r, place);
    else
        take_property(t, r, node_get(r->properties, place->property), place->kind, r->id);
    if (first == t->found.count) return;
    strmap_set(t->arena, &t->policies, reference(t->arena, r->id), (uint32_t)first);
    attach_place(t, r, place, first);
}

// The first document of the policy that an ARN is of: `${Policy}` or `${Policy.PolicyArn}`.
static bool find_policy(const Template *t, Str arn, uint32_t *ret_first) {
    Str attribute = STR(".PolicyArn}");
    if (str_ends_with(arn, attribute))
        arn = str_format(t->arena, "%.*s}",
                         STR_ARG(str_slice(arn, 0, arn.length - attribute.length)));
    return strmap_get(&t->policies, arn, ret_first);
}

static void take_managed(Template *t, uint32_t role, Node arns) {
    FoldItemVec items = {0};
    fold_items(&t->fold, arns, &items);
    for (size_t i = 0; i < items.count && !t->fold.failed; i++) {
        uint32_t first = 0;
        Item arn = fold_text(&t->fold, items.items[i].node);
        arn.when = items.items[i].when;
        if (!find_policy(t, arn.text, &first)) {
            VEC_PUSH(t->arena, &t->imported->roles.items[role].managed, arn);
            continue;
        }
        uint32_t resource = t->found.items[first].resource;
        for (; first < t->found.count && t->found.items[first].resource == resource; first++)
            attach(t, role, first, arn.when);
    }
}

// --- resources ---

static void add_holder_name(Template *t, Str property, Str name, uint32_t number) {
    Str key = holder_key(t, property, name);
    if (!strmap_set(t->arena, &t->holders, key, number)) strmap_set(t->arena, &t->shared, key, 0);
}

// By which names policies can be attached to a holder.
static void name_holder(Template *t, const Resource *r, Node row, uint32_t number) {
    Str property;
    Node given = node_get(r->properties, node_text(NODE_GET(row, "name")));
    bool is_named = node_exists(given) && !fold_is_no_value(given);
    Str name = is_named ? fold_text(&t->fold, given).text : (Str){0};
    for (size_t at = 0; next_name(node_text(NODE_GET(row, "named_by")), &at, &property);) {
        add_holder_name(t, property, reference(t->arena, r->id), number);
        if (!is_named) continue;
        add_holder_name(t, property, name, number);
        if (is_symbolic(name)) strmap_set(t->arena, &t->unnamed, property, 0);
    }
}

static void add_holder(Template *t, const Resource *r, Node resource, Node row) {
    uint32_t number = (uint32_t)t->imported->roles.count;
    RoleDocuments role = {.id = r->id, .span = node_key_span(resource)};
    Node boundary = node_get(r->properties, node_text(NODE_GET(row, "boundary")));
    if (!fold_is_no_value(boundary)) role.boundary = fold_text(&t->fold, boundary);
    VEC_PUSH(t->arena, &t->imported->roles, role);
    VEC_PUSH(t->arena, &t->made_when, t->fold.when);
    strmap_set(t->arena, &t->selves, r->id, number);
    name_holder(t, r, row, number);
}

static bool is_relevant(const Template *t, Str type) {
    for (size_t i = 0; i < t->places.count; i++) {
        if (str_equal(t->places.items[i].type, type)) return true;
    }
    return false;
}

static void remark_condition(Template *t, const Resource *r, Node resource) {
    Node condition = NODE_GET(resource, "Condition");
    if (!node_exists(condition) || !is_relevant(t, r->type)) return;
    remark(t, node_span(condition),
           str_format(t->arena,
                      "the condition '%.*s' decides whether '%.*s' is made; it is taken as made",
                      STR_ARG(node_text(condition)), STR_ARG(r->id)));
}

static bool check_resource(Template *t, Node resource) {
    Str id = node_key_text(resource);
    bool ok =
        node_kind(resource) == NODE_MAPPING && node_kind(NODE_GET(resource, "Type")) == NODE_STRING;
    if (!ok)
        diag_report(t->diags, MSG_NOT_A_TEMPLATE, node_key_span(resource),
                    "the resource '%.*s' is not a mapping with a Type", STR_ARG(id));
    return ok;
}

// Fn::ForEach and Fn::Transform stand for resources that only AWS makes of them.
static bool is_macro(Node resource) {
    return str_starts_with(node_key_text(resource), STR("Fn::"));
}

static bool each_resource(Template *t, Node resources,
                          void (*take)(Template *t, const Resource *r, Node resource)) {
    uint32_t number = 0;
    NODE_EACH(resource, resources) {
        Resource r = {.id = node_key_text(resource),
                      .type = node_text(NODE_GET(resource, "Type")),
                      .properties = NODE_GET(resource, "Properties"),
                      .condition = node_text(NODE_GET(resource, "Condition")),
                      .number = number};
        t->fold.when = NULL;
        if (r.condition.length > 0) (void)decide(&t->fold, NULL, r.condition, true, &t->fold.when);
        if (!is_macro(resource)) take(t, &r, resource);
        number++;
        if (t->fold.failed) return false;
    }
    return true;
}

static void take_holder(Template *t, const Resource *r, Node resource) {
    Node row = holder_row(r->type);
    remark_condition(t, r, resource);
    if (node_exists(row)) add_holder(t, r, resource, row);
}

static void take_policies(Template *t, const Resource *r, Node resource) {
    (void)resource;
    for (size_t i = 0; i < t->places.count; i++) {
        if (str_equal(t->places.items[i].type, r->type)) take_place(t, r, &t->places.items[i]);
    }
}

// Whether a property attaches the policies of a resource.
static bool attaches(const Template *t, Str type, Str property) {
    for (size_t i = 0; i < t->places.count; i++) {
        Str name;
        if (!str_equal(t->places.items[i].type, type)) continue;
        for (size_t at = 0; next_name(t->places.items[i].holders, &at, &name);) {
            if (str_equal(name, property)) return true;
        }
    }
    return false;
}

// Leaves what is not found among the roles, users and groups of the template.
static void drop_holders(Template *t, Reach *reach) {
    ItemVec left = {0};
    for (size_t i = 0; i < reach->named.count; i++) {
        uint32_t ignored = 0;
        Str key = holder_key(t, reach->property, reach->named.items[i].text);
        if (!strmap_get(&t->holders, key, &ignored))
            VEC_PUSH(t->arena, &left, reach->named.items[i]);
    }
    reach->named = left;
}

// Whether the policy of a resource stands by itself.
static bool is_loose(const Template *t, const Resource *r) {
    uint32_t first = 0;
    return strmap_get(&t->policies, reference(t->arena, r->id), &first) &&
           !t->found.items[first].is_held;
}

// What decides on it is told where it is compared.
static void take_reach(Template *t, const Resource *r, Node resource) {
    ReachVec *reaches = &t->imported->reaches;
    ItemVec ignored = {0};
    size_t first = reaches->count;
    t->fold.remarks = &ignored;
    reach_take(&t->fold, resource, reaches);
    t->fold.remarks = &t->imported->remarks;
    for (size_t i = first; i < reaches->count; i++) {
        reaches->items[i].is_of_loose = is_loose(t, r);
        if (attaches(t, r->type, reaches->items[i].property)) drop_holders(t, &reaches->items[i]);
    }
}

static void take_attached(Template *t, const Resource *r, Node resource) {
    uint32_t role = 0;
    Node row = holder_row(r->type);
    (void)resource;
    if (!node_exists(row) || !strmap_get(&t->selves, r->id, &role)) return;
    take_managed(t, role, node_get(r->properties, node_text(NODE_GET(row, "managed"))));
}

static void add_loose(Template *t) {
    for (size_t i = 0; i < t->found.count; i++) {
        const Found *found = &t->found.items[i];
        RoleDocuments role = {.span = found->document.span};
        if (found->is_held) continue;
        VEC_PUSH(t->arena, &role.documents, found->document);
        VEC_PUSH(t->arena, &t->imported->roles, role);
    }
}

static bool check_resources(Template *t, Node root, Node resources) {
    if (node_kind(resources) != NODE_MAPPING) {
        Node at = node_exists(resources) ? resources : node_first(root);
        diag_report(t->diags, MSG_NOT_A_TEMPLATE, node_key_span(at),
                    "a CloudFormation template needs a mapping 'Resources'");
        return false;
    }
    NODE_EACH(resource, resources) {
        if (!is_macro(resource) && !check_resource(t, resource)) return false;
    }
    return true;
}

bool import_template(Arena *arena, Diags *diags, Node root, Imported *ret_imported) {
    Template *t = ARENA_NEW(arena, Template);
    *t = (Template){.arena = arena, .diags = diags, .imported = ret_imported};
    Node resources = NODE_GET(root, "Resources");
    fold_begin(&t->fold, arena, diags, root, &ret_imported->remarks);
    read_places(t);
    if (!check_resources(t, root, resources)) return false;
    unread_find(arena, root, &ret_imported->unread);
    bool ok = each_resource(t, resources, take_holder) &&
              each_resource(t, resources, take_policies) &&
              each_resource(t, resources, take_attached) && each_resource(t, resources, take_reach);
    if (ok) add_loose(t);
    return ok;
}
