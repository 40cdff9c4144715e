// Strings with a length. A Str owns nothing: it points into an arena, a constant or a source text.
#ifndef SPOTC_BASE_STR_H
#define SPOTC_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

// `length` bytes of UTF-8 at `data`; may hold NUL bytes and need not end with one.
typedef struct Str {
    const char *data;
    size_t length;
} Str;

typedef VEC(Str) StrVec;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
// For printf's "%.*s".
#define STR_ARG(s) (int)(s).length, (s).data

// A Str over a C string, which must outlive it.
Str str_of(const char *text);

bool str_equal(Str a, Str b);

// Byte order: negative, 0 or positive. Equals code point order in UTF-8.
int str_compare(Str a, Str b);

// Compares without regard to the case of ASCII letters.
bool str_equal_ignoring_case(Str a, Str b);

// A copy with its ASCII letters in lower case.
Str str_lower(Arena *arena, Str s);

bool str_starts_with(Str s, Str prefix);
bool str_ends_with(Str s, Str suffix);

// The bytes [from, to) of `s`; both are cut to its length.
Str str_slice(Str s, size_t from, size_t to);

// Index of the first `c` at or after `from`, or s.length.
size_t str_find_byte(Str s, char c, size_t from);

// Index of the first `needle` at or after `from`, or s.length.
size_t str_find(Str s, Str needle, size_t from);

// A copy in the arena, followed by a NUL byte that is not counted.
Str str_copy(Arena *arena, Str s);

// A NUL-terminated copy for system calls.
char *str_to_c(Arena *arena, Str s);

// printf into the arena (see base/format.h); NUL-terminated beyond its length.
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_vformat(Arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

// True and *ret_value where `s` is a plain decimal number that fits; else leaves it alone.
bool str_to_u64(Str s, uint64_t *ret_value);

// Sorts by str_compare. Stable by nature, since equal strings are alike.
void str_sort(Str *items, size_t count);

// Sorts by str_compare and removes repeats.
void strvec_sort_unique(StrVec *strings);

// A text that grows at its end. Lives in its arena; `data` changes as it grows.
typedef struct StrBuf {
    Arena *arena;
    char *data;
    size_t length;
    size_t capacity;
} StrBuf;

StrBuf strbuf_new(Arena *arena);
void strbuf_add(StrBuf *buf, Str s);
void strbuf_add_byte(StrBuf *buf, char c);
void strbuf_add_format(StrBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
// What was written so far; valid until the next addition.
Str strbuf_str(const StrBuf *buf);

#endif
