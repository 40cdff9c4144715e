#include "validate/ecmascript.h"

typedef struct Translator {
    Arena *arena;
    Str pattern;
    size_t at;
    StrBuf out;
    bool in_class;
    bool after_quantifier;
    Str problem;
} Translator;

// White space and line terminators, and all that is neither, as parts of a class.
#define SPACES "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
#define NOT_SPACES                                                                                \
    "\\x00-\\x08\\x0e-\\x1f!-\\u009f\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e" \
    "\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ud7ff\\ue000-\\ufefe\\uff00-\\u{10ffff}"

static char byte_at(const Translator *t, size_t at) {
    return at < t->pattern.length ? t->pattern.data[at] : '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void copy(Translator *t, size_t end) {
    strbuf_add(&t->out, str_slice(t->pattern, t->at, end));
    t->at = end;
}

static void replace(Translator *t, size_t end, Str by) {
    strbuf_add(&t->out, by);
    t->at = end;
}

static void refuse(Translator *t, size_t end) {
    Str what = str_slice(t->pattern, t->at, end);
    t->problem = str_format(t->arena, "'%.*s' has no meaning in ECMAScript", STR_ARG(what));
}

// The short name of a general category that is written out, or the name itself.
static Str short_category(Str name) {
    static const struct {
        const char *name, *category;
    } categories[] = {
        {"Letter", "L"},
        {"Cased_Letter", "L&"},
        {"LC", "L&"},
        {"Uppercase_Letter", "Lu"},
        {"Lowercase_Letter", "Ll"},
        {"Titlecase_Letter", "Lt"},
        {"Modifier_Letter", "Lm"},
        {"Other_Letter", "Lo"},
        {"Mark", "M"},
        {"Combining_Mark", "M"},
        {"Nonspacing_Mark", "Mn"},
        {"Spacing_Mark", "Mc"},
        {"Enclosing_Mark", "Me"},
        {"Number", "N"},
        {"Decimal_Number", "Nd"},
        {"digit", "Nd"},
        {"Letter_Number", "Nl"},
        {"Other_Number", "No"},
        {"Punctuation", "P"},
        {"punct", "P"},
        {"Connector_Punctuation", "Pc"},
        {"Dash_Punctuation", "Pd"},
        {"Open_Punctuation", "Ps"},
        {"Close_Punctuation", "Pe"},
        {"Initial_Punctuation", "Pi"},
        {"Final_Punctuation", "Pf"},
        {"Other_Punctuation", "Po"},
        {"Symbol", "S"},
        {"Math_Symbol", "Sm"},
        {"Currency_Symbol", "Sc"},
        {"Modifier_Symbol", "Sk"},
        {"Other_Symbol", "So"},
        {"Separator", "Z"},
        {"Space_Separator", "Zs"},
        {"Line_Separator", "Zl"},
        {"Paragraph_Separator", "Zp"},
        {"Other", "C"},
        {"Control", "Cc"},
        {"cntrl", "Cc"},
        {"Format", "Cf"},
        {"Surrogate", "Cs"},
        {"Private_Use", "Co"},
        {"Unassigned", "Cn"},
    };
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        if (str_equal(name, str_of(categories[i].name))) return str_of(categories[i].category);
    }
    return name;
}

// \p{…} and \P{…}
static void translate_property(Translator *t) {
    size_t begin = t->at + 3, end = str_find_byte(t->pattern, '}', t->at);
    if (byte_at(t, t->at + 2) != '{' || end == t->pattern.length) {
        refuse(t, t->at + 2);
        return;
    }
    Str name = str_slice(t->pattern, begin, end);
    size_t value = str_find_byte(name, '=', 0);
    Str property = str_slice(name, 0, value);
    if (str_equal(property, STR("General_Category")) || str_equal(property, STR("gc")))
        name = str_slice(name, value + 1, name.length);
    strbuf_add_format(&t->out, "\\%c{", byte_at(t, t->at + 1));
    replace(t, end + 1, short_category(name));
    strbuf_add_byte(&t->out, '}');
}

static void translate_space(Translator *t, bool negated) {
    Str parts = negated ? STR(NOT_SPACES) : STR(SPACES);
    if (!t->in_class) strbuf_add_byte(&t->out, '[');
    replace(t, t->at + 2, parts);
    if (!t->in_class) strbuf_add_byte(&t->out, ']');
}

// \uXXXX and \u{X…}
static void copy_unicode(Translator *t) {
    size_t end = t->at + 2;
    if (byte_at(t, end) == '{') end = str_find_byte(t->pattern, '}', end) + 1;
    copy(t, end);
}

