// The source line of a message, with a caret. Owns nothing.
#ifndef SPOTC_DIAG_SNIPPET_H
#define SPOTC_DIAG_SNIPPET_H

#include "diag/source.h"

// Appends the line in which the span begins and a line that marks the span's part of it; nothing
// where the text is not at hand. A long line is cut around the span's begin.
void snippet_add(StrBuf *out, Span span);

#endif
