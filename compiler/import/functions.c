#include "import/decide.h"
#include "import/symbol.h"

// A call on its way. Its argument is a node of the template.
typedef struct Call {
    Fold *fold;
    Str function;
    Node argument;
    Span span;
} Call;

static Node made(const Call *c, uint32_t id) {
    return (Node){&c->fold->tree->tree, id};
}

static bool is_scalar(Node node) {
    NodeKind kind = node_kind(node);
    return kind == NODE_STRING || kind == NODE_NUMBER || kind == NODE_BOOLEAN;
}

static uint32_t symbol_with(const Call *c, Node argument, Str elsewhere) {
    return symbol_of_call(c->fold, c->function, argument, elsewhere, c->span);
}

static uint32_t symbol(const Call *c, Node argument) {
    return symbol_with(c, argument, (Str){0});
}

// What cannot be carried out: a name that says what it is.
static uint32_t call_unknown(const Call *c) {
    uint32_t argument = fold_value(c->fold, c->argument);
    return symbol(c, made(c, argument));
}

static uint32_t call_ref(const Call *c) {
    Str name = node_text(c->argument);
    if (node_kind(c->argument) != NODE_STRING || !symbol_is_name(name)) return call_unknown(c);
    return symbol_of_name(c->fold, name, c->span);
}

// "Name.Attribute", or [Name, Attribute].
static uint32_t call_get_att(const Call *c) {
    if (node_kind(c->argument) != NODE_SEQUENCE) return call_ref(c);
    Node list = made(c, fold_value(c->fold, c->argument));
    Str name = str_format(c->fold->arena, "%.*s.%.*s", STR_ARG(node_text(node_first(list))),
                          STR_ARG(node_text(node_last(list))));
    bool known = node_count(list) == 2 && symbol_is_name(name);
    return known ? symbol_of_name(c->fold, name, c->span) : symbol(c, list);
}

// --- Fn::Sub ---

static bool all_scalars(Node parent) {
    NODE_EACH(child, parent) {
        if (!is_scalar(child)) return false;
    }
    return true;
}

// Its own variables, by their name.
static StrMap sub_variables(const Call *c, Node map) {
    StrMap variables = {0};
    NODE_EACH(value, map) strmap_set(c->fold->arena, &variables, node_key_text(value), value.id);
    return variables;
}

// Appends what `${inner}` stands for; `${!inner}` is `${inner}` as it stands, and stays where that
// could be taken for a name.
static void write_variable(const Call *c, StrBuf *out, const StrMap *variables, Str inner) {
    uint32_t id = 0;
    if (str_starts_with(inner, STR("!"))) {
        Str text =
            str_format(c->fold->arena, "${%.*s}", STR_ARG(str_slice(inner, 1, inner.length)));
        fold_write(c->fold, out, symbol_escape(c->fold->arena, text), c->span);
        return;
    }
    if (strmap_get(variables, inner, &id)) {
        fold_write(c->fold, out, node_text(made(c, id)), c->span);
        return;
    }
    fold_write(c->fold, out, STR("${"), c->span);
    fold_write(c->fold, out, inner, c->span);
    fold_write(c->fold, out, STR("}"), c->span);
}

static uint32_t substitute(const Call *c, Str text, const StrMap *variables) {
    StrBuf out = strbuf_new(c->fold->arena);
    for (size_t at = 0; at < text.length && !c->fold->failed;) {
        size_t open = str_find(text, STR("${"), at);
        size_t close = str_find_byte(text, '}', open);
        if (close == text.length) open = close;
        fold_write(c->fold, &out, str_slice(text, at, open), c->span);
        if (open < close) write_variable(c, &out, variables, str_slice(text, open + 2, close));
        at = close + 1;
    }
    return fold_add(c->fold, NODE_STRING, strbuf_str(&out), c->span);
}

// "text", or [text, {variable: value}]. The text is not folded: what it names is filled in here.
static uint32_t call_sub(const Call *c) {
    Node text = c->argument, map = NO_NODE;
    if (node_kind(text) == NODE_SEQUENCE && node_count(text) == 2) {
        map = made(c, fold_value(c->fold, node_last(text)));
        text = node_first(text);
    }
    bool known = node_kind(text) == NODE_STRING && node_kind(map) != NODE_SEQUENCE &&
                 !is_scalar(map) && all_scalars(map);
    if (!known) return call_unknown(c);
    StrMap variables = sub_variables(c, map);
    return substitute(c, node_text(text), &variables);
}

// --- lists ---

// The argument, folded, where it is a list of `count`; else no node.
static Node folded_list(const Call *c, uint32_t argument, uint32_t count) {
    Node list = made(c, argument);
    return node_kind(list) == NODE_SEQUENCE && node_count(list) == count ? list : NO_NODE;
}

// [delimiter, [text, …]]
static uint32_t call_join(const Call *c) {
    uint32_t argument = fold_value(c->fold, c->argument);
    Node list = folded_list(c, argument, 2);
    Str delimiter = node_text(node_first(list));
    bool known = is_scalar(node_first(list)) && node_kind(node_last(list)) == NODE_SEQUENCE &&
                 all_scalars(node_last(list));
    if (!known) return symbol(c, made(c, argument));
    StrBuf out = strbuf_new(c->fold->arena);
    NODE_EACH(item, node_last(list)) {
        bool is_first = item.id == node_first(node_last(list)).id;
        if (!is_first) fold_write(c->fold, &out, delimiter, c->span);
        fold_write(c->fold, &out, node_text(item), c->span);
    }
    return fold_add(c->fold, NODE_STRING, strbuf_str(&out), c->span);
}

