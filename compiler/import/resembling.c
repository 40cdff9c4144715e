#include "import/resembling.h"

#include "import/text.h"

enum {
    MOST_JOINED = 6 * 1024 * 1024, // what can be read fits; a delimiter can stand in it many times
    MOST_NESTED = 8, // texts in texts; each has twice the backslashes of the one in it
};

static bool look_in(PolicyLook *look, Node value, bool in_statement);

// --- texts ---

static Str trimmed(Str text) {
    size_t at = 0;
    while (at < text.length && (unsigned char)text.data[at] <= ' ') at++;
    return str_slice(text, at, text.length);
}

static bool may_be_json(Str text) {
    return str_starts_with(text, STR("{")) || str_starts_with(text, STR("[")) ||
           str_starts_with(text, STR("\"")) || str_starts_with(text, STR("%"));
}

// For what is no JSON before a function has put a list or a number in it.
static bool has_words(Str text) {
    size_t at = str_find(text, STR("Statement"), 0);
    return str_find(text, STR("Effect"), at) < text.length;
}

static bool look_in_text(PolicyLook *look, Str text, Node place) {
    Node root = NO_NODE;
    text = trimmed(text);
    if (!may_be_json(text)) return false;
    ArenaMark mark = arena_mark(look->arena);
    look->nested++;
    bool parsed = look->nested <= MOST_NESTED && text_to_tree(look->arena, text, place, &root);
    bool found = parsed ? look_in(look, root, false) : has_words(text);
    look->nested--;
    arena_rewind(look->arena, mark);
    return found;
}

// --- Fn::Join ---

// The list that a mapping {Fn::Join: [delimiter, list]} joins; else no node.
static Node joined_list(Node mapping) {
    Node call = NODE_GET(mapping, "Fn::Join"), list = node_next(node_first(call));
    bool is_join = node_count(mapping) == 1 && node_count(call) == 2;
    return is_join && node_kind(list) == NODE_SEQUENCE ? list : NO_NODE;
}

static void add_joined(PolicyLook *look, StrBuf *out, Str text) {
    look->joined += text.length;
    if (look->joined <= MOST_JOINED) strbuf_add(out, text);
}

// What a part is, or a name for what is not known; of Fn::Sub its text, whose names stay.
static void add_part(PolicyLook *look, StrBuf *out, Node part) {
    Node list = joined_list(part), text = NODE_GET(part, "Fn::Sub");
    Str delimiter = node_text(node_first(NODE_GET(part, "Fn::Join")));
    if (node_kind(text) == NODE_SEQUENCE) text = node_first(text);
    if (node_kind(part) == NODE_STRING || node_kind(part) == NODE_NUMBER)
        add_joined(look, out, node_text(part));
    else if (node_kind(text) == NODE_STRING)
        add_joined(look, out, node_text(text));
    else if (!node_exists(list))
        add_joined(look, out, STR("${}"));
    NODE_EACH(inner, list) {
        if (inner.id != node_first(list).id) add_joined(look, out, delimiter);
        add_part(look, out, inner);
    }
}

static bool look_in_join(PolicyLook *look, Node join) {
    ArenaMark mark = arena_mark(look->arena);
    StrBuf out = strbuf_new(look->arena);
    add_part(look, &out, join);
    bool found = look->joined > MOST_JOINED || look_in_text(look, strbuf_str(&out), join);
    arena_rewind(look->arena, mark);
    return found;
}

// --- trees ---

// A member named Statement is looked into as what it may be, a list of statements.
static bool look_in_members(PolicyLook *look, Node value, bool in_statement) {
    bool is_mapping = node_kind(value) == NODE_MAPPING;
    NODE_EACH(child, value) {
        Str key = is_mapping ? node_key_text(child) : (Str){0};
        if (in_statement && str_equal(key, STR("Effect"))) return true;
        if (look_in(look, child, in_statement || str_equal(key, STR("Statement")))) return true;
    }
    return false;
}

// As deep as a file may be, and once for each text in a text.
static bool look_in(PolicyLook *look, Node value, bool in_statement) {
    if (node_kind(value) == NODE_STRING) return look_in_text(look, node_text(value), value);
    if (node_exists(joined_list(value)) && look_in_join(look, value)) return true;
    return look_in_members(look, value, in_statement);
}

bool resembles_policy(PolicyLook *look, Node value) {
    return look_in(look, value, false);
}
