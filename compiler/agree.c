#include "agree.h"

#include "import/import.h"
#include "import/unread.h"

typedef struct Comparison {
    const Emission *emission;
    Span place; // in a skeleton of the user's
    bool ok;
} Comparison;

// A place in the skeleton, if it is one: what parts add to a stack has none of theirs.
static Span place_within(const Comparison *c, Span span) {
    return span.source == c->place.source && span.end > 0 ? span : c->place;
}

static void finish(Comparison *c, Diagnostic *d) {
    diag_note(c->emission->diags, d, NO_SPAN,
              "the JSON files say otherwise; 'spotc show MANIFEST template' without --templates "
              "prints what it should be");
    if (d == NULL || d->severity == SEVERITY_ERROR) c->ok = false;
}

static void report(Comparison *c, Str role, const char *what) {
    finish(c, diag_report(c->emission->diags, MSG_TEMPLATE_DIFFERS, c->place,
                          "role '%.*s' of the template %s", STR_ARG(role), what));
}

// Each statement as a node; no node where it is not known before the template is deployed.
static void add_statements(Arena *arena, const Document *document, NodeVec *ret_nodes) {
    Node statements = NODE_GET(document->node, "Statement");
    if (node_kind(statements) == NODE_MAPPING) VEC_PUSH(arena, ret_nodes, statements);
    if (node_kind(statements) != NODE_SEQUENCE) return;
    NODE_EACH(statement, statements) VEC_PUSH(arena, ret_nodes, statement);
}

static NodeVec statements_of(Arena *arena, const DocumentVec *documents, DocumentKind kind) {
    NodeVec nodes = {0};
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->items[i].kind == kind) add_statements(arena, &documents->items[i], &nodes);
    }
    return nodes;
}

static bool has_statement(const NodeVec *all, Node statement) {
    for (size_t i = 0; i < all->count; i++) {
        if (node_equal(all->items[i], statement)) return true;
    }
    return false;
}

static bool covers(const NodeVec *all, const NodeVec *some) {
    for (size_t i = 0; i < some->count; i++) {
        if (!has_statement(all, some->items[i])) return false;
    }
    return true;
}

static void compare_statements(Comparison *c, const RoleDocuments *own, const RoleDocuments *meant,
                               DocumentKind kind, const char *less, const char *more) {
    Arena *arena = c->emission->arena;
    NodeVec is = statements_of(arena, &own->documents, kind);
    NodeVec shall = statements_of(arena, &meant->documents, kind);
    bool is_less = !covers(&is, &shall), is_more = !covers(&shall, &is);
    if (is_less) report(c, meant->id, less);
    // Who is trusted is one statement: where it is another, that is told.
    if (is_more && !(is_less && kind == DOCUMENT_TRUST)) report(c, meant->id, more);
}

static bool same_managed(Arena *arena, const RoleDocuments *a, const RoleDocuments *b) {
    StrVec one = {0}, other = {0};
    for (size_t i = 0; i < a->managed.count; i++) VEC_PUSH(arena, &one, a->managed.items[i].text);
    for (size_t i = 0; i < b->managed.count; i++) VEC_PUSH(arena, &other, b->managed.items[i].text);
    strvec_sort_unique(&one);
    strvec_sort_unique(&other);
    bool same = one.count == other.count;
    for (size_t i = 0; same && i < one.count; i++) same = str_equal(one.items[i], other.items[i]);
    return same;
}

static void compare_role(Comparison *c, const RoleDocuments *own, const RoleDocuments *meant) {
    compare_statements(c, own, meant, DOCUMENT_IDENTITY, "lacks statements of its policies",
                       "has statements that the manifest does not grant");
    compare_statements(c, own, meant, DOCUMENT_TRUST, "is not trusted as the manifest says",
                       "trusts whom the manifest does not");
    if (!same_managed(c->emission->arena, own, meant))
        report(c, meant->id, "has other AWS managed policies");
    if (!str_equal(own->boundary.text, meant->boundary.text))
        report(c, meant->id, "has another permissions boundary");
}

// A policy that is attached by a name which is not known may be any role's.
static void compare_untold(Comparison *c, const Document *document, const Imported *meant) {
    Arena *arena = c->emission->arena;
    NodeVec given = {0};
    add_statements(arena, document, &given);
    for (size_t i = 0; i < meant->roles.count; i++) {
        const RoleDocuments *role = &meant->roles.items[i];
        NodeVec shall = statements_of(arena, &role->documents, DOCUMENT_IDENTITY);
        if (covers(&shall, &given)) continue;
        finish(c, diag_report(c->emission->diags, MSG_TEMPLATE_DIFFERS,
                              place_within(c, document->span),
                              "policy '%.*s' is attached to a role that is not known before the "
                              "template is deployed, and may be '%.*s'",
                              STR_ARG(document->name), STR_ARG(role->id)));
        return;
    }
}

