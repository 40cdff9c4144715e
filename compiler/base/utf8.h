// Strict UTF-8. Owns nothing.
#ifndef SPOTC_BASE_UTF8_H
#define SPOTC_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// Decodes the code point at `at` and returns its length in bytes (1 to 4), or 0 where the bytes
// are not UTF-8 as RFC 3629 has it (overlong, surrogate, above U+10FFFF, cut off).
size_t utf8_decode(Str s, size_t at, uint32_t *ret_code_point);

// Index of the first byte that is not valid UTF-8, or s.length.
size_t utf8_first_invalid(Str s);

// How many code points valid UTF-8 holds.
size_t utf8_count(Str s);

// `s` itself, or where it is longer than `most` bytes so much of it, cut before a character, and
// `…`.
Str utf8_cut(Arena *arena, Str s, size_t most);

#endif
