// Which of the valid names was meant. Owns nothing.
#ifndef SPOTC_BASE_NEAREST_H
#define SPOTC_BASE_NEAREST_H

#include "base/str.h"

// The choice with the smallest edit distance (insert, delete, replace, swap of neighbours; a
// difference of case only counts nothing) to `name`, the first of equals; an empty Str where none
// is near enough to be worth offering (at most a third of the name, rounded up, and at most 4).
Str nearest_name(Str name, const Str *choices, size_t count);

// The names for a sentence: "a, b, c, d", or "a, b, c, …" where there are more than four.
Str names_in_short(Arena *arena, const Str *names, size_t count);

// All of them, separated by commas.
Str names_in_full(Arena *arena, const Str *names, size_t count);

#endif
