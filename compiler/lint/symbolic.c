#include "lint/symbolic.h"

typedef enum PieceKind { PIECE_TEXT, PIECE_PLACEHOLDER, PIECE_VARIABLE } PieceKind;

// A stretch of a text: literal bytes, or one `${…}`.
typedef struct Piece {
    PieceKind kind;
    Str text;
} Piece;

static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

// What CloudFormation can name: a parameter, a resource, its attribute, a pseudo parameter; or what
// a function of it gives.
static bool is_cloudformation_name(Str inner) {
    if (str_starts_with(inner, STR("AWS::")) || str_starts_with(inner, STR("Fn::"))) return true;
    for (size_t i = 0; i < inner.length; i++) {
        if (!is_name_character(inner.data[i])) return false;
    }
    return inner.length != 0;
}

// The `${…}` that begins at `at`; false where none is closed.
static bool read_reference(Str text, size_t at, Piece *ret_piece) {
    bool of_bundle = str_starts_with(str_slice(text, at, text.length), STR("${{"));
    Str closing = of_bundle ? STR("}}") : STR("}");
    size_t close = str_find(text, closing, at);
    if (close == text.length) return false;
    Str inner = str_slice(text, at + 2, close);
    bool is_placeholder = of_bundle || is_cloudformation_name(inner);
    ret_piece->kind = is_placeholder ? PIECE_PLACEHOLDER : PIECE_VARIABLE;
    ret_piece->text = str_slice(text, at, close + closing.length);
    return true;
}

// Takes the piece that begins at *at and moves *at behind it; false at the end of the text.
static bool next_piece(Str text, size_t *at, Piece *ret_piece) {
    if (*at == text.length) return false;
    size_t open = str_find(text, STR("${"), *at);
    if (open != *at || !read_reference(text, open, ret_piece)) {
        // What is never closed is text to its end.
        if (open == *at) open = text.length;
        *ret_piece = (Piece){PIECE_TEXT, str_slice(text, *at, open)};
    }
    *at += ret_piece->text.length;
    return true;
}

static bool has_piece(Str text, PieceKind kind) {
    Piece piece;
    for (size_t at = 0; next_piece(text, &at, &piece);) {
        if (piece.kind == kind) return true;
    }
    return false;
}

bool is_symbolic(Str text) {
    return has_piece(text, PIECE_PLACEHOLDER);
}

bool is_wholly_symbolic(Str text) {
    Piece piece;
    size_t at = 0;
    return next_piece(text, &at, &piece) && piece.kind == PIECE_PLACEHOLDER && at == text.length;
}

bool has_variable(Str text) {
    return has_piece(text, PIECE_VARIABLE);
}

static Str replace(Arena *arena, Str text, Str replacement) {
    if (str_find(text, STR("${"), 0) == text.length) return text;
    StrBuf out = strbuf_new(arena);
    Piece piece;
    for (size_t at = 0; next_piece(text, &at, &piece);)
        strbuf_add(&out, piece.kind == PIECE_TEXT ? piece.text : replacement);
    return strbuf_str(&out);
}

Str symbolic_pattern(Arena *arena, Str text) {
    return replace(arena, text, STR("*"));
}

static bool may_hold_colons(const Piece *piece) {
    return piece->kind == PIECE_PLACEHOLDER && !str_starts_with(piece->text, STR("${AWS::"));
}

bool symbolic_spread(Arena *arena, Str text, unsigned colons, Str *ret_pattern) {
    StrBuf out = strbuf_new(arena);
    bool is_spread = false;
    Piece piece;
    for (size_t at = 0; next_piece(text, &at, &piece);) {
        strbuf_add(&out, piece.kind == PIECE_TEXT ? piece.text : STR("*"));
        if (is_spread || !may_hold_colons(&piece)) continue;
        is_spread = true;
        for (unsigned i = 0; i < colons; i++) strbuf_add(&out, STR(":*"));
    }
    *ret_pattern = strbuf_str(&out);
    return is_spread;
}

Str symbolic_example(Arena *arena, Str text) {
    return replace(arena, text, STR("x"));
}
