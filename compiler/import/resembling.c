#include "import/resembling.h"

#include "import/fold.h"
#include "import/text.h"

enum {
    MOST_JOINED = 6 * 1024 * 1024, // what can be read fits; a delimiter can stand in it many times
    MOST_NESTED = 8, // texts in texts; each has twice the backslashes of the one in it
};

enum {
    WORD_STATEMENT = 1,
    WORD_EFFECT = 2,
    BOTH_WORDS = WORD_STATEMENT | WORD_EFFECT,
    POLICY = 4, // a text with both, which can be JSON
};

static bool look_in(PolicyLook *look, Node value, bool in_statement);

// --- words ---

static Str trimmed(Str text) {
    size_t at = 0;
    while (at < text.length && (unsigned char)text.data[at] <= ' ') at++;
    return str_slice(text, at, text.length);
}

static bool may_be_json(Str text) {
    return str_starts_with(text, STR("{")) || str_starts_with(text, STR("[")) ||
           str_starts_with(text, STR("\"")) || str_starts_with(text, STR("%")) ||
           str_starts_with(text, STR("${"));
}

static bool has_word(Str text, Str word) {
    return str_find(text, word, 0) < text.length;
}

static unsigned words_of(PolicyLook *look, Str text) {
    ArenaMark mark = arena_mark(look->arena);
    Str plain = text_unescaped(look->arena, text);
    unsigned statement = has_word(plain, STR("Statement")) ? WORD_STATEMENT : 0;
    unsigned effect = has_word(plain, STR("Effect")) ? WORD_EFFECT : 0;
    arena_rewind(look->arena, mark);
    return statement | effect;
}

static unsigned words_within(PolicyLook *look, Node value) {
    Str text = trimmed(node_text(value));
    unsigned words = words_of(look, text);
    if (words == BOTH_WORDS && may_be_json(text)) words |= POLICY;
    NODE_EACH(child, value) words |= words_within(look, child);
    return words;
}

void policy_look_begin(PolicyLook *look, Arena *arena, Node template) {
    *look = (PolicyLook){.arena = arena};
    NODE_EACH(parameter, NODE_GET(template, "Parameters")) {
        unsigned words = words_within(look, NODE_GET(parameter, "Default"));
        strmap_set(arena, &look->parameters, node_key_text(parameter), words);
    }
    NODE_EACH(mapping, NODE_GET(template, "Mappings")) {
        unsigned words = words_within(look, mapping);
        strmap_set(arena, &look->mappings, node_key_text(mapping), words);
        look->mapped |= words;
    }
}

// Returns whether what has this name is a policy already.
static bool add_words(PolicyLook *look, unsigned words) {
    look->texts.words |= words & BOTH_WORDS;
    return (words & POLICY) != 0;
}

static bool add_words_of(PolicyLook *look, const StrMap *named, Str name) {
    uint32_t words = 0;
    return strmap_get(named, name, &words) && add_words(look, words);
}

// --- texts ---

static void add_text(PolicyLook *look, Str text, unsigned words) {
    look->texts.words |= words;
    if (look->texts.start == POLICY_START_NONE && text.length > 0)
        look->texts.start = may_be_json(text) ? POLICY_START_OPEN : POLICY_START_OTHER;
}

// What is no JSON before a function has put a list or a number in it is known by its words.
static bool look_in_text(PolicyLook *look, Str text, Node place, bool in_statement) {
    Node root = NO_NODE;
    text = trimmed(text);
    unsigned words = words_of(look, text);
    add_text(look, text, words);
    if (!may_be_json(text)) return false;
    ArenaMark mark = arena_mark(look->arena);
    look->nested++;
    bool parsed = look->nested <= MOST_NESTED && text_to_tree(look->arena, text, place, &root);
    bool found = parsed ? look_in(look, root, in_statement) : words == BOTH_WORDS;
    look->nested--;
    arena_rewind(look->arena, mark);
    return found;
}

// --- functions ---

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

// The list that [delimiter, list] joins; else no node.
static Node joined_list(Node join) {
    Node list = node_next(node_first(join));
    return node_count(join) == 2 && node_kind(list) == NODE_SEQUENCE ? list : NO_NODE;
}

static void add_joined(PolicyLook *look, StrBuf *out, Str text) {
    look->joined += text.length;
    if (look->joined <= MOST_JOINED) strbuf_add(out, text);
}

static void add_list(PolicyLook *look, StrBuf *out, Node join);

// What a part is, or a name for what is not known; of Fn::Sub its text, whose names stay.
static void add_part(PolicyLook *look, StrBuf *out, Node part) {
    bool is_call = node_count(part) == 1;
    Node join = NODE_GET(part, "Fn::Join"), text = NODE_GET(part, "Fn::Sub");
    if (node_kind(text) == NODE_SEQUENCE) text = node_first(text);
    if (node_kind(part) == NODE_STRING || node_kind(part) == NODE_NUMBER)
        add_joined(look, out, node_text(part));
    else if (node_kind(text) == NODE_STRING)
        add_joined(look, out, node_text(text));
    else if (is_call && node_exists(joined_list(join)))
        add_list(look, out, join);
    else
        add_joined(look, out, STR("${}"));
}