// [index, [item, …]]
static uint32_t call_select(const Call *c) {
    uint32_t argument = fold_value(c->fold, c->argument);
    Node list = folded_list(c, argument, 2), items = node_last(list);
    uint64_t index = 0;
    bool known = str_to_u64(node_text(node_first(list)), &index) &&
                 node_kind(items) == NODE_SEQUENCE && index < node_count(items);
    if (!known) return symbol(c, made(c, argument));
    Node item = node_first(items);
    for (; index > 0; index--) item = node_next(item);
    return fold_copy(c->fold, item);
}

// [delimiter, text]. Where a part of the text is not known, neither is what it splits into.
static uint32_t call_split(const Call *c) {
    uint32_t argument = fold_value(c->fold, c->argument);
    Node list = folded_list(c, argument, 2);
    Str delimiter = node_text(node_first(list)), text = node_text(node_last(list));
    bool known = delimiter.length > 0 && is_scalar(node_last(list)) &&
                 str_find(text, STR("${"), 0) == text.length;
    if (!known) return symbol(c, made(c, argument));
    uint32_t parts = fold_add(c->fold, NODE_SEQUENCE, (Str){0}, c->span);
    for (size_t at = 0; at <= text.length && !c->fold->failed;) {
        size_t end = str_find(text, delimiter, at);
        uint32_t part = fold_add(c->fold, NODE_STRING, str_slice(text, at, end), c->span);
        if (part != 0) tree_append(c->fold->tree, parts, 0, part);
        at = end == text.length ? end + 1 : end + delimiter.length;
    }
    return parts;
}

// --- what looks elsewhere ---

// The name says what decides, so that it is another one where that is another.
static uint32_t call_undecided(const Call *c, Node name) {
    Node argument = made(c, fold_value(c->fold, c->argument));
    return symbol_with(c, argument, condition_definition(c->fold, node_text(name)));
}

// [condition, value if true, value if false]
static uint32_t call_if(const Call *c) {
    unsigned chosen = fold_choose(c->fold, c->argument);
    Node name = node_first(c->argument), branch = node_next(name);
    if (chosen == 0) return call_undecided(c, name);
    return fold_value(c->fold, chosen == 1 ? branch : node_next(branch));
}

// What it gives where the map has no such keys: [map, key, key, {DefaultValue: value}].
static uint32_t find_in_map_default(const Call *c, Node argument) {
    Node value = NODE_GET(node_last(argument), "DefaultValue");
    return node_exists(value) ? fold_copy(c->fold, value) : symbol(c, argument);
}

static bool is_known_key(Node key) {
    return is_scalar(key) && str_find(node_text(key), STR("${"), 0) == node_text(key).length;
}

// What a mapping may give by keys of which some are not known: all of its members at such a key.
static void write_candidates(const Call *c, StrBuf *out, Node mapping, Node key, int depth) {
    Fold *f = c->fold;
    if (depth == 0 || !node_exists(key)) {
        symbol_write(f, out, mapping, c->span);
    } else if (is_known_key(key)) {
        write_candidates(c, out, fold_get(f, mapping, node_text(key)), node_next(key), depth - 1);
    } else {
        NODE_EACH(member, mapping) {
            fold_write(f, out, STR("|"), c->span);
            symbol_write(f, out, node_key(member), c->span);
            fold_write(f, out, STR("="), c->span);
            write_candidates(c, out, member, node_next(key), depth - 1);
        }
    }
}

// A name that says what the map holds, so that it is another one where that is another.
static uint32_t find_unknown(const Call *c, Node list) {
    StrBuf held = strbuf_new(c->fold->arena);
    Node mappings = fold_get(c->fold, c->fold->template, STR("Mappings"));
    write_candidates(c, &held, mappings, node_first(list), 3);
    return symbol_with(c, list, strbuf_str(&held));
}

// [map, key, key]. Values of a map hold no functions.
static uint32_t call_find_in_map(const Call *c) {
    uint32_t argument = fold_value(c->fold, c->argument);
    Node list = made(c, argument), value = fold_get(c->fold, c->fold->template, STR("Mappings"));
    bool known = node_kind(list) == NODE_SEQUENCE && node_count(list) >= 3;
    Node key = node_first(list);
    for (int i = 0; known && i < 3; i++, key = node_next(key)) {
        known = is_known_key(key);
        value = fold_get(c->fold, value, node_text(key));
    }
    if (!known) return find_unknown(c, list);
    return node_exists(value) ? fold_value(c->fold, value) : find_in_map_default(c, list);
}

// Functions that are not here give what only AWS knows.
static const struct {
    const char *name;
    uint32_t (*call)(const Call *call);
} functions[] = {
    {"Ref", call_ref},       {"Fn::GetAtt", call_get_att},        {"Fn::Sub", call_sub},
    {"Fn::Join", call_join}, {"Fn::Select", call_select},         {"Fn::Split", call_split},
    {"Fn::If", call_if},     {"Fn::FindInMap", call_find_in_map},
};

uint32_t fold_function(Fold *f, Node call) {
    Node argument = fold_call(call);
    Call c = {f, node_key_text(argument), argument, node_span(call)};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (str_equal(c.function, str_of(functions[i].name))) return functions[i].call(&c);
    }
    return call_unknown(&c);
}
