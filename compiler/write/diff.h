// Unified diffs of two texts, as `diff -u` prints them.
#ifndef SPOTC_WRITE_DIFF_H
#define SPOTC_WRITE_DIFF_H

#include "base/str.h"

// What is shown of a line, in bytes.
enum { DIFF_LONGEST_LINE = 1000 };

// A text and what it is called in the header: /dev/null for a file that is not there.
typedef struct DiffText {
    Str name;
    Str text; // shorter than 4 GiB
} DiffText;

// Appends the difference between two texts with three lines of context, or nothing where they are
// equal. At most `most_lines` lines follow the header, the rest is counted. What could disturb a
// terminal or a log is escaped, and a long line is cut, with how many bytes follow. Bounded: where
// the texts differ in too many lines for an exact diff, the differing middle is shown as removed
// and added whole.
void diff_unified(Arena *arena, const DiffText *before, const DiffText *after, size_t most_lines,
                  StrBuf *out);

#endif
