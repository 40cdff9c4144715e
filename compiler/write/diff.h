// Unified diffs of two texts, as `diff -u` prints them.
#ifndef SPOTC_WRITE_DIFF_H
#define SPOTC_WRITE_DIFF_H

#include "base/str.h"

// Appends the difference between two texts with three lines of context, or nothing where they are
// equal. `before_name` and `after_name` stand in the header (/dev/null for a file that is not
// there). Bounded: where the texts differ in too many lines for an exact diff, the differing middle
// is shown as removed and added whole.
void diff_unified(Arena *arena, Str before_name, Str before, Str after_name, Str after,
                  StrBuf *out);

#endif
