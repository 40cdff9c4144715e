#include "import/unread.h"

#include "base/map.h"
#include "base/wildcard.h"
#include "model/embedded.h"

enum { MOST_PLACES = 20 }; // that are named

typedef struct Search {
    Arena *arena;
    ItemVec *unread;
    StrMap types;   // type -> its row of template-unread.tsv, or 0
    StrMap holders; // the types of template-policies.tsv
} Search;

static void note(Search *s, Node node, Str text) {
    VEC_PUSH(s->arena, s->unread, ((Item){.text = text, .span = node_key_span(node)}));
}

// --- what is made when the template is deployed ---

static void note_made(Search *s, Node node) {
    note(s, node,
         str_format(s->arena,
                    "what '%.*s' makes is not known before the template is deployed, and is left "
                    "out",
                    STR_ARG(node_key_text(node))));
}

// Notes the functions among the members of a mapping.
static void find_macros(Search *s, Node mapping) {
    NODE_EACH(member, mapping) {
        if (str_starts_with(node_key_text(member), STR("Fn::"))) note_made(s, member);
    }
}

// --- types that are not read ---

static bool is_of_type(Node row, Str type) {
    Wildcard pattern;
    if (type.length > WILDCARD_LONGEST_TEXT) return false;
    wildcard_init(&pattern, node_text(NODE_GET(row, "type")));
    return wildcard_matches(&pattern, type);
}

// The row of a type, or no node. Looked for once a type.
static Node row_of(Search *s, Str type) {
    Node rows = embedded_root(STR("schema/iam/template-unread.tsv")), found = NO_NODE;
    uint32_t id = 0;
    if (strmap_get(&s->types, type, &id)) return id == 0 ? NO_NODE : (Node){rows.tree, id};
    NODE_EACH(row, rows) {
        if (!node_exists(found) && is_of_type(row, type)) found = row;
    }
    strmap_set(s->arena, &s->types, type, node_exists(found) ? found.id : 0);
    return found;
}

static void find_type(Search *s, Node resource, Str type) {
    Node row = row_of(s, type);
    Str property = node_text(NODE_GET(row, "property"));
    if (!node_exists(row)) return;
    if (property.length != 0 && !node_exists(node_get(NODE_GET(resource, "Properties"), property)))
        return;
    note(s, resource,
         str_format(s->arena, "'%.*s', of type %.*s, is not looked into: it holds %.*s",
                    STR_ARG(node_key_text(resource)), STR_ARG(type),
                    STR_ARG(node_text(NODE_GET(row, "holds")))));
}

void unread_find(Arena *arena, Node root, ItemVec *ret_unread) {
    Search s = {.arena = arena, .unread = ret_unread};
    uint32_t ignored = 0;
    Node transform = NODE_GET(root, "Transform"), resources = NODE_GET(root, "Resources");
    NODE_EACH(row, embedded_root(STR("schema/iam/template-policies.tsv")))
    strmap_set(arena, &s.holders, node_text(NODE_GET(row, "type")), 0);
    if (node_exists(transform)) note_made(&s, transform);
    find_macros(&s, root);
    find_macros(&s, resources);
    NODE_EACH(resource, resources) {
        Str type = node_text(NODE_GET(resource, "Type"));
        find_type(&s, resource, type);
        find_macros(&s, resource);
        if (strmap_get(&s.holders, type, &ignored))
            find_macros(&s, NODE_GET(resource, "Properties"));
    }
}

void unread_report(Diags *diags, const ItemVec *unread) {
    if (unread->count == 0) return;
    Diagnostic *d = diag_report(diags, MSG_NOT_JUDGED_WHOLE, unread->items[0].span,
                                "this template is not judged as a whole: it can grant more than "
                                "what was looked at");
    for (size_t i = 0; i < unread->count && i < MOST_PLACES; i++)
        diag_note(diags, d, unread->items[i].span, "%.*s", STR_ARG(unread->items[i].text));
    if (unread->count > MOST_PLACES)
        diag_note(diags, d, NO_SPAN, "and %zu more places", unread->count - MOST_PLACES);
}