static void compare(Comparison *c, const Imported *own, const Imported *meant) {
    for (size_t i = 0; i < own->untold.count; i++) compare_untold(c, &own->untold.items[i], meant);
    for (size_t i = 0; i < meant->roles.count; i++) {
        const RoleDocuments *role = &meant->roles.items[i], *found = NULL;
        for (size_t k = 0; k < own->roles.count; k++) {
            if (str_equal(own->roles.items[k].id, role->id)) found = &own->roles.items[k];
        }
        if (found != NULL)
            compare_role(c, found, role);
        else
            report(c, role->id, "is not there");
    }
}

// The first skeleton of the stack that is the user's: stack.yaml, else a part.
static Node own_skeleton(const Emission *e) {
    if (templates_is_own(e->templates, STR("stack.yaml")))
        return templates_find(e->templates, STR("stack.yaml"));
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        Str name = e->selection->template_parts.items[i].name;
        if (templates_is_own(e->templates, name)) return templates_find(e->templates, name);
    }
    return NO_NODE;
}

// What is chosen, without the parts that spotc has no skeleton of: they give its roles nothing.
static Selection without_own_parts(const Emission *e) {
    Selection kept = *e->selection;
    kept.template_parts.count = 0;
    kept.template_parts.capacity = 0;
    kept.template_parts.items = NULL;
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        const TemplatePart *part = &e->selection->template_parts.items[i];
        if (node_exists(templates_find(NULL, part->name)))
            VEC_PUSH(e->arena, &kept.template_parts, *part);
    }
    return kept;
}

// What the skeletons of spotc make; their messages are nobody's business here.
static bool import_meant(const Emission *e, Imported *ret_meant) {
    Selection selection = without_own_parts(e);
    Diags unheard;
    Emission own = *e;
    diags_init(&unheard, e->arena, 1);
    own.diags = &unheard;
    own.templates = NULL;
    own.selection = &selection;
    Node root = emit_stack(&own);
    return node_exists(root) && import_document(e->arena, &unheard, root, ret_meant);
}

// --- tokens ---

static bool is_no_echo(Node parameter) {
    Node flag = NODE_GET(parameter, "NoEcho");
    return node_is_true(flag) || node_is_string(flag, STR("true"));
}

// Why a parameter would not keep its value to itself; NULL: it does.
static const char *betrayal(Node parameter) {
    if (!node_exists(parameter)) return "is not there";
    if (node_exists(NODE_GET(parameter, "Default"))) return "has a default";
    return is_no_echo(parameter) ? NULL : "is not NoEcho";
}

// Where the user's skeleton declares it; else in which skeleton it should be.
static Span token_place(const Comparison *c, const Role *role, Node parameter) {
    const Templates *templates = c->emission->templates;
    Str part = node_text(NODE_GET(role->connect, "template"));
    Str token = node_text(NODE_GET(role->connect, "token"));
    Node own = templates_is_own(templates, part) ? templates_find(templates, part) : NO_NODE;
    Node declared = node_get(NODE_GET(own, "Parameters"), token);
    return node_exists(declared) ? node_key_span(declared)
                                 : place_within(c, node_key_span(parameter));
}

// What takes a vendor's API token stays NoEcho, and no file has its value.
static void check_tokens(Comparison *c, ArtifactKind kind) {
    const Artifact *artifact = emit_artifact(c->emission, kind);
    const RoleVec *roles = &c->emission->selection->roles;
    for (size_t i = 0; artifact != NULL && i < roles->count; i++) {
        Str token = node_text(NODE_GET(roles->items[i].connect, "token"));
        Node parameter = node_get(NODE_GET(artifact->root, "Parameters"), token);
        const char *why = token.length == 0 ? NULL : betrayal(parameter);
        if (why == NULL) continue;
        Diagnostic *d = diag_report(
            c->emission->diags, MSG_TEMPLATE_DIFFERS, token_place(c, &roles->items[i], parameter),
            "the parameter '%.*s', which takes a token, %s", STR_ARG(token), why);
        if (d == NULL || d->severity == SEVERITY_ERROR) c->ok = false;
    }
}

static bool agree_stack(const Emission *e) {
    Node skeleton = own_skeleton(e);
    const Artifact *template = emit_artifact(e, ARTIFACT_TEMPLATE);
    Imported own = {0}, meant = {0};
    if (!node_exists(skeleton) || template == NULL) return true;
    if (!import_document(e->arena, e->diags, template->root, &own)) return false;
    unread_report(e->diags, &own.unread);
    Comparison c = {.emission = e, .place = node_key_span(node_first(skeleton)), .ok = true};
    if (import_meant(e, &meant)) compare(&c, &own, &meant);
    check_tokens(&c, ARTIFACT_TEMPLATE);
    return c.ok;
}

// The set's token is declared as the stack's is, unless the skeleton does it otherwise.
static bool agree_stack_set(const Emission *e) {
    Node skeleton = templates_find(e->templates, STR("stack-set.yaml"));
    if (!templates_is_own(e->templates, STR("stack-set.yaml"))) return true;
    Comparison c = {.emission = e, .place = node_key_span(node_first(skeleton)), .ok = true};
    check_tokens(&c, ARTIFACT_STACK_SET);
    return c.ok;
}

bool agree(const Emission *e) {
    return agree_stack(e) && agree_stack_set(e);
}
