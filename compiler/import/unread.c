#include "import/unread.h"

#include "base/map.h"
#include "base/wildcard.h"
#include "import/resembling.h"
#include "model/dynamic.h"
#include "model/embedded.h"

enum { MOST_PLACES = 20 }; // that are named

typedef struct Search {
    Arena *arena;
    UnreadVec *unread;
    StrMap types;   // type -> its row of template-unread.tsv, or 0
    StrMap holders; // the types of template-policies.tsv
    StrMap read;    // "type/property" of what is read of them
    PolicyLook look;
} Search;

static void note(Search *s, Node node, Str text) {
    VEC_PUSH(s->arena, s->unread,
             ((Unread){.text = text, .span = node_key_span(node), .node = node}));
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

// Whether a member stands for what only AWS makes of it.
static bool is_macro(Node member) {
    Str name = node_key_text(member);
    return str_equal(name, STR("Fn::Transform")) || str_starts_with(name, STR("Fn::ForEach::"));
}

// Notes what is made somewhere in a value; where the value is read, only beside other members: what
// it is alone in is noted where it is read.
static void find_made(Search *s, Node value, bool is_read) {
    bool is_noted = node_kind(value) == NODE_MAPPING && (!is_read || node_count(value) > 1);
    NODE_EACH(child, value) {
        if (is_noted && is_macro(child))
            note_made(s, child);
        else
            find_made(s, child, is_read);
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

static void note_type(Search *s, Node resource, Str type, Str holds) {
    note(s, resource,
         str_format(s->arena, "'%.*s', of type %.*s, is not looked into: it holds %.*s",
                    STR_ARG(node_key_text(resource)), STR_ARG(type), STR_ARG(holds)));
}

// Whether a value has what such a path of names leads to, in a list in any item.
static bool has_path(Node value, Str path) {
    if (path.length == 0) return node_exists(value);
    if (node_kind(value) == NODE_SEQUENCE) {
        NODE_EACH(item, value) {
            if (has_path(item, path)) return true;
        }
        return false;
    }
    size_t stop = str_find_byte(path, '.', 0);
    Node member = node_get(value, str_slice(path, 0, stop));
    Str rest = stop < path.length ? str_slice(path, stop + 1, path.length) : (Str){0};
    return node_exists(member) && has_path(member, rest);
}

// Whether the resource has one of the properties of a row, which are set apart by commas.
static bool has_property(Node resource, Str names) {
    if (names.length == 0) return true;
    for (size_t at = 0; at < names.length;) {
        size_t end = str_find_byte(names, ',', at);
        if (has_path(NODE_GET(resource, "Properties"), str_slice(names, at, end))) return true;
        at = end + 1;
    }
    return false;
}

// What is known of a type. Returns whether the resource is noted.
static bool find_type(Search *s, Node resource, Str type) {
    Node row = row_of(s, type);
    if (!node_exists(row) || !has_property(resource, node_text(NODE_GET(row, "property"))))
        return false;
    note_type(s, resource, type, node_text(NODE_GET(row, "holds")));
    return true;
}

// --- what looks like a policy ---

static Str read_key(Arena *arena, Str type, Str property) {
    return str_format(arena, "%.*s/%.*s", STR_ARG(type), STR_ARG(property));
}

static bool is_read(Search *s, Str type, Str property) {
    uint32_t ignored = 0;
    if (!strmap_get(&s->holders, type, &ignored)) return false;
    return strmap_get(&s->read, read_key(s->arena, type, property), &ignored);
}

// Whatever the type, a property that holds a policy document is one that nobody has looked at.
// Returns whether the resource is noted.
static bool find_documents(Search *s, Node resource, Str type) {
    NODE_EACH(property, NODE_GET(resource, "Properties")) {
        if (is_read(s, type, node_key_text(property))) continue;
        if (!resembles_policy(&s->look, property)) continue;
        note_type(s, resource, type, STR("a policy document"));
        return true;
    }
    return false;
}

// Once for a resource, but for what is made within what is read.
static void find_in_resource(Search *s, Node resource) {
    uint32_t ignored = 0;
    Str type = node_text(NODE_GET(resource, "Type"));
    Node properties = NODE_GET(resource, "Properties");
    bool is_noted = find_type(s, resource, type) || find_documents(s, resource, type);
    find_macros(s, resource);
    if (!strmap_get(&s->holders, type, &ignored)) {
        if (!is_noted) find_made(s, properties, false);
        return;
    }
    find_macros(s, properties);
    NODE_EACH(property, properties) {
        if (!str_starts_with(node_key_text(property), STR("Fn::"))) find_made(s, property, true);
    }
}

static void add_place(Search *s, Node row) {
    Str type = node_text(NODE_GET(row, "type")), list = node_text(NODE_GET(row, "list"));
    Str property = list.length != 0 ? list : node_text(NODE_GET(row, "property"));
    strmap_set(s->arena, &s->holders, type, 0);
    strmap_set(s->arena, &s->read, read_key(s->arena, type, property), 0);
}

void unread_find(Arena *arena, Node root, UnreadVec *ret_unread) {
    Search s = {.arena = arena, .unread = ret_unread};
    Node transform = NODE_GET(root, "Transform"), resources = NODE_GET(root, "Resources");
    NODE_EACH(row, embedded_root(STR("schema/iam/template-policies.tsv"))) add_place(&s, row);
    policy_look_begin(&s.look, arena, root);
    if (node_exists(transform)) note_made(&s, transform);
    find_macros(&s, root);
    find_macros(&s, resources);
    NODE_EACH(resource, resources) find_in_resource(&s, resource);
}

void unread_report(Diags *diags, const UnreadVec *unread) {
    if (unread->count == 0) return;
    Diagnostic *d = diag_report(diags, MSG_NOT_JUDGED_WHOLE, unread->items[0].span,
                                "this template is not judged as a whole: it can grant more than "
                                "what was looked at");
    for (size_t i = 0; i < unread->count && i < MOST_PLACES; i++)
        diag_note(diags, d, unread->items[i].span, "%.*s", STR_ARG(unread->items[i].text));
    if (unread->count > MOST_PLACES)
        diag_note(diags, d, NO_SPAN, "and %zu more places", unread->count - MOST_PLACES);
}

// --- the same on two sides ---

bool unread_is_word_for_word(Node a, Node b) {
    if (node_kind(a) != node_kind(b) || node_count(a) != node_count(b) ||
        !str_equal(node_text(a), node_text(b)) || !str_equal(node_key_text(a), node_key_text(b)))
        return false;
    Node other = node_first(b);
    NODE_EACH(child, a) {
        if (!unread_is_word_for_word(child, other)) return false;
        other = node_next(other);
    }
    return true;
}

// Whether it says all by itself: no function, no condition, no text that is filled in.
static bool stands_alone(Node node) {
    Str key = node_key_text(node), text = node_text(node);
    if (str_starts_with(key, STR("Fn::")) || str_equal(key, STR("Ref")) ||
        str_equal(key, STR("Condition")) || str_equal(key, STR("Transform")) ||
        str_find(text, STR("${"), 0) < text.length || text_is_dynamic(text))
        return false;
    NODE_EACH(child, node) {
        if (!stands_alone(child)) return false;
    }
    return true;
}

static size_t count_compared(const UnreadVec *unread) {
    size_t count = 0;
    for (size_t i = 0; i < unread->count; i++) count += node_exists(unread->items[i].node);
    return count;
}

// Places of which the same is said are told apart by their number.
static Str place_key(Arena *arena, StrMap *numbers, Str text) {
    uint32_t number = 0;
    if (strmap_get(numbers, text, &number)) number++;
    strmap_set(arena, numbers, text, number);
    return str_format(arena, "%u %.*s", number, STR_ARG(text));
}

static bool are_places_same(Arena *arena, const UnreadVec *a, const UnreadVec *b, bool *alone) {
    StrMap places = {0}, a_numbers = {0}, b_numbers = {0};
    for (size_t i = 0; i < b->count; i++)
        strmap_set(arena, &places, place_key(arena, &b_numbers, b->items[i].text), (uint32_t)i);
    for (size_t i = 0; i < a->count; i++) {
        uint32_t at = 0;
        Node node = a->items[i].node;
        Str key = place_key(arena, &a_numbers, a->items[i].text);
        if (!node_exists(node)) continue;
        if (!strmap_get(&places, key, &at) || !unread_is_word_for_word(node, b->items[at].node))
            return false;
        *alone = *alone && stands_alone(node);
    }
    return true;
}

bool unread_is_same(Arena *arena, const UnreadVec *a, Node a_root, const UnreadVec *b,
                    Node b_root) {
    bool alone = true;
    if (count_compared(a) != count_compared(b)) return false;
    return are_places_same(arena, a, b, &alone) &&
           (alone || unread_is_word_for_word(a_root, b_root));
}
