// Words as a POSIX shell reads them back. Live in the arena given.
#ifndef SPOTC_BASE_SHELL_H
#define SPOTC_BASE_SHELL_H

#include "base/str.h"

// The word in single quotes.
Str shell_quoted(Arena *arena, Str word);

// The word as it is where a shell takes it so, else in single quotes.
Str shell_word(Arena *arena, Str word);

#endif
