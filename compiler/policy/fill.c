#include "policy/fill.h"

#include "model/arn.h"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const ContextKey *context_find(const Request *request, Str key) {
    for (size_t i = 0; i < request->context.count; i++) {
        if (str_equal_ignoring_case(key, request->context.items[i].key))
            return &request->context.items[i];
    }
    return NULL;
}

typedef VEC(uint16_t) SymbolVec;

typedef struct Filler {
    Arena *arena;
    FillRules rules;
    const Request *request;
    SymbolVec symbols;
    Filled *filled;
} Filler;

static void add_symbol(Filler *f, uint16_t symbol) {
    VEC_PUSH(f->arena, &f->symbols, symbol);
}

static void add_literal(Filler *f, Str text) {
    for (size_t i = 0; i < text.length; i++) add_symbol(f, (unsigned char)text.data[i]);
}

static void add_unknown(Filler *f, Str name) {
    add_symbol(f, SYMBOL_UNKNOWN);
    VEC_PUSH(f->arena, &f->filled->unknown, name);
}

// Names of CloudFormation's have no colon, or two together.
static bool is_templates(Str name) {
    size_t colon = str_find_byte(name, ':', 0);
    return colon == name.length || (colon + 1 < name.length && name.data[colon + 1] == ':');
}

// "key, 'text'" to its parts; false where there is no such text.
static bool split_default(Str inner, Str *ret_key, Str *ret_text) {
    size_t comma = str_find_byte(inner, ',', 0), from = comma + 1;
    while (from < inner.length && inner.data[from] == ' ') from++;
    if (from + 1 >= inner.length || inner.data[from] != '\'' ||
        inner.data[inner.length - 1] != '\'')
        return false;
    *ret_key = str_slice(inner, 0, comma);
    *ret_text = str_slice(inner, from + 1, inner.length - 1);
    return true;
}

static void add_variable(Filler *f, Str inner) {
    Str key = inner, text = {0};
    bool has_default = split_default(inner, &key, &text);
    const ContextKey *found = context_find(f->request, key);
    bool absent = found == NULL ? f->request->complete : found->values.count == 0;
    if (!has_default && (absent || found == NULL) && !f->filled->lacks) {
        f->filled->needed = key;
        f->filled->lacks = absent;
    }
    if (absent)
        add_literal(f, text);
    else if (found == NULL || found->values.count > 1 || has_wildcard(found->values.items[0]))
        add_unknown(f, key);
    else
        add_literal(f, found->values.items[0]);
}

// What stands between `${` and `}`, `outer` being all of it.
static void add_braced(Filler *f, Str inner, Str outer) {
    bool is_escape =
        inner.length == 1 && (inner.data[0] == '*' || inner.data[0] == '?' || inner.data[0] == '$');
    if (is_escape)
        add_literal(f, inner);
    else if (is_templates(inner))
        add_unknown(f, outer);
    else
        add_variable(f, inner);
}

Filled fill(Arena *arena, Str text, FillRules rules, const Request *request) {
    Filled filled = {0};
    Filler f = {.arena = arena, .rules = rules, .request = request, .filled = &filled};
    bool closes = rules.variables; // there may be a brace ahead
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool opens = closes && c == '$' && i + 1 < text.length && text.data[i + 1] == '{';
        size_t close = opens ? str_find_byte(text, '}', i) : text.length;
        if (opens) closes = close < text.length;
        if (close < text.length) {
            add_braced(&f, str_slice(text, i + 2, close), str_slice(text, i, close + 1));
            i = close;
        } else if (rules.wildcards && c == '*') {
            add_symbol(&f, SYMBOL_ANY);
        } else if (rules.wildcards && c == '?') {
            add_symbol(&f, SYMBOL_ONE);
        } else {
            add_symbol(&f, (unsigned char)c);
        }
    }
    filled.symbols = f.symbols.items;
    filled.length = f.symbols.count;
    return filled;
}

Filled filled_slice(const Filled *filled, size_t from, size_t to) {
    Filled part = *filled;
    part.symbols = filled->symbols == NULL ? NULL : filled->symbols + from;
    part.length = to - from;
    return part;
}

static bool is_text(uint16_t symbol) {
    return symbol == SYMBOL_ANY || symbol == SYMBOL_UNKNOWN;
}

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

// How many bytes of the text at `at` a symbol that is no text takes; 0 where it does not fit.
static size_t symbol_takes(uint16_t symbol, Str text, size_t at, bool ignore_case) {
    char c = text.data[at];
    if (symbol == SYMBOL_ONE) {
        size_t end = at + 1;
        if (is_continuation(c)) return 0;
        while (end < text.length && is_continuation(text.data[end])) end++;
        return end - at;
    }
    if (symbol == (unsigned char)c) return 1;
    return ignore_case && symbol < 256 && lower((char)symbol) == lower(c);
}

// Unknown texts count as any. After a text symbol the search goes on from the last one only,
// because what the earlier ones took leaves the most to those that follow.
static bool may_match(const Filled *filled, Str text, bool ignore_case) {
    size_t s = 0, t = 0, star = SIZE_MAX, retry = 0;
    while (t < text.length) {
        size_t taken = 0;
        if (s < filled->length && is_text(filled->symbols[s])) {
            star = s++;
            retry = t;
            continue;
        }
        if (s < filled->length) taken = symbol_takes(filled->symbols[s], text, t, ignore_case);
        if (taken > 0) {
            s++;
            t += taken;
        } else if (star != SIZE_MAX) {
            s = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (s < filled->length && is_text(filled->symbols[s])) s++;
    return s == filled->length;
}

static bool has_unknown(const Filled *filled) {
    for (size_t i = 0; i < filled->length; i++) {
        if (filled->symbols[i] == SYMBOL_UNKNOWN) return true;
    }
    return false;
}

Truth filled_matches(const Filled *filled, Str text, bool ignore_case) {
    if (!may_match(filled, text, ignore_case)) return TRUTH_NO;
    return has_unknown(filled) ? TRUTH_UNKNOWN : TRUTH_YES;
}

bool filled_matches_all(const Filled *filled) {
    if (filled->length == 0) return false;
    for (size_t i = 0; i < filled->length; i++) {
        if (filled->symbols[i] != SYMBOL_ANY) return false;
    }
    return true;
}
