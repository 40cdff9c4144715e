// The types of plain scalars by the core schema of YAML 1.2 (section 10.3.2 of its specification).
#ifndef SPOTC_READ_SCALAR_H
#define SPOTC_READ_SCALAR_H

#include "read/tree.h"

// The kind of a plain scalar: NODE_NULL, NODE_BOOLEAN, NODE_NUMBER or NODE_STRING. Numbers that
// JSON cannot write (.inf, .nan) are NODE_NONE.
NodeKind scalar_kind(Str text);

// A number as JSON would write it: hexadecimal and octal become decimal, all others stay as they
// are. False where it does not fit in 64 bits.
bool scalar_number(Arena *arena, Str text, Str *ret_number);

#endif
