#include "read/json_scan.h"

#include "base/utf8.h"
#include "read/read.h"

typedef struct Scanner {
    Arena *arena;
    Diags *diags;
    const Source *source;
    size_t at;
    unsigned depth;
    JsonPlaces places;
} Scanner;

// The byte here, or NUL at the end (a NUL in the text fits nowhere either).
static char peek(const Scanner *s) {
    return s->at < s->source->text.length ? s->source->text.data[s->at] : '\0';
}

static void skip_space(Scanner *s) {
    for (char c = peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(s)) s->at++;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static Span span_here(const Scanner *s) {
    uint32_t code;
    size_t length = utf8_decode(s->source->text, s->at, &code);
    return (Span){s->source, (uint32_t)s->at, (uint32_t)(s->at + length)};
}

static bool fail_expecting(Scanner *s, const char *what) {
    Span span = span_here(s);
    Str found = str_slice(s->source->text, span.begin, span.end);
    if (s->at == s->source->text.length)
        diag_report(s->diags, MSG_SYNTAX, span, "the text ends where %s is expected", what);
    else if ((unsigned char)peek(s) < ' ' || peek(s) == 0x7F)
        diag_report(s->diags, MSG_SYNTAX, span, "expected %s, not the character U+%04X", what,
                    (unsigned)peek(s));
    else
        diag_report(s->diags, MSG_SYNTAX, span, "expected %s, not '%.*s'", what, STR_ARG(found));
    return false;
}

static bool fail_from(Scanner *s, size_t begin, const char *text) {
    diag_report(s->diags, MSG_SYNTAX, (Span){s->source, (uint32_t)begin, (uint32_t)s->at}, "%s",
                text);
    return false;
}

static bool add_place(Scanner *s, size_t *ret_index) {
    if (s->places.count == READ_MAX_NODES) {
        diag_report(s->diags, MSG_TOO_MANY_NODES, span_here(s), "more than %d nodes",
                    READ_MAX_NODES);
        return false;
    }
    *ret_index = s->places.count;
    VEC_PUSH(s->arena, &s->places, ((JsonPlace){(uint32_t)s->at, 0}));
    return true;
}

static bool scan_hex(Scanner *s, uint32_t *ret_code) {
    uint32_t code = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        char c = peek(s);
        if (is_digit(c))
            code = code * 16 + (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            code = code * 16 + (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return fail_expecting(s, "four hexadecimal digits after \\u");
    }
    *ret_code = code;
    return true;
}

static bool scan_escape(Scanner *s) {
    size_t begin = s->at++;
    char c = peek(s);
    if (c != 'u') {
        if (c == '\0' || str_find_byte(STR("\"\\/bfnrt"), c, 0) == 8)
            return fail_expecting(s, "one of \"\\/bfnrtu after the backslash");
        s->at++;
        return true;
    }
    uint32_t code = 0, low = 0;
    s->at++;
    if (!scan_hex(s, &code)) return false;
    if (code < 0xD800 || code > 0xDFFF) return true;
    bool pair =
        code <= 0xDBFF && str_starts_with(str_slice(s->source->text, s->at, s->at + 2), STR("\\u"));
    if (pair) {
        s->at += 2;
        if (!scan_hex(s, &low)) return false;
    }
    return (low >= 0xDC00 && low <= 0xDFFF) ||
           fail_from(s, begin, "half of a surrogate pair, which is not a character");
}

static bool scan_string(Scanner *s) {
    size_t begin = s->at++;
    for (char c = peek(s); c != '"'; c = peek(s)) {
        if (s->at == s->source->text.length) {
            s->at = begin + 1;
            return fail_from(s, begin, "the text ends inside this string");
        }
        if ((unsigned char)c < ' ')
            return fail_expecting(s, "an escape in place of a control character");
        if (c != '\\')
            s->at++;
        else if (!scan_escape(s))
            return false;
    }
    s->at++;
    return true;
}

static bool scan_digits(Scanner *s) {
    if (!is_digit(peek(s))) return fail_expecting(s, "a digit");
    while (is_digit(peek(s))) s->at++;
    return true;
}

static bool scan_number(Scanner *s) {
    size_t begin = s->at;
    if (peek(s) == '-') s->at++;
    bool zero = peek(s) == '0';
    size_t first = s->at;
    if (!scan_digits(s)) return false;
    if (zero && s->at > first + 1) return fail_from(s, begin, "a number does not begin with 0");
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s)) return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-') s->at++;
        if (!scan_digits(s)) return false;
    }
    return true;
}

static bool scan_word(Scanner *s) {
    static const Str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    size_t begin = s->at;
    for (char c = peek(s); (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); c = peek(s)) s->at++;
    Str word = str_slice(s->source->text, begin, s->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(word, words[i])) return true;
    }
    if (word.length == 0) return fail_expecting(s, "a value");
    return fail_from(s, begin, "not a JSON value; text stands in double quotes");
}

static bool scan_value(Scanner *s);

static bool scan_member(Scanner *s) {
    size_t key = 0;
    if (peek(s) != '"') return fail_expecting(s, "a key in double quotes");
    if (!add_place(s, &key) || !scan_string(s)) return false;
    s->places.items[key].end = (uint32_t)s->at;
    skip_space(s);
    if (peek(s) != ':') return fail_expecting(s, "':' after the key");
    s->at++;
    return scan_value(s);
}

static bool scan_children(Scanner *s, char close) {
    bool mapping = close == '}';
    s->at++;
    skip_space(s);
    while (peek(s) != close) {
        if (!(mapping ? scan_member(s) : scan_value(s))) return false;
        skip_space(s);
        if (peek(s) == close) break;
        if (peek(s) != ',') return fail_expecting(s, mapping ? "',' or '}'" : "',' or ']'");
        size_t comma = s->at++;
        skip_space(s);
        if (peek(s) == close) {
            s->at = comma + 1;
            return fail_from(s, comma, "JSON allows no comma after the last one");
        }
    }
    s->at++;
    return true;
}

static bool scan_container(Scanner *s, char close) {
    if (s->depth == READ_MAX_DEPTH) {
        diag_report(s->diags, MSG_TOO_DEEP, span_here(s), "nested more than %d levels deep",
                    READ_MAX_DEPTH);
        return false;
    }
    s->depth++;
    bool done = scan_children(s, close);
    s->depth--;
    return done;
}

// One of any kind, with the space before it. Depth is bounded, so this may recurse.
static bool scan_value(Scanner *s) {
    size_t index = 0;
    skip_space(s);
    if (!add_place(s, &index)) return false;
    char c = peek(s);
    bool done;
    if (c == '{' || c == '[')
        done = scan_container(s, c == '{' ? '}' : ']');
    else if (c == '"')
        done = scan_string(s);
    else if (c == '-' || is_digit(c))
        done = scan_number(s);
    else
        done = scan_word(s);
    s->places.items[index].end = (uint32_t)s->at;
    return done;
}

bool json_scan(Arena *arena, Diags *diags, const Source *source, uint32_t begin,
               JsonPlaces *ret_places) {
    Scanner s = {.arena = arena, .diags = diags, .source = source, .at = begin};
    if (!scan_value(&s)) return false;
    skip_space(&s);
    if (s.at < source->text.length) return fail_expecting(&s, "nothing more after the value");
    *ret_places = s.places;
    return true;
}