// References to groups, \0, \cX and \k<name>.
static bool is_known_with_next(const Translator *t, char c, char next) {
    if (c == '0') return !is_digit(next);
    if (c == 'c') return is_letter(next);
    if (t->in_class) return false;
    return (is_digit(c) && !is_digit(next)) || (c == 'k' && next == '<') || c == 'B';
}

// Escapes that PCRE2 reads as ECMAScript does; punctuation is one of them.
static bool is_common_escape(const Translator *t, char c) {
    if (!is_letter(c) && !is_digit(c)) return true;
    return str_find_byte(STR("bdDfnrtwWx"), c, 0) < 10 ||
           is_known_with_next(t, c, byte_at(t, t->at + 2));
}

static void translate_escape(Translator *t) {
    char c = byte_at(t, t->at + 1);
    if (c == 'p' || c == 'P')
        translate_property(t);
    else if (c == 's' || c == 'S')
        translate_space(t, c == 'S');
    else if (c == 'u')
        copy_unicode(t);
    else if (c == 'v')
        replace(t, t->at + 2, STR("\\x0b"));
    else if (!is_common_escape(t, c))
        refuse(t, t->at + 2);
    else if (c == '0')
        replace(t, t->at + 2, STR("\\x00"));
    else
        copy(t, t->at + 2);
}

// Groups other than capturing ones, by what follows "(?".
static bool is_group(const Translator *t, size_t at) {
    char c = byte_at(t, at), next = byte_at(t, at + 1);
    if (c == ':' || c == '=' || c == '!') return true;
    return c == '<' && (next == '=' || next == '!' || next == '_' || is_letter(next));
}

static void translate_group(Translator *t) {
    char next = byte_at(t, t->at + 1);
    if (next == '*' || (next == '?' && !is_group(t, t->at + 2)))
        refuse(t, t->at + 3);
    else
        copy(t, t->at + (next == '?' ? 2 : 1));
}

// The end of {n}, {n,} or {n,m}, or 0.
static size_t end_of_bounds(const Translator *t) {
    size_t at = t->at + 1;
    if (!is_digit(byte_at(t, at))) return 0;
    while (is_digit(byte_at(t, at))) at++;
    if (byte_at(t, at) == ',') at++;
    while (is_digit(byte_at(t, at))) at++;
    return byte_at(t, at) == '}' ? at + 1 : 0;
}

static void translate_quantifier(Translator *t, char c) {
    size_t end = c == '{' ? end_of_bounds(t) : t->at + 1;
    if (end == 0) {
        replace(t, t->at + 1, STR("\\{"));
        return;
    }
    if (c == '+' && t->after_quantifier) {
        refuse(t, end); // possessive
        return;
    }
    copy(t, end);
    t->after_quantifier = true;
}

static void translate_in_class(Translator *t, char c) {
    if (c == '\\') {
        translate_escape(t);
    } else if (c == '[') {
        replace(t, t->at + 1, STR("\\[")); // PCRE2 would look for [:alpha:]
    } else {
        if (c == ']') t->in_class = false;
        copy(t, t->at + 1);
    }
}

// [] matches nothing, which PCRE2 forgets where a quantifier follows.
static void translate_class(Translator *t) {
    char next = byte_at(t, t->at + 1);
    t->in_class = next != ']';
    if (next == ']')
        replace(t, t->at + 2, STR("(?:(?!))"));
    else
        copy(t, t->at + (next == '^' ? 2 : 1));
}

static void translate_one(Translator *t) {
    char c = byte_at(t, t->at);
    if (t->in_class) {
        translate_in_class(t, c);
        return;
    }
    if (c == '*' || c == '+' || c == '?' || c == '{') {
        translate_quantifier(t, c);
        return;
    }
    t->after_quantifier = false;
    if (c == '\\')
        translate_escape(t);
    else if (c == '[')
        translate_class(t);
    else if (c == '(')
        translate_group(t);
    else if (c == '.')
        replace(t, t->at + 1, STR("[^\\n\\r\\u2028\\u2029]"));
    else
        copy(t, t->at + 1);
}

Str ecmascript_to_pcre(Arena *arena, Str pattern, Str *ret_pattern) {
    Translator t = {.arena = arena, .pattern = pattern, .out = strbuf_new(arena)};
    while (t.at < pattern.length && t.problem.length == 0) translate_one(&t);
    if (t.problem.length == 0) *ret_pattern = strbuf_str(&t.out);
    return t.problem;
}