static void add_list(PolicyLook *look, StrBuf *out, Node join) {
    Node list = joined_list(join);
    NODE_EACH(part, list) {
        if (part.id != node_first(list).id) add_joined(look, out, node_text(node_first(join)));
        add_part(look, out, part);
    }
}

static bool look_in_join(PolicyLook *look, Node join, bool in_statement) {
    if (!node_exists(joined_list(join))) return look_in(look, join, in_statement);
    ArenaMark mark = arena_mark(look->arena);
    StrBuf out = strbuf_new(look->arena);
    add_list(look, &out, join);
    bool found =
        look->joined > MOST_JOINED || look_in_text(look, strbuf_str(&out), join, in_statement);
    arena_rewind(look->arena, mark);
    return found || look_in(look, joined_list(join), in_statement);
}

// The names of parameters in its text are filled in, whatever its own names are.
static bool look_in_sub(PolicyLook *look, Node sub, bool in_statement) {
    Str text = node_text(node_kind(sub) == NODE_SEQUENCE ? node_first(sub) : sub);
    for (size_t open = 0, close; (open = str_find(text, STR("${"), open)) < text.length;
         open = close) {
        close = str_find_byte(text, '}', open);
        (void)add_words_of(look, &look->parameters, str_slice(text, open + 2, close));
    }
    return look_in(look, sub, in_statement);
}

static bool look_in_ref(PolicyLook *look, Node name, bool in_statement) {
    (void)in_statement;
    return add_words_of(look, &look->parameters, node_text(name));
}

// [map, key, key, {DefaultValue: value}]. Texts among them are names.
static bool look_in_map(PolicyLook *look, Node argument, bool in_statement) {
    Node map = node_first(argument);
    bool is_policy = node_kind(map) == NODE_STRING
                         ? add_words_of(look, &look->mappings, node_text(map))
                         : add_words(look, look->mapped);
    return is_policy ||
           (node_count(argument) > 3 && look_in(look, node_last(argument), in_statement));
}

// [condition, value, value]
static bool look_in_choice(PolicyLook *look, Node argument, bool in_statement) {
    Node value = node_next(node_first(argument));
    for (; node_exists(value); value = node_next(value)) {
        if (look_in(look, value, in_statement)) return true;
    }
    return false;
}

// What gives the text of something else, by its name.
static bool look_in_name(PolicyLook *look, Node name, bool in_statement) {
    (void)look, (void)name, (void)in_statement;
    return false;
}

typedef struct Function {
    const char *name;
    bool (*look)(PolicyLook *look, Node argument, bool in_statement);
    bool in_order; // it begins as the first of its texts does
    bool is_text;  // its texts together can be one
} Function;

static const Function functions[] = {
    {"Ref", look_in_ref, false, false},           {"Fn::Sub", look_in_sub, true, true},
    {"Fn::Join", look_in_join, true, true},       {"Fn::Base64", look_in, true, true},
    {"Fn::FindInMap", look_in_map, false, false}, {"Fn::If", look_in_choice, false, false},
    {"Fn::GetAtt", look_in_name, false, false},   {"Fn::ImportValue", look_in_name, false, false},
};

static const Function *function_named(Str name) {
    static const Function other = {"", look_in, false, true};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (str_equal(name, str_of(functions[i].name))) return &functions[i];
    }
    return &other;
}

static bool look_in_call(PolicyLook *look, Node argument, bool in_statement) {
    const Function *function = function_named(node_key_text(argument));
    PolicyTexts outer = look->texts;
    look->texts = (PolicyTexts){0};
    bool found = function->look(look, argument, in_statement);
    PolicyTexts own = look->texts;
    if (!function->in_order) own.start = POLICY_START_OPEN;
    look->texts.words = outer.words | own.words;
    look->texts.start = outer.start == POLICY_START_NONE ? own.start : outer.start;
    return found ||
           (function->is_text && own.words == BOTH_WORDS && own.start != POLICY_START_OTHER);
}

// As deep as a file may be, and once for each text in a text.
static bool look_in(PolicyLook *look, Node value, bool in_statement) {
    Node argument = fold_call(value);
    if (node_kind(value) == NODE_STRING)
        return look_in_text(look, node_text(value), value, in_statement);
    return node_exists(argument) ? look_in_call(look, argument, in_statement)
                                 : look_in_members(look, value, in_statement);
}

bool resembles_policy(PolicyLook *look, Node value) {
    look->texts = (PolicyTexts){0};
    return look_in(look, value, false);
}
